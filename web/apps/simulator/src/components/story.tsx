import type { Decision } from "crosswalk-rules";
import { useEffect, useRef } from "preact/hooks";
import { named, strings, time } from "../locale/locale.js";
import { isIntegrationUser, ownerName, userName } from "../people.js";
import type { Activity, Contact, Story } from "../protocol.js";
import { selected, story, zone } from "../state.js";
import { TimeLine } from "./time_line.js";

const RULES = "./rules.html";

/** One decision, told: the activity, why, and the task. */
export function StoryPanel() {
  const words = strings.value.story;
  const heading = useRef<HTMLHeadingElement>(null);
  const told = story.value;
  const name = told?.decision.activity;
  useEffect(() => {
    if (name !== undefined && matchMedia("(max-width: 95rem)").matches) heading.current?.focus();
  }, [name]);
  if (told === undefined) return null;
  return (
    <section class="story" aria-label={words.title}>
      <div class="bar">
        <h2 ref={heading} tabIndex={-1}>{titleOf(told)}</h2>
        <button type="button" onClick={close}>{words.close}</button>
      </div>
      <Verdict told={told} />
      <div class="sides">
        <HubSpotSide activity={told.activity} />
        <Why told={told} />
        <SalesforceSide told={told} />
      </div>
    </section>
  );
}

/** Closes it, and gives the focus back to the row that it was of. */
export function close(): void {
  const row = document.querySelector<HTMLElement>('[role="row"][aria-selected="true"]');
  selected.value = undefined;
  row?.focus({ preventScroll: true });
}

function titleOf({ activity, decision }: Story): string {
  return decision.task?.Subject ?? activity?.title ?? decision.activity;
}

function Verdict({ told: { decision, before } }: { told: Story }) {
  const { actions, reasons, story: words } = strings.value;
  return (
    <p class="verdict">
      <span class={`mark ${decision.action}`}>{actions[decision.action]}</span> {reasons[decision.reason]}
      {before !== undefined && <span class="was">{words.was(`${actions[before.action]}, ${reasons[before.reason]}`)}</span>}
    </p>
  );
}

const ACTIVITY_FIELDS = [
  "title", "occurred_at", "due_at", "status", "priority", "direction", "disposition", "duration_ms", "app", "owner_id", "id", "body",
] as const;

function HubSpotSide({ activity }: { activity: Activity | undefined }) {
  const words = strings.value;
  return (
    <section class="side hubspot" aria-label={words.story.hubspot}>
      <h3>{words.story.hubspot}</h3>
      {activity === undefined && <p class="quiet">{words.story.untold}</p>}
      {activity !== undefined && (
        <dl>
          {ACTIVITY_FIELDS.filter((field) => activity[field] != null).map((field) => (
            <Pair key={field} term={words.fields[field]} value={shownOf(activity, field)} />
          ))}
        </dl>
      )}
    </section>
  );
}

function shownOf(activity: Activity, field: (typeof ACTIVITY_FIELDS)[number]): string {
  if (field === "owner_id") return ownerName(activity.owner_id);
  if (field === "occurred_at" || field === "due_at") return time(activity[field], zone.value, "long");
  if (field === "duration_ms") return `${Math.round((activity.duration_ms ?? 0) / 1000)} s`;
  if (field === "body") return plain(activity.body ?? "");
  return String(activity[field]);
}

/** The text of a body, without running anything of it. */
function plain(body: string): string {
  return new DOMParser().parseFromString(body, "text/html").body.textContent ?? "";
}

function Pair({ term, value }: { term: string; value: string }) {
  return <div><dt>{term}</dt><dd>{value}</dd></div>;
}

