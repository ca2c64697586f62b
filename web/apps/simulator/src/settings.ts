// Settings as the page holds them: an object that may still be wrong, changed by path.

import type { Settings } from "crosswalk-rules";

/** Where a value stands: the keys down to it. */
export type Path = readonly string[];

/** An object of settings that nobody has checked yet. */
export type Draft = { readonly [key: string]: unknown };

/** HubSpot's groups of activities, and the kinds in each. */
export const GROUPS = [
  ["form_submission", ["form_submission"]],
  ["marketing_email", ["marketing_email_sent", "marketing_email_opened", "marketing_email_clicked"]],
  ["sales_email", ["sales_email_sent", "sales_email_opened", "sales_email_clicked", "sales_email_replied"]],
  ["meeting", ["meeting"]],
  ["call", ["call"]],
  ["note", ["note"]],
  ["sales_content", ["sales_content_viewed"]],
  ["task", ["task"]],
  ["integration", ["integration_event"]],
] as const;

/** All kinds, in HubSpot's order. */
export const KINDS = GROUPS.flatMap(([, kinds]) => [...kinds]);

/** The name of a kind. */
export type Kind = (typeof GROUPS)[number][1][number];

/** What Salesforce has that may become activities. */
export const RECORDS = ["task", "email", "call", "meeting"] as const;

/** The value at a path; undefined if there is none. */
export function valueAt(draft: unknown, path: Path): unknown {
  return path.reduce((value: unknown, key) => (isObject(value) ? value[key] : undefined), draft);
}

/** The text at a path; empty if there is none. */
export function textAt(draft: unknown, path: Path): string {
  const value = valueAt(draft, path);
  return typeof value === "string" ? value : "";
}

/** The settings with another value at a path; without it, and without what is empty then, if it is undefined. */
export function withValue(draft: Draft, [key, ...rest]: Path, value: unknown): Draft {
  if (key === undefined) return draft;
  const inner = draft[key];
  const changed = rest.length === 0 ? value : emptied(withValue(isObject(inner) ? inner : {}, rest, value));
  const { [key]: _, ...others } = draft;
  if (changed === undefined) return others;
  return key in draft ? Object.fromEntries(Object.entries(draft).map(([name, old]) => [name, name === key ? changed : old])) : { ...draft, [key]: changed };
}

function emptied(draft: Draft): Draft | undefined {
  return Object.keys(draft).length === 0 ? undefined : draft;
}

/** Whether a value is an object of keys and values. */
export function isObject(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the rules are given: they check it themselves. */
export function given(draft: Draft): Settings {
  return draft as unknown as Settings;
}

/** A value that two settings have otherwise. */
export interface Difference {
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two settings. */
export function differences(before: unknown, after: unknown, path: Path = []): Difference[] {
  if (isObject(before) || isObject(after)) {
    const one = isObject(before) ? before : {};
    const other = isObject(after) ? after : {};
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => differences(one[key], other[key], [...path, key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}
