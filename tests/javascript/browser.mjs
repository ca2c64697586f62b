// The package in a page: it is served from here on loopback, and driven from here.

import { join, relative } from "node:path";
import { launch } from "../../web/testing/browser.mjs";
import { serve } from "../../web/testing/serve.mjs";
import { answerLines } from "./lines.mjs";
import { folder, require } from "./package.mjs";

const root = join(import.meta.dirname, "../..");
const entry = require("crosswalk-rules/package.json").exports["."].default.default;

const server = await serve(root);
const browser = await launch();
const page = await browser.newPage();
page.on("pageerror", (error) => console.error(`in the page: ${error.stack}`));
await page.goto(`${server.url}/tests/javascript/page.html`);
const moduleSha256 = await page.evaluate(open, {
  entry: `/${relative(root, join(folder, entry))}`,
  answers: "/tests/javascript/answer.mjs",
});
await answerLines(moduleSha256, (request) => page.evaluate((request) => globalThis.answer(request), request));
await browser.close();
await server.close();

/** Runs in the page. */
async function open({ entry, answers }) {
  const { Rules, moduleSha256 } = await import(entry);
  const { answer } = await import(answers);
  globalThis.answer = (request) => answer(Rules, request);
  return moduleSha256;
}
