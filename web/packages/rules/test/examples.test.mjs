// The examples, each run as its first lines say.

import { Rules } from "crosswalk-rules";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { launch } from "../../../testing/browser.mjs";
import { serve } from "../../../testing/serve.mjs";
import { packageFolder, temporaryFolder } from "./project.mjs";
import { settings, snapshot } from "./samples.mjs";

const examples = join(packageFolder, "examples");
const folder = temporaryFolder(after);
const files = [
  ["settings.json", settings],
  ["snapshot.json", snapshot],
  ["wrong.json", { ...settings, time_zone: "Europe/Atlantis" }],
].map(([name, value]) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
});
const [right, snapshotFile, wrong] = files;

/** A program that serves; stopped when its test is over. */
function started(context, program, words, options) {
  const child = spawn(program, words, options);
  const ended = once(child, "exit");
  context.after(async () => {
    child.kill();
    await ended;
  });
  return child;
}

const firstLine = async (stream) => (await once(createInterface(stream), "line"))[0];

test("the script for Node", () => {
  const printed = execFileSync(process.execPath, [join(examples, "node/plan.mjs"), right, snapshotFile], { encoding: "utf8" });
  assert.match(printed, /^call:501: create \(new\) "Call: Intro — 😀"\n  K2: /);
  assert.match(printed, /\{ create: 1 \}\n$/);
  assert.throws(() => execFileSync(process.execPath, [join(examples, "node/plan.mjs"), wrong, snapshotFile], { stdio: "pipe" }), (error) => {
    assert.equal(error.status, 2);
    assert.match(error.stderr.toString(), /^time_zone: /);
    return true;
  });
});

test("the middleware for Express", async (context) => {
  const server = started(context, process.execPath, [join(examples, "express/server.mjs"), right, snapshotFile], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await firstLine(server.stdout);
  const found = await fetch(`${url}/activities/call:501`);
  assert.equal(found.status, 200);
  const { action, task, why } = await found.json();
  assert.equal(action, "create");
  assert.equal(task.Subject, "Call: Intro — 😀");
  assert.match(why[0], /^[A-Z]\d+: /);
  assert.equal((await fetch(`${url}/activities/call:502`)).status, 404);
});

test("the tests of settings with Vitest", () => {
  const vitest = join(createRequire(import.meta.url).resolve("vitest/package.json"), "../vitest.mjs");
  const printed = execFileSync(process.execPath, [vitest, "run", "--reporter=json", "--root", join(examples, "vitest")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { numPassedTests, numFailedTests } = JSON.parse(printed);
  assert.deepEqual({ numPassedTests, numFailedTests }, { numPassedTests: 3, numFailedTests: 0 });
});

test("the page without a bundler shows what is decided, and what is wrong", async (context) => {
  const site = join(folder, "site");
  cpSync(join(examples, "page"), site, { recursive: true });
  cpSync(join(packageFolder, "dist"), join(site, "node_modules/crosswalk-rules/dist"), { recursive: true });
  const server = await serve(site);
  context.after(() => server.close());
  const browser = await launch();
  context.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${server.url}/`);
  await page.getByLabel("Snapshot").setInputFiles(snapshotFile);
  await page.getByLabel("Settings").setInputFiles(right);
  await page.getByRole("cell", { name: "call:501" }).waitFor();
  assert.equal(await page.getByRole("row").nth(1).textContent(), "call:501createnew");
  await page.getByLabel("Settings").setInputFiles(wrong);
  await page.getByText("time_zone: ").waitFor();
});

test("the worker, in Cloudflare's runtime", async (context) => {
  const built = join(folder, "worker");
  const { build } = await import("esbuild");
  // What wrangler does with a worker and with the modules that it imports.
  await build({
    entryPoints: [join(examples, "worker/worker.mjs")],
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    outdir: built,
    outExtension: { ".js": ".mjs" },
  });
  const date = /^compatibility_date = "(.+)"$/m.exec(readFileSync(join(examples, "worker/wrangler.toml"), "utf8"))[1];
  writeFileSync(
    join(built, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = (
        modules = [
          (name = "worker.mjs", esModule = embed "worker.mjs"),
          (name = "crosswalk_rules.wasm", wasm = embed "crosswalk_rules.wasm"),
        ],
        compatibilityDate = "${date}",
      ))],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );`,
  );
  const { default: workerd } = createRequire(import.meta.url)("workerd");
  const runtime = started(context, workerd, ["serve", "--control-fd=3", join(built, "config.capnp")], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const { port } = JSON.parse(await firstLine(runtime.stdio[3]));
  const post = (body) => fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
  const planned = await post(JSON.stringify({ settings, snapshot }));
  assert.equal(planned.status, 200);
  assert.deepEqual(await planned.json(), new Rules(settings).planToSalesforce(snapshot));
  const refused = await post(JSON.stringify({ settings, snapshot: {} }));
  assert.equal(refused.status, 422);
  assert.equal((await refused.json()).code, "snapshot_invalid");
  assert.equal((await post("{")).status, 400);
});
