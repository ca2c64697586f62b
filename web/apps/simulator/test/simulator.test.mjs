import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { expectText } from "./expect.mjs";
import { choose, count, file, onPage } from "./page.mjs";

const SAMPLE = JSON.parse(readFileSync(new URL("../src/sample/snapshot.json", import.meta.url), "utf8")).activities.length;
const TOTAL = SAMPLE.toLocaleString("en");

const snapshot = (...activities) => ({
  now: "2026-11-23T10:00:00Z",
  activities,
  contacts: [
    { id: "101", created_at: "2026-09-01T07:00:00Z", name: "Aino Aalto", owner_id: "77", salesforce: { status: "synced", object: "Contact", id: "003000000000001AAA" } },
    { id: "102", created_at: "2026-08-01T07:00:00Z", name: "Eero Elo", salesforce: { status: "excluded" } },
  ],
  owners: [{ id: "77", email: "sam@example.com", first_name: "Sam", last_name: "Oy" }, { id: "78", email: "kim@example.com", first_name: "Kim", last_name: "Ek" }],
  users: [{ id: "005000000000002AAA", email: "sam@example.com", name: "Sam Oy", is_active: true }],
});
const call = { id: "501", kind: "call", disposition: null, occurred_at: "2026-11-20T08:00:00Z", owner_id: "78", contacts: ["101", "102"], title: "Intro call", body: "<p>Pricing.</p>" };

test("the sample is decided and shown", () =>
  onPage(async (page) => {
    await page.getByRole("row", { name: /Book calibration slot/ }).first().waitFor();
    const all = await count(page, "All");
    assert.equal(all, SAMPLE);
    assert.equal((await count(page, "Create")) + (await count(page, "Wait")) + (await count(page, "Skip")), all);
  }));

test("a switch that is flipped changes the counts, and what changed is marked", () =>
  onPage(async (page) => {
    const before = await count(page, "Create");
    await page.getByRole("switch", { name: "Calls", exact: true }).first().click();
    await page.getByRole("button", { name: /^Create.*-/ }).waitFor();
    const after = await count(page, "Create");
    assert.ok(after < before, `${after} of ${before} are left`);
    await expectText(page.getByRole("button", { name: /^Create/ }), new RegExp(`-${before - after}$`));
    await page.getByRole("combobox", { name: "Reason" }).selectOption("kind is off");
    await page.getByRole("row", { name: /kind is off.*changed/ }).first().waitFor();
  }));

test("a switch of the other way changes what becomes of Salesforce's records", () =>
  onPage(async (page) => {
    const told = page.getByText(/^Salesforce to HubSpot, \d+ records: /);
    const before = await told.innerText();
    await page.getByRole("switch", { name: "Meetings (events)" }).click();
    await page.waitForFunction((text) => !document.body.innerText.includes(text), before);
    await expectText(told, /Skip \d+/);
  }));

test("what is wrong with the data is told", () =>
  onPage(async (page) => {
    const data = snapshot(call);
    await choose(page, file("odd.json", { ...data, users: [...data.users, { name: "Nobody" }] }));
    await page.getByText("1 notes about the data").click();
    await page.getByText(/users\[1\]/).waitFor();
  }));

test("one decision is told: both sides, the ladder and the contacts", () =>
  onPage(async (page) => {
    await choose(page, file("snapshot.json", snapshot(call)));
    await page.getByRole("row", { name: /Intro call/ }).click();
    const story = page.getByRole("region", { name: "One decision" });
    await expectText(story.getByRole("region", { name: "In HubSpot" }), /Kim Ek/);
    assert.equal(await story.getByText("null").count(), 0);
    await expectText(story.getByRole("region", { name: "In Salesforce" }), /Call: Intro call.*Sam Oy/s);
    const why = story.getByRole("region", { name: "Why" });
    await expectText(why, /Aino Aalto\s+chosen.*Eero Elo\s+is excluded from the sync/s);
    await expectText(why, /The activity's owner.*no user has this email address.*The contact's owner.*holds: Sam Oy/s);
    await page.keyboard.press("Escape");
    await story.waitFor({ state: "detached" });
  }));

test("a setting that is wrong is marked where it stands, with the hint", () =>
  onPage(async (page) => {
    const before = await count(page, "Create");
    const field = page.getByLabel("Marketing emails look back");
    await field.fill("30 days");
    await field.press("Tab");
    await page.getByText("These settings can't be used").waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    const described = await field.getAttribute("aria-describedby");
    assert.notEqual((await page.locator(`[id="${described}"]`).textContent()).trim(), "");
    assert.equal(await count(page, "Create"), before);
    await field.fill("P10D");
    await field.press("Tab");
    await page.getByText("These settings can't be used").waitFor({ state: "detached" });
    assert.equal(await field.getAttribute("aria-invalid"), "false");
  }));

