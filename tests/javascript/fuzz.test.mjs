// Anything at all as an argument: it is planned, or an Error with a code says why not, and the module goes on as before.
// `CROSSWALK_FUZZ_SEED` and `CROSSWALK_FUZZ_INPUTS` choose another run, or a longer one.

import assert from "node:assert/strict";
import test from "node:test";
import { makers } from "./anything.mjs";
import { corpus } from "./corpus.mjs";
import { garbledBytes, withReplaced } from "./garbled.mjs";
import { require } from "./package.mjs";
import { Random } from "./random.mjs";

const { Rules } = require("crosswalk-rules");

const SEED = Number(process.env.CROSSWALK_FUZZ_SEED ?? 1);
const INPUTS = Number(process.env.CROSSWALK_FUZZ_INPUTS ?? 2_000);
/** What the documentation names, without the one for a module that failed: no input may make it fail. */
const CODES = new Set(["settings_invalid", "snapshot_invalid", "not_json", "bad_handle", "too_large"]);

const anything = makers(Rules);
const cases = corpus();
const sample = cases.find(({ settings, snapshot }) => settings !== undefined && snapshot?.activities?.length > 1);
const rules = new Rules(sample.settings);
const expected = rules.planToSalesforceJson(sample.snapshot);

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
    const document = objectOf(random, checked.document);
    answersOrRefuses(`${name} with ${what} somewhere inside`, checked, withReplaced(random, document, make()));
  });
});

test("JSON that is garbled", (t) => {
  seeded(t, (random) => {
    const [name, checked] = random.of(DOCUMENT_CALLS);
    const bytes = new TextEncoder().encode(JSON.stringify(objectOf(random, checked.document)));
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

/** Runs as many inputs as there shall be, each of which can be run again alone. */
function seeded(t, run) {
  t.diagnostic(`seed ${SEED}, ${INPUTS} inputs`);
  for (let input = 0; input < INPUTS; input += 1) {
    try {
      run(new Random(SEED * 1_000_003 + input));
    } catch (error) {
      error.message = `CROSSWALK_FUZZ_SEED=${SEED}, input ${input}: ${error.message}`;
      throw error;
    }
  }
}

function answersOrRefuses(name, { call, isAnswer }, value) {
  let answer;
  let thrown;
  let isRefused = false;
  try {
    answer = call(value);
  } catch (error) {
    isRefused = true;
    thrown = error;
  }
  if (isRefused) assertRefusal(name, thrown);
  else assert.ok(isAnswer(answer), `${name} is taken, and answers something else`);
  if (answer instanceof Rules) answer.free();
  const after = rules.planToSalesforceJson(sample.snapshot);
  assert.ok(Buffer.from(after).equals(expected), `after ${name} the sample is planned differently`);
}

function assertRefusal(name, thrown) {
  assert.ok(isError(thrown), `${name} throws what is no Error`);
  assert.ok(CODES.has(thrown.code), `${name} throws the code ${String(thrown.code)}: ${String(thrown.stack)}`);
  assert.ok(typeof thrown.message === "string" && thrown.message !== "", `${name} throws an Error without a message`);
  for (const property of ["path", "hint"]) {
    assert.equal(typeof thrown[property], "string", `${name} throws an Error whose ${property} is no string`);
  }
}

/** Even this may throw, for a proxy that was thrown. */
function isError(thrown) {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

function isNever() {
  return false;
}

function isPlan(answer) {
  return Array.isArray(answer.decisions) && typeof answer.summary === "object";
}

function isComparison(answer) {
  return Array.isArray(answer.changed) && typeof answer.summary === "object";
}

function isJson(answer) {
  return answer instanceof Uint8Array && typeof JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(answer)) === "object";
}

function objectOf(random, document) {
  return random.of(cases.filter((oneCase) => oneCase[document] !== undefined))[document];
}
