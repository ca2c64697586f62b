import { start } from "./module.js";

// Bundlers know this form, and take the file along.
const url = new URL("./crosswalk_rules.wasm", import.meta.url);

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  const type = response.headers.get("content-type") ?? "";
  // Servers of applications of one page answer it for whatever they don't have.
  if (!response.ok || type.startsWith("text/html")) throw new Error(`${url} isn't there: serve crosswalk_rules.wasm of crosswalk-rules beside its code`);
  // Without this type a browser refuses to compile while it loads; file servers often don't know it.
  if (type === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

start(await compile());

export * from "./index.js";
