// What the package does with good input, in Node.

import { CrosswalkError, Rules, Simulation, Snapshot, moduleSha256 } from "crosswalk-rules";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { bytes, json, settings, snapshot } from "./samples.mjs";

const root = new URL("../../../../", import.meta.url);

test("plans a snapshot, objects in and out", () => {
  const rules = new Rules(settings);
  const { decisions, summary } = rules.planToSalesforce(snapshot);
  assert.equal(decisions[0].action, "create");
  assert.equal(decisions[0].task.Subject, "Call: Intro — 😀");
  assert.equal(decisions[0].task.WhoId, "003000000000001AAA");
  assert.deepEqual(summary.by_action, { create: 1 });
  rules.free();
});

test("plans a snapshot to HubSpot", () => {
  const rules = new Rules(settings);
  const [decision] = rules.planToHubSpot(snapshot).decisions;
  assert.equal(decision.action, "create");
  assert.equal(decision.properties.hs_call_title, "Intro — 😀");
  assert.deepEqual(decision.associations, [{ to: "contacts", id: "101" }]);
  rules.free();
});

test("compares two settings", () => {
  const before = new Rules(settings);
  const after = new Rules({ ...settings, to_salesforce: {} });
  const { changed, summary } = before.compare(after, snapshot);
  assert.equal(summary.changed, 1);
  assert.deepEqual(changed[0].settings, ["to_salesforce.call.enabled"]);
  before.free();
  after.free();
});

test("bytes and objects are the same document", () => {
  const rules = new Rules(bytes(settings));
  const other = new Rules({ ...settings, to_salesforce: {} });
  const calls = [
    ["planToSalesforce", []],
    ["planToHubSpot", []],
    ["compare", [other]],
  ];
  for (const [name, before] of calls) {
    const plan = rules[name](...before, snapshot);
    assert.deepEqual(json(rules[`${name}Json`](...before, bytes(snapshot))), plan, name);
    assert.deepEqual(json(rules[`${name}Json`](...before, snapshot)), plan, name);
    assert.deepEqual(rules[name](...before, Buffer.from(bytes(snapshot))), plan, name);
  }
  rules.free();
  other.free();
});

test("an answer is the caller's own: later calls don't change it", () => {
  const rules = new Rules(settings);
  const first = rules.planToSalesforceJson(snapshot);
  const copy = first.slice();
  for (let round = 0; round < 100; round += 1) assert.deepEqual(rules.planToSalesforceJson(snapshot), copy);
  assert.deepEqual(first, copy);
  rules.free();
});

test("settings that are refused throw an error with code, path and hint", () => {
  assert.throws(
    () => new Rules({ ...settings, time_zon: "Europe/Helsinki" }),
    (error) => {
      assert.ok(error instanceof Error);
      assert.ok(error instanceof CrosswalkError);
      assert.equal(error.name, "CrosswalkError");
      assert.equal(error.code, "settings_invalid");
      assert.equal(error.path, "time_zon");
      assert.equal(error.hint, "did you mean `time_zone`?");
      assert.ok(error.message.length > 0);
      return true;
    },
  );
});

test("a snapshot that is refused throws, and leaves the rules usable", () => {
  const rules = new Rules(settings);
  for (const [text, code] of [["{", "not_json"], ["[]", "snapshot_invalid"], ["{}", "snapshot_invalid"]]) {
    assert.throws(() => rules.planToSalesforceJson(bytes(text)), (error) => error instanceof CrosswalkError && error.code === code);
  }
  assert.equal(rules.planToSalesforce(snapshot).decisions.length, 1);
  rules.free();
});

test("`require` and `import` give one class", () => {
  const required = createRequire(import.meta.url)("crosswalk-rules");
  assert.equal(required.Rules, Rules);
  assert.equal(required.moduleSha256, moduleSha256);
});

test("the package has the very module that the host runs", () => {
  const shipped = readFileSync(fileURLToPath(import.meta.resolve("crosswalk-rules/crosswalk_rules.wasm")));
  assert.ok(shipped.equals(readFileSync(new URL("target/rules/crosswalk_rules.wasm", root))));
  assert.equal(createHash("sha256").update(shipped).digest("hex"), moduleSha256);
});

test("`crosswalk --version` shows the same versions", () => {
  const program = process.env.CROSSWALK_BIN ?? fileURLToPath(new URL("target/debug/crosswalk", root));
  const version = execFileSync(program, ["--version"], { encoding: "utf8" });
  assert.ok(version.includes(moduleSha256), `${version} doesn't show ${moduleSha256}`);
  const { version: own } = createRequire(import.meta.url)("crosswalk-rules/package.json");
  assert.ok(version.startsWith(`crosswalk ${own}\n`), `${version} isn't that of the package, ${own}`);
});

test("classes have the names that they are imported by", () => {
  for (const [name, type] of Object.entries({ CrosswalkError, Rules, Simulation, Snapshot })) assert.equal(type.name, name);
});
