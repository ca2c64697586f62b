// Answers the page's questions over one snapshot.

import { type Decision, type Filter, type HubSpotSimulation, type HubSpotSummary, Rules, type Settings, type Simulation } from "crosswalk-rules";
import type { Calls, Comparison, Flow, Group, Known, Outcome, Row, Rows, Story, Week } from "../protocol.js";
import { Comparing } from "./comparing.js";
import { Data } from "./data.js";
import { differs } from "./differs.js";

/** So many are decided at once: few enough that the worker answers in between. */
const STEP = 4_000;

const COMPARE_STEP = 500;
const WEEKS_STEP = 500;
const WEEK = 7 * 86_400_000;

/** A later question made this one pointless. */
export class Superseded extends Error {}

type Progress = (share: number) => void;
type Given<Call extends keyof Calls> = Parameters<Calls[Call]>[0];

/** What was decided under one set of settings. */
interface Decided {
  readonly settings: Settings;
  readonly simulation: Simulation;
}

export class Desk {
  private data: Data | undefined;
  private current: Decided | undefined;
  private before: Decided | undefined;
  /** Counts what supersedes: whoever sees another number than at its beginning stops. */
  private turn = 0;
  /** The filter that was asked for last. */
  private wantedFilter = "";

  /** Opens a snapshot in place of the one before, if it can be read. */
  async open(blob: Given<"open">, progress: Progress): Promise<Known> {
    const turn = (this.turn += 1);
    const data = await Data.read(blob, async (share) => {
      progress(share);
      await this.breathe(turn);
    });
    this.forget();
    this.data?.free();
    this.data = data;
    return data.known;
  }

  /** Decides all activities under some settings. What was decided before stays, to compare with. */
  async decide(settings: Given<"decide">, progress: Progress): Promise<Outcome> {
    const turn = (this.turn += 1);
    const began = performance.now();
    const simulation = this.simulation(settings);
    let toHubSpot: HubSpotSummary | undefined;
    try {
      await this.finish(simulation, turn, progress);
      toHubSpot = await this.toHubSpot(settings, turn);
    } catch (error) {
      simulation.free();
      throw error;
    }
    this.before?.simulation.free();
    this.before = this.current;
    this.current = { settings, simulation };
    return { summary: simulation.summary(), toHubSpot, warnings: simulation.warnings(), milliseconds: performance.now() - began };
  }

  private async finish(simulation: Simulation | HubSpotSimulation, turn: number, progress: Progress): Promise<void> {
    while (!simulation.step(STEP)) {
      progress(simulation.decided / Math.max(1, simulation.total));
      await this.breathe(turn);
    }
  }

  /** What becomes of Salesforce's records, counted. */
  private async toHubSpot(settings: Settings, turn: number): Promise<HubSpotSummary | undefined> {
    const { snapshot } = this.opened();
    if (snapshot.records === 0) return undefined;
    const rules = new Rules(settings);
    const simulation = rules.simulateToHubSpot(snapshot);
    try {
      await this.finish(simulation, turn, () => undefined);
      return simulation.summary();
    } finally {
      simulation.free();
      rules.free();
    }
  }

  /** Some rows; of filters that come one after another only the last is worth the work. */
  async rows({ offset, limit, filter }: Given<"rows">): Promise<Rows> {
    const wanted = JSON.stringify(filter);
    this.wantedFilter = wanted;
    await pause();
    if (wanted !== this.wantedFilter) throw new Superseded("another filter was set");
    const query = { offset, limit, filter };
    const page = this.decided().simulation.page(query);
    // Without a filter the same page of before has the same activities: to find each by its name takes longer.
    const before = Object.keys(filter).length === 0 ? this.before?.simulation.page(query).decisions : undefined;
    const rows = page.decisions.map((decision, place) => this.row(decision, before?.[place] ?? this.before?.simulation.decision(decision.activity)));
    return { total: page.total, offset, rows };
  }

  decisions(query: Given<"decisions">): ReturnType<Calls["decisions"]> {
    return this.decided().simulation.page(query);
  }

  groups({ by, filter, values }: Given<"groups">): Group[] {
    const { simulation } = this.decided();
    const count = (value: string) => simulation.page({ limit: 1, filter: { ...filter, [by]: value } as Filter }).total;
    return values.map((value) => ({ value, count: count(value) })).filter((group) => group.count > 0);
  }

