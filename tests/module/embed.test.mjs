// The bytes face in JavaScript's own WebAssembly, by the example of docs/module.md.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { openRules } from "../../docs/examples/embed.mjs";

const wasm = readFileSync(new URL("../../target/rules/crosswalk_rules.wasm", import.meta.url));
const settings = {
  time_zone: "Europe/Helsinki",
  portal_id: "8821",
  enabled_at: "2026-10-01T06:00:00Z",
  to_salesforce: { call: { enabled: true } },
  owners: { integration_user: "005000000000001AAA" },
};

test("plans without the glue of the JavaScript face", async () => {
  const rules = await openRules(wasm, settings);
  const plan = rules.plan({
    now: "2026-11-23T10:00:00Z",
    activities: [{ id: "501", kind: "call", occurred_at: "2026-11-20T08:00:00Z" }],
  });
  assert.equal(plan.decisions[0].reason, "no_contact");
  rules.close();
  assert.throws(() => rules.plan({}), { code: "bad_handle" });
});

test("plans both directions of one snapshot", async () => {
  const rules = await openRules(wasm, { ...settings, to_hubspot: { task: { enabled: true } } });
  const at = "2026-11-20T08:00:00Z";
  const plan = rules.planToHubSpot({
    now: "2026-11-23T10:00:00Z",
    activities: [{ id: "501", kind: "call", occurred_at: at }],
    records: [{ id: "00T000000000001AAA", object: "Task", created_at: at, modified_at: at }],
  });
  assert.deepEqual(plan.decisions.map(({ record, reason }) => [record, reason]), [["00T000000000001AAA", "no_contact"]]);
  rules.close();
});

test("tells what is wrong with the settings", async () => {
  await assert.rejects(openRules(wasm, { ...settings, portal_id: 7 }), { code: "settings_invalid", path: "portal_id" });
});

test("the examples in the documentation are the files that are tested", () => {
  const read = (path) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
  const page = read("module.md");
  for (const [language, file] of [["rust", "examples/embed.rs"], ["js", "examples/embed.mjs"]]) {
    assert.ok(page.includes(`\`\`\`${language}\n${read(file)}\`\`\``), `docs/module.md quotes another docs/${file}`);
  }
});
