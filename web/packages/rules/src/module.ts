import { __wbg_reset_state, initSync } from "./generated/glue/crosswalk_rules.js";
import { described } from "./document.js";
import { CrosswalkError, refusal } from "./error.js";

/** Which instance of the module answers. What was opened in an earlier one is lost. */
let generation = 0;
/** After a trap an instance is never used again: its memory may be half written. */
let isBroken = false;

/** Starts the module; every entry of the package does it once. */
export function start(module: WebAssembly.Module): void {
  initSync({ module });
}

/** Calls the module for something new, in a new instance if the last one failed. */
export function open<Opened extends Freed>(type: string, make: () => Opened): Handle<Opened> {
  if (isBroken) restart();
  return new Handle(type, call(make));
}

function restart(): void {
  try {
    __wbg_reset_state();
  } catch (cause) {
    throw new CrosswalkError("module_failed", "the module can't be started again after it failed", {
      hint: "free memory, or start the program again",
      cause,
    });
  }
  isBroken = false;
}

/** What the module refuses is thrown as an error with its code; all else that is thrown is a failure of the module. */
function call<Answer>(run: () => Answer): Answer {
  try {
    return run();
  } catch (thrown) {
    const refused = refusal(thrown);
    if (refused !== undefined) throw refused;
    isBroken = true;
    generation += 1;
    throw new CrosswalkError("module_failed", "the rules module failed, and what was open in it is lost", {
      hint: "open the rules again, and plan the snapshot in halves: its memory was too small for the whole, or one record does it; report that",
      cause: thrown,
    });
  }
}

/** What wasm-bindgen's classes have. */
interface Freed {
  free(): void;
}

/** Something that is open in the module. */
export class Handle<Opened extends Freed> {
  readonly #type: string;
  #opened: Opened | undefined;
  readonly #generation = generation;

  constructor(type: string, opened: Opened) {
    this.#type = type;
    this.#opened = opened;
  }

  /** Whether a value is one. No `Proxy` is asked, so that none can throw here. */
  static is(value: unknown): boolean {
    return isObject(value) && #opened in value;
  }

  /** The open thing; throws if it isn't open any more, naming the argument that it is. */
  get(argument = "this"): Opened {
    const name = argument === "this" ? `this ${this.#type}` : `\`${argument}\``;
    if (this.#opened === undefined) {
      throw new CrosswalkError("bad_handle", `${name} was freed`, { hint: "don't use it once it is freed" });
    }
    if (this.#generation !== generation) {
      throw new CrosswalkError("bad_handle", `${name} was lost when the module failed`, { hint: "open it again" });
    }
    return this.#opened;
  }

  /** Calls the module with it. */
  use<Answer>(run: (opened: Opened) => Answer): Answer {
    const opened = this.get();
    return call(() => run(opened));
  }

  /** Calls the module with it for something new. */
  open<Other extends Freed>(type: string, make: (opened: Opened) => Other): Handle<Other> {
    const opened = this.get();
    return open(type, () => make(opened));
  }

  /** Gives its memory back; the second time it does nothing. */
  free(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    // An address of a lost instance means nothing in this one.
    if (opened !== undefined && this.#generation === generation) call(() => opened.free());
  }
}

/** What is thrown for an argument that isn't of its class. */
export function notOne(value: unknown, argument: string, type: string, hint: string): CrosswalkError {
  return new CrosswalkError("bad_handle", `\`${argument}\` is ${described(value)}, not a ${type}`, { hint });
}

/** Whether a value may have private fields. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
