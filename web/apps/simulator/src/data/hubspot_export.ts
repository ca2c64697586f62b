// HubSpot's CSV exports, as activities of a snapshot. The columns are those that `crosswalk push` takes (docs/command-line.md).

import type { Activity, Contact, Owner } from "../protocol.js";
import { instantOf } from "../times.js";
import { rowsOf } from "./csv.js";

const COMMON = {
  id: ["record id", "hs_object_id"],
  created: ["create date", "created date", "object create date/time", "hs_createdate"],
  modified: ["last modified date", "last modified at", "object last modified date/time", "hs_lastmodifieddate"],
  timestamp: ["activity date", "hs_timestamp"],
  source: ["record source", "hs_object_source"],
  owner: ["activity assigned to", "assigned to", "hubspot_owner_id"],
  contacts: ["associated contact ids", "associated contact id"],
  address: ["associated contact", "associated contacts", "contact email", "email"],
  deals: ["associated deal ids", "associated deal id"],
  companies: ["associated company ids", "associated company id"],
} as const;

const OWN = {
  task: {
    title: ["task title", "task name", "hs_task_subject"],
    body: ["task notes", "notes", "hs_task_body"],
    status: ["task status", "hs_task_status"],
    priority: ["priority", "task priority", "hs_task_priority"],
    timestamp: ["due date", "task due date"],
  },
  call: {
    title: ["call title", "hs_call_title"],
    body: ["call notes", "hs_call_body"],
    status: ["call status", "hs_call_status"],
    direction: ["call direction", "hs_call_direction"],
    duration: ["call duration", "hs_call_duration"],
    disposition: ["call outcome", "hs_call_disposition"],
  },
  email: {
    title: ["email subject", "hs_email_subject"],
    html: ["email html body", "html body", "hs_email_html"],
    body: ["email body", "text body", "hs_email_text"],
    direction: ["email direction", "hs_email_direction"],
    emailStatus: ["email send status", "email status", "hs_email_status"],
  },
  meeting: {
    title: ["meeting name", "meeting title", "hs_meeting_title"],
    body: ["meeting description", "hs_meeting_body"],
    start: ["meeting start time", "start time", "hs_meeting_start_time"],
    status: ["meeting outcome", "hs_meeting_outcome"],
  },
  note: { body: ["note body", "hs_note_body"] },
} as const;

type Type = keyof typeof OWN;
/** The values of a row, by what they are. */
type Values = { readonly [holds: string]: string | undefined };

/** What a row's people are looked up in. */
export interface People {
  readonly contacts: readonly Contact[];
  readonly owners: readonly Owner[];
}

/** What came of an export. */
export interface Exported {
  readonly activities: readonly Activity[];
  /** Rows that can't be read: their line, and why. */
  readonly refused: readonly { readonly line: number; readonly column: string }[];
  /** Columns that mean nothing. */
  readonly unknown: readonly string[];
}

/** Reads an export; undefined if its columns aren't those of one. */
export function exportedOf(text: string, zone: string, people: People): Exported | undefined {
  const [header, ...rows] = rowsOf(text);
  const names = header?.values.map((name) => name.trim().replace(/\s+/g, " ").toLowerCase()) ?? [];
  const type = typeOf(names);
  if (type === undefined) return undefined;
  const columns = names.map((name) => holdsOf(OWN[type], name) ?? holdsOf(COMMON, name));
  if (!columns.includes("id") || !["created", "timestamp"].some((one) => columns.includes(one))) return undefined;
  const activities: Activity[] = [];
  const refused: { line: number; column: string }[] = [];
  for (const { line, values } of rows) {
    const made = activityOf(type, valuesOf(columns, values), zone, people);
    if (typeof made === "string") refused.push({ line, column: header?.values[columns.indexOf(made)] ?? made });
    else activities.push(made);
  }
  return { activities, refused, unknown: (header?.values ?? []).filter((name, place) => name !== "" && columns[place] === undefined) };
}

/** The type that most columns are of; undefined if none is, or several are. */
function typeOf(names: readonly string[]): Type | undefined {
  const counts = (Object.keys(OWN) as Type[]).map((type) => ({ type, count: names.filter((name) => holdsOf(OWN[type], name) !== undefined).length }));
  const most = Math.max(...counts.map(({ count }) => count));
  const [first, ...others] = counts.filter(({ count }) => count === most);
  return most > 0 && others.length === 0 ? first?.type : undefined;
}

