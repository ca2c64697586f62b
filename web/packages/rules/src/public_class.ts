/** Makes `using` free a class's objects, where the runtime knows it; and gives the class its name, which bundling may have changed. */
export function publicClass(type: { prototype: { free(): void } }, name: string): void {
  Object.defineProperty(type, "name", { value: name, configurable: true });
  const { dispose } = Symbol as { dispose?: symbol };
  if (dispose === undefined) return;
  Object.defineProperty(type.prototype, dispose, { value: type.prototype.free, configurable: true, writable: true });
}
