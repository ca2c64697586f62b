import assert from "node:assert/strict";
import { test } from "node:test";
import { expectText } from "./expect.mjs";
import { choose, count, file, onPage } from "./page.mjs";

const numbers = async (locator) => (await locator.allInnerTexts()).map((text) => Number(text.replaceAll(",", "")));
const sum = (all) => all.reduce((one, other) => one + other, 0);

test("pictures show where activities go, to whom and when", () =>
  onPage(async (page) => {
    await page.getByRole("tab", { name: "Pictures" }).click();
    const flow = page.getByRole("region", { name: "Where activities go" });
    await flow.getByText("As a table").click();
    await flow.getByRole("row").nth(1).waitFor();
    assert.equal(sum(await numbers(flow.getByRole("button"))), await count(page, "All"));
    const assignees = page.getByRole("region", { name: "Who gets the tasks" });
    await expectText(assignees, /tasks \([\d.]+%\) land on the integration user/);
    assert.equal(sum(await numbers(assignees.locator(".number"))), await count(page, "Create"));
    await page.getByRole("region", { name: "When", exact: true }).getByRole("img", { name: /^Activities by week/ }).waitFor();
    await page.getByRole("region", { name: "API calls" }).getByRole("meter").waitFor();
    await flow.getByRole("row", { name: /Call.*Wait/ }).getByRole("button").first().click();
    await page.getByRole("tab", { name: "Activities", selected: true }).waitFor();
    assert.equal(await page.getByRole("combobox", { name: "Kind" }).inputValue(), "call");
  }));

test("today's settings are compared with tomorrow's", () =>
  onPage(async (page) => {
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByText("Flip a switch to compare.").waitFor();
    const before = await count(page, "Create");
    await page.getByRole("switch", { name: "Calls", exact: true }).first().click();
    const stops = page.getByRole("region", { name: "Would stop" });
    await stops.waitFor();
    const [stopped] = await numbers(stops.locator("h3 .number"));
    await page.getByRole("button", { name: /^Create.*-/ }).waitFor();
    assert.equal(stopped, before - (await count(page, "Create")));
    await page.getByRole("row", { name: /to_salesforce\.call\.enabled true false/ }).waitFor();
    await stops.getByRole("button").first().click();
    await page.getByRole("region", { name: "One decision" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Back to today's settings" }).click();
    await page.getByText("Flip a switch to compare.").waitFor();
  }));

const CALLS = "\uFEFFRecord ID,Call title,Activity date,Call direction,Call duration,Activity assigned to,Associated Contact IDs,Odd\r\n" +
  '501,"Intro, again",2026-11-20 10:00,Outbound,00:01:35,Sam Oy,101,x\r\n' +
  "502,Second,20.11.2026,Outbound,,,,\r\n";

test("an export of HubSpot's is read, over the people of the snapshot", () =>
  onPage(async (page) => {
    await choose(page, file("snapshot.json", {
      now: "2026-11-23T10:00:00Z",
      activities: [],
      contacts: [{ id: "101", created_at: "2026-09-01T07:00:00Z", name: "Aino Aalto", salesforce: { status: "synced", object: "Contact", id: "003000000000001AAA" } }],
      owners: [{ id: "77", email: "sam@example.com", first_name: "Sam", last_name: "Oy" }],
      users: [{ id: "005000000000002AAA", email: "sam@example.com", name: "Sam Oy", is_active: true }],
    }));
    await page.getByText("This snapshot has no activities.").waitFor();
    await choose(page, file("calls.csv", CALLS));
    await page.getByText(/1 activities of an export of HubSpot's\. 1 rows can't be read, the first in line 3, column Activity date\. These columns mean nothing here: Odd\./).waitFor();
    await page.getByRole("row", { name: /Call: Intro, again/ }).click();
    const story = page.getByRole("region", { name: "One decision" });
    await expectText(story.getByRole("region", { name: "In Salesforce" }), /Aino Aalto.*Sam Oy|Sam Oy.*Aino Aalto/s);
    await expectText(story.getByRole("region", { name: "In Salesforce" }), /95/);
  }));

test("another company's table is refused in words", () =>
  onPage(async (page) => {
    await choose(page, file("other.csv", "Name,Amount\nA,1\n"));
    await expectText(page.getByRole("alert").first(), /other\.csv can't be used: it is a table, but none of HubSpot's exports/);
  }));

test("two files at once are refused in words", () =>
  onPage(async (page) => {
    await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(["{}"], "a.json"));
      files.items.add(new File(["{}"], "b.json"));
      document.querySelector(".page").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    await expectText(page.getByRole("alert").first(), /2 files were dropped\. Give one at a time/);
  }));

test("a snapshot that is dropped is opened", () =>
  onPage(async (page) => {
    await page.evaluate(() => {
      const files = new DataTransfer();
      const activity = { id: "1", kind: "note", occurred_at: "2026-11-20T08:00:00Z", title: "Dropped" };
      files.items.add(new File([JSON.stringify({ now: "2026-11-23T10:00:00Z", activities: [activity] })], "dropped.json"));
      document.querySelector(".page").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    await page.getByRole("row", { name: /Dropped.*no contact/ }).waitFor();
  }));
