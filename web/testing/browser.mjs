// A browser for tests: whichever is there, driven by playwright-core.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const ON_THE_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_MACOS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/** Without these it asks its maker's servers for much that no test needs, and waits where there is no network. */
const ALONE = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/** Starts a headless browser; close it after use. */
export async function launch() {
  return chromium.launch({
    executablePath: find() ?? install(),
    args: process.getuid?.() === 0 ? [...ALONE, "--no-sandbox"] : ALONE,
  });
}

/** The path of `$CROSSWALK_BROWSER`, else of Chromium or Chrome; undefined if there is none. */
export function find() {
  const named = process.env.CROSSWALK_BROWSER;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CROSSWALK_BROWSER names ${named}, which isn't there`);
  }
  return ON_THE_PATH.map(onThePath).find(Boolean) ?? ON_MACOS.find((path) => existsSync(path));
}

function onThePath(program) {
  const { stdout } = spawnSync("which", [program], { encoding: "utf8" });
  return stdout?.trim() || undefined;
}

/** Only a machine of its own is changed unasked. */
function install() {
  const command = "apt-get install --yes --no-install-recommends chromium";
  if (process.env.CI !== "true" || process.getuid?.() !== 0 || !onThePath("apt-get")) {
    throw new Error(`there is no browser for the tests: install Chromium (\`${command}\`), or name one in CROSSWALK_BROWSER`);
  }
  console.error(`installing a browser for the tests: ${command}`);
  const options = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  execFileSync("apt-get", ["update", "--quiet"], options);
  execFileSync("apt-get", command.split(" ").slice(1), options);
  const installed = find();
  if (installed === undefined) throw new Error(`\`${command}\` brought no browser`);
  return installed;
}
