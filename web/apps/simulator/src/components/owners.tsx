import { strings } from "../locale/locale.js";
import { nameOfOwner, nameOfUser, userName } from "../people.js";
import type { Owner, User } from "../protocol.js";
import { change, data } from "../state.js";
import { Field } from "./field.js";
import { useText } from "./use_setting.js";

/** Who in Salesforce an owner in HubSpot is, and who takes what nobody takes. */
export function Owners() {
  const words = strings.value.settings;
  const known = data.value?.known;
  const integrationUser = useText(["owners", "integration_user"]);
  const matchBy = useText(["owners", "match_by"]);
  return (
    <fieldset>
      <legend>{words.owners}</legend>
      <p class="quiet">{words.ownersHint}</p>
      <Field path={["owners", "integration_user"]} label={words.integrationUser}>
        {(attributes) => (
          <UserSelect
            attributes={attributes}
            value={integrationUser}
            onChange={(id) => change(["owners", "integration_user"], id)}
          />
        )}
      </Field>
      <Field path={["owners", "match_by"]} label={words.matchBy}>
        {(attributes) => (
          <select
            {...attributes}
            value={matchBy || "email"}
            onChange={(event) => change(["owners", "match_by"], event.currentTarget.value)}
          >
            {Object.entries(words.matchByValues).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        )}
      </Field>
      {known !== undefined && known.owners.length === 0 && <p class="quiet">{words.noOwners}</p>}
      {known !== undefined && known.owners.length > 0 && (
        <table class="owners">
          <thead>
            <tr><th scope="col">{words.owner}</th><th scope="col">{words.user}</th></tr>
          </thead>
          <tbody>{known.owners.map((owner) => <OwnerRow key={owner.id} owner={owner} users={known.users} matchBy={matchBy} />)}</tbody>
        </table>
      )}
    </fieldset>
  );
}

function OwnerRow({ owner, users, matchBy }: { owner: Owner; users: readonly User[]; matchBy: string }) {
  const words = strings.value.settings;
  const path = ["owners", "overrides", owner.id];
  const chosen = useText(path);
  const name = nameOfOwner(owner);
  const match = matched(owner, users, matchBy);
  const byItself = match.user === undefined ? words.nobody : nameOfUser(match.user);
  return (
    <tr>
      <th scope="row">{name}<span class="quiet">{owner.email}</span></th>
      <td>
        <Field path={path} label={words.override(name)} isLabelUnseen>
          {(attributes) => (
            <UserSelect attributes={attributes} value={chosen} empty={words.byItself(byItself)} onChange={(id) => change(path, id)} />
          )}
        </Field>
        {chosen === "" && match.why !== undefined && <span class="why">{strings.value.outcomes[match.why]}</span>}
        {chosen !== "" && <span class="quiet">{words.chosen}</span>}
      </td>
    </tr>
  );
}

interface SelectProps {
  readonly attributes: object;
  readonly value: string;
  /** What no choice means; without it there must be one. */
  readonly empty?: string;
  readonly onChange: (id: string | undefined) => void;
}

function UserSelect({ attributes, value, empty, onChange }: SelectProps) {
  const users = data.value?.known.users ?? [];
  const isKnown = users.some(({ id }) => id === value);
  return (
    <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value || undefined)}>
      {empty !== undefined && <option value="">{empty}</option>}
      {!isKnown && value !== "" && <option value={value}>{userName(value)}</option>}
      {users.map((user) => (
        <option key={user.id} value={user.id}>
          {user.is_active === false ? strings.value.settings.inactive(nameOfUser(user)) : nameOfUser(user)}
        </option>
      ))}
    </select>
  );
}

type Why = "user_inactive" | "no_user_with_email" | "name_differs" | "ambiguous";

/** Whom an owner matches without an override, for the table only: the rules decide by themselves (O4, O5). */
function matched(owner: Owner, users: readonly User[], matchBy: string): { user?: User; why?: Why } {
  const email = folded(owner.email);
  const same = users.filter((user) => email !== "" && folded(user.email) === email);
  const able = same.filter((user) => user.is_active !== false && user.can_own_tasks !== false);
  if (able.length === 0) return { why: same.length > 0 ? "user_inactive" : "no_user_with_email" };
  const name = folded([owner.first_name, owner.last_name].filter(Boolean).join(" "));
  const fitting = matchBy === "email_and_name" ? able.filter((user) => folded(user.name) === name) : able;
  if (fitting.length === 0) return { why: "name_differs" };
  const one = fitting.length === 1 ? fitting : fitting.filter((user) => folded(user.username) === email);
  const [user] = one;
  return one.length === 1 && user !== undefined ? { user } : { why: "ambiguous" };
}

const folded = (text: string | undefined) => (text ?? "").trim().replace(/\s+/g, " ").toLowerCase();
