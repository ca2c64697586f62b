// Where the records of a snapshot are in its bytes, so that one can be read without keeping all of them as objects.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const decoder = new TextDecoder();

/** A member of an object: its key, and where its value is. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** Walks over JSON that the rules have read, so that it is known to be JSON. */
class Walk {
  constructor(
    private readonly bytes: Uint8Array,
    public place: number,
  ) {}

  /** The next byte that isn't white space. */
  next(): number {
    while ((this.bytes[this.place] ?? QUOTE) <= 0x20) this.place += 1;
    return this.bytes[this.place] ?? CLOSE_OBJECT;
  }

  /** The place after the string that begins here. */
  string(): number {
    let end = this.place;
    do {
      end = this.bytes.indexOf(QUOTE, end + 1);
      if (end < 0) return (this.place = this.bytes.length);
    } while (this.isEscaped(end));
    return (this.place = end + 1);
  }

  private isEscaped(place: number): boolean {
    let before = place - 1;
    while (this.bytes[before] === BACKSLASH) before -= 1;
    return (place - 1 - before) % 2 === 1;
  }

  /** The place after the value that begins here. */
  value(): number {
    let depth = 0;
    while (this.place < this.bytes.length) {
      const byte = this.bytes[this.place];
      if (byte === QUOTE) {
        this.string();
        if (depth === 0) return this.place;
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) return this.place;
        depth -= 1;
        if (depth === 0) return (this.place += 1);
      } else if (byte === COMMA && depth === 0) return this.place;
      this.place += 1;
    }
    return this.place;
  }

  /** Each member of the object that begins here. */
  members(member: (member: Member) => void): void {
    if (this.next() !== OPEN_OBJECT) return void this.value();
    this.place += 1;
    while (this.next() === QUOTE) {
      const start = this.place + 1;
      const key = decoder.decode(this.bytes.subarray(start, this.string() - 1));
      if (this.next() === COLON) this.place += 1;
      this.next();
      const valueStart = this.place;
      const end = this.value();
      member({ key, start: valueStart, end });
      this.place = end;
      if (this.next() === COMMA) this.place += 1;
    }
    this.place += 1;
  }

  /** The beginning of each element of the list that begins here. */
  elements(element: (start: number) => void): void {
    if (this.next() !== OPEN_LIST) return void this.value();
    this.place += 1;
    while (this.place < this.bytes.length && this.next() !== CLOSE_LIST) {
      element(this.place);
      if (this.next() === COMMA) this.place += 1;
    }
  }
}

/** The members of a document, by key: where each value begins and ends. */
export function membersOf(bytes: Uint8Array): Map<string, Member> {
  const members = new Map<string, Member>();
  new Walk(bytes, 0).members((member) => members.set(member.key, member));
  return members;
}

/** The value that stands between two places. */
export function valueAt(bytes: Uint8Array, { start, end }: { start: number; end: number }): unknown {
  return JSON.parse(decoder.decode(bytes.subarray(start, end)));
}

/** The records of one list, found by name. */
export class Elements<Value> {
  private starts = new Float64Array(1024);
  private ends = new Float64Array(1024);
  /** By hash: the place of a record plus one; several of one hash stand in a row. */
  private slots = new Int32Array(0);
  /** How many there are. */
  length = 0;

  /** Finds the records of a list; `nameOf` is what `find` is asked for. */
  constructor(
    private readonly bytes: Uint8Array,
    list: Member | undefined,
    private readonly nameOf: (value: Value) => string,
    private readonly namedBy: readonly string[],
  ) {
    if (list === undefined) return;
    const hashes: number[] = [];
    const walk = new Walk(bytes, list.start);
    walk.elements((start) => {
      const parts: string[] = namedBy.map(() => "");
      walk.members((member) => {
        const part = this.namedBy.indexOf(member.key);
        if (part >= 0) parts[part] = decoder.decode(bytes.subarray(member.start + 1, member.end - 1));
      });
      this.keep(start, walk.place);
      hashes.push(hash(parts.join(":")));
    });
    this.fill(hashes);
  }

  private keep(start: number, end: number): void {
    if (this.length === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.length += 1;
  }

  private fill(hashes: readonly number[]): void {
    let size = 16;
    while (size < hashes.length * 2) size *= 2;
    this.slots = new Int32Array(size);
    hashes.forEach((value, place) => {
      let slot = value & (size - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.slots[slot] = place + 1;
    });
  }

  /** The record at a place. */
  at(place: number): Value {
    return valueAt(this.bytes, { start: this.starts[place] ?? 0, end: this.ends[place] ?? 0 }) as Value;
  }

  /** The first record of a name. */
  find(name: string): Value | undefined {
    const last = this.slots.length - 1;
    if (last < 0) return undefined;
    for (let slot = hash(name) & last; this.slots[slot] !== 0; slot = (slot + 1) & last) {
      const value = this.at((this.slots[slot] ?? 1) - 1);
      if (this.nameOf(value) === name) return value;
    }
    return undefined;
  }
}

function grown(from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const to = new Float64Array(from.length * 2);
  to.set(from);
  return to;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  return value >>> 0;
}
