import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { onPage } from "./page.mjs";

const dist = join(import.meta.dirname, "../dist");
const TABS = ["table", "pictures", "compare"];

for (const width of [360, 768, 1280, 2560, 3840]) {
  test(`nothing is wider than the page at ${width} px`, () =>
    onPage(
      async (page) => {
        for (const tab of TABS) {
          await page.locator(`#tab-${tab}`).click();
          await page.locator(`#view-${tab}`).waitFor();
          const { wide, room } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: innerWidth }));
          assert.ok(wide <= room, `${tab} is ${wide} px wide`);
        }
        await page.locator("#tab-table").click();
        await page.getByRole("grid").getByRole("row").nth(1).click();
        await page.locator("section.story").waitFor();
        const story = await page.locator("section.story").evaluate((element) => ({ wide: element.scrollWidth, room: element.clientWidth }));
        assert.ok(story.wide <= story.room, `the decision is ${story.wide} px wide in ${story.room}`);
      },
      { viewport: { width, height: 900 } },
    ));
}

test("on paper the result stands without what only a screen can use", () =>
  onPage(async (page) => {
    await page.emulateMedia({ media: "print" });
    await page.getByRole("grid").waitFor();
    assert.equal(await page.getByRole("complementary", { name: "Settings" }).isVisible(), false);
    assert.equal(await page.getByRole("button", { name: "Open a file…" }).isVisible(), false);
    assert.equal(await page.getByRole("button", { name: /^Create/ }).isVisible(), true);
  }));

test("the policy of each page allows nothing inline, no evaluation, and nobody else", () => {
  for (const name of readdirSync(dist).filter((name) => name.endsWith(".html"))) {
    const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(readFileSync(join(dist, name), "utf8")) ?? [];
    const directives = policy.split(";").map((directive) => directive.trim().split(" "));
    assert.deepEqual(directives.find(([directive]) => directive === "default-src"), ["default-src", "'none'"], name);
    const allowed = new Set(directives.flatMap(([, ...sources]) => sources));
    for (const source of allowed) assert.ok(["'none'", "'self'", "'wasm-unsafe-eval'"].includes(source), `${name} allows ${source}`);
  }
});

test("script and style are at most 150 KB, as they are sent", () => {
  const names = readdirSync(join(dist, "assets")).filter((name) => /\.(js|css)$/.test(name));
  const bytes = names.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, "assets", name))).length, 0);
  assert.ok(bytes > 0 && bytes <= 150_000, `${bytes} bytes`);
});
