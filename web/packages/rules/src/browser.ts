import { start } from "./module.js";

// Bundlers know this form, and take the file along.
const url = new URL("./crosswalk_rules.wasm", import.meta.url);

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`can't fetch ${url}: ${response.status}; serve crosswalk_rules.wasm there`);
  // Without this type a browser refuses to compile while it loads; file servers often don't know it.
  if (response.headers.get("content-type") === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

start(await compile());

export * from "./index.js";
