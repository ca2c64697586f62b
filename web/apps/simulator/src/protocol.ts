// What the page and its worker say to each other.

import type { Decision, Filter, HubSpotSummary, Settings, Summary, Warning } from "crosswalk-rules";

/** An activity of HubSpot's, as the snapshot has it. */
export interface Activity {
  readonly kind: string;
  readonly id: string;
  readonly occurred_at?: string;
  readonly due_at?: string;
  readonly modified_at?: string;
  readonly title?: string;
  readonly body?: string;
  readonly status?: string;
  readonly priority?: string;
  readonly direction?: string;
  readonly disposition?: string;
  readonly duration_ms?: number;
  readonly app?: string;
  readonly owner_id?: string;
  readonly contacts?: readonly string[];
}

/** A contact, and where it stands in Salesforce. */
export interface Contact {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly owner_id?: string;
  readonly created_at?: string;
  readonly salesforce?: { readonly status?: string; readonly object?: string; readonly id?: string; readonly triggered_at?: string };
}

/** An owner in HubSpot. */
export interface Owner {
  readonly id: string;
  readonly email?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly archived?: boolean;
}

/** A user in Salesforce. */
export interface User {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly username?: string;
  readonly is_active?: boolean;
  readonly can_own_tasks?: boolean;
}

/** What a snapshot holds, but for its activities and contacts. */
export interface Known {
  readonly activities: number;
  readonly records: number;
  readonly contacts: number;
  readonly now: string;
  readonly owners: readonly Owner[];
  readonly users: readonly User[];
  readonly picklists: { readonly [field: string]: { readonly values?: readonly string[] } | undefined };
}

/** What a decision was before the settings changed. */
export interface Before {
  readonly action: Decision["action"];
  readonly reason: Decision["reason"];
}

/** One line of the table. */
export interface Row {
  readonly activity: string;
  readonly kind: string;
  readonly occurredAt: string | undefined;
  readonly title: string;
  readonly contact: string | undefined;
  readonly user: string | undefined;
  readonly step: string | undefined;
  readonly action: Decision["action"];
  readonly reason: Decision["reason"];
  /** Only where it differs. */
  readonly before: Before | undefined;
}

/** Some lines of the table. */
export interface Rows {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly Row[];
}

/** All that is told of one decision. */
export interface Story {
  readonly decision: Decision;
  readonly before: Decision | undefined;
  readonly activity: Activity | undefined;
  readonly contacts: readonly Contact[];
}

/** What came of all activities. */
export interface Outcome {
  readonly summary: Summary;
  /** Of Salesforce's records, if there are any. */
  readonly toHubSpot: HubSpotSummary | undefined;
  /** What was left out of the snapshot, or chosen, while it was read. */
  readonly warnings: readonly Warning[];
  readonly milliseconds: number;
}

/** How many decisions a value has. */
export interface Group {
  readonly value: string;
  readonly count: number;
}

/** How many activities of a kind come to an action for a reason. */
export interface Flow {
  readonly kind: string;
  readonly action: string;
  readonly reason: string;
  readonly count: number;
}

/** How many activities of a week come to each action. Weeks are counted since 1970. */
export interface Week {
  readonly week: number;
  readonly actions: { readonly [action: string]: number };
}

/** What other settings mean for an activity that is written under one of both. */
export type Change = "starts" | "stops" | "moves" | "reassigned" | "differs";

/** One activity that other settings treat otherwise. */
export interface Changed {
  readonly activity: string;
  readonly title: string;
  readonly before: Before & { readonly user: string | undefined; readonly contact: string | undefined };
  readonly after: Before & { readonly user: string | undefined; readonly contact: string | undefined };
}

/** What changes from some settings to those that are decided. */
export interface Comparison {
  /** By change: how many, and the first of them. */
  readonly changes: { readonly [change in Change]: { readonly count: number; readonly first: readonly Changed[] } };
  readonly decided: number;
}

/** By what decisions are grouped. */
export type Grouping = "action" | "reason" | "kind" | "user" | "step";

/** What the worker can be asked, and what it answers. */
export interface Calls {
  open(blob: Blob): Known;
  decide(settings: Settings): Outcome;
  rows(query: { offset: number; limit: number; filter: Filter }): Rows;
  decisions(query: { offset: number; limit: number; filter: Filter }): { total: number; decisions: Decision[] };
  groups(query: { by: Grouping; filter: Filter; values: readonly string[] }): Group[];
  flow(nothing: undefined): Flow[];
  compare(settings: Settings): Comparison;
  weeks(nothing: undefined): Week[];
  tell(activity: string): Story | undefined;
}

/** A question to the worker. */
export interface Question {
  readonly id: number;
  readonly call: keyof Calls;
  readonly given: unknown;
}

/** What was wrong, as it travels. */
export interface Failure {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** What the worker says. */
export type Said =
  | { readonly type: "ready"; readonly sha256: string }
  | { readonly type: "progress"; readonly id: number; readonly share: number }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly failure: Failure };
