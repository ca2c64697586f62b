// Whatever is given: an error with a code that names the argument, and rules that go on working.

import { Rules } from "crosswalk-rules";
import assert from "node:assert/strict";
import test from "node:test";
import { refusedBy } from "./refused_by.mjs";
import { bytes, settings, snapshot } from "./samples.mjs";

const cyclic = {};
cyclic.self = cyclic;

function nested(depth) {
  let value = {};
  for (let level = 0; level < depth; level += 1) value = { now: value };
  return value;
}

const throwing = (thrown) =>
  new Proxy({}, {
    get() {
      throw thrown;
    },
    ownKeys() {
      throw thrown;
    },
  });

/** What can't even be turned into a string. */
const unspeakable = {
  toString() {
    throw new Error("no");
  },
};

function detached() {
  const array = bytes(snapshot);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

function outOfBounds() {
  const buffer = new ArrayBuffer(16, { maxByteLength: 32 });
  const array = new Uint8Array(buffer, 8, 8);
  buffer.resize(4);
  return array;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What is no document, and the code that says so; undefined for the argument's own. */
const NO_DOCUMENTS = [
  ["undefined", undefined],
  ["null", null],
  ["a boolean", true],
  ["a number", 7],
  ["a BigInt", 7n],
  ["a string", JSON.stringify(snapshot)],
  ["a symbol", Symbol("settings")],
  ["a function", () => snapshot],
  ["an ArrayBuffer", new ArrayBuffer(8)],
  ["a SharedArrayBuffer", new SharedArrayBuffer(8)],
  ["a DataView", new DataView(new ArrayBuffer(8))],
  ["an array of another type", new Float64Array(8)],
  ["a Uint8ClampedArray", new Uint8ClampedArray(8)],
  ["a detached array", detached()],
  ["an array out of the bounds of its buffer", outOfBounds()],
  ["an object that is no JSON", { toJSON: () => undefined }],
  ["a BigInt inside", { now: 7n }, "not_json"],
  ["a cycle", cyclic, "not_json"],
  ["an object nested too deeply to be written", nested(200_000), "not_json"],
  ["a Proxy that throws an Error", throwing(new Error("not today")), "not_json"],
  ["a Proxy that throws undefined", throwing(undefined), "not_json"],
  ["a Proxy that throws what has no text", throwing(unspeakable), "not_json"],
  ["a revoked Proxy", revoked(), "not_json"],
  ["a getter that throws", { get now() { throw new RangeError("no time"); } }, "not_json"],
];

/** What the module itself refuses; its errors name places in the document. */
const REFUSED = [
  ["an empty object", {}],
  ["an array", []],
  ["a Date", new Date(0)],
  ["a Map", new Map([["now", snapshot.now]])],
  ["an object nested deeply", nested(5_000)],
  ["a Proxy of an array", new Proxy([], {})],
  ["no bytes", new Uint8Array()],
  ["bytes that are no JSON", bytes("{")],
  ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
  ["bytes of something else", bytes("7")],
  ["an array whose length lies", Object.defineProperty(new Uint8Array(4), "length", { value: 1 << 30 })],
];

const rules = new Rules(settings);
const CALLS = {
  settings: [(value) => new Rules(value)],
  snapshot: [
    (value) => rules.planToSalesforce(value),
    (value) => rules.planToHubSpot(value),
    (value) => rules.compare(rules, value),
    (value) => rules.planToSalesforceJson(value),
    (value) => rules.planToHubSpotJson(value),
    (value) => rules.compareJson(rules, value),
  ],
};

for (const [argument, calls] of Object.entries(CALLS)) {
  for (const [name, value, code = `${argument}_invalid`] of NO_DOCUMENTS) {
    test(`${argument}: ${name}`, () => {
      for (const call of calls) {
        const error = refusedBy(() => call(value));
        assert.equal(error.code, code);
        assert.ok(error.message.includes(`\`${argument}\``), `${error.message} doesn't name the argument`);
        assert.ok(error.hint.length > 0);
      }
    });
  }
  for (const [name, value] of REFUSED) {
    test(`${argument}: ${name}`, () => {
      for (const call of calls) {
        const { code } = refusedBy(() => call(value));
        assert.ok([`${argument}_invalid`, "not_json"].includes(code), code);
      }
    });
  }
}

test("what was thrown while a document was read is the error's cause", () => {
  const cause = new Error("not today");
  const error = refusedBy(() => rules.planToSalesforce(throwing(cause)));
  assert.equal(error.cause, cause);
  assert.ok(error.message.includes("not today"));
});

test("256 MiB are taken, a byte more isn't", () => {
  const largest = new Uint8Array(256 * 1024 * 1024 + 1);
  const error = refusedBy(() => rules.planToSalesforceJson(largest));
  assert.equal(error.code, "too_large");
  assert.ok(error.message.includes("`snapshot`"), error.message);
  assert.equal(error.hint, "plan it in several snapshots, or simulate it");
  assert.equal(refusedBy(() => rules.planToSalesforceJson(largest.subarray(1))).code, "not_json");
});

test("an object that is larger as JSON than a string may be", () => {
  const text = "x".repeat(1 << 28);
  const error = refusedBy(() => rules.planToSalesforce([text, text]));
  assert.equal(error.code, "too_large");
});

test("a key that is absent, undefined or null is the same", () => {
  const expected = rules.planToSalesforce(snapshot);
  assert.deepEqual(rules.planToSalesforce({ ...snapshot, links: undefined, users: null }), expected);
});

test("what isn't a Rules is none", () => {
  const { planToSalesforce, planToHubSpotJson, free } = Rules.prototype;
  for (const value of [undefined, null, 7, {}, [], Rules, Object.create(Rules.prototype), new Proxy(rules, {}), throwing(0), revoked()]) {
    for (const call of [
      () => rules.compare(value, snapshot),
      () => rules.compareJson(value, snapshot),
      () => planToSalesforce.call(value, snapshot),
      () => planToHubSpotJson.call(value, snapshot),
      () => free.call(value),
    ]) {
      const error = refusedBy(call);
      assert.equal(error.code, "bad_handle");
      assert.match(error.message, /`(otherRules|this)`/);
    }
  }
});

test("rules that were freed are named, and freeing them again does nothing", () => {
  const freed = new Rules(settings);
  freed.free();
  freed.free();
  for (const call of [
    () => freed.planToSalesforce(snapshot),
    () => freed.planToHubSpotJson(snapshot),
    () => freed.compare(rules, snapshot),
  ]) {
    assert.deepEqual(pick(refusedBy(call)), { code: "bad_handle", message: "this Rules was freed" });
  }
  assert.deepEqual(pick(refusedBy(() => rules.compare(freed, snapshot))), { code: "bad_handle", message: "`otherRules` was freed" });
});

test("rules that are freed while their snapshot is read are freed", () => {
  const suicidal = new Rules(settings);
  const document = {
    get now() {
      suicidal.free();
      return snapshot.now;
    },
  };
  assert.equal(refusedBy(() => suicidal.planToSalesforce(document)).code, "bad_handle");
});

test("a snapshot that plans another one while it is read", () => {
  const expected = rules.planToSalesforce(snapshot);
  const document = {
    ...snapshot,
    get now() {
      assert.deepEqual(rules.planToSalesforce(snapshot), expected);
      return snapshot.now;
    },
  };
  assert.deepEqual(rules.planToSalesforce(document), expected);
});

test("`using` frees", { skip: Symbol.dispose === undefined && "this Node has no Symbol.dispose" }, () => {
  const used = new Rules(settings);
  used[Symbol.dispose]();
  assert.equal(refusedBy(() => used.planToSalesforce(snapshot)).code, "bad_handle");
});

test("after all of this the rules plan as before", () => {
  assert.equal(rules.planToSalesforce(snapshot).decisions[0].action, "create");
});

const pick = ({ code, message }) => ({ code, message });
