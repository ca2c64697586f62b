// One expression over one activity.

import jsonata from "jsonata";

const DECISION = `(
  $ended := function($action, $reason) { {"action": $action, "reason": $reason} };
  $newest := function($contacts) { $sort($contacts, function($a, $b) {
    $a.created_day < $b.created_day or ($a.created_day = $b.created_day and $a.id < $b.id) })[0] };
  $mapped := function($users) { ($active := $users[is_active]; $count($active) = 1 ? $active.id) };
  $occurred_at := occurred_at;
  $not($exists($settings.kinds[$ = $$.kind])) ? $ended("skip", "kind_disabled")
  : $occurred_at < $settings.enabled_at ? $ended("skip", "before_window")
  : $count(contacts) = 0 ? $ended("skip", "no_contact")
  : (
    $syncing := contacts[status = "synced" or status = "pending"];
    $counted := $syncing[$occurred_at >= triggered_at - $settings.trigger_lead];
    $best := $newest($counted[status = "synced"]);
    $pending := $newest($counted[status = "pending"]);
    $not($exists($best)) ? (
      $exists($pending) ? $ended("wait", "contact_not_synced")
      : $count($counted) < $count($syncing) ? $ended("skip", "before_contact_sync")
      : $ended("skip", "no_syncing_contact")
    )
    : $settings.now < $occurred_at + $settings.contact_wait and $exists($pending)
      and ($pending.created_day > $best.created_day or ($pending.created_day = $best.created_day and $pending.id > $best.id))
      ? $ended("wait", "newer_contact_pending")
    : (
      $activity_user := $exists($settings.owned_kinds[$ = $$.kind]) ? $mapped(owner_users);
      $user := $exists($activity_user) ? $activity_user : $mapped($best.owner_users);
      {
        "action": "create",
        "reason": "new",
        "contact": $best.salesforce_id,
        "assignee": $exists($user) ? $user : $settings.integration_user,
        "subject": $lookup($settings.subject_begins, kind) & title
      }
    )
  )
)`;

export function open(settings) {
  const expression = jsonata(DECISION);
  const bindings = { settings };
  return async (activities) => {
    const answers = [];
    for (const activity of activities) answers.push(await expression.evaluate(activity, bindings));
    return answers;
  };
}