function holdsOf(columns: { readonly [holds: string]: readonly string[] }, name: string): string | undefined {
  return Object.entries(columns).find(([, names]) => names.includes(name))?.[0];
}

/** The first value of each column. */
function valuesOf(columns: readonly (string | undefined)[], values: readonly string[]): Values {
  const found: { [holds: string]: string } = {};
  columns.forEach((holds, place) => {
    const value = values[place]?.trim() ?? "";
    if (holds !== undefined && value !== "") found[holds] ??= value;
  });
  return found;
}

/** The activity of a row; or what of it can't be read. */
function activityOf(type: Type, row: Values, zone: string, people: People): Activity | string {
  const tookPlace = type === "call" || type === "email" || type === "note";
  const created = row.created ?? (tookPlace ? row.timestamp : undefined);
  const occurredAt = timeOf(created, zone);
  const kind = kindOf(type, row.direction);
  if (row.id === undefined) return "id";
  if (occurredAt === undefined) return row.created === undefined && tookPlace ? "timestamp" : "created";
  if (kind === undefined) return "direction";
  const body = row.html ?? row.body;
  return defined({
    kind,
    id: row.id,
    occurred_at: occurredAt,
    due_at: timeOf(row.start ?? row.timestamp, zone),
    modified_at: timeOf(row.modified, zone),
    title: row.title,
    body,
    body_format: body !== undefined && !/<[a-z/][^>]*>/i.test(body) ? "text" : undefined,
    status: type === "call" ? undefined : constant(row.status),
    priority: constant(row.priority),
    direction: type === "call" ? constant(row.direction) : undefined,
    disposition: row.disposition,
    duration_ms: milliseconds(row.duration),
    owner_id: ownerOf(row.owner, people.owners),
    contacts: contactsOf(row, people.contacts),
    deals: parts(row.deals),
    companies: parts(row.companies),
    from_salesforce: row.source?.toLowerCase() === "salesforce" || undefined,
  });
}

function kindOf(type: Type, direction: string | undefined): string | undefined {
  if (type !== "email") return type;
  const said = constant(direction) ?? "";
  if (["EMAIL", "OUTGOING_EMAIL", "OUTGOING", "SENT"].includes(said)) return "sales_email_sent";
  if (["INCOMING_EMAIL", "INCOMING", "RECEIVED"].includes(said)) return "sales_email_replied";
  return undefined;
}

/** A time with its offset, or a local one of the zone. */
function timeOf(text: string | undefined, zone: string): string | undefined {
  if (text === undefined) return undefined;
  const [, date, , time = "00:00", offset] = /^(\d{4}-\d{2}-\d{2})([ T](\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text) ?? [];
  if (date === undefined) return undefined;
  if (offset === undefined) return instantOf(`${date}T${time}`, zone);
  const instant = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString();
}

/** A label as HubSpot's own constant. */
const constant = (label: string | undefined) => label?.trim().toUpperCase().replace(/[ -]/g, "_");

/** Milliseconds as they are, or hours, minutes and seconds. */
function milliseconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const value = duration.includes(":") ? duration.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000 : Number(duration);
  return Number.isInteger(value) ? value : undefined;
}

function ownerOf(text: string | undefined, owners: readonly Owner[]): string | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text;
  const [address] = addresses(text);
  const wanted = (address ?? text).toLowerCase();
  const nameOf = (owner: Owner) => [owner.first_name, owner.last_name].filter(Boolean).join(" ").toLowerCase();
  const found = owners.filter((owner) => (address ? owner.email?.toLowerCase() : nameOf(owner)) === wanted);
  return found.length === 1 ? found[0]?.id : undefined;
}

function contactsOf(row: Values, contacts: readonly Contact[]): string[] | undefined {
  if (row.contacts !== undefined) return parts(row.contacts);
  const [address] = addresses(row.address ?? "");
  const found = address && contacts.find((contact) => contact.email?.toLowerCase() === address.toLowerCase());
  return found ? [found.id] : undefined;
}

const addresses = (text: string) => text.split(/[\s;,()<>"]/).filter((word) => word.includes("@"));
const parts = (text: string | undefined) => text?.split(/[;,]/).map((part) => part.trim()).filter(Boolean);

function defined(activity: { [field: string]: unknown }): Activity {
  return Object.fromEntries(Object.entries(activity).filter(([, value]) => value !== undefined)) as unknown as Activity;
}
