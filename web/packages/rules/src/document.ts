import { CrosswalkError, type ErrorCode } from "./error.js";

/** No document may be larger. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** What a document is checked for before the module sees it. */
export interface Expected {
  /** The argument's name. */
  readonly argument: string;
  /** The code for what is no document at all. */
  readonly code: ErrorCode;
  /** What to do with one that is too large; absent if there is nothing to do. */
  readonly smaller?: string;
}

/** A document as UTF-8 JSON, in an array whose properties nobody has overwritten. */
export function bytesOf(document: unknown, expected: Expected): Uint8Array {
  const bytes = given(document, expected);
  if (bytes.byteLength > LARGEST_BYTES) throw tooLarge(expected, `${bytes.byteLength} bytes`);
  return bytes;
}

/** A part of a document: bytes only. */
export function partOf(part: unknown): Uint8Array {
  const expected = { argument: "part", code: "snapshot_invalid", smaller: "give it in several parts" } as const;
  if (!isBytes(part)) {
    throw new CrosswalkError(expected.code, `\`part\` is ${described(part)}, not a Uint8Array`, {
      hint: "give the next bytes of the snapshot's JSON",
    });
  }
  return bytesOf(part, expected);
}

/** The value of the module's answer. */
export function valueOf(answer: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder().decode(answer);
  } catch (cause) {
    throw new CrosswalkError("too_large", `the answer of ${answer.byteLength} bytes is too large for a string`, {
      hint: "plan it in several snapshots, or take the function that answers bytes",
      cause,
    });
  }
  return JSON.parse(text);
}

function given(document: unknown, expected: Expected): Uint8Array {
  if (isBytes(document)) return plainBytes(document, expected);
  if (typeof document !== "object" || document === null || isBuffer(document)) throw wrongType(document, expected);
  return new TextEncoder().encode(json(document, expected));
}

function json(document: object, expected: Expected): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(document);
  } catch (cause) {
    const message = messageOf(cause);
    if (/string length/i.test(message)) throw tooLarge(expected, "more than a string may have");
    throw new CrosswalkError("not_json", `\`${expected.argument}\` can't be written as JSON: ${message}`, {
      hint: "give plain data: objects, arrays, strings, numbers, booleans",
      cause,
    });
  }
  if (text === undefined) throw wrongType(document, expected);
  return text;
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
const getterOf = (name: keyof Uint8Array) => Object.getOwnPropertyDescriptor(typedArray, name)?.get as () => unknown;
const typeName = getterOf(Symbol.toStringTag);
const buffer = getterOf("buffer") as () => ArrayBuffer;
const byteOffset = getterOf("byteOffset") as () => number;
const byteLength = getterOf("byteLength") as () => number;

/** Also of another realm, as in a test runner; no `Proxy` and no other object can pretend to be one. */
function isBytes(value: unknown): value is Uint8Array {
  return typeName.call(value) === "Uint8Array";
}

function isBuffer(value: object): boolean {
  return ArrayBuffer.isView(value) || /^\[object (Shared)?ArrayBuffer\]$/.test(tagOf(value));
}

function plainBytes(bytes: Uint8Array, expected: Expected): Uint8Array {
  try {
    // It throws for an array that is detached, or out of the bounds of its resized buffer.
    typedArray.at.call(bytes, 0);
  } catch (cause) {
    throw new CrosswalkError(expected.code, `\`${expected.argument}\` is a Uint8Array whose memory is gone`, {
      hint: "its buffer was transferred or resized: give a copy made before that",
      cause,
    });
  }
  return new Uint8Array(buffer.call(bytes), byteOffset.call(bytes), byteLength.call(bytes));
}

function wrongType(value: unknown, { argument, code }: Expected): CrosswalkError {
  return new CrosswalkError(code, `\`${argument}\` is ${described(value)}, not an object`, {
    hint: "give an object, or its JSON as a Uint8Array",
  });
}

function tooLarge({ argument, smaller = "" }: Expected, size: string): CrosswalkError {
  return new CrosswalkError("too_large", `\`${argument}\` has ${size} as JSON, at most ${LARGEST_BYTES} bytes are taken`, { hint: smaller });
}

/** A value's type in words. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = tagOf(value).slice("[object ".length, -1);
  return `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
}

/** An object's own word for its type; a `Proxy` may throw even here. */
function tagOf(value: object): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return "[object Object]";
  }
}

/** Anything may be thrown, even what can't be turned into a string. */
function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "reading it fails";
  }
}
