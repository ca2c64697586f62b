// Memory that is freed is used again.

import assert from "node:assert/strict";
import test from "node:test";
import { Rules, Snapshot, memory } from "./instances.mjs";
import { bytes, settings, snapshot } from "./samples.mjs";

const size = () => memory().buffer.byteLength;

/** Plans the same snapshot in every way that there is, and one that is refused. */
function everything(rules, others) {
  rules.planToSalesforce(snapshot);
  rules.planToHubSpot(snapshot);
  rules.compare(others, snapshot);
  assert.throws(() => rules.planToSalesforce({}));
}

test("10,000 plans leave the module's memory as large as after the first 100", () => {
  const rules = new Rules(settings);
  const others = new Rules({ ...settings, to_salesforce: {} });
  for (let plan = 0; plan < 100; plan += 1) everything(rules, others);
  const first = size();
  for (let plan = 100; plan < 10_000; plan += 1) everything(rules, others);
  assert.equal(size(), first);
});

test("rules that are freed leave nothing behind, nor do settings that are refused", () => {
  const round = () => {
    new Rules(settings).free();
    assert.throws(() => new Rules({ ...settings, portal_id: 7 }));
  };
  for (let opened = 0; opened < 100; opened += 1) round();
  const first = size();
  for (let opened = 100; opened < 10_000; opened += 1) round();
  assert.equal(size(), first);
});

test("snapshots and simulations that are freed leave nothing behind", () => {
  const rules = new Rules(settings);
  const json = bytes(snapshot);
  const round = () => {
    const whole = Snapshot.open();
    whole.append(json);
    whole.close();
    const simulation = rules.simulate(whole);
    simulation.step(1);
    simulation.page({ filter: { text: "intro" } });
    simulation.decision("call:501");
    assert.throws(() => simulation.page({ limit: -1 }));
    simulation.free();
    whole.free();
  };
  for (let opened = 0; opened < 100; opened += 1) round();
  const first = size();
  for (let opened = 100; opened < 10_000; opened += 1) round();
  assert.equal(size(), first);
});
