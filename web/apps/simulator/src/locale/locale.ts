// The language that the page speaks, and how it writes numbers and times.

import { computed, effect, signal } from "@preact/signals";
import { en, type Strings } from "./en.js";
import { fi } from "./fi.js";
import { remembered, remember } from "../memory.js";

const LANGUAGES: readonly Strings[] = [en, fi];

function preferred(): string {
  const wanted = [remembered("language"), ...navigator.languages].map((name) => name?.slice(0, 2));
  return wanted.find((code) => LANGUAGES.some((language) => language.code === code)) ?? en.code;
}

/** The code of the language that is spoken. */
export const language = signal(preferred());

/** All languages that are spoken here. */
export const languages = LANGUAGES.map(({ code, name }) => ({ code, name }));

/** Everything that the page says, in that language. */
export const strings = computed(() => LANGUAGES.find(({ code }) => code === language.value) ?? en);

/** The language with its region, if the browser names one: dates differ by it. */
const tag = computed(() => navigator.languages.find((name) => name.startsWith(language.value)) ?? language.value);

const numbers = computed(() => new Intl.NumberFormat(tag.value));
const differences = computed(() => new Intl.NumberFormat(tag.value, { signDisplay: "exceptZero" }));
const shares = computed(() => new Intl.NumberFormat(tag.value, { style: "percent", maximumFractionDigits: 1 }));

/** A number, as 1,234. */
export const number = (value: number) => numbers.value.format(value);
/** A difference, as +12. */
export const difference = (value: number) => differences.value.format(value);
/** A share, as 12.5%. */
export const share = (value: number) => shares.value.format(value);

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, length: "short" | "long"): Intl.DateTimeFormat {
  const key = `${tag.value} ${zone} ${length}`;
  let made = formats.get(key);
  if (made === undefined) {
    const timeZone = zone === "" ? "UTC" : zone;
    const date = length === "short" ? ({ dateStyle: "short", timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
    try {
      made = new Intl.DateTimeFormat(tag.value, { ...date, timeZone });
    } catch {
      made = new Intl.DateTimeFormat(tag.value, { ...date, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return made;
}

/** A time of a time zone; as it stands if it is none. */
export function time(value: string | undefined, zone: string, length: "short" | "long" = "short"): string {
  if (value === undefined) return "";
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? value : format(zone, length).format(instant);
}

/** A day since 1970, as a date. */
export function dayName(day: number): string {
  return new Intl.DateTimeFormat(tag.value, { dateStyle: "medium", timeZone: "UTC" }).format(day * 86_400_000);
}

/** A name that the page has a word for; as it stands if it has none. */
export function named(names: { readonly [name: string]: string }, name: string): string {
  return names[name] ?? name;
}

effect(() => {
  document.documentElement.lang = language.value;
  document.title = strings.value.title;
  remember("language", language.value);
});
