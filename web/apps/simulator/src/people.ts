// People by their ids: HubSpot's owners, Salesforce's users.

import { computed } from "@preact/signals";
import type { Owner, User } from "./protocol.js";
import { data, settings } from "./state.js";
import { textAt } from "./settings.js";

/** The part of a Salesforce id that names the record; the rest only checks it. */
const significant = (id: string) => id.slice(0, 15);

const users = computed(() => new Map((data.value?.known.users ?? []).map((user) => [significant(user.id), user])));
const owners = computed(() => new Map((data.value?.known.owners ?? []).map((owner) => [owner.id, owner])));

/** A user's name. */
export function userName(id: string | undefined): string {
  if (id === undefined) return "";
  const user = users.value.get(significant(id));
  return user === undefined ? id : nameOfUser(user);
}

/** What a user is called. */
export const nameOfUser = (user: User) => user.name ?? user.username ?? user.email ?? user.id;

/** What an owner is called. */
export function nameOfOwner(owner: Owner): string {
  return [owner.first_name, owner.last_name].filter(Boolean).join(" ") || owner.email || owner.id;
}

/** An owner's name. */
export function ownerName(id: string | undefined): string {
  if (id === undefined) return "";
  const owner = owners.value.get(id);
  return owner === undefined ? id : nameOfOwner(owner);
}

const integrationUser = computed(() => textAt(settings.value, ["owners", "integration_user"]));

/** Whether this is the integration user. */
export function isIntegrationUser(id: string | undefined): boolean {
  return id !== undefined && significant(id) === significant(integrationUser.value);
}

/** Everybody to whom a task may be assigned. */
export const assignees = computed(() => {
  const others = (data.value?.known.users ?? []).map((user) => user.id).filter((id) => !isIntegrationUser(id));
  return integrationUser.value === "" ? others : [integrationUser.value, ...others];
});
