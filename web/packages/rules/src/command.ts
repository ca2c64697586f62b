import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CrosswalkError, type HubSpotPlan, type Plan, Rules, moduleSha256 } from "./node.js";

declare const PACKAGE_VERSION: string;

const HELP = `Crosswalk's rules: what would sync between HubSpot and Salesforce, and why.

Usage:
  crosswalk-rules check SETTINGS          checks settings
  crosswalk-rules plan SETTINGS SNAPSHOT  prints the plan of a snapshot, as JSON

Both files are JSON; \`-\` is standard input, for one of them. The plan is that of the snapshot's
activities, or of its records; for a snapshot with both, {"to_salesforce": plan, "to_hubspot": plan}.

Options:
  -h, --help     prints this
  -V, --version  prints the version, and the SHA-256 of the rules module

Exit codes: 0 done, 1 failed, 2 bad usage, settings or snapshot.
`;

/** What the command was given is wrong, as opposed to what it does. */
class Misuse extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

/** A file, and what it is called in messages. */
interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Runs the command, and answers what it prints. */
function run(words: string[]): string {
  const { values, positionals } = parsed(words);
  if (values.help) return HELP;
  if (values.version) return `crosswalk-rules ${PACKAGE_VERSION}\nrules ${moduleSha256}\n`;
  const [command, ...files] = positionals;
  if (command === "check") return check(files);
  if (command === "plan") return plan(files);
  throw new Misuse(command === undefined ? "there is no command" : `there is no command \`${command}\``, seeHelp);
}

const seeHelp = "`crosswalk-rules --help` names the commands and what they take.";

function parsed(words: string[]) {
  const options = { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "V" } } as const;
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), seeHelp);
  }
}

function check(files: string[]): string {
  const [settings] = sources(files, ["SETTINGS"]) as [Source];
  opened(settings).free();
  return `${settings.name}: these settings are valid\n`;
}

function plan(files: string[]): string {
  const [settings, snapshot] = sources(files, ["SETTINGS", "SNAPSHOT"]) as [Source, Source];
  const rules = opened(settings);
  return `${JSON.stringify(at(snapshot, () => plans(rules, snapshot.bytes)))}\n`;
}

function opened(settings: Source): Rules {
  return at(settings, () => new Rules(settings.bytes));
}

/** The plan of the one list that the snapshot has, or of both. */
function plans(rules: Rules, snapshot: Uint8Array) {
  const has = lists(snapshot);
  if (!has.records) return rules.planToSalesforce(snapshot);
  if (!has.activities) return rules.planToHubSpot(snapshot);
  const both = { to_salesforce: rules.planToSalesforce(snapshot), to_hubspot: rules.planToHubSpot(snapshot) };
  const digest = digestOf(both.to_salesforce, both.to_hubspot);
  return digest === undefined ? both : { ...both, digest };
}

/** What isn't JSON has none; the planner refuses it and says why. */
function lists(snapshot: Uint8Array): { activities: boolean; records: boolean } {
  try {
    const { activities, records } = JSON.parse(new TextDecoder().decode(snapshot));
    return { activities: activities != null, records: records != null };
  } catch {
    return { activities: false, records: false };
  }
}

/** Names all that both plans write (P4); undefined where the snapshot doesn't ask. */
function digestOf(...plans: [Plan, HubSpotPlan]): string | undefined {
  if (plans.some(({ digest }) => digest === undefined)) return undefined;
  const fingerprints = plans.flatMap(({ decisions }) => decisions.map(({ fingerprint }) => fingerprint ?? ""));
  return `sha256:${createHash("sha256").update(fingerprints.sort().join("")).digest("hex")}`;
}

function sources(files: string[], names: string[]): Source[] {
  if (files.length !== names.length) throw new Misuse(`this command takes ${names.join(" and ")}, ${files.length} given`, seeHelp);
  if (files.filter((file) => file === "-").length > 1) throw new Misuse("`-` is given twice", "standard input can be one of the files only.");
  return files.map((file) => {
    const name = file === "-" ? "standard input" : file;
    try {
      return { name, bytes: readFileSync(file === "-" ? 0 : file) };
    } catch (error) {
      throw new Misuse(`${name}: can't be read: ${(error as Error).message}`, "give the path of a JSON file, or `-`.", error);
    }
  });
}

/** Names the file that an error is about. */
function at<Answer>({ name }: Source, call: () => Answer): Answer {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CrosswalkError) || error.code === "module_failed") throw error;
    const place = error.path === "" ? name : `${name}: \`${error.path}\``;
    throw new Misuse(`${place}: ${error.message} (${error.code})`, error.hint);
  }
}

// Whoever reads may have read enough: `… | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  const { message, hint } = error as Misuse | CrosswalkError;
  process.stderr.write(`error: ${message}\n${hint ? `  ${hint}\n` : ""}`);
  process.exitCode = error instanceof Misuse ? 2 : 1;
}
