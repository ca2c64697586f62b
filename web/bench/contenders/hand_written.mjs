// A function of some forty lines, as one writes it when the rules fit on a page.

export function open(settings) {
  const kinds = new Set(settings.kinds);
  const ownedKinds = new Set(settings.owned_kinds);
  return (activities) => activities.map((activity) => decide(settings, kinds, ownedKinds, activity));
}

function decide(settings, kinds, ownedKinds, activity) {
  if (!kinds.has(activity.kind)) return ended("skip", "kind_disabled");
  if (activity.occurred_at < settings.enabled_at) return ended("skip", "before_window");
  let best;
  let newestPending;
  let isAnyTooLate = false;
  for (const contact of activity.contacts) {
    if (contact.status !== "synced" && contact.status !== "pending") continue;
    if (activity.occurred_at < contact.triggered_at - settings.trigger_lead) isAnyTooLate = true;
    else if (contact.status === "synced" && isNewer(contact, best)) best = contact;
    else if (contact.status === "pending" && isNewer(contact, newestPending)) newestPending = contact;
  }
  if (activity.contacts.length === 0) return ended("skip", "no_contact");
  if (best === undefined) {
    if (newestPending !== undefined) return ended("wait", "contact_not_synced");
    return ended("skip", isAnyTooLate ? "before_contact_sync" : "no_syncing_contact");
  }
  const isWaiting = settings.now < activity.occurred_at + settings.contact_wait;
  if (isWaiting && newestPending !== undefined && isNewer(newestPending, best)) return ended("wait", "newer_contact_pending");
  return {
    action: "create",
    reason: "new",
    contact: best.salesforce_id,
    assignee:
      (ownedKinds.has(activity.kind) ? mapped(activity.owner_users) : undefined) ?? mapped(best.owner_users) ?? settings.integration_user,
    subject: settings.subject_begins[activity.kind] + activity.title,
  };
}

function ended(action, reason) {
  return { action, reason };
}

function isNewer(contact, than) {
  if (than === undefined) return true;
  return contact.created_day > than.created_day || (contact.created_day === than.created_day && contact.id > than.id);
}

/** The only active user. */
function mapped(users) {
  let found;
  for (const user of users) {
    if (!user.is_active) continue;
    if (found !== undefined) return undefined;
    found = user.id;
  }
  return found;
}
