/** Makes `using` free an object, where the runtime knows it. */
export function disposable(type: { prototype: { free(): void } }): void {
  const { dispose } = Symbol as { dispose?: symbol };
  if (dispose === undefined) return;
  Object.defineProperty(type.prototype, dispose, { value: type.prototype.free, configurable: true, writable: true });
}
