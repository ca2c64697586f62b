/// <reference lib="esnext.disposable" preserve="true" />
export type * from "./generated/documents.js";
export { CrosswalkError, type ErrorCode } from "./error.js";
export { Rules } from "./rules.js";
export { moduleSha256 } from "./version.js";
