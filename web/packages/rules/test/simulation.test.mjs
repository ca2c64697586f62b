// Large data: a snapshot that comes in parts, simulated step by step.

import { Rules, Simulation, Snapshot } from "crosswalk-rules";
import assert from "node:assert/strict";
import test from "node:test";
import { refusedBy } from "./refused_by.mjs";
import { bytes, settings, snapshot } from "./samples.mjs";

/** The sample, with many calls; every third has no contact. */
function many(number) {
  const [call] = snapshot.activities;
  const activities = Array.from({ length: number }, (_, place) => ({ ...call, id: String(1000 + place), contacts: place % 3 === 0 ? [] : ["101"] }));
  return { ...snapshot, activities };
}

function opened(document, size = Infinity) {
  const whole = Snapshot.open();
  const json = bytes(document);
  for (let start = 0; start < json.length; start += size) whole.append(json.subarray(start, start + size));
  whole.close();
  return whole;
}

test("a simulation decides what a plan decides, wherever the parts are cut", () => {
  const rules = new Rules(settings);
  const document = many(50);
  const plan = rules.planToSalesforce(document);
  for (const size of [1, 7, 1000, Infinity]) {
    const whole = opened(document, size);
    assert.equal(whole.activities, 50);
    assert.equal(whole.records, 1);
    const simulation = rules.simulate(whole);
    assert.equal(simulation.step(1000), true);
    assert.deepEqual(simulation.page().decisions, plan.decisions);
    assert.deepEqual(simulation.summary(), plan.summary);
    assert.deepEqual(simulation.warnings(), plan.warnings ?? []);
    simulation.free();
    whole.free();
  }
  rules.free();
});

test("a simulation to HubSpot decides what a plan to HubSpot decides", () => {
  const rules = new Rules(settings);
  const plan = rules.planToHubSpot(snapshot);
  const simulation = rules.simulateToHubSpot(opened(snapshot));
  assert.equal(simulation.step(1), true);
  assert.deepEqual(simulation.page().decisions, plan.decisions);
  assert.deepEqual(simulation.summary(), plan.summary);
  assert.deepEqual(simulation.decision("00T000000000001AAA"), plan.decisions[0]);
  rules.free();
});

test("steps go as far as they are told, and what is decided is told", () => {
  const simulation = new Rules(settings).simulate(opened(many(25)));
  assert.equal(simulation.total, 25);
  for (const [decided, isEnd] of [[10, false], [20, false], [25, true], [25, true]]) {
    assert.equal(simulation.step(10), isEnd);
    assert.equal(simulation.decided, decided);
    assert.equal(simulation.summary().activities, decided);
  }
  simulation.free();
});

test("pages and filters", () => {
  const simulation = new Rules(settings).simulate(opened(many(30)));
  simulation.step(30);
  const activities = (query) => simulation.page(query).decisions.map(({ activity }) => activity);
  assert.deepEqual(activities({ offset: 3, limit: 2 }), ["call:1003", "call:1004"]);
  assert.equal(simulation.page({ limit: 1 }).total, 30);
  assert.equal(simulation.page({ filter: { action: "skip" } }).total, 10);
  assert.equal(simulation.page({ filter: { action: ["skip", "create"], reason: "new" } }).total, 20);
  assert.deepEqual(activities({ filter: { text: "CALL:1007" } }), ["call:1007"]);
  simulation.free();
});

test("one decision by its name", () => {
  const rules = new Rules(settings);
  const simulation = rules.simulate(opened(snapshot));
  assert.equal(simulation.decision("call:501"), undefined);
  simulation.step(1);
  assert.deepEqual(simulation.decision("call:501"), rules.planToSalesforce(snapshot).decisions[0]);
  assert.equal(simulation.decision("call:502"), undefined);
  simulation.free();
  rules.free();
});

test("a simulation answers what `JSON.parse` would make of its JSON", () => {
  const rules = new Rules(settings);
  const document = JSON.parse(`{"now": "2026-11-23T10:00:00Z", "activities": [
    {"id": "1", "kind": "__proto__", "occurred_at": "2026-11-20T08:00:00Z"},
    {"id": "2", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "duration_ms": 12345678901234567890}
  ]}`);
  const plan = rules.planToSalesforce(document);
  const simulation = rules.simulate(opened(document));
  simulation.step(2);
  assert.deepEqual(Object.keys(simulation.summary().by_kind), ["__proto__", "call"]);
  assert.deepEqual(simulation.summary(), plan.summary);
  assert.deepEqual(simulation.page().decisions, plan.decisions);
});