function SalesforceSide({ told: { decision, contacts } }: { told: Story }) {
  const words = strings.value;
  const task = decision.task ?? {};
  const isUntouched = decision.action === "unchanged" || decision.action === "update";
  return (
    <section class="side salesforce" aria-label={words.story.salesforce}>
      <h3>{words.story.salesforce}</h3>
      {decision.task == null && <p class="quiet">{isUntouched ? words.story.unchanged : words.story.nothing}</p>}
      <dl>
        {Object.entries(task).map(([field, value]) => (
          <Pair key={field} term={named(words.task, field)} value={valueOf(field, value, decision, contacts)} />
        ))}
        {(decision.cleared ?? []).map((field) => <Pair key={field} term={named(words.task, field)} value="—" />)}
      </dl>
    </section>
  );
}

function valueOf(field: string, value: unknown, decision: Decision, contacts: readonly Contact[]): string {
  if (field === "OwnerId") return userName(String(value));
  if (field === "WhoId") return nameOf(decision.contact?.id ?? "", contacts);
  if (field === "ReminderDateTime") return time(String(value), zone.value, "long");
  return String(value);
}

function nameOf(id: string, contacts: readonly Contact[]): string {
  const contact = contacts.find((one) => one.id === id);
  return contact?.name ?? contact?.email ?? id;
}

function Why({ told }: { told: Story }) {
  const words = strings.value.story;
  return (
    <section class="why" aria-label={words.why}>
      <h3>{words.why}</h3>
      <TimeLine told={told} />
      <Contacts told={told} />
      <Ladder decision={told.decision} />
      <Warnings decision={told.decision} />
      <Trace decision={told.decision} />
    </section>
  );
}

function Contacts({ told: { decision, contacts, activity } }: { told: Story }) {
  const words = strings.value;
  const chosen = decision.contact?.id;
  const others = decision.contact?.others ?? [];
  if (chosen == null && others.length === 0) {
    return (activity?.contacts ?? []).length === 0 ? <p class="quiet">{words.story.noContacts}</p> : null;
  }
  return (
    <>
      <h4>{words.story.contacts}</h4>
      <ul class="contacts">
        {chosen != null && <li class="holds">{nameOf(chosen, contacts)} <span>{words.story.chosen}</span></li>}
        {others.map(({ id, lost }) => <li key={id}>{nameOf(id, contacts)} <span>{words.lost[lost]}</span></li>)}
      </ul>
    </>
  );
}

function Ladder({ decision }: { decision: Decision }) {
  const words = strings.value;
  if (decision.owner == null) return null;
  const { ladder, step, user } = decision.owner;
  return (
    <>
      <h4>{words.story.ladder}</h4>
      <ol class="ladder">
        {ladder.map((rung) => (
          <li key={rung.step} class={rung.step === step ? "holds" : "fails"}>
            <strong>{words.steps[rung.step]}</strong>
            {rung.owner != null && <span>{ownerName(rung.owner)}</span>}
            <span>{rung.step === step ? `${words.story.held}: ${userName(user)}` : words.outcomes[rung.outcome]}</span>
          </li>
        ))}
        {isIntegrationUser(user) && step !== "integration_user" && <li class="quiet">{words.steps.integration_user}</li>}
      </ol>
    </>
  );
}

function Warnings({ decision }: { decision: Decision }) {
  if (decision.warnings.length === 0) return null;
  return (
    <>
      <h4>{strings.value.story.warnings}</h4>
      <ul class="warnings" lang="en">
        {decision.warnings.map((warning) => <li key={warning.code}>{warning.message}{warning.hint ? ` ${warning.hint}` : ""}</li>)}
      </ul>
    </>
  );
}

function Trace({ decision }: { decision: Decision }) {
  const words = strings.value.story;
  return (
    <>
      <h4>{words.trace}</h4>
      <ul class="trace">
        {decision.trace.map(({ rule, text }) => (
          <li key={`${rule} ${text}`}>
            <a href={`${RULES}#${rule.toLowerCase()}`} target="_blank" rel="noreferrer" aria-label={words.rule(rule)}>{rule}</a>{" "}
            <span lang="en">{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
