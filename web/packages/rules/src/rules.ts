import { Rules as ModuleRules } from "./generated/glue/crosswalk_rules.js";
import type { Comparison, HubSpotPlan, Plan, Settings, SnapshotDocument } from "./generated/documents.js";
import { bytesOf, described, valueOf } from "./document.js";
import { disposable } from "./disposable.js";
import { CrosswalkError } from "./error.js";
import { type Handle, open } from "./module.js";

const SETTINGS = { argument: "settings", code: "settings_invalid" } as const;
const SNAPSHOT = { argument: "snapshot", code: "snapshot_invalid" } as const;

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
    this.#handle = open(() => new ModuleRules(bytes));
  }

  /**
   * Plans a snapshot's HubSpot activities: what becomes of each in Salesforce, and why.
   *
   * @throws {CrosswalkError} if the document as a whole is refused. A record that can't be read is none: it is skipped, and the plan says why.
   */
  planToSalesforce(snapshot: SnapshotDocument | Uint8Array): Plan {
    return valueOf(this.planToSalesforceJson(snapshot)) as Plan;
  }

  /**
   * Plans a snapshot's Salesforce records: what becomes of each in HubSpot, and why.
   *
   * @throws {CrosswalkError} as `planToSalesforce`.
   */
  planToHubSpot(snapshot: SnapshotDocument | Uint8Array): HubSpotPlan {
    return valueOf(this.planToHubSpotJson(snapshot)) as HubSpotPlan;
  }

  /** As `planToSalesforce`, but answers the plan's JSON as bytes. */
  planToSalesforceJson(snapshot: SnapshotDocument | Uint8Array): Uint8Array {
    const handle = Rules.#of(this, "this");
    const bytes = bytesOf(snapshot, SNAPSHOT);
    return handle.use("this Rules", (rules) => rules.planToSalesforceJson(bytes));
  }

  /** As `planToHubSpot`, but answers the plan's JSON as bytes. */
  planToHubSpotJson(snapshot: SnapshotDocument | Uint8Array): Uint8Array {
    const handle = Rules.#of(this, "this");
    const bytes = bytesOf(snapshot, SNAPSHOT);
    return handle.use("this Rules", (rules) => rules.planToHubSpotJson(bytes));
  }

  /**
   * What changes over a snapshot if these rules become `otherRules`: which decisions differ, in which fields, by which settings.
   *
   * @throws {CrosswalkError} as `planToSalesforce`, and if `otherRules` isn't open.
   */
  compare(otherRules: Rules, snapshot: SnapshotDocument | Uint8Array): Comparison {
    return valueOf(this.compareJson(otherRules, snapshot)) as Comparison;
  }

  /** As `compare`, but answers the comparison's JSON as bytes. */
  compareJson(otherRules: Rules, snapshot: SnapshotDocument | Uint8Array): Uint8Array {
    const handle = Rules.#of(this, "this");
    const others = Rules.#of(otherRules, "otherRules");
    const bytes = bytesOf(snapshot, SNAPSHOT);
    const after = others.get("`otherRules`");
    return handle.use("this Rules", (rules) => rules.compareJson(after, bytes));
  }

  /** Gives the module's memory back. Without it that happens some time after the object is no longer used. */
  free(): void {
    Rules.#of(this, "this").free();
  }

  static #of(rules: Rules, argument: string): Handle<ModuleRules> {
    if (typeof rules === "object" && rules !== null && #handle in rules) return rules.#handle;
    throw new CrosswalkError("bad_handle", `\`${argument}\` is ${described(rules)}, not a Rules`, {
      hint: "give what `new Rules(settings)` made",
    });
  }

  static {
    disposable(this);
  }
}

export interface Rules extends Disposable {}
