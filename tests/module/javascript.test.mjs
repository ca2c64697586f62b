// The JavaScript face of the module that `cargo xtask build` made, in Node.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import test from "node:test";

const built = new URL("../../target/rules/", import.meta.url);
const { Rules } = createRequire(import.meta.url)(fileURLToPath(new URL("node/crosswalk_rules.js", built)));

const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const json = (answer) => JSON.parse(new TextDecoder().decode(answer));

const settings = {
  time_zone: "Europe/Helsinki",
  portal_id: "8821",
  enabled_at: "2026-10-01T06:00:00Z",
  to_salesforce: { call: { enabled: true } },
  owners: { integration_user: "005000000000001AAA" },
};
const snapshot = {
  now: "2026-11-23T10:00:00Z",
  activities: [{ id: "501", kind: "call", occurred_at: "2026-11-20T08:00:00Z", contacts: ["101"], title: "Intro — 😀" }],
  contacts: [
    {
      id: "101",
      created_at: "2026-09-01T07:00:00Z",
      salesforce: { status: "synced", object: "Contact", id: "003000000000001AAA" },
    },
  ],
};

test("plans a snapshot", () => {
  const rules = new Rules(bytes(settings));
  const [decision] = json(rules.planToSalesforceJson(bytes(snapshot))).decisions;
  assert.equal(decision.action, "create");
  assert.equal(decision.task.Subject, "Call: Intro — 😀");
  assert.equal(decision.task.WhoId, "003000000000001AAA");
  rules.free();
});

test("one object plans any number of snapshots, each alike", () => {
  const rules = new Rules(bytes(settings));
  const first = rules.planToSalesforceJson(bytes(snapshot));
  for (let round = 0; round < 100; round += 1) {
    assert.deepEqual(rules.planToSalesforceJson(bytes(snapshot)), first);
  }
  rules.free();
});

test("plans to HubSpot", () => {
  const rules = new Rules(bytes({ ...settings, to_hubspot: { call: { enabled: true } } }));
  const record = {
    id: "00T000000000001AAA",
    object: "Task",
    created_at: "2026-11-20T08:00:00Z",
    modified_at: "2026-11-20T08:00:00Z",
    task_subtype: "Call",
    subject: "Intro — 😀",
    who_id: "003000000000001AAA",
  };
  const [decision] = json(rules.planToHubSpotJson(bytes({ ...snapshot, records: [record] }))).decisions;
  assert.equal(decision.action, "create");
  assert.equal(decision.properties.hs_call_title, "Intro — 😀");
  assert.deepEqual(decision.associations, [{ to: "contacts", id: "101" }]);
  rules.free();
});

test("compares two settings", () => {
  const before = new Rules(bytes(settings));
  const after = new Rules(bytes({ ...settings, to_salesforce: {} }));
  const { changed, summary } = json(before.compareJson(after, bytes(snapshot)));
  assert.equal(summary.changed, 1);
  assert.deepEqual(changed[0].settings, ["to_salesforce.call.enabled"]);
  before.free();
  after.free();
});

test("settings that are refused throw an Error with code, path and hint", () => {
  assert.throws(
    () => new Rules(bytes({ ...settings, time_zon: "Europe/Helsinki" })),
    (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.code, "settings_invalid");
      assert.equal(error.path, "time_zon");
      assert.equal(error.hint, "did you mean `time_zone`?");
      assert.ok(error.message.length > 0);
      return true;
    },
  );
});

test("a snapshot that is refused throws, and leaves the rules usable", () => {
  const rules = new Rules(bytes(settings));
  for (const [text, code] of [["{", "not_json"], ["[]", "snapshot_invalid"], ["{}", "snapshot_invalid"]]) {
    assert.throws(() => rules.planToSalesforceJson(bytes(text)), (error) => error instanceof Error && error.code === code);
  }
  assert.equal(json(rules.planToSalesforceJson(bytes(snapshot))).decisions.length, 1);
  rules.free();
});

test("the module that Node loads is the very one that is shipped", () => {
  const shipped = readFileSync(new URL("crosswalk_rules.wasm", built));
  const loaded = readFileSync(new URL("node/crosswalk_rules_bg.wasm", built));
  assert.ok(shipped.equals(loaded));
});
