// Empty projects that install the package as it is published.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** A new folder, removed when the tests that `after` belongs to are over. */
export function temporaryFolder(after) {
  const folder = mkdtempSync(join(tmpdir(), "crosswalk-rules-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Packs the package into a folder: `{filename, size, files}`, as npm says. */
export function pack(folder) {
  const said = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: packageFolder, encoding: "utf8" });
  const [packed] = Object.values(JSON.parse(said));
  return { ...packed, path: join(folder, packed.filename) };
}

/** A project with these files, and the package installed from its tarball. No dependency means that no network is needed. */
export function project(folder, tarball, files, settings = {}) {
  write(folder, { "package.json": JSON.stringify({ name: "project", private: true, ...settings }), ...files });
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-save", tarball], { cwd: folder, stdio: "pipe" });
  return folder;
}

/** Writes files by their names. */
function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
