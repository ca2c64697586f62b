import { strings, time } from "../locale/locale.js";
import type { Contact, Story } from "../protocol.js";
import { textAt } from "../settings.js";
import { windowOpens } from "../windows.js";
import { data, settings, zone } from "../state.js";

const WIDTH = 320;
const MARGIN = 10;

interface Mark {
  readonly at: number;
  readonly label: string;
  readonly is: "window" | "event" | "contact" | "now";
}

/** When the activity happened, against when its window opens and its contact starts to sync. */
export function TimeLine({ told }: { told: Story }) {
  const words = strings.value.story;
  const marks = marksOf(told).sort((one, other) => one.at - other.at);
  const [earliest] = marks;
  const latest = marks.at(-1);
  if (told.activity === undefined || earliest === undefined || latest === undefined) return null;
  const span = Math.max(1, latest.at - earliest.at);
  const left = (at: number) => MARGIN + ((at - earliest.at) / span) * (WIDTH - 2 * MARGIN);
  const opens = marks.find(({ is }) => is === "window");
  return (
    <figure class="time-line">
      <figcaption>{words.window}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} 24`} role="img" aria-label={marks.map(({ label }) => label).join("; ")}>
        <line x1={MARGIN} x2={WIDTH - MARGIN} y1="12" y2="12" class="line" />
        {opens !== undefined && <line x1={left(opens.at)} x2={WIDTH - MARGIN} y1="12" y2="12" class="open" />}
        {marks.map(({ at, is, label }) =>
          is === "event" ? <circle key={label} cx={left(at)} cy="12" r="6" class={is} /> : <line key={label} x1={left(at)} x2={left(at)} y1="4" y2="20" class={is} />,
        )}
      </svg>
      <ul>{marks.map(({ label, is }) => <li key={label} class={is}>{label}</li>)}</ul>
    </figure>
  );
}

function marksOf({ activity, contacts, decision }: Story): Mark[] {
  const words = strings.value.story;
  const mark = (value: string | undefined, is: Mark["is"], label: (time: string) => string): Mark[] => {
    const at = Date.parse(value ?? "");
    return Number.isNaN(at) ? [] : [{ at, is, label: label(time(value, zone.value, "long")) }];
  };
  const contact: Contact | undefined = contacts.find(({ id }) => id === decision.contact?.id) ?? contacts[0];
  const triggered = contact?.salesforce?.triggered_at;
  return [
    ...mark(windowOf(activity?.kind ?? ""), "window", words.windowFrom),
    ...mark(activity?.occurred_at, "event", words.happened),
    ...mark(triggered, "contact", (at) => `${words.triggered(contact?.name ?? contact?.email ?? "")} ${at}`),
    ...mark(data.value?.known.now, "now", (at) => `${words.now} ${at}`),
  ];
}

/** When the window of a kind opens: when it was turned on, less what it looks back. */
function windowOf(kind: string): string | undefined {
  const own = textAt(settings.value, ["to_salesforce", kind, "enabled_at"]);
  const opens = windowOpens(own || textAt(settings.value, ["enabled_at"]), spanOf(kind), zone.value);
  return opens === undefined ? undefined : new Date(opens).toISOString();
}

function spanOf(kind: string): string {
  if (kind.startsWith("marketing_email")) return textAt(settings.value, ["windows", "marketing_email"]) || "P30D";
  if (kind === "form_submission") return textAt(settings.value, ["windows", "form_submission"]) || "P1Y";
  return "PT0S";
}
