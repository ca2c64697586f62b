// `node check.mjs CASES`: every contender decides all cases as the rules do, else it is said where and how not.

import { harder, readCases } from "./cases.mjs";
import { CONTENDERS } from "./contenders.mjs";

const FIELDS = ["action", "reason", "contact", "assignee", "subject"];

const cases = readCases(process.argv[2]);
let compared = 0;
for (const [name, batch] of [["the batch", cases], ["the harder batch", harder(cases)]]) {
  const expected = await answersOf(CONTENDERS.rules_json, batch);
  for (const [contender, open] of Object.entries(CONTENDERS)) {
    const answers = await answersOf(open, batch);
    const different = firstDifference(answers, expected);
    if (different !== -1) {
      const { kind, id } = batch.snapshot.activities[different];
      console.error(`error: ${contender} decides ${kind}:${id} of ${name} unlike the rules`);
      console.error(`  ${contender}: ${JSON.stringify(answers[different])}`);
      console.error(`  the rules: ${JSON.stringify(expected[different])}`);
      process.exit(1);
    }
  }
  compared += expected.length;
}
console.log(compared);

async function answersOf(open, batch) {
  const { decide, answers } = open(batch);
  return answers(await decide());
}

/** The place of the first answer that isn't the expected one; -1 if there is none. */
function firstDifference(answers, expected) {
  const length = Math.max(answers.length, expected.length);
  for (let place = 0; place < length; place += 1) {
    if (FIELDS.some((field) => answers[place]?.[field] !== expected[place]?.[field])) return place;
  }
  return -1;
}
