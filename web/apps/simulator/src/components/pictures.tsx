import { signal, useSignalEffect } from "@preact/signals";
import { ACTIONS } from "../actions.js";
import { dayName, number, share, strings } from "../locale/locale.js";
import { assignees, isIntegrationUser, userName } from "../people.js";
import type { Flow, Group, Week } from "../protocol.js";
import { ask, data, settings, summary, version, zone } from "../state.js";
import { windowStarts } from "../windows.js";
import { FlowPicture } from "./flow.js";

/** Calls that Salesforce allows in a day. */
const CALLS_A_DAY = 100_000;

const flows = signal<readonly Flow[]>([]);
const users = signal<readonly Group[]>([]);
const weeks = signal<readonly Week[]>([]);

/** What becomes of all activities, as pictures. */
export function Pictures() {
  useSignalEffect(count);
  return (
    <div class="pictures">
      <FlowPicture flows={flows.value} />
      <Weeks />
      <Assignees />
      <Calls />
    </div>
  );
}

function count(): void {
  const counted = version.value;
  if (counted === 0) return;
  const isCurrent = () => counted === version.value;
  void ask("flow", undefined).then((value) => value !== undefined && isCurrent() && (flows.value = value as Flow[]));
  void ask("groups", { by: "user", filter: { action: ["create", "update"] }, values: assignees.peek() }).then((value) => {
    if (value !== undefined && isCurrent()) users.value = (value as Group[]).sort((one, other) => other.count - one.count);
  });
  void ask("weeks", undefined).then((value) => value !== undefined && isCurrent() && (weeks.value = value as Week[]));
}

function Assignees() {
  const words = strings.value.pictures;
  const all = users.value.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...users.value.map(({ count }) => count));
  const fallen = users.value.find(({ value }) => isIntegrationUser(value))?.count ?? 0;
  return (
    <section class="picture" aria-label={words.assignees}>
      <h3>{words.assignees}</h3>
      <p class={fallen > 0 ? "fallen" : "quiet"}>
        {fallen > 0 ? words.integrationUser(number(fallen), share(fallen / all)) : words.nobodyFalls}
      </p>
      <table class="bars">
        <thead class="unseen"><tr><th scope="col">{strings.value.result.assignee}</th><th scope="col">{words.tasks}</th></tr></thead>
        <tbody>
          {users.value.map(({ value, count }) => (
            <tr key={value} class={isIntegrationUser(value) ? "fallen" : undefined}>
              <th scope="row">{userName(value)}</th>
              <td>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width={(100 * count) / most} height="10" /></svg>
                <span class="number">{number(count)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const WIDTH = 640;
const HEIGHT = 160;
const AXIS = 20;

/** Activities by week, and where the windows open. */
function Weeks() {
  const words = strings.value;
  const counted = weeks.value;
  const [first] = counted;
  const last = counted.at(-1);
  if (first === undefined || last === undefined) return null;
  const slots = last.week - first.week + 1;
  const width = WIDTH / slots;
  const most = Math.max(1, ...counted.map(({ actions }) => ACTIONS.reduce((sum, action) => sum + (actions[action] ?? 0), 0)));
  const left = (day: number) => ((day / 7 - first.week) / slots) * WIDTH;
  const starts = windowStarts(settings.value, zone.value).filter(({ day }) => left(day) > 0 && left(day) < WIDTH);
  return (
    <section class="picture wide" aria-label={words.pictures.weeks}>
      <h3>{words.pictures.weeks}</h3>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + AXIS}`} role="img" aria-label={words.pictures.weeksOf(dayName(first.week * 7), dayName(last.week * 7))}>
        {counted.map(({ week, actions }) => {
          let top = HEIGHT;
          return ACTIONS.map((action) => {
            const height = ((actions[action] ?? 0) / most) * HEIGHT;
            top -= height;
            return height > 0 && <rect key={`${week} ${action}`} class={action} x={(week - first.week) * width + 0.5} y={top} width={Math.max(1, width - 1)} height={height} />;
          });
        })}
        {starts.map(({ name, day }) => <line key={name} class="start" x1={left(day)} x2={left(day)} y1="0" y2={HEIGHT} />)}
        <text x="0" y={HEIGHT + 15}>{dayName(first.week * 7)}</text>
        <text x={WIDTH} y={HEIGHT + 15} class="end">{dayName(last.week * 7)}</text>
      </svg>
      <ul class="legend">
        {ACTIONS.filter((action) => summary.value?.by_action[action]).map((action) => <li key={action} class={action}>{words.actions[action]}</li>)}
        {windowStarts(settings.value, zone.value).map(({ name, day }) => <li key={name} class="start">{words.pictures.opens[name]}: {dayName(day)}</li>)}
      </ul>
    </section>
  );
}

function Calls() {
  const words = strings.value;
  const calls = summary.value?.salesforce_calls ?? 0;
  return (
    <section class="picture" aria-label={words.pictures.calls}>
      <h3>{words.pictures.calls}</h3>
      <p>{words.result.calls(number(calls), share(calls / CALLS_A_DAY))}</p>
      <meter min={0} max={CALLS_A_DAY} value={calls} aria-label={words.pictures.calls} />
      <p class="quiet">{words.pictures.callsHint(number(data.value?.known.activities ?? 0))}</p>
    </section>
  );
}

