// One rule an outcome, the first that holds ends the run; what conditions can't say are facts that are computed when they are asked for.

import { Engine } from "json-rules-engine";

export function open(settings) {
  const engine = new Engine([], { replaceFactsInEventParams: true });
  addFacts(engine, settings);
  for (const rule of rules(settings)) {
    engine.addRule({ ...rule, onSuccess: () => void engine.stop() });
  }
  return async (activities) => {
    const answers = [];
    for (const activity of activities) {
      const { events } = await engine.run(activity);
      answers.push(events[0].params);
    }
    return answers;
  };
}

function addFacts(engine, settings) {
  engine.addFact("chosen", async (_parameters, almanac) => {
    const contacts = await almanac.factValue("contacts");
    const occurredAt = await almanac.factValue("occurred_at");
    return chosen(settings, occurredAt, contacts);
  });
  engine.addFact("activity_user", async (_parameters, almanac) => mapped(await almanac.factValue("owner_users")));
  engine.addFact("object_user", async (_parameters, almanac) => mapped((await almanac.factValue("chosen")).best.owner_users));
  engine.addFact("subject", async (_parameters, almanac) => {
    const begin = settings.subject_begins[await almanac.factValue("kind")];
    return begin + (await almanac.factValue("title"));
  });
}

function rules(settings) {
  const ofChoice = (path) => ({ fact: "chosen", path });
  const ended = (priority, params, condition) => ({ priority, conditions: { all: [condition] }, event: { type: "ended", params } });
  const created = (priority, assignee, conditions) => ({
    priority,
    conditions: { all: conditions },
    event: {
      type: "create",
      params: { action: "create", reason: "new", contact: ofChoice("$.best.salesforce_id"), assignee, subject: { fact: "subject" } },
    },
  });
  return [
    ended(90, { action: "skip", reason: "kind_disabled" }, { fact: "kind", operator: "notIn", value: settings.kinds }),
    ended(80, { action: "skip", reason: "before_window" }, { fact: "occurred_at", operator: "lessThan", value: settings.enabled_at }),
    ended(
      70,
      { action: ofChoice("$.action"), reason: ofChoice("$.reason") },
      { ...ofChoice("$.action"), operator: "notEqual", value: "create" },
    ),
    created(60, { fact: "activity_user" }, [
      { fact: "kind", operator: "in", value: settings.owned_kinds },
      { fact: "activity_user", operator: "notEqual", value: null },
    ]),
    created(50, { fact: "object_user" }, [{ fact: "object_user", operator: "notEqual", value: null }]),
    created(40, settings.integration_user, []),
  ];
}

function chosen(settings, occurredAt, contacts) {
  const ended = (action, reason) => ({ action, reason });
  if (contacts.length === 0) return ended("skip", "no_contact");
  const syncing = contacts.filter(({ status }) => status === "synced" || status === "pending");
  const counted = syncing.filter((contact) => occurredAt >= contact.triggered_at - settings.trigger_lead);
  const best = newest(counted, "synced");
  const pending = newest(counted, "pending");
  if (best === undefined) {
    if (pending !== undefined) return ended("wait", "contact_not_synced");
    return ended("skip", counted.length < syncing.length ? "before_contact_sync" : "no_syncing_contact");
  }
  const isWaiting = settings.now < occurredAt + settings.contact_wait;
  if (isWaiting && pending !== undefined && order(pending, best) > 0) return ended("wait", "newer_contact_pending");
  return { action: "create", reason: "new", best };
}

function newest(contacts, status) {
  return contacts.filter((contact) => contact.status === status).sort(order).at(-1);
}

function order(left, right) {
  return left.created_day - right.created_day || left.id - right.id;
}

function mapped(users) {
  const active = users.filter((user) => user.is_active);
  return active.length === 1 ? active[0].id : null;
}
