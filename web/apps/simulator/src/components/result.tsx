import type { HubSpotSummary } from "crosswalk-rules";
import { ACTIONS } from "../actions.js";
import { difference, number, share, strings } from "../locale/locale.js";
import { data, filters, setFilter, summary, summaryBefore, toHubSpot, view, warnings } from "../state.js";
import { Compare } from "./compare.js";
import { FilterBar } from "./filter_bar.js";
import { Pictures } from "./pictures.js";
import { Table } from "./table.js";

/** What becomes of the activities: counts, filters, table. */
export function ResultPanel() {
  const words = strings.value;
  if (data.value?.known.activities === 0) return <p class="empty">{words.data.empty}</p>;
  return (
    <>
      <h2 class="unseen">{words.result.title}</h2>
      <Counts />
      <Warnings />
      <Views />
      {view.value === "table" && <div class="view" id="view-table" role="tabpanel" aria-labelledby="tab-table"><FilterBar /><Table /></div>}
      {view.value === "pictures" && <div class="view" id="view-pictures" role="tabpanel" aria-labelledby="tab-pictures"><Pictures /></div>}
      {view.value === "compare" && <div class="view" id="view-compare" role="tabpanel" aria-labelledby="tab-compare"><Compare /></div>}
    </>
  );
}

/** So many are told one by one. */
const MOST_WARNINGS = 100;
const VIEWS = ["table", "pictures", "compare"] as const;

function Views() {
  const words = strings.value.result;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: VIEWS.length - 1 }[event.key];
    const next = step === undefined ? undefined : VIEWS[(VIEWS.indexOf(view.value) + step) % VIEWS.length];
    if (next === undefined) return;
    view.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={words.tabs} onKeyDown={move}>
      {VIEWS.map((name) => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          aria-selected={view.value === name}
          aria-controls={view.value === name ? `view-${name}` : undefined}
          tabIndex={view.value === name ? 0 : -1}
          onClick={() => (view.value = name)}
        >
          {words[name]}
        </button>
      ))}
    </div>
  );
}

function Counts() {
  const words = strings.value;
  const counted = summary.value;
  if (counted === undefined) return null;
  const calls = words.result.calls(number(counted.salesforce_calls), share(counted.salesforce_calls / 100_000));
  const shown = ACTIONS.filter((action) => counted.by_action[action] || summaryBefore.value?.by_action[action]);
  return (
    <section class="counts" aria-label={words.result.counts}>
      <Count action="" label={words.result.all} count={counted.activities} />
      {shown.map((action) => (
        <Count
          key={action}
          action={action}
          label={words.actions[action]}
          count={counted.by_action[action] ?? 0}
          before={summaryBefore.value && (summaryBefore.value.by_action[action] ?? 0)}
        />
      ))}
      <div class="calls quiet">
        <p>{calls}</p>
        {toHubSpot.value !== undefined && <p>{otherWay(toHubSpot.value)}</p>}
      </div>
    </section>
  );
}

/** What becomes of Salesforce's records, in one line. */
function otherWay({ records, by_action }: HubSpotSummary): string {
  const { actions, result } = strings.value;
  const counts = ACTIONS.filter((action) => by_action[action]).map((action) => `${actions[action]} ${number(by_action[action] ?? 0)}`);
  return result.otherWay(number(records), counts.join(", "));
}

/** What was left out of the data, or chosen, while they were read. */
function Warnings() {
  const told = warnings.value;
  if (told.length === 0) return null;
  return (
    <details class="data-warnings">
      <summary>{strings.value.result.warnings(number(told.length))}</summary>
      <ul class="warnings" lang="en">
        {told.slice(0, MOST_WARNINGS).map((warning, place) => <li key={place}>{warning.path && <code>{warning.path}</code>} {warning.message}</li>)}
      </ul>
    </details>
  );
}

interface CountProps {
  readonly action: string;
  readonly label: string;
  readonly count: number;
  readonly before?: number | undefined;
}

function Count({ action, label, count, before }: CountProps) {
  const changed = before === undefined ? 0 : count - before;
  return (
    <button
      type="button"
      class={`count ${action}`}
      aria-pressed={filters.value.action === action}
      onClick={() => setFilter("action", action)}
    >
      <span class="label">{label}</span>
      <span class="number">{number(count)}</span>
      {changed !== 0 && <span class="difference" title={strings.value.result.since(difference(changed))}>{difference(changed)}</span>}
    </button>
  );
}
