// What the page shows, and what changes it.

import type { Filter, HubSpotSummary, Summary, Warning } from "crosswalk-rules";
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { Engine, EngineError } from "./engine.js";
import type { Failure, Grouping, Known, Story } from "./protocol.js";
import { type Draft, type Path, given, textAt, withValue } from "./settings.js";
import { number, share, strings } from "./locale/locale.js";
import { looksLikeCsv } from "./data/csv.js";
import { exportedOf } from "./data/hubspot_export.js";
import { judged } from "./data/judge.js";
import { settingsIn } from "./data/link.js";
import { fromJson, fromToml, toToml } from "./data/settings_file.js";
import sampleSettings from "./sample/settings.json";

const sampleUrl = new URL("./sample/snapshot.json", import.meta.url);

/** Filters that a person sets. */
export interface Filters {
  readonly action: string;
  readonly reason: string;
  readonly kind: string;
  readonly user: string;
  readonly step: string;
  readonly text: string;
}

const NO_FILTERS: Filters = { action: "", reason: "", kind: "", user: "", step: "", text: "" };

/** The data that the worker has, and what it is called; the sample has no name. */
export const data = signal<{ readonly name: string | undefined; readonly known: Known } | undefined>(undefined);
/** Today's settings, with which the others are compared. */
export const today = signal<Draft>(sampleSettings);
export const settings = signal<Draft>(sampleSettings);
/** Why the settings as they stand can't be used. */
export const settingsFailure = signal<Failure | undefined>(undefined);
export const summary = signal<Summary | undefined>(undefined);
/** The summary before the last change of the settings, over the same data. */
export const summaryBefore = signal<Summary | undefined>(undefined);
/** What becomes of Salesforce's records, where the snapshot has any. */
export const toHubSpot = signal<HubSpotSummary | undefined>(undefined);
/** What the rules say about the snapshot as a whole. */
export const warnings = signal<readonly Warning[]>([]);
export const milliseconds = signal(0);
/** Counts decisions: whoever shows rows of another number fetches them again. */
export const version = signal(0);
/** What is under way, and how far it is. */
export const progress = signal<{ readonly does: "reading" | "deciding"; readonly name: string; readonly share: number } | undefined>(undefined);
/** What went wrong, for a person. */
export const problem = signal<string | undefined>(undefined);
/** What went well and isn't seen otherwise. */
export const notice = signal<string | undefined>(undefined);
export const rulesSha256 = signal("");
export const filters = signal<Filters>(NO_FILTERS);
/** Which view of the result is shown. */
export const view = signal<"table" | "pictures" | "compare">("table");
export const grouping = signal<Grouping | undefined>(undefined);
export const selected = signal<string | undefined>(undefined);
export const story = signal<Story | undefined>(undefined);

export const zone = computed(() => textAt(settings.value, ["time_zone"]));
export const isFiltered = computed(() => Object.values(filters.value).some((value) => value !== ""));

/** What the worker is asked for. */
export const filter = computed<Filter>(() => {
  const set = Object.entries(filters.value).filter(([, value]) => value !== "");
  return Object.fromEntries(set) as Filter;
});

let engine = started();
interface Source {
  readonly name: string | undefined;
  readonly blob: Blob;
}

/** What the worker has. */
let inWorker: Source | undefined;
/** What the last result is of: a new worker is given it again. */
let opened: Source | undefined;
let hasDied = false;
/** The settings of the last result. */
let decidedSettings: Draft | undefined;
let openedToml: string | undefined;

function started(): Engine {
  const engine = new Engine(restart);
  void engine.ready.then((sha256) => (rulesSha256.value = sha256));
  return engine;
}

/** Asks the worker; undefined where something later made the question pointless. */
export async function ask(...[call, given]: Parameters<Engine["ask"]>): Promise<Awaited<ReturnType<Engine["ask"]>> | undefined> {
  try {
    return await engine.ask(call, given);
  } catch (error) {
    if (error instanceof EngineError && error.failure.code === "superseded") return undefined;
    throw error;
  }
}

