// A Cloudflare worker: POST {"settings": …, "snapshot": …} answers the plan. `npx wrangler dev` runs it.

import { CrosswalkError, Rules } from "crosswalk-rules";

export default {
  async fetch(request) {
    if (request.method !== "POST") return Response.json({ message: "POST settings and a snapshot" }, { status: 405 });
    let given;
    try {
      given = await request.json();
    } catch {
      return Response.json({ code: "not_json", message: "the request's body isn't JSON" }, { status: 400 });
    }
    return plan(given?.settings, given?.snapshot);
  },
};

function plan(settings, snapshot) {
  let rules;
  try {
    rules = new Rules(settings);
    const json = rules.planToSalesforceJson(snapshot);
    return new Response(json, { headers: { "content-type": "application/json" } });
  } catch (error) {
    if (!(error instanceof CrosswalkError)) throw error;
    const { code, path, message, hint } = error;
    return Response.json({ code, path, message, hint }, { status: 422 });
  } finally {
    rules?.free();
  }
}
