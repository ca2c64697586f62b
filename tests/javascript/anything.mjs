// Anything that JavaScript lets one give: what is no data, what lies about itself, and what throws when it is looked at.

/** Makers of values by what they are called. `Rules` is the class whose objects are given in the wrong place. */
export function makers(Rules) {
  return { ...PRIMITIVES, ...OBJECTS, ...HOSTILE, ...PROXIES, ...BUFFERS, ...objectsOf(Rules) };
}

const PRIMITIVES = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  "minus zero": () => -0,
  NaN: () => NaN,
  infinity: () => -Infinity,
  "a large number": () => 2 ** 64,
  "a fraction": () => 5e-324,
  "an empty string": () => "",
  "a string of JSON": () => "{}",
  "a lone surrogate": () => "\ud800",
  "surrogates the wrong way round": () => "\udc00\ud800",
  "a long string": () => "x".repeat(100_000),
  "a symbol": () => Symbol("settings"),
  "a bigint": () => 10n ** 30n,
};

const OBJECTS = {
  "an empty object": () => ({}),
  "an empty array": () => [],
  "an array of arrays": () => [[], [[]], [null]],
  "a sparse array": () => new Array(1_000),
  "an object without a prototype": () => Object.create(null),
  "a function": () => () => ({}),
  "a class": () => class Settings {},
  "a date": () => new Date(0),
  "an invalid date": () => new Date(NaN),
  "a map": () => new Map([["now", "2026-11-23T10:00:00Z"]]),
  "a weak set": () => new WeakSet(),
  "a promise": () => Promise.resolve({}),
  "a regular expression": () => /settings/,
  "an error": () => new Error("settings"),
  "a boxed string": () => new String("{}"),
  "a boxed bigint": () => Object(1n),
  "a bigint inside": () => ({ now: 1n }),
  "a symbol inside": () => [Symbol.iterator],
  "a lone surrogate as a key": () => ({ "\ud800": "\udfff" }),
  "an own __proto__": () => JSON.parse('{"__proto__": {"now": 1}, "constructor": null}'),
  "an object of the global object": () => ({ activities: globalThis }),
  "a cyclic object": () => {
    const cyclic = { now: "2026-11-23T10:00:00Z" };
    cyclic.activities = [cyclic];
    return cyclic;
  },
  "a cyclic array": () => {
    const cyclic = [];
    cyclic.push(cyclic);
    return cyclic;
  },
  "deep nesting": () => nested(150),
  "deeper nesting": () => nested(3_000),
  "nesting without end": () => nested(200_000),
};

function nested(depth) {
  let value = {};
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { activities: value };
  return value;
}

/** What may be thrown, and what can't even be looked at. */
const THROWN = {
  "an error": () => new Error("thrown"),
  "a range error about a string's length": () => new RangeError("Invalid string length"),
  undefined: () => undefined,
  null: () => null,
  "a symbol": () => Symbol("thrown"),
  "an object without a prototype": () => Object.create(null),
  "an object that can't be a string": () => ({ toString: () => fail(new Error("no string")) }),
  "an error whose message is a symbol": () => Object.assign(new Error(), { message: Symbol("message") }),
  "a range error whose message is a symbol": () => Object.assign(new RangeError(), { message: Symbol("message") }),
  "an error whose message throws": () => Object.defineProperty(new Error(), "message", { get: () => fail(null) }),
  "an error with a code of the rules": () => Object.assign(new Error(), { code: "settings_invalid", message: {} }),
  "a proxy that throws": () => throwingProxy({}, Reflect.ownKeys(Reflect), () => null),
  "a revoked proxy": () => revoked({}),
};

function fail(thrown) {
  throw thrown;
}

