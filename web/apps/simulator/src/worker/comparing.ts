// What changes from one set of decisions to another, over the same activities.

import type { Decision } from "crosswalk-rules";
import type { Change, Changed, Comparison } from "../protocol.js";
import { differs } from "./differs.js";

/** So many of each change are told one by one. */
const TOLD = 100;

/** Collects what changes, page by page. */
export class Comparing {
  private readonly counts: { [change in Change]: number } = { starts: 0, stops: 0, moves: 0, reassigned: 0, differs: 0 };
  private readonly first: { [change in Change]: Changed[] } = { starts: [], stops: [], moves: [], reassigned: [], differs: [] };
  private decided = 0;

  constructor(private readonly titleOf: (activity: string) => string) {}

  /** Takes the same page of both. */
  take(before: readonly Decision[], after: readonly Decision[]): void {
    before.forEach((one, place) => {
      const other = after[place];
      this.decided += 1;
      if (other === undefined || !differs(one, other)) return;
      const change = changeOf(one, other);
      this.counts[change] += 1;
      if (this.first[change].length < TOLD) this.first[change].push(this.told(one, other));
    });
  }

  made(): Comparison {
    const of = (change: Change) => ({ count: this.counts[change], first: this.first[change] });
    return {
      decided: this.decided,
      changes: { starts: of("starts"), stops: of("stops"), moves: of("moves"), reassigned: of("reassigned"), differs: of("differs") },
    };
  }

  private told(before: Decision, after: Decision): Changed {
    const title = after.task?.Subject ?? before.task?.Subject ?? this.titleOf(after.activity);
    return { activity: after.activity, title, before: shown(before), after: shown(after) };
  }
}

function changeOf(before: Decision, after: Decision): Change {
  if (!isWritten(before) && isWritten(after)) return "starts";
  if (isWritten(before) && !isWritten(after)) return "stops";
  if (before.contact?.id !== after.contact?.id) return "moves";
  if (before.owner?.user !== after.owner?.user) return "reassigned";
  return "differs";
}

const isWritten = ({ action }: Decision) => action === "create" || action === "update";

function shown({ action, reason, owner, contact }: Decision): Changed["before"] {
  return { action, reason, user: owner?.user, contact: contact?.id ?? undefined };
}
