// What a file is, by its beginning, before the rules read it.

import type { Strings } from "../locale/en.js";

/** More doesn't fit into the module. */
const LARGEST = 2 ** 31 - 1;

/** Why a file can't be a snapshot, as far as its beginning tells; undefined if it may be one. */
export async function judged(blob: Blob, words: Strings["problems"]): Promise<string | undefined> {
  if (blob.size === 0) return words.empty;
  if (blob.size > LARGEST) return words.tooLarge(`${(blob.size / 1e9).toFixed(1)} GB`);
  const begin = new Uint8Array(await blob.slice(0, 4096).arrayBuffer());
  if (begin.includes(0)) return words.notSnapshot(words.isBinary);
  const text = new TextDecoder().decode(begin).trimStart();
  if (text.startsWith("{")) return undefined;
  if (text.startsWith("[")) return words.notSnapshot(words.isList);
  if (text.startsWith("<")) return words.notSnapshot(words.isHtml);
  return words.notSnapshot(words.isText);
}