  /** From kind through action to reason: what occurs at all is known by the summary, so that only that is counted. */
  flow(): Flow[] {
    const { simulation } = this.decided();
    const { by_kind, by_reason } = simulation.summary();
    const count = (filter: object) => simulation.page({ limit: 1, filter: filter as Filter }).total;
    return Object.entries(by_kind).flatMap(([kind, actions]) =>
      Object.keys(actions).flatMap((action) =>
        Object.keys(by_reason)
          .map((reason) => ({ kind, action, reason, count: count({ kind, action, reason }) }))
          .filter((flow) => flow.count > 0),
      ),
    );
  }

  /** What changes from these settings to the current ones. */
  async compare(settings: Given<"compare">, progress: Progress): Promise<Comparison> {
    const current = this.decided();
    const simulation = this.simulation(settings);
    const comparing = new Comparing((activity) => this.opened().activities.find(activity)?.title ?? "");
    try {
      const { total } = simulation;
      for (let offset = 0; offset < total; offset += COMPARE_STEP) {
        simulation.step(COMPARE_STEP);
        const page = { offset, limit: COMPARE_STEP };
        comparing.take(simulation.page(page).decisions, current.simulation.page(page).decisions);
        progress(offset / total);
        await pause();
        if (current !== this.current) throw new Superseded("the settings changed");
      }
      return comparing.made();
    } finally {
      simulation.free();
    }
  }

  /** By week. Each activity is planned again for it, a few at a time. */
  async weeks(): Promise<Week[]> {
    const decided = this.decided();
    const { total } = decided.simulation;
    const weeks = new Map<number, Record<string, number>>();
    for (let offset = 0; offset < total; offset += WEEKS_STEP) {
      for (const { activity, action } of decided.simulation.page({ offset, limit: WEEKS_STEP }).decisions) {
        const at = Date.parse(this.opened().activities.find(activity)?.occurred_at ?? "");
        if (Number.isNaN(at)) continue;
        const week = Math.floor(at / WEEK);
        const actions = weeks.get(week) ?? {};
        actions[action] = (actions[action] ?? 0) + 1;
        weeks.set(week, actions);
      }
      await pause();
      if (decided !== this.current) throw new Superseded("the settings changed");
    }
    return [...weeks].map(([week, actions]) => ({ week, actions })).sort((one, other) => one.week - other.week);
  }

  tell(activity: Given<"tell">): Story | undefined {
    const decision = this.decided().simulation.decision(activity);
    if (decision === undefined) return undefined;
    const source = this.opened().activities.find(activity);
    const before = this.before?.simulation.decision(activity);
    const ids = new Set([...(source?.contacts ?? []), ...(decision.contact?.id ? [decision.contact.id] : [])]);
    const contacts = [...ids].flatMap((id) => this.opened().contacts.find(id) ?? []);
    return { decision, before: before && differs(before, decision) ? before : undefined, activity: source, contacts };
  }

  private row(decision: Decision, before: Decision | undefined): Row {
    const source = this.opened().activities.find(decision.activity);
    const contact = decision.contact?.id ?? source?.contacts?.[0];
    const known = contact ? this.opened().contacts.find(contact) : undefined;
    return {
      activity: decision.activity,
      kind: source?.kind ?? decision.activity.slice(0, decision.activity.indexOf(":")),
      occurredAt: source?.occurred_at,
      title: decision.task?.Subject ?? source?.title ?? "",
      contact: known?.name ?? known?.email ?? contact,
      user: decision.owner?.user,
      step: decision.owner?.step,
      action: decision.action,
      reason: decision.reason,
      before: before && differs(before, decision) ? { action: before.action, reason: before.reason } : undefined,
    };
  }

  private simulation(settings: Settings): Simulation {
    const { snapshot } = this.opened();
    const rules = new Rules(settings);
    try {
      return rules.simulate(snapshot);
    } finally {
      rules.free();
    }
  }

  private opened(): Data {
    if (this.data === undefined) throw new Superseded("no snapshot is open");
    return this.data;
  }

  private decided(): Decided {
    if (this.current === undefined) throw new Superseded("nothing is decided yet");
    return this.current;
  }

  private forget(): void {
    this.before?.simulation.free();
    this.current?.simulation.free();
    this.before = this.current = undefined;
  }

  /** Lets other questions in; throws if one of them supersedes. */
  private async breathe(turn: number): Promise<void> {
    await pause();
    if (turn !== this.turn) throw new Superseded("a later question superseded this one");
  }
}

/** Lets whatever waits go first. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
