import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { onPage } from "./page.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const VIEWS = {
  "the table": async () => {},
  "one decision": async (page) => {
    await page.getByRole("grid").getByRole("row").nth(3).click();
    await page.locator("section.story").waitFor();
  },
  pictures: async (page) => {
    await page.locator("#tab-pictures").click();
    await page.locator(".flow details summary").click();
    await page.locator(".bars tbody tr").first().waitFor();
  },
  comparison: async (page) => {
    await page.locator("#tab-compare").click();
    await page.getByRole("switch").first().click();
    await page.locator(".change.stops li").first().waitFor();
  },
  "wrong settings": async (page) => {
    await page.locator("#setting-time_zone").fill("Mars/Olympus");
    await page.locator("#setting-time_zone").press("Tab");
    await page.locator(".field.wrong").waitFor();
  },
};

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-GB", "fi-FI"]) {
    test(`no view has a violation: ${colorScheme}, ${locale}`, () =>
      onPage(
        async (page) => {
          await page.evaluate(axe);
          for (const [view, show] of Object.entries(VIEWS)) {
            await page.setViewportSize({ width: 1400, height: 900 });
            await page.keyboard.press("Escape");
            await show(page);
            for (const width of [1400, 360]) {
              await page.setViewportSize({ width, height: 900 });
              const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
              const found = violations.map(({ id, nodes }) => `${view}, ${width} px, ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
              assert.deepEqual(found, []);
            }
          }
        },
        { colorScheme, locale },
      ));
  }
}
