import { signal, useSignalEffect } from "@preact/signals";
import { number, strings } from "../locale/locale.js";
import { userName } from "../people.js";
import type { Change, Changed, Comparison } from "../protocol.js";
import { differences, given } from "../settings.js";
import { ask, selected, settings, settingsFailure, today, version } from "../state.js";

const CHANGES = ["starts", "stops", "moves", "reassigned", "differs"] as const;

const compared = signal<Comparison | undefined>(undefined);

/** Today's settings beside those that are set now. */
export function Compare() {
  const words = strings.value.compare;
  useSignalEffect(compare);
  const different = differences(today.value, settings.value);
  return (
    <section class="compare" aria-label={strings.value.result.compare}>
      <p>{words.hint}</p>
      <div class="buttons">
        <button type="button" onClick={() => (today.value = settings.value)} disabled={different.length === 0}>{words.keep}</button>
        <button type="button" onClick={() => (settings.value = today.value)} disabled={different.length === 0}>{words.back}</button>
      </div>
      {different.length === 0 ? <p class="quiet">{words.same}</p> : <Settings different={different} />}
      {different.length > 0 && compared.value !== undefined && CHANGES.map((change) => <Group key={change} change={change} />)}
    </section>
  );
}

function compare(): void {
  const counted = version.value;
  const before = today.value;
  if (counted === 0 || differences(before, settings.peek()).length === 0 || settingsFailure.value !== undefined) {
    compared.value = undefined;
    return;
  }
  void ask("compare", given(before)).then((value) => {
    if (value !== undefined && counted === version.peek() && before === today.peek()) compared.value = value as Comparison;
  });
}

function Settings({ different }: { different: ReturnType<typeof differences> }) {
  const words = strings.value.compare;
  const shown = (value: unknown) => (value === undefined ? words.unset : typeof value === "string" ? value : JSON.stringify(value));
  return (
    <table class="plain">
      <thead><tr><th scope="col">{words.setting}</th><th scope="col">{words.today}</th><th scope="col">{words.tomorrow}</th></tr></thead>
      <tbody>
        {different.map(({ path, before, after }) => (
          <tr key={path.join(".")}><th scope="row"><code>{path.join(".")}</code></th><td>{shown(before)}</td><td>{shown(after)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

function Group({ change }: { change: Change }) {
  const words = strings.value.compare;
  const group = compared.value?.changes[change];
  if (group === undefined) return null;
  const { count, first } = group;
  return (
    <section class={`picture change ${change}`} aria-label={words.changes[change]}>
      <h3>{words.changes[change]} <span class="number">{number(count)}</span></h3>
      {count > 0 && (
        <ul>
          {first.map((changed) => (
            <li key={changed.activity}>
              <button type="button" onClick={() => (selected.value = changed.activity)}>{changed.title || changed.activity}</button>
              <span class="quiet">{told(change, changed)}</span>
            </li>
          ))}
        </ul>
      )}
      {count > first.length && <p class="quiet">{words.first(number(first.length))}</p>}
    </section>
  );
}

/** From what to what. */
function told(change: Change, { before, after }: Changed): string {
  const { actions, reasons, compare } = strings.value;
  if (change === "moves") return `${before.contact ?? compare.unset} → ${after.contact ?? compare.unset}`;
  if (change === "reassigned") return `${userName(before.user)} → ${userName(after.user)}`;
  if (change === "differs" && before.reason === after.reason) return `${actions[after.action]}, ${reasons[after.reason]}`;
  return `${actions[before.action]}, ${reasons[before.reason]} → ${actions[after.action]}, ${reasons[after.reason]}`;
}
