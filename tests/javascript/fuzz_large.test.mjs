// Anything at all where large snapshots come in parts and are simulated.

import test from "node:test";
import { makers } from "./anything.mjs";
import { answersOrRefuses, documentOf, isNever, rules, sample, seeded } from "./fuzzing.mjs";
import { garbledBytes, withReplaced } from "./garbled.mjs";
import { require } from "./package.mjs";

const { Rules, Simulation, Snapshot } = require("crosswalk-rules");

const anything = makers(Rules);
const bytes = (value) => new TextEncoder().encode(JSON.stringify(value));
const snapshot = snapshotOf(bytes(sample.snapshot));
const simulation = rules.simulate(snapshot);
simulation.step(1_000);

const CALLS = {
  "new Snapshot(…)": { call: (value) => new Snapshot(value), isAnswer: isNever },
  "new Simulation(…)": { call: (value) => new Simulation(value), isAnswer: isNever },
  "append(…)": { call: appended, isAnswer: isNothing },
  "simulate(…)": { call: (value) => rules.simulate(value), isAnswer: isNever },
  "simulateToHubSpot(…)": { call: (value) => rules.simulateToHubSpot(value), isAnswer: isNever },
  "step(…)": { call: stepped, isAnswer: (answer) => typeof answer === "boolean" },
  "page(…)": { call: (value) => simulation.page(value), isAnswer: isPage },
  "page({filter: …})": { call: (filter) => simulation.page({ filter }), isAnswer: isPage },
  "decision(…)": { call: (value) => simulation.decision(value), isAnswer: isDecision },
  "simulate of …": { call: (value) => Rules.prototype.simulate.call(value, snapshot), isAnswer: isNever },
};
for (const [type, names] of [
  [Snapshot, ["append", "close", "free"]],
  [Simulation, ["step", "summary", "warnings", "page", "decision", "free"]],
]) {
  for (const name of names) {
    CALLS[`${type.name}'s ${name} of …`] = { call: (value) => type.prototype[name].call(value), isAnswer: isNever };
  }
}
for (const [type, names] of [[Snapshot, ["activities", "records"]], [Simulation, ["decided", "total"]]]) {
  for (const name of names) {
    const { get } = Object.getOwnPropertyDescriptor(type.prototype, name);
    CALLS[`${type.name}'s ${name} of …`] = { call: (value) => get.call(value), isAnswer: isNever };
  }
}

for (const [name, checked] of Object.entries(CALLS)) {
  test(`${name} takes anything`, () => {
    for (const [what, make] of Object.entries(anything)) answersOrRefuses(`${name} with ${what}`, checked, make());
  });
}

test("a query in which anything stands somewhere", (t) => {
  const query = { offset: 0, limit: 10, filter: { action: ["create", "skip"], reason: "new", kind: "call", contact: ["101"], text: "a" } };
  seeded(t, (random) => {
    const [what, make] = random.of(Object.entries(anything));
    answersOrRefuses(`page with ${what} somewhere inside`, CALLS["page(…)"], withReplaced(random, query, make()));
  });
});

test("a garbled snapshot in parts", (t) => {
  seeded(t, (random) => {
    const parts = cut(random, garbledBytes(random, bytes(documentOf(random, "snapshot"))));
    answersOrRefuses(`${parts.length} parts`, { call: () => simulated(parts), isAnswer: isPage });
  });
});

test("each out of its turn", () => {
  const opened = Snapshot.open();
  refused("simulate before close", () => rules.simulate(opened));
  opened.free();
  opened.free();
  for (const name of ["append", "close"]) refused(`${name} after free`, () => opened[name](new Uint8Array(1)));
  refused("simulate after free", () => rules.simulate(opened));
  const closed = snapshotOf(bytes(sample.snapshot));
  refused("append after close", () => closed.append(new Uint8Array(1)));
  const simulated = rules.simulate(closed);
  closed.free();
  answersOrRefuses("step after the snapshot's free", { call: () => simulated.step(10), isAnswer: (answer) => answer === true });
  simulated.free();
  simulated.free();
  for (const [name, ...given] of [["step", 1], ["summary"], ["warnings"], ["page"], ["decision", "call:501"]]) {
    refused(`${name} after free`, () => simulated[name](...given));
  }
});

function refused(name, call) {
  answersOrRefuses(name, { call, isAnswer: isNever });
}

function snapshotOf(...parts) {
  const opened = Snapshot.open();
  for (const part of parts) opened.append(part);
  opened.close();
  return opened;
}

/** A snapshot that is given back even where it is refused, as the rest of what it opens is. */
function appended(part) {
  const opened = Snapshot.open();
  try {
    return opened.append(part);
  } finally {
    opened.free();
  }
}

function stepped(records) {
  const started = rules.simulate(snapshot);
  try {
    return started.step(records);
  } finally {
    started.free();
  }
}

function simulated(parts) {
  const closed = snapshotOf(...parts);
  const started = rules.simulate(closed);
  while (!started.step(3));
  const page = started.page({ limit: 5 });
  started.free();
  closed.free();
  return page;
}

function cut(random, whole) {
  const parts = [];
  for (let from = 0; from < whole.length; ) {
    const to = from + 1 + random.below(whole.length - from);
    parts.push(whole.subarray(from, to));
    from = to;
  }
  return parts;
}

function isNothing(answer) {
  return answer === undefined;
}

function isPage({ total, decisions }) {
  return Number.isInteger(total) && Array.isArray(decisions);
}

function isDecision(answer) {
  return answer === undefined || typeof answer === "object";
}