test("rules and snapshot may be freed before the simulation", () => {
  const rules = new Rules(settings);
  const whole = opened(snapshot);
  const simulation = rules.simulate(whole);
  rules.free();
  whole.free();
  assert.equal(simulation.step(1), true);
  assert.equal(simulation.page().total, 1);
  simulation.free();
});

test("a part that isn't bytes is refused, and the next one is taken", () => {
  const whole = Snapshot.open();
  for (const part of [undefined, null, 7, "{}", {}, [], new ArrayBuffer(2), new Uint16Array(2)]) {
    const { code, message } = refusedBy(() => whole.append(part));
    assert.equal(code, "snapshot_invalid");
    assert.match(message, /^`part` is /);
  }
  whole.append(bytes(snapshot));
  whole.close();
  assert.equal(whole.activities, 1);
});

test("a part that is too large is to be given in several", () => {
  const whole = Snapshot.open();
  const { code, message, hint } = refusedBy(() => whole.append(new Uint8Array(256 * 1024 * 1024 + 1)));
  assert.equal(code, "too_large");
  assert.match(message, /^`part` has /);
  assert.equal(hint, "give it in several parts");
  whole.append(bytes(snapshot));
  whole.close();
  assert.equal(whole.activities, 1);
});

test("a document that is refused says so", () => {
  for (const [text, code] of [["", "not_json"], ["{", "not_json"], ["[]", "snapshot_invalid"], ["{}", "snapshot_invalid"]]) {
    const whole = Snapshot.open();
    const error = refusedBy(() => {
      whole.append(bytes(text));
      whole.close();
    });
    assert.equal(error.code, code, text);
    assert.equal(refusedBy(() => new Rules(settings).simulate(whole)).code, code);
  }
});

test("a snapshot that isn't closed isn't simulated", () => {
  const whole = Snapshot.open();
  whole.append(bytes(snapshot));
  assert.equal(refusedBy(() => new Rules(settings).simulate(whole)).code, "snapshot_invalid");
});

test("a query that is wrong says where", () => {
  const simulation = new Rules(settings).simulate(opened(snapshot));
  for (const [query, path] of [
    [{ filter: { action: "creat" } }, "filter.action"],
    [{ filter: { colour: "red" } }, "filter.colour"],
    [{ ofset: 1 }, "ofset"],
    [{ offset: -1 }, "offset"],
    [{ limit: 1e9 }, "limit"],
    ["all", ""],
    [null, ""],
  ]) {
    const error = refusedBy(() => simulation.page(query));
    assert.deepEqual({ code: error.code, path: error.path }, { code: "query_invalid", path });
  }
  for (const records of [undefined, 0, -1, 1.5, NaN, Infinity, "10", 10n]) {
    assert.match(refusedBy(() => simulation.step(records)).message, /^`records` is /);
  }
  for (const name of [undefined, 7, {}, Symbol("name")]) assert.match(refusedBy(() => simulation.decision(name)).message, /^`name` is /);
  assert.equal(simulation.step(Number.MAX_SAFE_INTEGER), true);
});

test("what isn't a Snapshot or a Simulation is none, and can't be made by hand", () => {
  const rules = new Rules(settings);
  for (const value of [undefined, {}, snapshot, rules, Object.create(Snapshot.prototype)]) {
    assert.equal(refusedBy(() => rules.simulate(value)).code, "bad_handle");
    assert.equal(refusedBy(() => Snapshot.prototype.append.call(value, bytes("{}"))).code, "bad_handle");
    assert.equal(refusedBy(() => Simulation.prototype.step.call(value, 1)).code, "bad_handle");
    assert.equal(refusedBy(() => new Snapshot(value)).code, "bad_handle");
    assert.equal(refusedBy(() => new Simulation(value)).code, "bad_handle");
  }
});

test("what was freed says so", () => {
  const rules = new Rules(settings);
  const whole = opened(snapshot);
  const simulation = rules.simulate(whole);
  for (const used of [simulation, whole]) {
    used.free();
    used.free();
  }
  for (const call of [
    () => simulation.step(1),
    () => simulation.total,
    () => simulation.page(),
    () => simulation.decision("call:501"),
    () => whole.append(bytes("{}")),
    () => whole.activities,
    () => rules.simulate(whole),
  ]) {
    assert.match(refusedBy(call).message, /was freed$/);
  }
});
