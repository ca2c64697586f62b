// JSON with something wrong in it: in its bytes, or in one of its values.

/** The bytes with one to four changes. */
export function garbledBytes(random, bytes) {
  let garbled = Uint8Array.from(bytes);
  for (let left = 1 + random.below(4); left > 0; left -= 1) garbled = random.of(CHANGES)(random, garbled);
  return garbled;
}

const BYTES = [0x00, 0x20, 0x22, 0x2c, 0x2d, 0x30, 0x39, 0x3a, 0x5b, 0x5c, 0x5d, 0x65, 0x75, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xed, 0xf5, 0xff];
const TEXTS = ["null", "1e999", "-0", "\\ud800", "\\u0000", "[".repeat(200), '{"a":'.repeat(200), "\ufeff", "18446744073709551616", '"', "😀"];

const CHANGES = [
  (random, bytes) => bytes.subarray(0, random.below(bytes.length + 1)),
  (random, bytes) => bytes.subarray(random.below(bytes.length + 1)),
  (random, bytes) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (random, bytes) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.of(BYTES);
    return bytes;
  },
  (random, bytes) => inserted(bytes, random.below(bytes.length + 1), new TextEncoder().encode(random.of(TEXTS))),
  (random, bytes) => {
    const [from, to] = [random.below(bytes.length + 1), random.below(bytes.length + 1)].sort((left, right) => left - right);
    return inserted(bytes, random.below(bytes.length + 1), bytes.slice(from, Math.min(to, from + 1_000)));
  },
];

function inserted(bytes, place, more) {
  const joined = new Uint8Array(bytes.length + more.length);
  joined.set(bytes.subarray(0, place));
  joined.set(more, place);
  joined.set(bytes.subarray(place), place + more.length);
  return joined;
}

/** A copy of a JSON value in which one value is another. */
export function withReplaced(random, value, replacement) {
  if (typeof value !== "object" || value === null || random.once(5)) return replacement;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const keys = Object.keys(copy);
  if (keys.length === 0) return replacement;
  const key = random.of(keys);
  copy[key] = withReplaced(random, copy[key], replacement);
  return copy;
}
