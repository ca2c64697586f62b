import { signal, useSignalEffect } from "@preact/signals";
import { ACTIONS, STEPS } from "../actions.js";
import { named, number, strings } from "../locale/locale.js";
import { assignees, userName } from "../people.js";
import type { Group, Grouping } from "../protocol.js";
import { KINDS } from "../settings.js";
import { ask, clearFilters, filter, type Filters, filters, grouping, isFiltered, setFilter, summary, version } from "../state.js";

const GROUPINGS = ["action", "reason", "kind", "user", "step"] as const;
const groups = signal<readonly Group[]>([]);

/** Which activities are shown, and by what they are grouped. */
export function FilterBar() {
  const words = strings.value.result;
  useSignalEffect(countGroups);
  return (
    <section class="filters" aria-label={words.filter}>
      <label class="search">
        <span class="unseen">{words.search}</span>
        <input
          type="search"
          placeholder={words.search}
          value={filters.value.text}
          onInput={(event) => setFilter("text", event.currentTarget.value)}
        />
      </label>
      {GROUPINGS.map((by) => <Choice key={by} by={by} />)}
      <label>
        <span>{words.group}</span>
        <select
          value={grouping.value ?? ""}
          onChange={(event) => (grouping.value = (event.currentTarget.value || undefined) as Grouping | undefined)}
        >
          <option value="">{words.ungrouped}</option>
          {GROUPINGS.map((by) => <option key={by} value={by}>{titleOf(by)}</option>)}
        </select>
      </label>
      {isFiltered.value && <button type="button" onClick={clearFilters}>{words.clear}</button>}
      <Groups />
    </section>
  );
}

function Choice({ by }: { by: Grouping }) {
  const values = valuesOf(by);
  return (
    <label>
      <span>{titleOf(by)}</span>
      <select value={filters.value[by]} onChange={(event) => setFilter(by as keyof Filters, event.currentTarget.value)}>
        <option value="">{strings.value.result.any}</option>
        {values.map((value) => <option key={value} value={value}>{labelOf(by, value)}</option>)}
      </select>
    </label>
  );
}

function Groups() {
  const by = grouping.value;
  if (by === undefined) return null;
  return (
    <div class="groups" role="group" aria-label={`${strings.value.result.group}: ${titleOf(by)}`}>
      {groups.value.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          aria-pressed={filters.value[by] === value}
          onClick={() => setFilter(by, filters.value[by] === value ? "" : value)}
        >
          {labelOf(by, value)} <span class="number">{number(count)}</span>
        </button>
      ))}
    </div>
  );
}

function countGroups(): void {
  const by = grouping.value;
  version.value;
  if (by === undefined) return;
  const { [by]: _, ...others } = filter.value;
  void ask("groups", { by, filter: others, values: valuesOf(by) }).then((counted) => {
    if (grouping.value === by && counted !== undefined) groups.value = (counted as Group[]).sort((one, other) => other.count - one.count);
  });
}

function valuesOf(by: Grouping): readonly string[] {
  if (by === "action") return ACTIONS;
  if (by === "kind") return KINDS;
  if (by === "step") return STEPS;
  if (by === "user") return assignees.value;
  return Object.keys(summary.value?.by_reason ?? {});
}

function titleOf(by: Grouping): string {
  const words = strings.value.result;
  return by === "user" ? words.assignee : words[by];
}

function labelOf(by: Grouping, value: string): string {
  const words = strings.value;
  if (by === "user") return userName(value);
  const names = { action: words.actions, reason: words.reasons, kind: words.kinds, step: words.steps }[by];
  return named(names, value);
}
