// Prints what would become of each activity, and why: node plan.mjs settings.json snapshot.json

import { CrosswalkError, Rules } from "crosswalk-rules";
import { readFileSync } from "node:fs";

const [settings, snapshot] = process.argv.slice(2).map((file) => readFileSync(file));

try {
  const rules = new Rules(settings);
  const { decisions, summary } = rules.planToSalesforce(snapshot);
  for (const { activity, action, reason, task, trace } of decisions) {
    console.log(`${activity}: ${action} (${reason})${task?.Subject ? ` "${task.Subject}"` : ""}`);
    for (const { rule, text } of trace) console.log(`  ${rule}: ${text}`);
  }
  console.log(summary.by_action);
} catch (error) {
  if (!(error instanceof CrosswalkError)) throw error;
  console.error(`${error.path || error.code}: ${error.message}. ${error.hint}`);
  process.exitCode = 2;
}
