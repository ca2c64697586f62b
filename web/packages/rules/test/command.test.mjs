// The command, as a shell runs it.

import { moduleSha256 } from "crosswalk-rules";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageFolder, temporaryFolder } from "./project.mjs";
import { settings, snapshot } from "./samples.mjs";

const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
const program = join(packageFolder, manifest.bin["crosswalk-rules"]);
const folder = temporaryFolder(after);
const file = (name, value) => {
  writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));
  return name;
};
const run = (words, input = "") => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: folder, input, encoding: "utf8" });
  return { status, stdout, stderr };
};

const right = file("settings.json", settings);
const { activities, records, ...known } = snapshot;
const both = file("both.json", snapshot);

test("check says that settings are valid", () => {
  assert.deepEqual(run(["check", right]), { status: 0, stdout: "settings.json: these settings are valid\n", stderr: "" });
});

test("check names the file, the path and the hint", () => {
  const wrong = file("wrong.json", { ...settings, owners: { integration_usr: "005000000000001AAA" } });
  const { status, stdout, stderr } = run(["check", wrong]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^error: wrong\.json: `owners\.integration_usr`: .* \(settings_invalid\)\n  did you mean `integration_user`\?\n$/);
});

test("what isn't JSON is refused", () => {
  const { status, stderr } = run(["check", file("settings.toml", "[sync]")]);
  assert.equal(status, 2);
  assert.match(stderr, /^error: settings\.toml: .* \(not_json\)\n/);
});

test("plan prints the plan of activities", () => {
  const { status, stdout, stderr } = run(["plan", right, file("activities.json", { ...known, activities })]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  const plan = JSON.parse(stdout);
  assert.deepEqual(plan.summary.by_action, { create: 1 });
  assert.equal(plan.decisions[0].activity, "call:501");
});

test("plan prints the plan of records", () => {
  const { stdout } = run(["plan", right, file("records.json", { ...known, records })]);
  assert.equal(JSON.parse(stdout).decisions[0].record, "00T000000000001AAA");
});

test("plan prints both plans of a snapshot with both", () => {
  const { stdout } = run(["plan", right, both]);
  const plans = JSON.parse(stdout);
  assert.deepEqual(Object.keys(plans), ["to_salesforce", "to_hubspot"]);
  assert.equal(plans.to_salesforce.decisions.length, 1);
  assert.equal(plans.to_hubspot.decisions.length, 1);
});

test("plan prints what `crosswalk preview` prints", () => {
  const crosswalk = process.env.CROSSWALK_BIN ?? fileURLToPath(new URL("../../../../target/debug/crosswalk", import.meta.url));
  for (const asked of [snapshot, { ...snapshot, digest: true }, { ...known, activities, digest: true }, { ...known, records }]) {
    const name = file("asked.json", asked);
    const preview = spawnSync(crosswalk, ["preview", "--snapshot", name, "--settings", right, "--json"], { cwd: folder, encoding: "utf8" });
    assert.equal(preview.status, 0, preview.stderr);
    assert.deepEqual(JSON.parse(run(["plan", right, name]).stdout), JSON.parse(preview.stdout));
  }
});

test("either file may be standard input, but not both", () => {
  const expected = run(["plan", right, both]).stdout;
  assert.equal(run(["plan", right, "-"], JSON.stringify(snapshot)).stdout, expected);
  assert.equal(run(["plan", "-", both], JSON.stringify(settings)).stdout, expected);
  assert.match(run(["check", "-"], "{").stderr, /^error: standard input: .* \(not_json\)/);
  const { status, stderr } = run(["plan", "-", "-"]);
  assert.equal(status, 2);
  assert.match(stderr, /`-` is given twice/);
});

test("a snapshot that is refused is named", () => {
  const { status, stderr } = run(["plan", right, file("empty.json", {})]);
  assert.equal(status, 2);
  assert.match(stderr, /^error: empty\.json: .*`now`.* \(snapshot_invalid\)/);
});

test("bad usage says what there is", () => {
  for (const [words, message] of [
    [[], /there is no command/],
    [["frobnicate"], /there is no command `frobnicate`/],
    [["check"], /takes SETTINGS, 0 given/],
    [["plan", right], /takes SETTINGS and SNAPSHOT, 1 given/],
    [["check", "--colour"], /--colour/],
    [["check", "nowhere.json"], /nowhere\.json: can't be read/],
  ]) {
    const { status, stdout, stderr } = run(words);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
  }
});

test("--version shows the package's and the rules'", () => {
  assert.equal(run(["--version"]).stdout, `crosswalk-rules ${manifest.version}\nrules ${moduleSha256}\n`);
});

test("--help shows the commands", () => {
  const { status, stdout } = run(["--help"]);
  assert.equal(status, 0);
  for (const word of ["check", "plan", "--version", "Exit codes"]) assert.ok(stdout.includes(word), word);
});
