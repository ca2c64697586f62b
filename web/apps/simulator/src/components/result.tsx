import { ACTIONS } from "../actions.js";
import { difference, number, share, strings } from "../locale/locale.js";
import { data, filters, setFilter, summary, summaryBefore } from "../state.js";
import { FilterBar } from "./filter_bar.js";
import { Table } from "./table.js";

/** What becomes of the activities: counts, filters, table. */
export function ResultPanel() {
  const words = strings.value;
  if (data.value?.known.activities === 0) return <p class="empty">{words.data.empty}</p>;
  return (
    <>
      <h2 class="unseen">{words.result.title}</h2>
      <Counts />
      <FilterBar />
      <Table />
    </>
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
      <p class="quiet calls">{calls}</p>
    </section>
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
