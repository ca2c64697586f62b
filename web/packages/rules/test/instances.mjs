// The package, and every instance of the module that it makes.

import { createRequire } from "node:module";

export const instances = [];

const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  const instance = new Instance(...given);
  instances.push(instance);
  return instance;
};
// Loaded only now, so that its instances are seen.
export const { CrosswalkError, Rules, Snapshot } = createRequire(import.meta.url)("crosswalk-rules");

/** The memory of the instance that answers. */
export function memory() {
  return instances.at(-1).exports.memory;
}
