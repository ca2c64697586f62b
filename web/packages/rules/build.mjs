// Builds dist/ from the rules module, wasm-bindgen's glue, the schemas and src/. `cargo xtask build` calls it.

import { build } from "esbuild";
import { compile } from "json-schema-to-typescript";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { combined } from "./build/schemas.mjs";

const here = import.meta.dirname;
const root = resolve(here, "../../..");
const built = join(root, "target/rules");
const schemas = join(root, "docs/schema");
const generated = join(here, "src/generated");
const declared = join(here, "src/generated/declared");
const dist = join(here, "dist");
const wasm = "crosswalk_rules.wasm";

await generate();
await bundle();
declare();
copy();

async function generate() {
  rmSync(generated, { recursive: true, force: true });
  cpSync(join(built, "glue"), join(generated, "glue"), { recursive: true, filter: (path) => !path.endsWith(".wasm") });
  const schema = combined((name) => JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), "utf8")));
  const types = await compile(schema, "Documents", {
    additionalProperties: false,
    bannerComment: "// Made from docs/schema/ by `cargo xtask build`.",
  });
  // The one that holds all documents is nobody's.
  writeFileSync(join(generated, "documents.ts"), types.replace(/export interface Documents \{[^}]*\}\n/, ""));
}

async function bundle() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  copyFileSync(join(built, wasm), join(dist, wasm));
  const sha256 = createHash("sha256").update(readFileSync(join(dist, wasm))).digest("hex");
  const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const define = { MODULE_SHA256: JSON.stringify(sha256), PACKAGE_VERSION: JSON.stringify(version) };
  // Small, since it is sent; names stay, and short lines, so that a stack says where.
  const small = { minifySyntax: true, minifyWhitespace: true, lineLimit: 120 };
  const common = { ...small, bundle: true, target: "es2022", define, logLevel: "warning" };
  const source = (name) => join(here, "src", `${name}.ts`);
  await build({ ...common, entryPoints: [source("node")], outfile: join(dist, "node.js"), format: "cjs", platform: "node" });
  await build({
    ...common,
    entryPoints: [source("command")],
    outfile: join(dist, "command.mjs"),
    format: "esm",
    platform: "node",
    external: ["./node.js"],
    banner: { js: "#!/usr/bin/env node" },
  });
  // What these two share is one file, so that it isn't sent twice.
  await build({
    ...common,
    entryPoints: [source("browser"), source("worker")],
    outdir: dist,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    splitting: true,
    chunkNames: "shared",
    external: [`./${wasm}`],
  });
  writeFileSync(join(dist, "node.mjs"), reExported());
}

/** So that there is one class, and one instance of the module, however the package is loaded. */
function reExported() {
  const names = Object.keys(createRequire(import.meta.url)(join(dist, "node.js")));
  return `export { ${names.join(", ")} } from "./node.js";\n`;
}

/** The declarations that can be reached from those of the entry. */
function declare() {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", declared, "--stripInternal"];
  execFileSync(process.execPath, [compiler, "--project", here, ...options], { stdio: "inherit" });
  const types = join(dist, "types");
  const reached = ["index.d.ts"];
  for (const path of reached) {
    const text = readFileSync(join(declared, path), "utf8");
    mkdirSync(dirname(join(types, path)), { recursive: true });
    writeFileSync(join(types, path), text);
    for (const [, from] of text.matchAll(/ from "(\.[^"]+)\.js"/g)) {
      const imported = join(dirname(path), `${from}.d.ts`);
      if (!reached.includes(imported)) reached.push(imported);
    }
  }
  writeFileSync(join(types, "index.d.mts"), 'export * from "./index.js";\n');
}

function copy() {
  cpSync(schemas, join(dist, "schema"), { recursive: true });
  copyFileSync(join(root, "LICENSE"), join(here, "LICENSE"));
}
