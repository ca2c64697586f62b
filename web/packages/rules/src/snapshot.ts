import { Snapshot as ModuleSnapshot } from "./generated/glue/crosswalk_rules.js";
import { partOf } from "./document.js";
import { Handle, isObject, notOne, open } from "./module.js";
import { publicClass } from "./public_class.js";

const MADE = "make one with `Snapshot.open()`";

/** @internal */
export let snapshotHandle: (value: unknown, argument: string) => Handle<ModuleSnapshot>;

/** A snapshot of any size, kept inside the module: read once, part by part, then simulated any number of times. */
export class Snapshot {
  readonly #handle: Handle<ModuleSnapshot>;

  private constructor(handle: Handle<ModuleSnapshot>) {
    if (!Handle.is(handle)) throw notOne(handle, "handle", "Snapshot", MADE);
    this.#handle = handle;
  }

  /** A snapshot of which nothing has come yet. */
  static open(): Snapshot {
    return new Snapshot(open("Snapshot", () => ModuleSnapshot.open()));
  }

  /**
   * Takes the next part of the snapshot's JSON: UTF-8 bytes, cut anywhere.
   *
   * @throws {CrosswalkError} if what has come so far is refused; then nothing more is taken.
   */
  append(part: Uint8Array): void {
    const handle = snapshotHandle(this, "this");
    const bytes = partOf(part);
    handle.use((snapshot) => snapshot.append(bytes));
  }

  /**
   * Ends the snapshot, after its last part.
   *
   * @throws {CrosswalkError} if the document as a whole is refused.
   */
  close(): void {
    snapshotHandle(this, "this").use((snapshot) => snapshot.close());
  }

  /** How many HubSpot activities it has; 0 until it is closed. */
  get activities(): number {
    return snapshotHandle(this, "this").use((snapshot) => snapshot.activities);
  }

  /** How many Salesforce records it has; 0 until it is closed. */
  get records(): number {
    return snapshotHandle(this, "this").use((snapshot) => snapshot.records);
  }

  /** Gives the module's memory back, once no simulation needs it any more. */
  free(): void {
    snapshotHandle(this, "this").free();
  }

  static {
    publicClass(this, "Snapshot");
    snapshotHandle = (value, argument) => {
      if (isObject(value) && #handle in value) return value.#handle;
      throw notOne(value, argument, "Snapshot", MADE);
    };
  }
}

export interface Snapshot extends Disposable {}
