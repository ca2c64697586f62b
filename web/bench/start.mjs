// `node start.mjs CASES`: nanoseconds from the import of the package to its first plan, in this new process.

import { readCases } from "./cases.mjs";

const { settings, snapshot } = readCases(process.argv[2]);
const [activity] = snapshot.activities;
const contacts = snapshot.contacts.filter(({ id }) => activity.contacts.includes(id));
const first = { ...snapshot, activities: [activity], contacts };
const begin = performance.now();
const { Rules } = await import("crosswalk-rules");
new Rules(settings).planToSalesforce(first);
console.log(Math.round((performance.now() - begin) * 1e6));
