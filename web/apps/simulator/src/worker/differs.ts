import type { Decision } from "crosswalk-rules";

/** Whether two decisions write or mean something else. */
export function differs(before: Decision, after: Decision): boolean {
  return meaning(before) !== meaning(after);
}

function meaning({ action, reason, task, owner, contact, cleared }: Decision): string {
  return JSON.stringify([action, reason, task, owner?.user, contact?.id, cleared]);
}
