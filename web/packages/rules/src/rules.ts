import { Rules as ModuleRules, Simulation as ModuleSimulation } from "./generated/glue/crosswalk_rules.js";
import type { Comparison, HubSpotPlan, Plan, Settings, SnapshotDocument } from "./generated/documents.js";
import { bytesOf, valueOf } from "./document.js";
import { type Handle, isObject, notOne, open } from "./module.js";
import { publicClass } from "./public_class.js";
import { type HubSpotSimulation, type Simulation, simulation } from "./simulation.js";
import { type Snapshot, snapshotHandle } from "./snapshot.js";

const SETTINGS = { argument: "settings", code: "settings_invalid" } as const;
const SNAPSHOT = { argument: "snapshot", code: "snapshot_invalid", smaller: "plan it in several snapshots, or simulate it" } as const;

type Planner = (rules: ModuleRules, snapshot: Uint8Array) => Uint8Array;
const toSalesforce: Planner = (rules, snapshot) => rules.planToSalesforceJson(snapshot);
const toHubSpot: Planner = (rules, snapshot) => rules.planToHubSpotJson(snapshot);

let handleOf: (value: unknown, argument: string) => Handle<ModuleRules>;

/** The rules under one set of settings. Opened once, then used for any number of snapshots. */
export class Rules {
  readonly #handle: Handle<ModuleRules>;

  /**
   * Opens rules under settings: an object, or its JSON as bytes.
   *
   * @throws {CrosswalkError} if the settings are refused; `path` says which value.
   */
  constructor(settings: Settings | Uint8Array) {
    const bytes = bytesOf(settings, SETTINGS);
    this.#handle = open("Rules", () => new ModuleRules(bytes));
  }

  /**
   * Plans a snapshot's HubSpot activities: what becomes of each in Salesforce, and why.
   *
   * @throws {CrosswalkError} if the document as a whole is refused. A record that can't be read is none: it is skipped, and the plan says why.
   */
  planToSalesforce(snapshot: SnapshotDocument | Uint8Array): Plan {
    return valueOf(plan(this, snapshot, toSalesforce)) as Plan;
  }

  /**
   * Plans a snapshot's Salesforce records: what becomes of each in HubSpot, and why.
   *
   * @throws {CrosswalkError} as `planToSalesforce`.
   */
  planToHubSpot(snapshot: SnapshotDocument | Uint8Array): HubSpotPlan {
    return valueOf(plan(this, snapshot, toHubSpot)) as HubSpotPlan;
  }

  /** As `planToSalesforce`, but answers the plan's JSON as bytes. */
  planToSalesforceJson(snapshot: SnapshotDocument | Uint8Array): Uint8Array {
    return plan(this, snapshot, toSalesforce);
  }

  /** As `planToHubSpot`, but answers the plan's JSON as bytes. */
  planToHubSpotJson(snapshot: SnapshotDocument | Uint8Array): Uint8Array {
    return plan(this, snapshot, toHubSpot);
  }

  /**
   * What changes over a snapshot if these rules become `otherRules`: which decisions differ, in which fields, by which settings.
   *
   * @throws {CrosswalkError} as `planToSalesforce`, and if `otherRules` isn't open.
   */
  compare(otherRules: Rules, snapshot: SnapshotDocument | Uint8Array): Comparison {
    return valueOf(compare(this, otherRules, snapshot)) as Comparison;
  }

  /** As `compare`, but answers the comparison's JSON as bytes. */
  compareJson(otherRules: Rules, snapshot: SnapshotDocument | Uint8Array): Uint8Array {
    return compare(this, otherRules, snapshot);
  }

  /**
   * Simulates what would become of a large snapshot's HubSpot activities, step by step.
   *
   * @throws {CrosswalkError} if the snapshot isn't closed, or was refused.
   */
  simulate(snapshot: Snapshot): Simulation {
    return simulation(simulated(this, snapshot, ModuleSimulation.toSalesforce));
  }

  /**
   * Simulates what would become of a large snapshot's Salesforce records, step by step.
   *
   * @throws {CrosswalkError} as `simulate`.
   */
  simulateToHubSpot(snapshot: Snapshot): HubSpotSimulation {
    return simulation(simulated(this, snapshot, ModuleSimulation.toHubSpot));
  }

  /** Gives the module's memory back. Without it that happens some time after the object is no longer used. */
  free(): void {
    handleOf(this, "this").free();
  }

  static {
    publicClass(this, "Rules");
    handleOf = (value, argument) => {
      if (isObject(value) && #handle in value) return value.#handle;
      throw notOne(value, argument, "Rules", "give what `new Rules(settings)` made");
    };
  }
}

export interface Rules extends Disposable {}

function plan(rules: Rules, snapshot: unknown, run: Planner): Uint8Array {
  const handle = handleOf(rules, "this");
  const bytes = bytesOf(snapshot, SNAPSHOT);
  return handle.use((opened) => run(opened, bytes));
}

function compare(rules: Rules, otherRules: Rules, snapshot: unknown): Uint8Array {
  const handle = handleOf(rules, "this");
  const others = handleOf(otherRules, "otherRules");
  const bytes = bytesOf(snapshot, SNAPSHOT);
  // Only now: reading the snapshot may have run code that frees them.
  const after = others.get("otherRules");
  return handle.use((before) => before.compareJson(after, bytes));
}

function simulated(rules: Rules, snapshot: Snapshot, make: typeof ModuleSimulation.toSalesforce): Handle<ModuleSimulation> {
  const handle = handleOf(rules, "this");
  const whole = snapshotHandle(snapshot, "snapshot").get("snapshot");
  return handle.open("Simulation", (opened) => make(opened, whole));
}
