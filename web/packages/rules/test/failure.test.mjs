// What comes after the module failed: a trap is made by destroying its memory, or by leaving it no stack.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CrosswalkError, Rules, Snapshot, instances, memory } from "./instances.mjs";
import { bytes, settings, snapshot } from "./samples.mjs";

const destroyMemory = () => new Uint8Array(memory().buffer).fill(0xff);

describe("after a trap", () => {
  const lost = new Rules(settings);
  const expected = lost.planToSalesforceJson(snapshot);
  const lostSnapshot = Snapshot.open();
  lostSnapshot.append(bytes(snapshot));
  lostSnapshot.close();
  const lostSimulation = lost.simulate(lostSnapshot);

  test("the call that met it says so, with the trap as its cause", () => {
    destroyMemory();
    assert.throws(
      () => lost.planToSalesforce(snapshot),
      (error) => {
        assert.ok(error instanceof CrosswalkError);
        assert.equal(error.code, "module_failed");
        assert.ok(error.cause instanceof WebAssembly.RuntimeError);
        return true;
      },
    );
  });

  test("what was open before is lost, and says so before and after the module is started again", () => {
    const isLost = { code: "bad_handle", message: "this Rules was lost when the module failed", hint: "open it again" };
    assert.throws(() => lost.planToSalesforce(snapshot), isLost);
    const rules = new Rules(settings);
    assert.throws(() => lost.planToSalesforce(snapshot), isLost);
    assert.throws(() => rules.compare(lost, snapshot), { code: "bad_handle" });
    rules.free();
  });

  test("so are snapshots and simulations", () => {
    const rules = new Rules(settings);
    const isLost = (type) => ({ code: "bad_handle", message: `${type} was lost when the module failed` });
    assert.throws(() => lostSnapshot.activities, isLost("this Snapshot"));
    assert.throws(() => rules.simulate(lostSnapshot), isLost("`snapshot`"));
    assert.throws(() => lostSimulation.step(1), isLost("this Simulation"));
    rules.free();
  });

  test("new rules plan the same, in one new instance", () => {
    const rules = new Rules(settings);
    assert.deepEqual(rules.planToSalesforceJson(snapshot), expected);
    assert.equal(instances.length, 2);
    rules.free();
  });

  test("freeing what is lost harms nobody", () => {
    const rules = new Rules(settings);
    for (const nothing of [lost, lostSnapshot, lostSimulation]) {
      nothing.free();
      nothing.free();
    }
    assert.deepEqual(rules.planToSalesforceJson(snapshot), expected);
    rules.free();
  });

  test("it may fail again", () => {
    for (let round = 0; round < 3; round += 1) {
      const rules = new Rules(settings);
      destroyMemory();
      assert.throws(() => rules.planToSalesforce(snapshot), { code: "module_failed" });
    }
    assert.deepEqual(new Rules(settings).planToSalesforceJson(snapshot), expected);
  });

  test("new settings that meet it can be given again", () => {
    destroyMemory();
    assert.throws(() => new Rules(settings), { code: "module_failed" });
    assert.deepEqual(new Rules(settings).planToSalesforceJson(snapshot), expected);
  });
});

test("without any stack left", () => {
  const rules = new Rules(settings);
  const expected = rules.planToSalesforceJson(snapshot);
  let failures = 0;
  // From the deepest call upwards each has a little more stack, so that it ends anywhere in between.
  const descend = () => {
    try {
      descend();
    } catch {
      failures += 1;
    }
    return new Rules(settings).planToSalesforceJson(snapshot);
  };
  assert.deepEqual(descend(), expected);
  assert.ok(failures > 0);
  assert.deepEqual(new Rules(settings).planToSalesforceJson(snapshot), expected);
});
