// Anything at all as settings, as a snapshot, and as the rules themselves.

import assert from "node:assert/strict";
import test from "node:test";
import { makers } from "./anything.mjs";
import { answersOrRefuses, documentOf, expected, isNever, rules, sample, seeded } from "./fuzzing.mjs";
import { garbledBytes, withReplaced } from "./garbled.mjs";
import { require } from "./package.mjs";

const { Rules } = require("crosswalk-rules");

const anything = makers(Rules);

/** Every function with the argument that is wrong, and what it must answer where it takes it after all. */
const CALLS = {
  "new Rules(…)": { call: (value) => new Rules(value), isAnswer: (answer) => answer instanceof Rules, document: "settings" },
  "planToSalesforce(…)": { call: (value) => rules.planToSalesforce(value), isAnswer: isPlan, document: "snapshot" },
  "planToSalesforceJson(…)": { call: (value) => rules.planToSalesforceJson(value), isAnswer: isJson, document: "snapshot" },
  "planToHubSpot(…)": { call: (value) => rules.planToHubSpot(value), isAnswer: isPlan, document: "snapshot" },
  "planToHubSpotJson(…)": { call: (value) => rules.planToHubSpotJson(value), isAnswer: isJson, document: "snapshot" },
  "compare(rules, …)": { call: (value) => rules.compare(rules, value), isAnswer: isComparison, document: "snapshot" },
  "compareJson(rules, …)": { call: (value) => rules.compareJson(rules, value), isAnswer: isJson, document: "snapshot" },
  "compare(…, snapshot)": { call: (value) => rules.compare(value, sample.snapshot), isAnswer: isNever },
  "compareJson(…, snapshot)": { call: (value) => rules.compareJson(value, sample.snapshot), isAnswer: isNever },
  "planToSalesforceJson of …": { call: (value) => Rules.prototype.planToSalesforceJson.call(value, sample.snapshot), isAnswer: isNever },
  "planToSalesforce of …": { call: (value) => Rules.prototype.planToSalesforce.call(value, sample.snapshot), isAnswer: isNever },
  "planToHubSpotJson of …": { call: (value) => Rules.prototype.planToHubSpotJson.call(value, sample.snapshot), isAnswer: isNever },
  "compare of …": { call: (value) => Rules.prototype.compare.call(value, rules, sample.snapshot), isAnswer: isNever },
  "compareJson of …": { call: (value) => Rules.prototype.compareJson.call(value, rules, sample.snapshot), isAnswer: isNever },
  "free of …": { call: (value) => Rules.prototype.free.call(value), isAnswer: isNever },
};
const DOCUMENT_CALLS = Object.entries(CALLS).filter(([, { document }]) => document !== undefined);

for (const [name, checked] of Object.entries(CALLS)) {
  test(`${name} takes anything`, () => {
    for (const [what, make] of Object.entries(anything)) answersOrRefuses(`${name} with ${what}`, checked, make());
  });
}

test("a document in which anything stands somewhere", (t) => {
  seeded(t, (random) => {
    const [name, checked] = random.of(DOCUMENT_CALLS);
    const [what, make] = random.of(Object.entries(anything));
    const document = documentOf(random, checked.document);
    answersOrRefuses(`${name} with ${what} somewhere inside`, checked, withReplaced(random, document, make()));
  });
});

test("JSON that is garbled", (t) => {
  seeded(t, (random) => {
    const [name, checked] = random.of(DOCUMENT_CALLS);
    const bytes = new TextEncoder().encode(JSON.stringify(documentOf(random, checked.document)));
    answersOrRefuses(`${name} with garbled bytes`, checked, garbledBytes(random, bytes));
  });
});

test("a document that frees the rules while it is read", () => {
  for (const name of ["planToSalesforce", "planToHubSpotJson"]) {
    const freed = new Rules(sample.settings);
    const document = { ...sample.snapshot, get links() { return void freed.free(); } };
    answersOrRefuses(`${name} with a getter that frees`, { call: (value) => freed[name](value), isAnswer: isNever }, document);
  }
  const others = new Rules(sample.settings);
  const document = { ...sample.snapshot, get links() { return void others.free(); } };
  const call = (value) => rules.compare(others, value);
  answersOrRefuses("compare with a getter that frees", { call, isAnswer: isNever }, document);
});

test("a document that plans while it is read", () => {
  const document = { ...sample.snapshot, get links() { return rules.planToSalesforce(sample.snapshot).links; } };
  assert.deepEqual(rules.planToSalesforceJson(document), expected);
});

test("rules that were freed, and freed again", () => {
  const freed = new Rules(sample.settings);
  freed.free();
  freed.free();
  for (const name of ["planToSalesforce", "planToSalesforceJson", "planToHubSpot", "planToHubSpotJson"]) {
    answersOrRefuses(`${name} of freed rules`, { call: (value) => freed[name](value), isAnswer: isNever }, sample.snapshot);
  }
  for (const [before, after] of [[freed, rules], [rules, freed], [freed, freed]]) {
    const call = (value) => before.compareJson(after, value);
    answersOrRefuses("compareJson of freed rules", { call, isAnswer: isNever }, sample.snapshot);
  }
});

test("no arguments at all", () => {
  for (const [name, { call, isAnswer }] of Object.entries({
    "new Rules()": { call: () => new Rules(), isAnswer: isNever },
    "planToSalesforce()": { call: () => rules.planToSalesforce(), isAnswer: isNever },
    "compare()": { call: () => rules.compare(), isAnswer: isNever },
    "compare(rules)": { call: () => rules.compare(rules), isAnswer: isNever },
  })) {
    answersOrRefuses(name, { call, isAnswer });
  }
});

function isPlan(answer) {
  return Array.isArray(answer.decisions) && typeof answer.summary === "object";
}

function isComparison(answer) {
  return Array.isArray(answer.changed) && typeof answer.summary === "object";
}

function isJson(answer) {
  return answer instanceof Uint8Array && typeof JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(answer)) === "object";
}
