// The package as it is published: its tarball, and empty projects that install it.

import { Rules } from "crosswalk-rules";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch } from "../../../testing/browser.mjs";
import { serve } from "../../../testing/serve.mjs";
import { planOf } from "./page.mjs";
import { pack, packageFolder, project, temporaryFolder } from "./project.mjs";
import { blocks } from "./readme.mjs";
import { settings, snapshot } from "./samples.mjs";

const expected = new Rules(settings).planToSalesforce(snapshot);
const folder = temporaryFolder(after);
const packed = pack(folder);

/** A project of its own for each test. */
function install(name, files, more) {
  const path = join(folder, name);
  mkdirSync(path);
  return project(path, packed.path, { "case.json": JSON.stringify({ settings, snapshot }), ...files }, more);
}

const node = (path, ...command) => execFileSync(process.execPath, command, { cwd: path, encoding: "utf8" });
const tool = (name, path) => join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path);

describe("the tarball", () => {
  test("has at most 400 KB", () => {
    assert.ok(packed.size <= 400_000, `${packed.size} bytes`);
  });

  test("has a licence, a README and types, and nothing that only builds or tests it", () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of ["LICENSE", "README.md", "package.json", "dist/types/index.d.ts", "dist/types/index.d.mts", "dist/crosswalk_rules.wasm"]) {
      assert.ok(paths.includes(path), `${path} is missing`);
    }
    const others = paths.filter((path) => !path.startsWith("dist/") && !["LICENSE", "README.md", "package.json"].includes(path));
    assert.deepEqual(others, []);
  });

  test("publint finds nothing", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: packageFolder, pack: "npm", strict: true });
    assert.deepEqual(messages, []);
  });

  test("attw finds nothing in Node's and the bundlers' way of resolving, but that the module has no types", () => {
    const program = tool("@arethetypeswrong/cli", "dist/index.js");
    const options = ["--profile", "node16", "--exclude-entrypoints", "crosswalk_rules.wasm", "--format", "json"];
    const { analysis } = JSON.parse(node(folder, program, packed.path, ...options));
    const { resolutions } = analysis.entrypoints["."];
    assert.deepEqual(Object.keys(resolutions).sort(), ["bundler", "node10", "node16-cjs", "node16-esm"]);
    for (const [name, { resolution }] of Object.entries(resolutions)) assert.ok(resolution, `${name} finds no types`);
    assert.deepEqual(analysis.problems, []);
  });
});

describe("in Node", () => {
  test("an ES module", () => {
    const path = install("esm", {
      "plan.mjs": `
        import { Rules } from "crosswalk-rules";
        import { readFileSync } from "node:fs";
        const { settings, snapshot } = JSON.parse(readFileSync("case.json", "utf8"));
        console.log(JSON.stringify(new Rules(settings).planToSalesforce(snapshot)));
      `,
    });
    assert.deepEqual(JSON.parse(node(path, "plan.mjs")), expected);
  });

  test("CommonJS in TypeScript, with its types checked", () => {
    const path = install("typescript", {
      "plan.ts": `
        import { CrosswalkError, Rules, Snapshot, moduleSha256, type Decision, type HubSpotSimulation, type Page, type Settings, type SnapshotDocument } from "crosswalk-rules";
        const { settings, snapshot }: { settings: Settings; snapshot: SnapshotDocument } = require("./case.json");
        declare function require(path: string): any;
        const rules: Rules & Disposable = new Rules(settings);
        const plan = rules.planToSalesforce(snapshot);
        const decisions: Decision[] = plan.decisions;
        const subject: string | undefined = decisions[0]?.task?.Subject;
        const whole: Snapshot & Disposable = Snapshot.open();
        whole.append(new TextEncoder().encode(JSON.stringify(snapshot)));
        whole.close();
        const simulation = rules.simulate(whole);
        while (!simulation.step(1));
        const page: Page = simulation.page({ filter: { action: ["create", "update"] } });
        const simulated: Decision | undefined = simulation.decision("call:501");
        const other: HubSpotSimulation = rules.simulateToHubSpot(whole);
        const records: number = other.summary().records;
        if (page.total !== 1 || simulated?.task?.Subject !== subject || records !== 0) throw new Error("the simulation differs");
        // @ts-expect-error: only \`Snapshot.open\` makes one.
        try { new Snapshot(); } catch {}
        // @ts-expect-error: no such action.
        try { simulation.page({ filter: { action: "creat" } }); } catch {}
        if (subject === undefined || moduleSha256.length !== 64) throw new Error("there is no subject");
        // @ts-expect-error: the settings are checked.
        try { new Rules({ time_zone: 7 }); } catch (error) {
          if (!(error instanceof CrosswalkError) || error.code !== "settings_invalid") throw error;
        }
        console.log(JSON.stringify(plan));
      `,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "node16", target: "es2022", strict: true, exactOptionalPropertyTypes: true, lib: ["es2022", "dom"], types: [] },
      }),
    });
    node(path, tool("typescript", "bin/tsc"), "--project", ".");
    assert.deepEqual(JSON.parse(node(path, "plan.js")), expected);
  });
});

