// What the package answers to a request of the corpus, as text; the same in Node and in a page.

/** The request has texts: `settings`, `snapshot`, a `direction`, and `other_settings` where two are compared. */
export function answer(Rules, request) {
  const opened = [];
  const open = (settings) => {
    opened.push(new Rules(bytes(settings)));
    return opened.at(-1);
  };
  try {
    return { ok: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(planned(open, request)) };
  } catch (error) {
    return { error: refusal(error) };
  } finally {
    for (const rules of opened) rules.free();
  }
}

/** What a refusal says; any other error is thrown on. */
export function refusal(error) {
  if (!(error instanceof Error) || typeof error.code !== "string") throw error;
  const { code, path, message, hint } = error;
  return { code, path, message, hint };
}

function planned(open, { direction, settings, other_settings, snapshot }) {
  const rules = open(settings);
  if (other_settings !== undefined) return rules.compareJson(open(other_settings), bytes(snapshot));
  const plan = { to_salesforce: "planToSalesforceJson", to_hubspot: "planToHubSpotJson" }[direction];
  return rules[plan](bytes(snapshot));
}

function bytes(text) {
  return new TextEncoder().encode(text);
}
