/** What kind of error it is. Codes are stable: programs may rely on them. */
export type ErrorCode =
  /** A setting is missing, unknown, or has no valid value. */
  | "settings_invalid"
  /** `now` or the shape of the snapshot is wrong. */
  | "snapshot_invalid"
  /** What is asked of a simulation is wrong: an unknown key, name or number. */
  | "query_invalid"
  /** What was given isn't JSON, or can't be written as JSON. */
  | "not_json"
  /** The object was freed, was lost with the module's memory, or isn't what its class says. */
  | "bad_handle"
  /** What was given is larger than 256 MiB as JSON, or the answer is larger than JavaScript's largest string. */
  | "too_large"
  /** The module failed. What was open is lost; what is opened from now on works. */
  | "module_failed";

const CODES: ReadonlySet<unknown> = new Set<ErrorCode>([
  "settings_invalid",
  "snapshot_invalid",
  "query_invalid",
  "not_json",
  "bad_handle",
  "too_large",
  "module_failed",
]);

/** What all functions of this package throw. */
export class CrosswalkError extends Error {
  /** What kind of error. */
  readonly code: ErrorCode;
  /** Where: the path of the value, as `owners.integration_user` or `activities[3].id`; empty for the whole document. */
  readonly path: string;
  /** What to do; empty if there is nothing to add. */
  readonly hint: string;

  /** @internal */
  constructor(code: ErrorCode, message: string, details: { path?: string; hint?: string; cause?: unknown } = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.name = "CrosswalkError";
    this.code = code;
    this.path = details.path ?? "";
    this.hint = details.hint ?? "";
  }
}

/** The module's own refusal, which glue throws as an `Error` with a code; undefined if it is anything else. */
export function refusal(thrown: unknown): CrosswalkError | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown) || !CODES.has(thrown.code)) return undefined;
  const { code, message, path, hint } = thrown as CrosswalkError;
  return new CrosswalkError(code, message, { path, hint });
}