describe("in a browser", () => {
  const program = `
    import { Rules } from "crosswalk-rules";
    const { settings, snapshot } = await (await fetch("/case.json")).json();
    globalThis.plan = new Rules(settings).planToSalesforce(snapshot);
  `;
  const page = (script) => `<!doctype html><meta charset="utf-8"><title>A plan</title>${script}`;
  const bare = page(`
    <script type="importmap">{"imports": {"crosswalk-rules": "./node_modules/crosswalk-rules/dist/browser.mjs"}}</script>
    <script type="module">${program}</script>
  `);

  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  async function plansAt(path, types) {
    const server = await serve(path, types);
    try {
      assert.deepEqual(await planOf(browser, `${server.url}/`), expected);
    } finally {
      await server.close();
    }
  }

  test("a bare page", () => plansAt(install("bare", { "index.html": bare })));

  test("a bare page whose server doesn't know the module's type", () =>
    plansAt(install("untyped", { "index.html": bare }), { ".wasm": "application/octet-stream" }));

  test("a worker of a bare page", () => {
    const worker = `
      import { Rules } from "./node_modules/crosswalk-rules/dist/browser.mjs";
      const { settings, snapshot } = await (await fetch("/case.json")).json();
      postMessage(new Rules(settings).planToSalesforce(snapshot));
    `;
    const script = `
      <script type="module">
        new Worker("./worker.mjs", { type: "module" }).onmessage = ({ data }) => { globalThis.plan = data; };
      </script>
    `;
    return plansAt(install("page-worker", { "index.html": page(script), "worker.mjs": worker }));
  });

  const viteFiles = { "index.html": page('<script type="module" src="/plan.js"></script>'), "plan.js": program };

  test("Vite, built", async () => {
    const path = install("vite", { ...viteFiles, "public/case.json": JSON.stringify({ settings, snapshot }) }, { type: "module" });
    const { build } = await import("vite");
    await build({ root: path, logLevel: "warn" });
    await plansAt(join(path, "dist"));
  });

  const configurations = [
    ["as it is", "export default {};"],
    ["with what older ones need", blocks("js").find(({ name }) => name === "vite.config.js").code],
  ];
  for (const [name, configuration] of configurations) {
    test(`Vite, while it is developed, ${name}`, async () => {
      const path = install(`vite ${name}`, { ...viteFiles, "vite.config.js": configuration }, { type: "module" });
      const { createServer } = await import("vite");
      const server = await createServer({ root: path, logLevel: "warn", server: { host: "127.0.0.1", port: 0 } });
      try {
        await server.listen();
        assert.deepEqual(await planOf(browser, `http://127.0.0.1:${server.httpServer.address().port}/`), expected);
      } finally {
        await server.close();
      }
    });
  }

  test("a server that answers a page instead of the module is told", async () => {
    const path = install("missing", { "index.html": bare });
    await assert.rejects(plansAt(path, { ".wasm": "text/html" }), /crosswalk_rules\.wasm isn't there: serve/);
  });

  test("esbuild, with the module copied beside what it makes", async () => {
    const path = install("esbuild", { "plan.js": program, "out/index.html": page('<script type="module" src="./plan.js"></script>') });
    const { build } = await import("esbuild");
    await build({ absWorkingDir: path, entryPoints: ["plan.js"], bundle: true, format: "esm", outdir: "out", logLevel: "warning" });
    cpSync(join(path, "node_modules/crosswalk-rules/dist/crosswalk_rules.wasm"), join(path, "out/crosswalk_rules.wasm"));
    cpSync(join(path, "case.json"), join(path, "out/case.json"));
    await plansAt(join(path, "out"));
  });
});
