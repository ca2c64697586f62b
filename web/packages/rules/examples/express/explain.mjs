// Express middleware for a support tool: GET /activities/call:501 answers what becomes of that activity, and why.

import { CrosswalkError, Rules } from "crosswalk-rules";

/**
 * `snapshotOf` answers the snapshot that holds an activity, or undefined: what you know about it, its contacts and its owner.
 */
export function explain(settings, snapshotOf) {
  const rules = new Rules(settings);
  return async (request, response, next) => {
    const { activity } = request.params;
    try {
      const snapshot = await snapshotOf(activity);
      const decision = snapshot && rules.planToSalesforce(snapshot).decisions.find((decision) => decision.activity === activity);
      if (!decision) return response.status(404).json({ message: `nothing is known about ${activity}` });
      const { action, reason, task, warnings, trace } = decision;
      response.json({ activity, action, reason, task, warnings, why: trace.map(({ rule, text }) => `${rule}: ${text}`) });
    } catch (error) {
      if (!(error instanceof CrosswalkError)) return next(error);
      const { code, path, message, hint } = error;
      response.status(422).json({ code, path, message, hint });
    }
  };
}