const HOSTILE = Object.fromEntries(
  Object.entries(THROWN).flatMap(([name, thrown]) => [
    [`a getter that throws ${name}`, () => Object.defineProperty({}, "now", { enumerable: true, get: () => fail(thrown()) })],
    [`an item that throws ${name}`, () => Object.defineProperty([1, 2], 1, { enumerable: true, get: () => fail(thrown()) })],
    [`a toJSON that throws ${name}`, () => ({ toJSON: () => fail(thrown()) })],
    [`a toStringTag that throws ${name}`, () => Object.defineProperty(() => {}, Symbol.toStringTag, { get: () => fail(thrown()) })],
    [`a proxy that throws ${name}`, () => throwingProxy({}, Reflect.ownKeys(Reflect), thrown)],
  ]),
);
for (const [name, answer] of Object.entries({ ...PRIMITIVES, "a function": () => () => {} })) {
  HOSTILE[`a toJSON that answers ${name}`] = () => ({ toJSON: answer });
  HOSTILE[`a toStringTag that is ${name}`] = () => ({ [Symbol.toStringTag]: answer(), toJSON: () => undefined });
}

const PROXIES = {
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of a function": () => revoked(() => {}),
  "a revoked proxy of an array": () => revoked([]),
  "a proxy of bytes": () => new Proxy(new Uint8Array(4), {}),
  "a proxy that says it has endless keys": () => new Proxy({}, { ownKeys: () => ["a", "a"] }),
  "a proxy whose length is wrong": () => new Proxy([], { get: (_target, name) => (name === "length" ? -1 : undefined) }),
};
for (const trap of Reflect.ownKeys(Reflect).filter((name) => typeof name === "string")) {
  for (const [name, target] of Object.entries({ object: () => ({}), array: () => [{}], function: () => () => {} })) {
    PROXIES[`a proxy of an ${name} that throws at ${trap}`] = () => throwingProxy(target(), [trap], () => new Error(trap));
  }
}

function throwingProxy(target, traps, thrown) {
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, () => fail(thrown())])));
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const BUFFERS = {
  "no bytes": () => new Uint8Array(),
  "a buffer": () => new ArrayBuffer(8),
  "a shared buffer": () => new SharedArrayBuffer(8),
  "a view of data": () => new DataView(new ArrayBuffer(8)),
  "shared bytes": () => new Uint8Array(new SharedArrayBuffer(8)),
  "Node's bytes": () => Buffer.from("{}"),
  "signed bytes": () => new Int8Array(8),
  "clamped bytes": () => new Uint8ClampedArray(8),
  "floating point numbers": () => new Float64Array(2),
  "large whole numbers": () => new BigUint64Array(2),
  "bytes of a detached buffer": () => detached(new Uint8Array(8)),
  "a detached buffer": () => detached(new Uint8Array(8)).buffer,
  "bytes beyond a buffer that shrank": () => shrunk((buffer) => new Uint8Array(buffer, 8, 8)),
  "bytes to the end of a buffer that shrank": () => shrunk((buffer) => new Uint8Array(buffer, 2)),
  "bytes that begin beyond a buffer that shrank": () => shrunk((buffer) => new Uint8Array(buffer, 12)),
  "bytes of a buffer that grows": () => new Uint8Array(new SharedArrayBuffer(8, { maxByteLength: 16 })),
  "bytes that lie about their length": () => Object.defineProperty(new Uint8Array(4), "length", { value: 2 ** 31 }),
  "bytes whose length throws": () => Object.defineProperty(new Uint8Array(4), "byteLength", { get: () => fail(new Error("length")) }),
  "a class of bytes that lies": () =>
    new (class extends Uint8Array {
      get length() {
        return 1e9;
      }
      get buffer() {
        return fail(new Error("buffer"));
      }
      *[Symbol.iterator]() {
        yield fail(new Error("iterator"));
      }
    })(4),
  "what has the prototype of bytes": () => Object.create(Uint8Array.prototype),
  "what calls itself bytes": () => ({ [Symbol.toStringTag]: "Uint8Array", length: 4 }),
};

function detached(bytes) {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function shrunk(view) {
  const buffer = new ArrayBuffer(16, { maxByteLength: 32 });
  const bytes = view(buffer);
  buffer.resize(4);
  return bytes;
}

function objectsOf(Rules) {
  return {
    "the class Rules": () => Rules,
    "the prototype of Rules": () => Rules.prototype,
    "what has the prototype of Rules": () => Object.create(Rules.prototype),
  };
}
