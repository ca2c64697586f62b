// One schema of all documents, so that a type that several of them share is one type.

import assert from "node:assert/strict";

/** What is given may have null for what is absent; what is answered never has. */
const GIVEN = { settings: "Settings", snapshot: "SnapshotDocument" };
const ANSWERED = { plan: "Plan", "plan-to-hubspot": "HubSpotPlan", comparison: "Comparison" };

/** The schemas, read by name, as the definitions of one. */
export function combined(read) {
  const definitions = {};
  for (const [name, title] of Object.entries(GIVEN)) add(definitions, title, read(name));
  for (const [name, title] of Object.entries(ANSWERED)) add(definitions, title, withoutNull(read(name)));
  // They are JSON as it is in Rust, and one of these for a caller.
  const decision = { anyOf: [{ $ref: "#/$defs/Decision" }, { $ref: "#/$defs/HubSpotDecision" }] };
  Object.assign(definitions.ChangedDecision.properties.before, decision);
  Object.assign(definitions.ChangedDecision.properties.after, decision);
  const documents = [...Object.values(GIVEN), ...Object.values(ANSWERED)];
  const properties = Object.fromEntries(documents.map((title) => [title, { $ref: `#/$defs/${title}` }]));
  return described({ type: "object", properties, $defs: definitions });
}

function add(definitions, title, { $defs, $schema, ...document }) {
  for (const [name, definition] of Object.entries({ ...$defs, [title]: { ...document, title } })) {
    if (name in definitions) assert.deepEqual(definition, definitions[name], `two schemas define another ${name}`);
    definitions[name] = definition;
  }
}

/** Takes null away wherever it is one of several. */
function withoutNull(schema) {
  if (Array.isArray(schema)) return schema.map(withoutNull);
  if (typeof schema !== "object" || schema === null) return schema;
  const { type, anyOf, ...rest } = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withoutNull(value)]));
  const types = Array.isArray(type) ? type.filter((name) => name !== "null") : undefined;
  const options = anyOf?.filter((option) => option.type !== "null");
  return {
    ...rest,
    ...(type !== undefined && { type: types?.length === 1 ? types[0] : (types ?? type) }),
    ...(options !== undefined && (options.length === 1 ? options[0] : { anyOf: options })),
  };
}

/** What is said of a reference would be lost, since the generator knows only what is said of a type. */
function described(schema) {
  if (Array.isArray(schema)) return schema.map(described);
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, ...rest } = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, described(value)]));
  if ($ref === undefined) return rest;
  return "description" in rest ? { ...rest, allOf: [{ $ref }] } : { ...rest, $ref };
}
