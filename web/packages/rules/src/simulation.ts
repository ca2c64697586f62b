import type { Simulation as ModuleSimulation } from "./generated/glue/crosswalk_rules.js";
import type { Decision, HubSpotDecision, HubSpotSummary, Summary, Warning } from "./generated/documents.js";
import { bytesOf, described, valueOf } from "./document.js";
import { CrosswalkError } from "./error.js";
import { Handle, isObject, notOne } from "./module.js";
import { publicClass } from "./public_class.js";

const QUERY = { argument: "query", code: "query_invalid" } as const;
const MADE = "make one with `rules.simulate(snapshot)` or `rules.simulateToHubSpot(snapshot)`";
/** The largest number that the module takes. */
const LARGEST_STEP = 0xffff_ffff;

/** One value, or a list of values one of which must hold. */
export type OneOf<Value> = Value | readonly Value[];

/** Which decisions are asked for: those for which all that is given holds. */
export interface Filter<Decided extends Decision | HubSpotDecision = Decision> {
  /** What is done. */
  readonly action?: OneOf<Decided["action"]> | null;
  /** Why. */
  readonly reason?: OneOf<Decided["reason"]> | null;
  /** The activity's kind; of a record, the object that it becomes in HubSpot. */
  readonly kind?: OneOf<string> | null;
  /** The HubSpot id of the contact that it is on. */
  readonly contact?: OneOf<string> | null;
  /** Who is assigned: a Salesforce user's id; of a record, a HubSpot owner's. */
  readonly user?: OneOf<string> | null;
  /** How the assignee was found. */
  readonly step?: OneOf<NonNullable<Decided["owner"]>["step"]> | null;
  /** A text in the name, title or body, in capital or small letters. */
  readonly text?: OneOf<string> | null;
}

/** Which page of the decisions is asked for. */
export interface Query<Decided extends Decision | HubSpotDecision = Decision> {
  /** How many to leave out before it; 0 by default. */
  readonly offset?: number | null;
  /** How many it has at most; 100 by default, 10,000 at most. */
  readonly limit?: number | null;
  /** Which; all by default. */
  readonly filter?: Filter<Decided> | null;
}

/** Some of the decisions. */
export interface Page<Decided extends Decision | HubSpotDecision = Decision> {
  /** How many the filter holds for, as far as they are decided. */
  total: number;
  /** How many were left out before these. */
  offset: number;
  /** These. */
  decisions: Decided[];
}

/** @internal */
export let simulation: <Decided extends Decision | HubSpotDecision, Counted>(
  handle: Handle<ModuleSimulation>,
) => Simulation<Decided, Counted>;

let handleOf: (value: unknown) => Handle<ModuleSimulation>;

/**
 * What would sync of a large snapshot, decided in steps: only what came of each record is kept, and pages and single decisions are
 * planned again when they are asked for.
 */
export class Simulation<Decided extends Decision | HubSpotDecision = Decision, Counted = Summary> {
  readonly #handle: Handle<ModuleSimulation>;

  private constructor(handle: Handle<ModuleSimulation>) {
    if (!Handle.is(handle)) throw notOne(handle, "handle", "Simulation", MADE);
    this.#handle = handle;
  }

  /** Decides so many more, at least one; whether all are decided then. */
  step(records: number): boolean {
    const handle = handleOf(this);
    if (!Number.isInteger(records) || records < 1) throw notRecords(records);
    return handle.use((opened) => opened.step(Math.min(records, LARGEST_STEP)));
  }

  /** How many are decided. */
  get decided(): number {
    return handleOf(this).use((opened) => opened.decided);
  }

  /** How many there are. */
  get total(): number {
    return handleOf(this).use((opened) => opened.total);
  }

  /** The plan's summary, of what is decided so far. */
  summary(): Counted {
    return valueOf(handleOf(this).use((opened) => opened.summaryJson())) as Counted;
  }

  /** What was left out of the snapshot, or chosen, while it was read: the plan's own warnings. */
  warnings(): Warning[] {
    return valueOf(handleOf(this).use((opened) => opened.warningsJson())) as Warning[];
  }

  /**
   * Some of the decisions, in the snapshot's order.
   *
   * @throws {CrosswalkError} if the query is wrong.
   */
  page(query: Query<Decided> = {}): Page<Decided> {
    const handle = handleOf(this);
    const bytes = bytesOf(query, QUERY);
    return valueOf(handle.use((opened) => opened.pageJson(bytes))) as Page<Decided>;
  }

  /** One decision, by the activity's name, as `call:501`, or by the Salesforce record's id; undefined if it isn't decided, or isn't there. */
  decision(name: string): Decided | undefined {
    const handle = handleOf(this);
    if (typeof name !== "string") {
      throw new CrosswalkError("query_invalid", `\`name\` is ${described(name)}, not a string`, {
        hint: "give an activity as `call:501`, or a record's id",
      });
    }
    const decision = handle.use((opened) => opened.decisionJson(name));
    return decision && (valueOf(decision) as Decided);
  }

  /** Gives the module's memory back. */
  free(): void {
    handleOf(this).free();
  }

  static {
    publicClass(this, "Simulation");
    simulation = (handle) => new Simulation(handle);
    handleOf = (value) => {
      if (isObject(value) && #handle in value) return value.#handle;
      throw notOne(value, "this", "Simulation", MADE);
    };
  }
}

export interface Simulation<Decided, Counted> extends Disposable {}

/** What `rules.simulateToHubSpot(snapshot)` makes. */
export type HubSpotSimulation = Simulation<HubSpotDecision, HubSpotSummary>;

function notRecords(records: unknown): CrosswalkError {
  const given = typeof records === "number" ? String(records) : described(records);
  return new CrosswalkError("query_invalid", `\`records\` is ${given}, not a whole number from 1`, {
    hint: "give the number of records to decide at once, as 50000",
  });
}
