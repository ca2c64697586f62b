/// <reference lib="esnext.disposable" preserve="true" />
export type * from "./generated/documents.js";
export { CrosswalkError, type ErrorCode } from "./error.js";
export { Rules } from "./rules.js";
export { type Filter, type HubSpotSimulation, type OneOf, type Page, type Query, Simulation } from "./simulation.js";
export { Snapshot } from "./snapshot.js";
export { moduleSha256 } from "./version.js";
