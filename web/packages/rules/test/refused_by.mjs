// What a call is refused with.

import { CrosswalkError } from "crosswalk-rules";
import assert from "node:assert/strict";

/** The error that a call throws. */
export function refusedBy(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof CrosswalkError, `${error} is no CrosswalkError`);
    return error;
  }
  return assert.fail("nothing was thrown");
}
