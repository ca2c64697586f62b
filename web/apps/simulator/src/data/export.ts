// The decisions that are shown, as a file.

import type { Decision } from "crosswalk-rules";
import { userName } from "../people.js";
import type { Rows } from "../protocol.js";
import { ask, filter } from "../state.js";
import { csvLine, save } from "./save.js";

/** So many come from the worker at once. */
const PART = 2_000;
const COLUMNS = ["activity", "occurred_at", "title", "contact", "action", "reason", "assignee", "assignee_id", "step"];

/** Saves the decisions that the filters let through. */
export async function exportDecisions(format: "csv" | "json"): Promise<void> {
  if (format === "csv") return save("decisions.csv", "text/csv", ["\uFEFF", csvLine(COLUMNS), ...(await rows())]);
  save("decisions.json", "application/json", ["[\n", (await decisions()).join(",\n"), "\n]\n"]);
}

async function rows(): Promise<string[]> {
  const lines: string[] = [];
  for (let offset = 0; ; offset += PART) {
    const page = (await ask("rows", { offset, limit: PART, filter: filter.value })) as Rows | undefined;
    for (const row of page?.rows ?? []) {
      const { activity, occurredAt, title, contact, action, reason, user, step } = row;
      lines.push(csvLine([activity, occurredAt, title, contact, action, reason, userName(user), user, step]));
    }
    if (page === undefined || offset + PART >= page.total) return lines;
  }
}

async function decisions(): Promise<string[]> {
  const lines: string[] = [];
  for (let offset = 0; ; offset += PART) {
    const page = (await ask("decisions", { offset, limit: PART, filter: filter.value })) as { total: number; decisions: Decision[] } | undefined;
    for (const decision of page?.decisions ?? []) lines.push(JSON.stringify(decision));
    if (page === undefined || offset + PART >= page.total) return lines;
  }
}
