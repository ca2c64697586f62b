// Who is measured. Each opens one set of settings, decides a batch, and tells its answers in a form in which they can be compared.

import * as handWritten from "./contenders/hand_written.mjs";
import * as jsonRulesEngine from "./contenders/json_rules_engine.mjs";
import * as jsonata from "./contenders/jsonata.mjs";
import * as zenEngine from "./contenders/zen_engine.mjs";
import { prepare } from "./cases.mjs";
import { Rules } from "crosswalk-rules";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** By name: what opens a case. It answers `decide`, which is measured, and `answers`, which reads what was decided. */
export const CONTENDERS = {
  rules_json: ({ settings, snapshot }) => {
    const rules = new Rules(settings);
    const bytes = ENCODER.encode(JSON.stringify(snapshot));
    return {
      decide: () => rules.planToSalesforceJson(bytes),
      answers: (plan) => ofPlan(JSON.parse(DECODER.decode(plan))),
    };
  },
  rules_objects: ({ settings, snapshot }) => {
    const rules = new Rules(settings);
    return { decide: () => rules.planToSalesforce(snapshot), answers: ofPlan };
  },
  hand_written: prepared(handWritten),
  json_rules_engine: prepared(jsonRulesEngine),
  jsonata: prepared(jsonata),
  zen_engine: prepared(zenEngine),
};

function prepared({ open }) {
  return (openedCase) => {
    const { settings, activities } = prepare(openedCase);
    const decide = open(settings);
    return { decide: () => decide(activities), answers: (answers) => answers };
  };
}

/** Of a plan, what the others decide too. */
function ofPlan({ decisions }) {
  return decisions.map(({ action, reason, contact, owner, task }) => {
    if (action !== "create") return { action, reason };
    return { action, reason, contact: contact.salesforce_id, assignee: owner.user, subject: task.Subject };
  });
}
