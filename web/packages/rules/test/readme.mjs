// The examples of the README.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./project.mjs";

const text = readFileSync(join(packageFolder, "README.md"), "utf8");

/** The blocks of a language; a first line `// name` or `# name` is the name of a file. */
export function blocks(language) {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, code]) => ({
    code,
    name: /^(?:\/\/|#) (\S+\.\w+)\n/.exec(code)?.[1],
  }));
}