test("activities are filtered by what came of them, and by text", () =>
  onPage(async (page) => {
    const skipped = await count(page, "Skip");
    await page.getByRole("button", { name: /^Skip/ }).click();
    await page.getByText(`${skipped} of ${TOTAL} activities`).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("searchbox").fill("calibration slot");
    await page.getByText(new RegExp(`^\\d+ of ${TOTAL} activities$`)).waitFor();
    await page.getByRole("searchbox").fill("no such text anywhere");
    await page.getByText("No activity matches these filters.").waitFor();
  }));

test("groups are counted", () =>
  onPage(async (page) => {
    await page.getByLabel("Group by").selectOption("Action");
    const groups = page.getByRole("group", { name: "Group by: Action" });
    await expectText(groups.getByRole("button", { name: /^Create/ }), new RegExp((await count(page, "Create")).toLocaleString("en")));
    await groups.getByRole("button", { name: /^Wait/ }).click();
    await page.getByText(`${await count(page, "Wait")} of ${TOTAL} activities`).waitFor();
  }));

test("the table is used by keyboard", () =>
  onPage(async (page) => {
    await page.getByRole("grid").getByRole("row").nth(1).focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-rowindex") === document.querySelector("[aria-rowcount]").getAttribute("aria-rowcount"));
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-rowindex") === "2");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-rowindex") === "3");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "One decision" }).waitFor();
  }));

const BAD = [
  ["an empty file", file("empty.json", ""), /empty\.json can't be used: it is empty; expected is a snapshot/],
  ["a list", file("list.json", "[1]"), /list\.json can't be used: it is JSON, but a list; expected/],
  ["a web page", file("page.html", "<!doctype html><p>no"), /it is a web page; expected/],
  ["an archive", file("x.zip", "PK\u0003\u0004\u0000\u0000"), /no text \(perhaps a spreadsheet or an archive\)/],
  ["half a file", file("half.json", '{"now": "2026-11-23T10:00:00Z", "activities": [{"id"'), /half\.json can't be used/],
];
for (const [what, given, said] of BAD) {
  test(`${what} is refused in words, and all stays as it was`, () =>
    onPage(async (page) => {
      await choose(page, given);
      const alert = page.getByRole("alert").filter({ hasText: "can't be used" });
      await expectText(alert, said);
      await expectText(alert, /Everything stays as it was\./);
      assert.equal(await count(page, "All"), SAMPLE);
      await alert.getByRole("button", { name: "Dismiss" }).click();
      await alert.waitFor({ state: "detached" });
    }));
}

test("a worker that dies is replaced, with the same data and settings", () =>
  onPage(async (page) => {
    await choose(page, file("snapshot.json", snapshot(call)));
    await page.getByText(/snapshot\.json: 1 activities/).waitFor();
    await page.getByRole("switch", { name: "Notes", exact: true }).click();
    await page.workers()[0].evaluate(() => self.close());
    await page.getByText("ended unexpectedly").waitFor();
    await page.getByText(/snapshot\.json: 1 activities/).waitFor();
    assert.equal(await page.getByRole("switch", { name: "Notes", exact: true }).isChecked(), false);
    await page.getByRole("row", { name: /Intro call/ }).click();
    await page.getByRole("region", { name: "One decision" }).waitFor();
  }));

test("reading a large file is cancelled, and all stays as it was", () =>
  onPage(async (page) => {
    await page.evaluate(() => {
      const activity = { kind: "note", occurred_at: "2026-11-20T08:00:00Z", body: "What was talked about at length. ".repeat(8) };
      const activities = Array.from({ length: 400_000 }, (_, id) => ({ id: String(id), ...activity }));
      const files = new DataTransfer();
      files.items.add(new File([JSON.stringify({ now: "2026-11-23T10:00:00Z", activities })], "large.json"));
      document.querySelector(".page").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    await page.getByText(/^Reading large\.json: \d/).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("region", { name: "Data" }).getByText(`Sample: ${TOTAL} activities`).waitFor();
    assert.equal(await count(page, "All"), SAMPLE);
  }));

test("it speaks Finnish, and remembers it", () =>
  onPage(async (page) => {
    await page.getByLabel("Language").selectOption("Suomi");
    await page.getByRole("heading", { name: "Crosswalk-simulaattori" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Asetukset" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "fi");
  }));
