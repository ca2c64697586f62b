// The built page in a browser, watched: whatever it asks of anybody else, and whatever it complains about, fails the test.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch } from "../../../testing/browser.mjs";
import { serve } from "../../../testing/serve.mjs";

const built = join(import.meta.dirname, "../dist");
let browser;
let server;

before(async () => {
  assert.ok(existsSync(join(built, "index.html")), "the simulator isn't built: run `cargo xtask simulator`");
  server = await serve(built);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Runs a test on a page of its own, opened and decided. */
export async function onPage(run, { hash = "", wait = true, ...options } = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1400, height: 900 }, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== server.url && protocol !== "blob:") complaints.push(`asked ${request.url()}`);
  });
  try {
    await page.goto(`${server.url}/${hash}`);
    if (wait) await page.getByRole("grid").getByRole("row").nth(1).waitFor();
    await run(page, { url: server.url, complaints });
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** The number that a count shows. */
export async function count(page, label) {
  const button = page.getByRole("region", { name: "What becomes of the activities" }).getByRole("button", { name: new RegExp(`^${label}`) });
  return Number((await button.locator(".number").textContent()).replaceAll(",", ""));
}

/** A snapshot as a file that a person chooses. */
export const file = (name, content) => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
});

/** Chooses a file. */
export async function choose(page, ...files) {
  await page.getByLabel("Open a file…").setInputFiles(files);
}
