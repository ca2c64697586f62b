// Plans a snapshot by the rules module, with nothing but JavaScript's own WebAssembly.

export async function openRules(wasm, settings) {
  const module = await WebAssembly.compile(wasm);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {
      throw new Error("the bytes face calls no import");
    };
  }
  const { exports: cw } = await WebAssembly.instantiate(module, imports);
  if (cw.cw_abi_version() !== 1) throw new Error("another version of the interface");

  const call = (input, run) => {
    const bytes = new TextEncoder().encode(JSON.stringify(input));
    const address = cw.cw_alloc(bytes.length) >>> 0; // 0: refused, and the call says why
    if (address !== 0) new Uint8Array(cw.memory.buffer, address).set(bytes);
    const answer = BigInt.asUintN(64, run(address, bytes.length));
    cw.cw_free(address, bytes.length);
    const [start, length] = [Number(answer >> 32n), Number(answer & 0xffffffffn)];
    const text = new TextDecoder().decode(new Uint8Array(cw.memory.buffer, start, length));
    cw.cw_free(start, length);
    const { ok, error } = JSON.parse(text);
    if (error) throw Object.assign(new Error(error.message), error);
    return ok;
  };

  const { handle } = call(settings, (address, length) => cw.cw_open(address, length));
  return {
    plan: (snapshot) => call(snapshot, (address, length) => cw.cw_plan_to_salesforce(handle, address, length)),
    planToHubSpot: (snapshot) => call(snapshot, (address, length) => cw.cw_plan_to_hubspot(handle, address, length)),
    close: () => cw.cw_close(handle),
  };
}
