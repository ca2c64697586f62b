import { save } from "../data/save.js";
import { linkTo } from "../data/link.js";
import { toJson } from "../data/settings_file.js";
import { computed } from "@preact/signals";
import { strings } from "../locale/locale.js";
import { GROUPS, type Kind, RECORDS } from "../settings.js";
import { change, data, notice, resetSettings, settings, settingsAsToml, settingsFailure, zone } from "../state.js";
import { instantOf, localOf } from "../times.js";
import { Field } from "./field.js";
import { Owners } from "./owners.js";
import { useSetting, useText } from "./use_setting.js";

const TYPES = ["Call", "Email", "Meeting", "Other"];
const WINDOWS = { marketing_email: "P30D", form_submission: "P1Y", trigger_lead: "PT24H", contact_wait: "PT1H", wait: "P30D" } as const;
const ZONES = Intl.supportedValuesOf("timeZone");

/** The task types that the org has, or Salesforce's own. */
const taskTypes = computed(() => data.value?.known.picklists.Type?.values ?? TYPES);

/** Where there is room for one column only, the result comes first. */
const isNarrow = () => matchMedia("(max-width: 50rem)").matches;

/** The settings, as HubSpot shows them. */
export function SettingsPanel() {
  const words = strings.value.settings;
  return (
    <aside class="settings" aria-label={words.title}>
      <details open={!isNarrow()}>
        <summary><h2>{words.title}</h2></summary>
        <form onSubmit={(event) => event.preventDefault()}>
          <Wrong />
          <fieldset>
            <legend>{words.activities}</legend>
            <p class="quiet">{words.activitiesHint}</p>
            {GROUPS.map(([group, kinds]) => <Group key={group} group={group} kinds={kinds} />)}
          </fieldset>
          <fieldset>
            <legend>{words.toHubSpot}</legend>
            {RECORDS.map((record) => (
              <Switch key={record} path={["to_hubspot", record, "enabled"]} label={strings.value.records[record]} />
            ))}
          </fieldset>
          <When />
          <fieldset>
            <legend>{words.windows}</legend>
            <p class="quiet">{words.windowsHint}</p>
            {Object.entries(WINDOWS).map(([name, preset]) => (
              <Text key={name} path={["windows", name]} label={words.window[name as keyof typeof WINDOWS]} placeholder={preset} />
            ))}
          </fieldset>
          <Owners />
          <More />
          <Keep />
        </form>
      </details>
    </aside>
  );
}

/** What is wrong and has no place of its own here is told at the top. */
function Wrong() {
  const failure = settingsFailure.value;
  const words = strings.value.settings;
  if (failure === undefined) return null;
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{words.wrong}</strong>: <span lang="en"><code>{failure.path}</code> {failure.message}. {failure.hint}</span>
      </p>
      <p>{words.stillShown}</p>
    </div>
  );
}

function Group({ group, kinds }: { group: keyof typeof strings.value.groups; kinds: readonly Kind[] }) {
  const [only] = kinds;
  if (kinds.length === 1 && only !== undefined) return <KindRow kind={only} label={strings.value.groups[group]} />;
  return (
    <div class="group" role="group" aria-label={strings.value.groups[group]}>
      <h3>{strings.value.groups[group]}</h3>
      {kinds.map((kind) => <KindRow key={kind} kind={kind} label={strings.value.kinds[kind]} short={strings.value.short[kind]} />)}
    </div>
  );
}

function KindRow({ kind, label, short }: { kind: Kind; label: string; short?: string | undefined }) {
  const path = ["to_salesforce", kind];
  const type = useText([...path, "task_type"]);
  const isOn = useSetting([...path, "enabled"]) === true;
  const types = type === "" || taskTypes.value.includes(type) ? taskTypes.value : [...taskTypes.value, type];
  const words = strings.value.settings;
  return (
    <div class="kind">
      <Switch path={[...path, "enabled"]} label={label} short={short} />
      <Field path={[...path, "task_type"]} label={words.taskType(label)} isLabelUnseen>
        {(attributes) => (
          <select
            {...attributes}
            value={type}
            disabled={!isOn}
            onChange={(event) => change([...path, "task_type"], event.currentTarget.value || undefined)}
          >
            <option value="">{words.noTaskType}</option>
            {types.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </Field>
    </div>
  );
}

/** `short` is what is seen of the label where the group's name says the rest. */
function Switch({ path, label, short }: { path: readonly string[]; label: string; short?: string | undefined }) {
  const isOn = useSetting(path) === true;
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={isOn} onChange={(event) => change(path, event.currentTarget.checked)} />
      {short === undefined ? <span>{label}</span> : <><span aria-hidden="true">{short}</span><span class="unseen">{label}</span></>}
    </label>
  );
}

function Text({ path, label, placeholder = "", list }: { path: readonly string[]; label: string; placeholder?: string; list?: string }) {
  const value = useText(path);
  return (
    <Field path={path} label={label}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          spellcheck={false}
          autocomplete="off"
          placeholder={placeholder}
          {...(list !== undefined && { list })}
          value={value}
          onChange={(event) => change(path, event.currentTarget.value || undefined)}
        />
      )}
    </Field>
  );
}

function When() {
  const words = strings.value.settings;
  const path = ["enabled_at"];
  const enabledAt = useText(path);
  return (
    <fieldset>
      <legend>{words.when}</legend>
      <Field path={path} label={words.enabledAt}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            value={localOf(enabledAt, zone.value)}
            onChange={(event) => change(path, instantOf(event.currentTarget.value, zone.value))}
          />
        )}
      </Field>
      <Text path={["time_zone"]} label={words.timeZone} list="zones" />
      <datalist id="zones">{ZONES.map((name) => <option key={name} value={name} />)}</datalist>
    </fieldset>
  );
}

function More() {
  const words = strings.value.settings;
  const relatedTo = useText(["related_to"]);
  return (
    <fieldset>
      <legend>{words.more}</legend>
      <Field path={["related_to"]} label={words.relatedTo}>
        {(attributes) => (
          <select
            {...attributes}
            value={relatedTo || "none"}
            onChange={(event) => change(["related_to"], event.currentTarget.value)}
          >
            {Object.entries(words.relatedToValues).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        )}
      </Field>
      <Text path={["portal_id"]} label={words.portal} />
    </fieldset>
  );
}

/** Files and a link of these settings. */
function Keep() {
  const words = strings.value.settings;
  return (
    <div class="buttons" role="group" aria-label={words.save}>
      <button type="button" onClick={() => save("crosswalk.toml", "application/toml", [settingsAsToml()])}>{words.save} TOML</button>
      <button type="button" onClick={() => save("settings.json", "application/json", [toJson(settings.value)])}>{words.save} JSON</button>
      <button type="button" onClick={() => void copyLink()}>{words.link}</button>
      <button type="button" onClick={resetSettings}>{words.reset}</button>
    </div>
  );
}

async function copyLink(): Promise<void> {
  const link = linkTo(settings.value);
  history.replaceState(null, "", link);
  const words = strings.value.settings;
  try {
    await navigator.clipboard.writeText(link);
    notice.value = words.linked;
  } catch {
    notice.value = words.linkedAbove;
  }
}
