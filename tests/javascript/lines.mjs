// Requests on stdin and answers on stdout, a line of JSON each, one after the other, until stdin ends.

import { createInterface } from "node:readline";

/** The first line says which module it is that answers. */
export async function answerLines(moduleSha256, answer) {
  write({ module_sha256: moduleSha256 });
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    write(await answer(JSON.parse(line)));
  }
}

function write(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
