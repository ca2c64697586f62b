// Settings as files: crosswalk.toml's table [sync], whose comments stay, and JSON.

import { TomlDate, parse, stringify } from "smol-toml";
import { type Draft, type Path, isObject, valueAt } from "../settings.js";

/** The keys by which an object is known to be settings. */
const KEYS = ["time_zone", "portal_id", "enabled_at", "to_salesforce", "to_hubspot", "owners", "windows"];

/** Settings that were read, and the TOML that they were read from. */
export interface Opened {
  readonly draft: Draft;
  readonly toml: string | undefined;
}

/** The settings in a text of JSON; undefined if it is something else. */
export function fromJson(text: string): Opened | undefined {
  const value: unknown = JSON.parse(text);
  return isSettings(value) ? { draft: value, toml: undefined } : undefined;
}

/** The settings in a text of TOML: its table [sync], or all of it. Throws what is wrong with it. */
export function fromToml(text: string): Opened | undefined {
  const whole = plain(parse(text));
  if (!isObject(whole)) return undefined;
  const draft = isObject(whole.sync) ? whole.sync : whole;
  return isSettings(draft) ? { draft, toml: text } : undefined;
}

function isSettings(value: unknown): value is Draft {
  return isObject(value) && !("activities" in value) && KEYS.some((key) => key in value);
}

/** Times as texts, which is what the rules read. */
function plain(value: unknown): unknown {
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Settings as JSON. */
export function toJson(draft: Draft): string {
  return `${JSON.stringify(draft, null, 2)}\n`;
}

/** Settings as TOML: the file that they were opened from with only what differs changed, or a new one. */
export function toToml(draft: Draft, original: string | undefined): string {
  if (original !== undefined) {
    const changed = edited(original, draft);
    if (changed !== undefined) return changed;
  }
  return stringify({ sync: draft });
}

/** The file with the settings in it; undefined if its form is one that can't be edited without a loss. */
function edited(original: string, draft: Draft): string | undefined {
  const whole = plain(parse(original));
  const base: Path = isObject(valueAt(whole, ["sync"])) ? ["sync"] : [];
  const old = valueAt(whole, base);
  const file = new TomlFile(original.split("\n"));
  const before = leavesOf(old);
  const after = leavesOf(draft);
  for (const [key, { path, value }] of after) {
    const was = before.get(key);
    if (was === undefined || JSON.stringify(was.value) !== JSON.stringify(value)) file.set([...base, ...path], value, base, draft);
  }
  for (const [key, { path }] of before) {
    if (!after.has(key)) file.remove([...base, ...path], base, draft);
  }
  const text = file.lines.join("\n");
  try {
    return same(leavesOf(valueAt(plain(parse(text)), base)), after) ? text : undefined;
  } catch {
    return undefined;
  }
}

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

function leavesOf(value: unknown, path: Path = []): Map<string, Leaf> {
  if (!isObject(value)) return new Map([[path.join("\n"), { path, value }]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, [...path, key])]));
}

function same(one: Map<string, Leaf>, other: Map<string, Leaf>): boolean {
  const text = (leaves: Map<string, Leaf>) => JSON.stringify([...leaves].map(([key, { value }]) => [key, value]).sort());
  return text(one) === text(other);
}

/** Where a key stands: its first line, and the one after its last. */
interface Place {
  readonly path: Path;
  readonly start: number;
  readonly end: number;
}

class TomlFile {
  constructor(readonly lines: string[]) {}

  /** Writes a value where its key stands, or behind the other keys of its table. */
  set(path: Path, value: unknown, base: Path, draft: Draft): void {
    const place = this.find(path);
    if (place === undefined) return this.insert(path, value);
    const isWhole = place.path.length === path.length;
    this.replace(place, isWhole ? value : valueAt(draft, place.path.slice(base.length)));
  }

  /** Takes a key away, with its line. */
  remove(path: Path, base: Path, draft: Draft): void {
    const place = this.find(path);
    if (place === undefined) return;
    const rest = place.path.length === path.length ? undefined : valueAt(draft, place.path.slice(base.length));
    if (rest === undefined) this.lines.splice(place.start, place.end - place.start);
    else this.replace(place, rest);
  }

  private replace({ start, end }: Place, value: unknown): void {
    const text = this.lines.slice(start, end).join("\n");
    const [, begin = ""] = /^(\s*[^=]+=\s*)/.exec(text) ?? [];
    this.lines.splice(start, end - start, `${begin}${written(value)}${commentOf(text.slice(begin.length))}`);
  }

  private insert(path: Path, value: unknown): void {
    const table = path.slice(0, -1);
    const line = `${keyOf(path.slice(-1))} = ${written(value)}`;
    const header = this.headers().find((one) => isSamePath(one.path, table));
    if (header === undefined) {
      const isSeparated = this.lines.at(-1) === "";
      this.lines.push(...(isSeparated ? [] : [""]), `[${keyOf(table)}]`, line);
      return;
    }
    let last = header.end;
    while (last > header.start && (this.lines[last - 1] ?? "").trim() === "") last -= 1;
    this.lines.splice(last, 0, line);
  }

  /** Where a key, or the inline table that holds it, stands. */
  private find(path: Path): Place | undefined {
    return this.keys().find((place) => place.path.length <= path.length && place.path.every((key, index) => key === path[index]));
  }

  private keys(): Place[] {
    const keys: Place[] = [];
    let table: Path = [];
    for (let line = 0; line < this.lines.length; line += 1) {
      const header = headerOf(this.lines[line] ?? "");
      if (header !== undefined) table = header;
      const key = header === undefined ? /^\s*([\w."' -]+?)\s*=/.exec(this.lines[line] ?? "") : null;
      if (key === null) continue;
      const end = this.endOf(line);
      keys.push({ path: [...table, ...pathOf(key[1] ?? "")], start: line, end });
      line = end - 1;
    }
    return keys;
  }

  /** The tables: each with its header's line and the line after its last. */
  private headers(): Place[] {
    const starts = this.lines.flatMap((line, start) => {
      const path = headerOf(line);
      return path === undefined ? [] : [{ path, start }];
    });
    return starts.map(({ path, start }, index) => ({ path, start, end: starts[index + 1]?.start ?? this.lines.length }));
  }

  /** The line after a value that may take several. */
  private endOf(start: number): number {
    for (let end = start + 1; end <= this.lines.length; end += 1) {
      if (isToml(this.lines.slice(start, end).join("\n"))) return end;
    }
    return start + 1;
  }
}

function headerOf(line: string): Path | undefined {
  const [, name] = /^\s*\[([^[\]]+)\]\s*(#.*)?$/.exec(line) ?? [];
  return name === undefined ? undefined : pathOf(name);
}

/** The keys of a dotted key. */
function pathOf(dotted: string): Path {
  return [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(([, one, two, three]) => one ?? two ?? three ?? "");
}

function keyOf(path: Path): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join(".");
}

/** The comment behind a value, with the space before it. */
function commentOf(text: string): string {
  for (let place = text.indexOf("#"); place >= 0; place = text.indexOf("#", place + 1)) {
    const value = text.slice(0, place);
    if (isToml(`x = ${value}`)) return `${/\s*$/.exec(value)?.[0] ?? ""}${text.slice(place)}`;
  }
  return "";
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (isObject(value)) return `{ ${Object.entries(value).map(([key, inner]) => `${keyOf([key])} = ${written(inner)}`).join(", ")} }`;
  return JSON.stringify(value);
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function isSamePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}
