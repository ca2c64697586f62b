import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { expectText } from "./expect.mjs";
import { choose, count, file, onPage } from "./page.mjs";

const TOML = `# Ours
[hubspot]
token = "…"

[sync]  # what syncs
time_zone = "Europe/Helsinki"
portal_id = "8821"
enabled_at = 2026-10-01T06:00:00Z # when we began
owners = { integration_user = "005000000000001AAA" }

# Calls matter most.
[sync.to_salesforce.call]
enabled = true # keep
task_type = "Call"

[sync.to_salesforce]
note.enabled = true
`;

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  return readFile(await download.path(), "utf8");
}

test("crosswalk.toml is opened, and saved with its comments", () =>
  onPage(async (page) => {
    await choose(page, file("crosswalk.toml", TOML));
    await page.getByText("crosswalk.toml: these settings are shown now.").waitFor();
    assert.equal(await page.getByRole("switch", { name: "Meetings", exact: true }).isChecked(), false);
    assert.equal(await saved(page, "Save settings as TOML"), TOML);
    await page.getByRole("switch", { name: "Calls", exact: true }).first().click();
    await page.getByRole("switch", { name: "Meetings", exact: true }).click();
    await page.getByLabel("Marketing emails look back").fill("P10D");
    await page.getByLabel("Marketing emails look back").press("Tab");
    const text = await saved(page, "Save settings as TOML");
    for (const line of ["# Ours", '[sync]  # what syncs', "enabled_at = 2026-10-01T06:00:00Z # when we began", "# Calls matter most.", "enabled = false # keep", 'token = "…"']) {
      assert.ok(text.split("\n").includes(line), `${line} in\n${text}`);
    }
    await choose(page, file("again.toml", text));
    await page.getByText("again.toml: these settings are shown now.").waitFor();
    assert.equal(await page.getByRole("switch", { name: "Meetings", exact: true }).isChecked(), true);
    assert.equal(await page.getByRole("switch", { name: "Calls", exact: true }).first().isChecked(), false);
    assert.equal(await page.getByLabel("Marketing emails look back").inputValue(), "P10D");
  }));

test("settings are saved as JSON, and opened again", () =>
  onPage(async (page) => {
    await page.getByRole("switch", { name: "Notes", exact: true }).click();
    const settings = JSON.parse(await saved(page, "Save settings as JSON"));
    assert.equal(settings.to_salesforce.note.enabled, false);
    await page.getByRole("button", { name: "Back to the sample's settings" }).click();
    await choose(page, file("mine.json", settings));
    await page.getByText("mine.json: these settings are shown now.").waitFor();
    assert.equal(await page.getByRole("switch", { name: "Notes", exact: true }).isChecked(), false);
  }));

test("TOML that is broken, or has no settings, is refused in words", () =>
  onPage(async (page) => {
    await choose(page, file("a.toml", "[sync\n"));
    await expectText(page.getByRole("alert").first(), /a\.toml can't be used: it isn't TOML .*Everything stays as it was/);
    await choose(page, file("b.toml", "[ledger]\nfile = 'x'\n"));
    await expectText(page.getByRole("alert").first(), /b\.toml can't be used: it is TOML without settings/);
  }));

test("a link carries the settings", async () => {
  let hash;
  await onPage(async (page) => {
    await page.getByRole("switch", { name: "Tasks", exact: true }).first().click();
    await page.getByRole("button", { name: "Copy a link to these settings" }).click();
    await page.getByText("It carries the settings, never the data.").waitFor();
    hash = new URL(page.url()).hash;
  });
  await onPage(
    async (page) => assert.equal(await page.getByRole("switch", { name: "Tasks", exact: true }).first().isChecked(), false),
    { hash },
  );
});

test("a link that was cut is told", () =>
  onPage(async (page) => expectText(page.getByRole("alert").first(), /The link's settings can't be read/), { hash: "#settings=eyJ0" }));

test("an owner is given another user", () =>
  onPage(async (page) => {
    const select = page.getByLabel("Salesforce user for Aino Korhonen");
    await select.selectOption("Petteri Salo");
    const settings = JSON.parse(await saved(page, "Save settings as JSON"));
    assert.equal(settings.owners.overrides["71001"], "00500000000000DAAQ");
    await select.selectOption({ index: 0 });
    assert.equal(JSON.parse(await saved(page, "Save settings as JSON")).owners.overrides["71001"], undefined);
  }));

test("what is shown is exported as CSV and as JSON", () =>
  onPage(async (page) => {
    const waiting = await count(page, "Wait");
    await page.getByRole("button", { name: /^Wait/ }).click();
    await page.getByText(new RegExp(`^${waiting} of`)).waitFor();
    const lines = (await saved(page, "Export as CSV")).trim().split("\r\n");
    assert.equal(lines.length, waiting + 1);
    assert.match(lines[1], /,wait,/);
    const decisions = JSON.parse(await saved(page, "Export as JSON"));
    assert.equal(decisions.length, waiting);
    assert.ok(decisions.every(({ action }) => action === "wait"));
  }));

test("every rule that is named can be read", () =>
  onPage(async (page, { url }) => {
    await page.getByRole("grid").getByRole("row").nth(1).click();
    const links = page.getByRole("link", { name: /^Rule / });
    await links.first().waitFor();
    const response = await page.request.get(`${url}/rules.html`);
    const text = await response.text();
    for (const link of await links.all()) {
      const id = (await link.getAttribute("href")).split("#")[1];
      assert.ok(text.includes(`id="${id}"`), `${id} isn't in rules.html`);
    }
  }));
