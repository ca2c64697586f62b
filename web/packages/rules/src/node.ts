import { readFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "./module.js";

// At once, because `new Rules()` needs no call before it; V8 compiles a function when it is first called.
start(new WebAssembly.Module(readFileSync(join(__dirname, "crosswalk_rules.wasm"))));

export * from "./index.js";