/** The worker ended: another one gets the same data. */
function restart(): void {
  const isAgain = hasDied;
  hasDied = true;
  engine = started();
  problem.value = isAgain ? strings.value.problems.diedAgain : strings.value.problems.died;
  if (!isAgain) void reopen();
}

/** Gives a new worker what the one before it had. */
async function reopen(): Promise<void> {
  if (opened !== undefined) await read(opened.blob, opened.name, () => undefined);
}

/** Opens data and decides it. If it can't be used, everything stays as it was. */
export async function open(blob: Blob, name: string | undefined): Promise<void> {
  await read(blob, name, () => {
    summary.value = summaryBefore.value = undefined;
    filters.value = NO_FILTERS;
    selected.value = undefined;
  });
}

async function read(blob: Blob, name: string | undefined, forget: () => void): Promise<void> {
  const shown = name ?? strings.value.data.sample;
  try {
    progress.value = { does: "reading", name: shown, share: 0 };
    const wrong = await judged(blob, strings.value.problems);
    if (wrong !== undefined) return refuse(shown, wrong);
    const known = await engine.ask("open", blob, (share) => {
      progress.value = { does: "reading", name: shown, share };
    });
    inWorker = { name, blob };
    batch(() => {
      data.value = { name, known };
      forget();
    });
    await decide();
  } catch (error) {
    if (!(error instanceof EngineError)) return refuse(shown, strings.value.problems.unread);
    if (error.failure.code === "superseded") return;
    const { code, message, hint } = error.failure;
    refuse(shown, code === "not_json" ? strings.value.problems.broken(message) : hint === "" ? message : `${message}; ${hint}`);
  } finally {
    if (progress.value?.does === "reading") progress.value = undefined;
  }
}

function refuse(name: string, what: string): void {
  problem.value = `${strings.value.problems.file(name, what)} ${strings.value.problems.kept}`;
}

/** Opens the sample, and takes its settings. */
export async function openSample(): Promise<void> {
  try {
    const response = await fetch(sampleUrl);
    if (!response.ok) throw new Error(String(response.status));
    await open(await response.blob(), undefined);
  } catch {
    problem.value = strings.value.problems.sample;
  }
}

/** Stops what is under way, and goes back to the data and settings of the last result. */
export function cancel(): void {
  engine.end();
  progress.value = undefined;
  engine = started();
  if (decidedSettings !== undefined) settings.value = decidedSettings;
  void reopen();
}

/** Changes one setting. */
export function change(path: Path, value: unknown): void {
  settings.value = withValue(settings.value, path, value);
}

/** Takes other settings in place of all; `toml` is the file that they are from. */
export function replace(draft: Draft, toml: string | undefined): void {
  openedToml = toml;
  today.value = draft;
  settings.value = draft;
}

/** The settings as the file that they were opened from, with what changed since; or as a new one. */
export function settingsAsToml(): string {
  return toToml(settings.value, openedToml);
}

/** The settings of the sample. */
export function resetSettings(): void {
  replace(sampleSettings, undefined);
}

export function clearFilters(): void {
  filters.value = NO_FILTERS;
}

export function setFilter(name: keyof Filters, value: string): void {
  filters.value = { ...filters.value, [name]: value };
}

