// Guards a settings file: what your team relies on stays true whoever edits it.

import { Rules } from "crosswalk-rules";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rules = new Rules(readFileSync(new URL("settings.json", import.meta.url)));

const contact = {
  id: "101",
  created_at: "2026-09-01T07:00:00Z",
  salesforce: { status: "synced", object: "Contact", id: "003000000000001AAA" },
};
const decide = (activity) =>
  rules.planToSalesforce({
    now: "2026-11-23T10:00:00Z",
    activities: [{ id: "1", occurred_at: "2026-11-20T08:00:00Z", contacts: ["101"], ...activity }],
    contacts: [contact],
  }).decisions[0];

test("calls become Tasks of the contact", () => {
  expect(decide({ kind: "call", title: "Intro" })).toMatchObject({
    action: "create",
    task: { Subject: "Call: Intro", WhoId: "003000000000001AAA", ActivityDate: "2026-11-20" },
  });
});

test("notes stay in HubSpot", () => {
  expect(decide({ kind: "note" })).toMatchObject({ action: "skip", reason: "kind_disabled" });
});

test("what happened before we began stays in HubSpot", () => {
  expect(decide({ kind: "call", occurred_at: "2026-09-30T08:00:00Z" })).toMatchObject({ action: "skip", reason: "before_window" });
});
