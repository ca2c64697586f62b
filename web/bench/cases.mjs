// What is decided: the batch of the load generator, and a harder one, in which more of the rules say no.

import { readFileSync } from "node:fs";

/** The settings and the snapshot that `measure cases` printed into a file. */
export function readCases(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * The same batch with a kind off, a later beginning of the window, a long wait for a newer contact, activities without contacts, contacts that
 * were created on one day or triggered late, and owners of whom there are two.
 */
export function harder({ settings, snapshot }) {
  const { note, ...kinds } = settings.to_salesforce;
  return {
    settings: {
      ...settings,
      enabled_at: "2026-11-06T06:00:00Z",
      to_salesforce: kinds,
      windows: { contact_wait: "PT240H" },
    },
    snapshot: {
      ...snapshot,
      activities: snapshot.activities.map((activity, number) => (number % 13 === 0 ? { ...activity, contacts: [] } : activity)),
      contacts: snapshot.contacts.map((contact, number) => {
        const triggered_at = number % 5 < 2 ? "2026-11-12T07:10:00Z" : contact.salesforce.triggered_at;
        const status = number % 3 === 0 ? "excluded" : contact.salesforce.status;
        const created_at = number % 4 === 0 ? contact.created_at : `2026-03-01T${number % 2 === 0 ? "07" : "15"}:00:00Z`;
        return { ...contact, created_at, salesforce: { ...contact.salesforce, status, triggered_at } };
      }),
      users: snapshot.users.flatMap((user, number) => (number % 3 === 0 ? [user, { ...user, id: `0051${user.id.slice(4)}` }] : [user])),
    },
  };
}

/**
 * The cases in the form that suits the others best: one object an activity, with its contacts and the users of its owners looked up, and with
 * times as numbers. None of this is in their time.
 */
export function prepare({ settings, snapshot }) {
  const contacts = new Map(snapshot.contacts.map((contact) => [contact.id, contact]));
  const usersOf = usersByOwner(snapshot);
  const dayOf = civilDays(settings.time_zone);
  const preparedContact = (id) => {
    const { created_at, owner_id, salesforce } = contacts.get(id);
    return {
      id: Number(id),
      created_day: dayOf(created_at),
      status: salesforce.status,
      salesforce_id: salesforce.id,
      triggered_at: Date.parse(salesforce.triggered_at),
      owner_users: usersOf(owner_id),
    };
  };
  return {
    settings: {
      now: Date.parse(snapshot.now),
      enabled_at: Date.parse(settings.enabled_at),
      kinds: Object.keys(settings.to_salesforce),
      owned_kinds: ["task", "note", "call"],
      subject_begins: { call: "Call: ", note: "Note: ", task: "", meeting: "Meeting: ", sales_email_sent: "Sent " },
      integration_user: settings.owners.integration_user,
      trigger_lead: span(settings.windows?.trigger_lead ?? "PT24H"),
      contact_wait: span(settings.windows?.contact_wait ?? "PT1H"),
    },
    activities: snapshot.activities.map((activity) => ({
      kind: activity.kind,
      occurred_at: Date.parse(activity.occurred_at),
      title: activity.title,
      owner_users: usersOf(activity.owner_id),
      contacts: activity.contacts.map(preparedContact),
    })),
  };
}

function usersByOwner({ owners, users }) {
  const emails = new Map(owners.map((owner) => [owner.id, owner.email.toLowerCase()]));
  const ofEmail = (email) => users.filter((user) => user.email.toLowerCase() === email);
  return (owner) => ofEmail(emails.get(owner)).map(({ id, is_active }) => ({ id, is_active }));
}

function civilDays(timeZone) {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone });
  return (time) => Number(format.format(new Date(time)).replaceAll("-", ""));
}

/** Milliseconds of a span of hours; there are no others here. */
function span(text) {
  return Number(/^PT(\d+)H$/.exec(text)[1]) * 3_600_000;
}
