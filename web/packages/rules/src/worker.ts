// @ts-expect-error: such a worker's runtime hands out the compiled module.
import module from "./crosswalk_rules.wasm";
import { start } from "./module.js";

start(module as WebAssembly.Module);

export * from "./index.js";
