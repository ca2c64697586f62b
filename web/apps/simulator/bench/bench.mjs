// How fast the built page is, in headless Chromium: prints a table, asserts nothing. Sizes are arguments; 1,000 and 100,000 without any.

import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../../../testing/browser.mjs";
import { serve } from "../../../testing/serve.mjs";

const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "crosswalk-bench-"));
const server = await serve(join(import.meta.dirname, "../dist"));
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(server.url);
  await decided(page);
  await page.goto("about:blank");
  const began = performance.now();
  await page.goto(server.url);
  await decided(page);
  console.log(`sample: decided and shown ${Math.round(performance.now() - began)} ms after navigation`);
  for (const size of sizes.length > 0 ? sizes : [1_000, 100_000]) console.log(await measured(page, size));
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measured(page, size) {
  const path = join(folder, `${size}.json`);
  await write(path, size);
  const opened = performance.now();
  await page.getByLabel("Open a file…").setInputFiles(path);
  await page.getByRole("region", { name: "Data" }).getByText(`${size}.json: ${size.toLocaleString("en")} activities`).waitFor({ timeout: 300_000 });
  await shown(page, size);
  const reading = performance.now() - opened;
  const flips = [];
  for (let flip = 0; flip < 6; flip += 1) flips.push(await flipped(page));
  const frames = await page.evaluate(scrolled);
  const bytes = await page.evaluate(() => performance.measureUserAgentSpecificMemory?.().then(({ bytes }) => bytes).catch(() => undefined));
  const memory = bytes === undefined ? "" : `, ${Math.round(bytes / 1e6)} MB`;
  const longest = Math.max(...flips.map(({ longest }) => longest));
  const times = flips.map(({ took }) => Math.round(took)).sort((one, other) => one - other);
  return `${size}: opened and decided in ${Math.round(reading)} ms; a flip shows new counts after ${times[3]} ms (${times.join(", ")}), the page is busy ${Math.round(longest)} ms at most; ${frames} frames a second while it scrolls${memory}`;
}

/** Flips the switch for calls; how long until the counts have changed, and the longest time in which the page did not answer. */
async function flipped(page) {
  return page.evaluate(async () => {
    const text = () => document.querySelector(".count.skip .number")?.textContent;
    const before = text();
    let longest = 0;
    let last = performance.now();
    const began = last;
    [...document.querySelectorAll("[role=switch]")].find((one) => one.parentElement.textContent === "Calls").click();
    while (text() === before) {
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(port1.close());
        port2.postMessage(0);
      });
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    return { took: performance.now() - began, longest };
  });
}

async function scrolled() {
  const scroller = document.querySelector(".scroller");
  const began = performance.now();
  let frames = 0;
  while (performance.now() - began < 2_000) {
    scroller.scrollTop += 97;
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return Math.round(frames / 2);
}

async function decided(page) {
  await page.getByRole("grid").getByRole("row").nth(1).waitFor();
}

async function shown(page, size) {
  await page.locator(".count .number").filter({ hasText: size.toLocaleString("en") }).first().waitFor({ timeout: 300_000 });
}

/** A snapshot of so many activities of all kinds that have contacts and owners. */
async function write(path, size) {
  const out = createWriteStream(path);
  const kinds = ["call", "note", "task", "meeting", "sales_email_sent"];
  out.write('{"now":"2026-11-28T12:00:00Z","activities":[');
  for (let id = 1; id <= size; id += 1) {
    const at = new Date(Date.UTC(2026, 9, 1) + (id % 58) * 86_400_000 + (id % 1440) * 60_000).toISOString();
    const activity = {
      id: String(id), kind: kinds[id % kinds.length], occurred_at: at, modified_at: at, owner_id: String(1 + (id % 40)),
      contacts: [String(1 + (id % 5_000))], title: `Activity ${id}`, body: "<p>Talked about the <b>pricing</b> of the pilot, and what comes next.</p>",
    };
    if (!out.write(`${id > 1 ? "," : ""}${JSON.stringify(activity)}`)) await once(out, "drain");
  }
  const contacts = Array.from({ length: 5_000 }, (_, id) => ({
    id: String(id + 1), created_at: "2026-01-01T00:00:00Z", name: `Contact ${id}`, owner_id: String(1 + (id % 40)),
    salesforce: { status: "synced", object: "Contact", id: `003${String(id).padStart(12, "0")}AAA` },
  }));
  const owners = Array.from({ length: 40 }, (_, id) => ({ id: String(id + 1), email: `owner${id}@example.com`, first_name: "Owner", last_name: String(id) }));
  const users = owners.slice(0, 35).map(({ email }, id) => ({ id: `005${String(id + 100).padStart(12, "0")}AAA`, email, name: `User ${id}`, is_active: true }));
  out.end(`],"contacts":${JSON.stringify(contacts)},"owners":${JSON.stringify(owners)},"users":${JSON.stringify(users)}}`);
  await once(out, "finish");
}
