// Waits until something reads as expected.

import assert from "node:assert/strict";

/** Waits until an element's text matches; fails with the text that it has instead. */
export async function expectText(locator, pattern) {
  await locator.first().waitFor();
  const element = await locator.first().elementHandle();
  const page = locator.page();
  try {
    await page.waitForFunction(([node, source, flags]) => new RegExp(source, flags).test(node.innerText), [element, pattern.source, pattern.flags], { timeout: 10_000 });
  } catch {
    assert.match(await element.innerText(), pattern);
  }
}
