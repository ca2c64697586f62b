// What fuzzing asks of every call: it answers what it should, or throws an Error with a code, and the module goes on as before.
// `CROSSWALK_FUZZ_SEED` and `CROSSWALK_FUZZ_INPUTS` choose another run, or a longer one.

import assert from "node:assert/strict";
import { corpus } from "./corpus.mjs";
import { require } from "./package.mjs";
import { Random } from "./random.mjs";

const { Rules } = require("crosswalk-rules");

const SEED = Number(process.env.CROSSWALK_FUZZ_SEED ?? 1);
const INPUTS = Number(process.env.CROSSWALK_FUZZ_INPUTS ?? 2_000);
/** What the documentation names, without the one for a module that failed: no input may make it fail. */
const CODES = new Set(["settings_invalid", "snapshot_invalid", "query_invalid", "not_json", "bad_handle", "too_large"]);

export const cases = corpus();
/** A case that is planned again after every call. */
export const sample = cases.find(({ settings, snapshot }) => settings !== undefined && snapshot?.activities?.length > 1);
export const rules = new Rules(sample.settings);
export const expected = rules.planToSalesforceJson(sample.snapshot);

/** The settings or the snapshot of some case. */
export function documentOf(random, name) {
  return random.of(cases.filter((oneCase) => oneCase[name] !== undefined))[name];
}

/** Runs as many inputs as there shall be; each says how it is run again. */
export function seeded(t, run) {
  t.diagnostic(`seed ${SEED}, ${INPUTS} inputs`);
  for (let input = 0; input < INPUTS; input += 1) {
    try {
      run(new Random(SEED * 1_000_003 + input));
    } catch (error) {
      // Another error, since the stack of this one, which reporters print, has its message already.
      throw new Error(`CROSSWALK_FUZZ_SEED=${SEED}, input ${input}: ${error.message}`, { cause: error });
    }
  }
}

/** Calls with a value; `isAnswer` says whether what is answered may be, where anything is. */
export function answersOrRefuses(name, { call, isAnswer }, value) {
  let answer;
  try {
    answer = call(value);
  } catch (thrown) {
    assertRefusal(name, thrown);
    return assertUnharmed(name);
  }
  assert.ok(isAnswer(answer), `${name} is taken, and answers something else`);
  if (isOpened(answer)) answer.free();
  return assertUnharmed(name);
}

/** For what is never taken. */
export function isNever() {
  return false;
}

function isOpened(answer) {
  return typeof answer === "object" && typeof answer?.free === "function";
}

function assertUnharmed(name) {
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
