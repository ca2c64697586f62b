// The cases of tests/corpus.

import { readFileSync, readdirSync } from "node:fs";

/** All of them, by name. */
export function corpus() {
  const folder = new URL("../corpus/", import.meta.url);
  const names = readdirSync(folder).flatMap((rule) => readdirSync(new URL(`${rule}/`, folder)).map((file) => `${rule}/${file}`));
  return names.sort().map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));
}
