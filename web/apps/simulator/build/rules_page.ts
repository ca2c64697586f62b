// docs/rules.md as a page beside the simulator, so that every rule that is named can be read.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

const source = resolve(import.meta.dirname, "../../../../docs/rules.md");

/** Adds `rules.html`, with each rule at its number, and its style. */
export function rulesPage(): Plugin {
  return {
    name: "rules-page",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "rules.html", source: page(readFileSync(source, "utf8")) });
      this.emitFile({ type: "asset", fileName: "rules.css", source: readFileSync(resolve(import.meta.dirname, "rules.css"), "utf8") });
    },
  };
}

function page(markdown: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="stylesheet" href="./rules.css" />
    <title>The rules of Crosswalk</title>
  </head>
  <body>
    <main>
${markdown.split(/\n{2,}/).map(block).join("\n")}
    </main>
  </body>
</html>
`;
}

/** One block: what stands between empty lines. */
function block(text: string): string {
  const lines = text.trimEnd().split("\n");
  const [first = ""] = lines;
  const heading = /^(#+) (.*)$/.exec(first);
  if (heading) {
    const [, marks = "", title = ""] = heading;
    const id = title.toLowerCase().replace(/[^\w\- ]/g, "").replace(/ /g, "-");
    const rest = lines.slice(1).join("\n");
    return `<h${marks.length} id="${id}">${inline(title)}</h${marks.length}>${rest === "" ? "" : block(rest)}`;
  }
  if (first.startsWith("|")) return table(lines);
  if (first.startsWith("- ")) return `<ul>${lines.map((line) => `<li>${inline(line.replace(/^ *- /, ""))}</li>`).join("")}</ul>`;
  return `<p>${inline(lines.join(" "))}</p>`;
}

function table([head = "", , ...rows]: string[]): string {
  const cells = (line: string, tag: string) => line.split("|").slice(1, -1).map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`).join("");
  return `<table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table>`;
}

/** Code, emphasis and links; a link to what isn't here is its text alone. */
function inline(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/\*([^*]+)\*/g, "<em>$1</em>")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_, words: string, target: string) => (target.startsWith("#") ? `<a href="${target}">${words}</a>` : words));
}
