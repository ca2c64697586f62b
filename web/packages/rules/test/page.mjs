// Pages in a browser, for tests.

/** What a page leaves in `globalThis.plan`; whatever goes wrong in it is thrown. */
export async function planOf(browser, url) {
  const page = await browser.newPage();
  try {
    const failed = new Promise((_, reject) => {
      page.on("pageerror", (error) => reject(error));
      page.on("requestfailed", (request) => {
        const { errorText } = request.failure();
        // A page that a server reloads ends what the one before it was still loading.
        if (errorText !== "net::ERR_ABORTED") reject(new Error(`${request.url()}: ${errorText}`));
      });
      page.on("response", (response) => {
        if (response.status() >= 400 && !response.url().endsWith("/favicon.ico")) reject(new Error(`${response.url()}: ${response.status()}`));
      });
    });
    const planned = page.goto(url).then(async () => {
      const plan = await page.waitForFunction(() => globalThis.plan);
      return plan.jsonValue();
    });
    return await Promise.race([planned, failed]);
  } finally {
    await page.close();
  }
}