async function decide(): Promise<void> {
  const draft = settings.value;
  try {
    const outcome = await engine.ask("decide", given(draft), (share) => {
      progress.value = { does: "deciding", name: "", share };
    });
    decidedSettings = draft;
    opened = inWorker;
    hasDied = false;
    batch(() => {
      progress.value = undefined;
      settingsFailure.value = undefined;
      summaryBefore.value = summary.value;
      summary.value = outcome.summary;
      toHubSpot.value = outcome.toHubSpot;
      warnings.value = outcome.warnings;
      milliseconds.value = outcome.milliseconds;
      version.value += 1;
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.failure.code === "superseded") return;
    progress.value = undefined;
    if (error.failure.code === "settings_invalid") settingsFailure.value = error.failure;
    else problem.value = strings.value.problems.failed(error.failure.message);
  }
}

// Whatever changes a setting decides anew.
effect(() => {
  settings.value;
  if (untracked(() => data.value) !== undefined) void decide();
});

// What is told of one decision follows the settings.
effect(() => {
  const activity = selected.value;
  version.value;
  if (activity === undefined) {
    story.value = undefined;
    return;
  }
  void engine.ask("tell", activity).then(
    (told) => {
      if (selected.value === activity) story.value = told;
    },
    () => undefined,
  );
});

/** How far what is under way has come, in words. */
export const progressText = computed(() => {
  const now = progress.value;
  if (now === undefined) return "";
  if (now.does === "deciding") return strings.value.result.deciding(share(now.share));
  return strings.value.data.opening(now.name, share(now.share));
});

/** What was decided, in words, for who doesn't see the counts. */
export const resultText = computed(() => {
  const counted = summary.value;
  if (counted === undefined) return "";
  const { actions, result } = strings.value;
  const counts = Object.entries(counted.by_action).map(([action, count]) => `${actions[action as keyof typeof actions] ?? action} ${number(count)}`);
  return `${result.decided(number(counted.activities), number(Math.round(milliseconds.value)))}. ${counts.join(", ")}.`;
});

/** Takes a file that a person gave: settings, or a snapshot. */
export async function take(file: File): Promise<void> {
  const opened = await settingsOf(file);
  if (opened === "refused") return;
  if (opened === undefined) return (await isTable(file)) ? openExport(file) : open(file, file.name);
  replace(opened.draft, opened.toml);
  notice.value = strings.value.settings.opened(file.name);
}

async function isTable(file: File): Promise<boolean> {
  return looksLikeCsv(await file.slice(0, 4096).text());
}

/** Opens an export of HubSpot's: its activities in place of the snapshot's, whose people stay; nothing of the sample does. */
async function openExport(file: File): Promise<void> {
  const known = data.value?.name !== undefined && opened !== undefined && opened.blob.size <= LARGEST_JOINED ? JSON.parse(await opened.blob.text()) : {};
  const exported = exportedOf(await file.text(), zone.value, { contacts: known.contacts ?? [], owners: known.owners ?? [] });
  const words = strings.value.problems;
  if (exported === undefined) return refuse(file.name, words.otherTable);
  const { activities, refused, unknown } = exported;
  const now = known.now ?? activities.reduce((latest, { occurred_at = "" }) => (occurred_at > latest ? occurred_at : latest), "1970-01-01T00:00:00Z");
  const snapshot = { ...known, now, activities, records: undefined };
  await open(new Blob([JSON.stringify(snapshot)]), file.name);
  const [first] = refused;
  notice.value = [
    strings.value.data.exported(number(activities.length)),
    known.contacts === undefined ? strings.value.data.alone : "",
    first === undefined ? "" : strings.value.data.refused(number(refused.length), number(first.line), first.column),
    unknown.length === 0 ? "" : strings.value.data.unknown(unknown.join(", ")),
  ].filter(Boolean).join(" ");
}

/** A larger snapshot isn't taken apart for the people in it. */
const LARGEST_JOINED = 256_000_000;

/** Settings are small: what is larger isn't looked at. */
const LARGEST_SETTINGS = 1_000_000;

async function settingsOf(file: File): Promise<ReturnType<typeof fromJson> | "refused"> {
  const isToml = /\.toml$/i.test(file.name);
  if (file.size > LARGEST_SETTINGS && !isToml) return undefined;
  const text = await file.text();
  try {
    const opened = isToml ? fromToml(text) : fromJson(text);
    if (opened !== undefined || !isToml) return opened;
    refuse(file.name, strings.value.problems.noSync);
  } catch (error) {
    if (!isToml) return undefined;
    refuse(file.name, strings.value.problems.notToml((error as Error).message.split("\n")[0] ?? ""));
  }
  return "refused";
}

/** Begins: with the settings of the link, if the page was opened by one, and the sample. */
export function begin(): void {
  try {
    const linked = settingsIn(location.hash);
    if (linked !== undefined) replace(linked, undefined);
  } catch {
    problem.value = strings.value.problems.link;
  }
  void openSample();
}
