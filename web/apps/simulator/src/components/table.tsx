import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { exportDecisions } from "../data/export.js";
import { named, number, strings, time } from "../locale/locale.js";
import { userName } from "../people.js";
import type { Row, Rows } from "../protocol.js";
import { ask, filter, selected, summary, version, zone } from "../state.js";

const ROW_HEIGHT = 40;
/** Browsers can't scroll over more; of more rows a pixel is several. */
const LARGEST_HEIGHT = 8_000_000;
const PAGE = 100;

const total = signal(0);
const first = signal(0);
const visible = signal(20);
/** Pages that have come, by their number; they are of one decision under one filter. */
const pages = signal<ReadonlyMap<number, readonly Row[]>>(new Map());
const asked = new Set<number>();
let shownOf: unknown[] = [];

// What was fetched is of no use once the decision or the filter changed; the old rows stay until new ones come.
effect(() => {
  const wanted = [version.value, filter.value];
  const from = Math.floor(first.value / PAGE);
  const to = Math.floor((first.value + visible.value) / PAGE);
  if (version.value === 0) return;
  const isOther = wanted.some((value, place) => value !== shownOf[place]);
  if (isOther) {
    shownOf = wanted;
    asked.clear();
  }
  for (let page = from; page <= to; page += 1) {
    if (!asked.has(page)) void fetchPage(page, shownOf, isOther);
  }
});

async function fetchPage(page: number, of: unknown[], isFirst: boolean): Promise<void> {
  asked.add(page);
  const rows = (await ask("rows", { offset: page * PAGE, limit: PAGE, filter: filter.peek() })) as Rows | undefined;
  if (of !== shownOf || rows === undefined) return;
  total.value = rows.total;
  pages.value = new Map([...(isFirst ? [] : pages.peek()), [page, rows.rows]]);
}

/** The table of all activities; only what is seen of it exists. */
export function Table() {
  const scroller = useRef<HTMLDivElement>(null);
  const words = strings.value.result;
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = new ResizeObserver(() => (visible.value = Math.ceil(element.clientHeight / ROW_HEIGHT)));
    measure.observe(element);
    return () => measure.disconnect();
  }, []);
  const height = Math.min(total.value * ROW_HEIGHT, LARGEST_HEIGHT);
  const { columns } = words;
  return (
    <section class="table" aria-label={words.table}>
      <div class="line">
        <p class="quiet" role="status">{words.shown(number(total.value), number(summary.value?.activities ?? 0))}</p>
        <button type="button" onClick={() => void exportDecisions("csv")}>{words.export} CSV</button>
        <button type="button" onClick={() => void exportDecisions("json")}>{words.export} JSON</button>
      </div>
      <div role="grid" aria-label={words.table} aria-rowcount={total.value + 1} aria-colcount={7}>
        <div role="row" aria-rowindex={1} class="row head">
          {Object.entries(columns).map(([name, title]) => <span key={name} role="columnheader" class={name}>{title}</span>)}
        </div>
        <div
          ref={scroller}
          role="rowgroup"
          class="scroller"
          tabIndex={total.value === 0 ? 0 : -1}
          onScroll={(event) => (first.value = firstAt(event.currentTarget))}
          onKeyDown={(event) => scroller.current && move(event, scroller.current)}
        >
          {total.value === 0 && (
            <div role="row" class="empty"><span role="gridcell">{words.none}</span></div>
          )}
          <div role="presentation" class="height" style={{ height: `${height}px` }}>
            {seen().map(({ place, row }) => <Line key={place} place={place} row={row} top={topOf(place, scroller.current)} />)}
          </div>
        </div>
      </div>
    </section>
  );
}

/** The rows that are seen, as far as they have come. */
function seen(): { place: number; row: Row | undefined }[] {
  const end = Math.min(total.value, first.value + visible.value + 2);
  const places = Array.from({ length: Math.max(0, end - first.value) }, (_, index) => first.value + index);
  return places.map((place) => ({ place, row: pages.value.get(Math.floor(place / PAGE))?.[place % PAGE] }));
}

function isScaled(): boolean {
  return total.value * ROW_HEIGHT > LARGEST_HEIGHT;
}

/** The place of the first row that is seen. */
function firstAt(element: HTMLElement): number {
  if (!isScaled()) return Math.max(0, Math.floor(element.scrollTop / ROW_HEIGHT));
  const share = element.scrollTop / (LARGEST_HEIGHT - element.clientHeight);
  return Math.round(share * (total.value - Math.floor(element.clientHeight / ROW_HEIGHT)));
}

/** Where a row stands; of scaled ones, relative to what is seen. */
function topOf(place: number, element: HTMLElement | null): number {
  if (!isScaled() || element === null) return place * ROW_HEIGHT;
  return element.scrollTop + (place - first.value) * ROW_HEIGHT;
}

function Line({ place, row, top }: { place: number; row: Row | undefined; top: number }) {
  const words = strings.value;
  const style = { transform: `translateY(${top}px)` };
  if (row === undefined) {
    return (
      <div role="row" aria-rowindex={place + 2} class="row pending" style={style} tabIndex={-1} data-place={place}>
        <span role="gridcell">…</span>
      </div>
    );
  }
  const isSelected = selected.value === row.activity;
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      class={row.before === undefined ? "row" : "row changed"}
      style={style}
      tabIndex={isSelected || (selected.value === undefined && place === first.value) ? 0 : -1}
      data-place={place}
      onClick={() => (selected.value = row.activity)}
    >
      <span role="gridcell" class="when">{time(row.occurredAt, zone.value)}</span>
      <span role="gridcell" class="kind">{named(words.kinds, row.kind)}</span>
      <span role="gridcell" class="title">{row.title || row.activity}</span>
      <span role="gridcell" class="contact">{row.contact}</span>
      <span role="gridcell" class="action"><span class={`mark ${row.action}`}>{words.actions[row.action]}</span></span>
      <span role="gridcell" class="reason">
        {words.reasons[row.reason]}
        {row.before !== undefined && (
          <span class="was" title={words.result.changed(`${words.actions[row.before.action]}, ${words.reasons[row.before.reason]}`)}>
            {words.result.changedShort}
          </span>
        )}
      </span>
      <span role="gridcell" class={row.step === "integration_user" ? "assignee fallback" : "assignee"}>{userName(row.user)}</span>
    </div>
  );
}

/** Arrows, pages, beginning and end; Enter shows why. */
function move(event: KeyboardEvent, scroller: HTMLElement): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-place]");
  if (row === null) return;
  const place = Number(row.dataset.place);
  const full = Math.max(1, visible.value - 1);
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + full, PageUp: place - full, Home: 0, End: total.value - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return row.click();
  }
  if (to === undefined) return;
  event.preventDefault();
  focusRow(Math.max(0, Math.min(total.value - 1, to)), scroller);
}

function focusRow(place: number, scroller: HTMLElement): void {
  const isSeen = place >= first.value && place < first.value + visible.value - 1;
  if (!isSeen) {
    const target = Math.max(0, place > first.value ? place - visible.value + 2 : place);
    first.value = target;
    scroller.scrollTop = isScaled() ? (target / total.value) * (LARGEST_HEIGHT - scroller.clientHeight) : target * ROW_HEIGHT;
  }
  requestAnimationFrame(() => scroller.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus({ preventScroll: true }));
}
