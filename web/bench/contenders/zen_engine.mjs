// One node of expressions, each built on those before it, over the whole batch. The settings are written into them, so that they don't travel with it.

import { ZenEngine, ZenDecisionContent } from "@gorules/zen-engine";

/** C2's order as one number: the day, then the id, which has fewer than seven digits here. */
const RANK = "#.created_day * 1000000 + #.id";

export function open(settings) {
  const engine = new ZenEngine();
  const decision = engine.createDecision(new ZenDecisionContent(graph(expressions(settings))));
  return async (activities) => {
    const { result } = await decision.evaluate({ activities });
    return result.answers;
  };
}

function expressions(settings) {
  const written = JSON.stringify;
  const isCounted = `occurred_at >= #.triggered_at - ${settings.trigger_lead}`;
  const ranks = (status) => `map(filter(contacts, #.status == '${status}' and ${isCounted}), ${RANK})`;
  const only = (users, otherwise) => `one(${users}, #.is_active) ? filter(${users}, #.is_active)[0].id : ${otherwise}`;
  const byObject = only("$.contact.owner_users", written(settings.integration_user));
  const begin = Object.entries(settings.subject_begins).reduceRight(
    (others, [kind, text]) => `kind == ${written(kind)} ? ${written(text)} : ${others}`,
    written(""),
  );
  return {
    synced: ranks("synced"),
    pending: ranks("pending"),
    best: "len($.synced) > 0 ? max($.synced) : 0",
    newest_pending: "len($.pending) > 0 ? max($.pending) : 0",
    reason: `kind not in ${written(settings.kinds)} ? 'kind_disabled'
      : occurred_at < ${settings.enabled_at} ? 'before_window'
      : len(contacts) == 0 ? 'no_contact'
      : $.best == 0 and $.newest_pending > 0 ? 'contact_not_synced'
      : $.best == 0 and some(contacts, #.status in ['synced', 'pending'] and not(${isCounted})) ? 'before_contact_sync'
      : $.best == 0 ? 'no_syncing_contact'
      : ${settings.now} < occurred_at + ${settings.contact_wait} and $.newest_pending > $.best ? 'newer_contact_pending'
      : 'new'`,
    contact: `$.reason == 'new' ? filter(contacts, ${RANK} == $.best)[0] : null`,
    answer: `$.reason == 'new' ? {
        action: 'create',
        reason: 'new',
        contact: $.contact.salesforce_id,
        assignee: kind in ${written(settings.owned_kinds)} ? (${only("owner_users", `(${byObject})`)}) : (${byObject}),
        subject: (${begin}) + title
      }
      : {action: $.reason in ['contact_not_synced', 'newer_contact_pending'] ? 'wait' : 'skip', reason: $.reason}`,
  };
}

/** All activities of a batch in one call; only the answers come back. */
function graph(expressions) {
  const node = (id, type, content = {}) => ({ id, name: id, type, content });
  const decide = {
    expressions: Object.entries(expressions).map(([key, value]) => ({ id: key, key, value })),
    passThrough: false,
    inputField: "activities",
    outputPath: "decided",
    executionMode: "loop",
  };
  const answer = { expressions: [{ id: "answers", key: "answers", value: "map(decided, #.answer)" }], passThrough: false };
  const nodes = [
    node("input", "inputNode"),
    node("decide", "expressionNode", decide),
    node("answer", "expressionNode", answer),
    node("output", "outputNode"),
  ];
  const edges = nodes.slice(1).map(({ id }, number) => ({ id: `to-${id}`, sourceId: nodes[number].id, targetId: id, type: "edge" }));
  return { nodes, edges };
}
