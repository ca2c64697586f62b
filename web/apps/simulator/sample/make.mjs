// Makes src/sample/ anew: a snapshot of the sandbox's sample, and settings for it. Needs the program `crosswalk`, by its path in CROSSWALK_BIN.
// What it makes is committed, so that the page shows the same to everybody.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const program = process.env.CROSSWALK_BIN;
if (!program) throw new Error("CROSSWALK_BIN isn't set: give the path of the program `crosswalk`, as target/debug/crosswalk");
const target = resolve(import.meta.dirname, "../src/sample");
const folder = mkdtempSync(join(tmpdir(), "crosswalk-sample-"));
const sandbox = spawn(program, ["sandbox", "--seed", "1", "--no-limits", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const [line] = await new Promise((started) => createInterface(sandbox.stdout).once("line", (...lines) => started(lines)));
  const systems = JSON.parse(line);
  const file = join(target, "settings.json");
  const began = new Date();
  began.setUTCMinutes(0, 0, 0);
  began.setUTCDate(began.getUTCDate() - 60);
  const settings = { ...JSON.parse(readFileSync(file, "utf8")), enabled_at: began.toISOString().replace(".000Z", "Z") };
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
  const snapshot = join(folder, "snapshot.json");
  execFileSync(program, ["snapshot", "--quiet", "--settings", file, "--ledger", join(folder, "ledger.db"), "--output", snapshot], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      CROSSWALK_HUBSPOT_URL: systems.hubspot.url,
      CROSSWALK_HUBSPOT_TOKEN: systems.hubspot.token,
      CROSSWALK_SALESFORCE_URL: systems.salesforce.url,
      CROSSWALK_SALESFORCE_TOKEN: systems.salesforce.token,
    },
  });
  const { digest, now, ...rest } = JSON.parse(readFileSync(snapshot, "utf8"));
  writeFileSync(join(target, "snapshot.json"), JSON.stringify({ now: now.replace(/\.\d+Z$/, "Z"), ...rest }));
} finally {
  sandbox.kill();
  rmSync(folder, { recursive: true, force: true });
}
