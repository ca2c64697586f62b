// What the README shows, in a project that has installed the package.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pack, packageFolder, project, temporaryFolder } from "./project.mjs";
import { blocks } from "./readme.mjs";
import { settings, snapshot } from "./samples.mjs";

const folder = temporaryFolder(after);
const installed = project(
  join(folder, "project"),
  pack(folder).path,
  { "settings.json": JSON.stringify(settings), "snapshot.json": JSON.stringify(snapshot) },
  { type: "module" },
);

const programs = blocks("js").filter(({ name }) => name === undefined);
const outputs = [
  "call:501 create new\n",
  "{ create: 1 }\n1\nnew\n",
  /^settings_invalid portal_id missing field .* it is required\n$/,
];

test("each program prints what it says", () => {
  assert.equal(programs.length, outputs.length);
  for (const [index, { code }] of programs.entries()) {
    writeFileSync(join(installed, `example-${index}.mjs`), code);
    const printed = execFileSync(process.execPath, [`example-${index}.mjs`], { cwd: installed, encoding: "utf8" });
    if (typeof outputs[index] === "string") assert.equal(printed, outputs[index]);
    else assert.match(printed, outputs[index]);
  }
});

test("the commands run", () => {
  const lines = blocks("sh").flatMap(({ code }) => code.split("\n").filter((line) => line.startsWith("npx crosswalk-rules ")));
  assert.equal(lines.length, 2);
  for (const line of lines) execFileSync("sh", ["-ec", line.replace("npx", "npx --offline")], { cwd: installed, stdio: "pipe" });
  const plans = JSON.parse(readFileSync(join(installed, "plan.json"), "utf8"));
  assert.deepEqual(Object.keys(plans), ["to_salesforce", "to_hubspot"]);
});

test("wrong settings are told as they are shown", () => {
  const [{ code }] = blocks("text");
  writeFileSync(join(installed, "settings.json"), JSON.stringify({ ...settings, portal_id: undefined }));
  const { status, stderr } = spawnSync("npx", ["--offline", "crosswalk-rules", "check", "settings.json"], { cwd: installed, encoding: "utf8" });
  assert.equal(status, 2);
  assert.equal(stderr, code);
});

test("the files that it refers to are there", () => {
  const text = readFileSync(join(packageFolder, "README.md"), "utf8");
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link);
  assert.ok(links.length >= 5);
  for (const link of links) assert.ok(existsSync(join(packageFolder, link)), `${link} isn't there`);
  for (const example of readdirSync(join(packageFolder, "examples"))) {
    assert.ok(links.some((link) => link.startsWith(`examples/${example}/`)), `nothing refers to examples/${example}`);
  }
});
