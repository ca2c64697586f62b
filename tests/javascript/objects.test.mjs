// The corpus as objects: they are planned to the very plan that their JSON is planned to. The corpus as JSON is run by `crosswalk-tests`,
// which compares its answers with those of all other implementations.

import assert from "node:assert/strict";
import test from "node:test";
import { refusal } from "./answer.mjs";
import { corpus } from "./corpus.mjs";
import { require } from "./package.mjs";

const { Rules } = require("crosswalk-rules");

test("objects are planned as their JSON is", () => {
  const cases = corpus().filter(({ settings, snapshot }) => settings !== undefined && snapshot !== undefined);
  assert.ok(cases.length > 300, `only ${cases.length} cases are objects`);
  for (const oneCase of cases) {
    const ofObjects = textOrRefusal(() => JSON.stringify(planned(oneCase, (document) => document, "")));
    const ofJson = textOrRefusal(() => new TextDecoder().decode(planned(oneCase, bytes, "Json")));
    assert.deepEqual(ofObjects, ofJson, oneCase.name);
  }
});

/** The answer to a case whose documents are given in one form, by the functions for that form. */
function planned({ direction, settings, other_settings, snapshot }, given, functions) {
  const rules = new Rules(given(settings));
  if (other_settings !== undefined) return rules[`compare${functions}`](new Rules(given(other_settings)), given(snapshot));
  return rules[`${direction === "to_hubspot" ? "planToHubSpot" : "planToSalesforce"}${functions}`](given(snapshot));
}

function bytes(value) {
  return new TextEncoder().encode(JSON.stringify(value));
}

function textOrRefusal(call) {
  try {
    return call();
  } catch (error) {
    return refusal(error);
  }
}
