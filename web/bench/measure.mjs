// `node measure.mjs CONTENDER CASES`: nanoseconds that one batch takes, as the median of many.

import { readCases } from "./cases.mjs";
import { CONTENDERS } from "./contenders.mjs";

/** Before the first batch that counts. The engine compiles beside the program, which takes longer on a machine that is busy. */
const WARM_UP_MS = 3_000;
const MEASURED_MS = 1_000;

const [contender, file] = process.argv.slice(2);
const { decide } = CONTENDERS[contender](readCases(file));
await repeat(WARM_UP_MS);
const times = (await repeat(MEASURED_MS)).sort((left, right) => left - right);
console.log(Math.round(times[Math.floor(times.length / 2)] * 1e6));

async function repeat(milliseconds) {
  const times = [];
  const begin = performance.now();
  for (let now = begin; now - begin < milliseconds; ) {
    await decide();
    const end = performance.now();
    times.push(end - now);
    now = end;
  }
  return times;
}
