// HubSpot's own client for Node, which calls v3 and v4 paths, against the sandbox.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Client } from "@hubspot/api-client";

const url = process.env.CROSSWALK_SANDBOX_HUBSPOT_URL;
const accessToken = process.env.CROSSWALK_SANDBOX_HUBSPOT_TOKEN;
assert(url && accessToken, "set CROSSWALK_SANDBOX_HUBSPOT_URL and CROSSWALK_SANDBOX_HUBSPOT_TOKEN");

// Without its own limiter, so that the sandbox's limits are met. The retries of the client that was made last count for all.
const options = { basePath: url, limiterOptions: { maxConcurrent: 100 }, numberOfApiCallRetries: 6 };
const client = new Client({ ...options, accessToken });

const admin = async (method, path, body) => {
  const answer = await fetch(`${url}/_sandbox/${path}`, { method, body: body && JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return answer.json();
};

const refusal = async (call) => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail("it wasn't refused");
};

beforeEach(() => admin("POST", "reset", {}));

test("a search is paged to its end", async () => {
  const seen = [];
  let after;
  do {
    const page = await client.crm.objects.calls.searchApi.doSearch({
      filterGroups: [{ filters: [{ propertyName: "hs_lastmodifieddate", operator: "GTE", value: "1700000000000" }] }],
      sorts: [{ propertyName: "hs_lastmodifieddate", direction: "ASCENDING" }],
      properties: ["hs_call_title"],
      limit: 200,
      after,
    });
    assert.equal(page.total, 450);
    seen.push(...page.results);
    after = page.paging?.next?.after;
  } while (after);
  assert.deepEqual(seen.map((call) => call.id), Array.from({ length: 450 }, (_, index) => String(1001 + index)));
  assert.equal(seen[0].properties.hs_call_title, "Call 1001");
  assert(seen[0].updatedAt instanceof Date);
});

test("all pages of a list are read", async () => {
  const calls = await client.crm.objects.calls.basicApi.getPage(100, undefined, ["hs_call_title"]);
  assert.equal(calls.results.length, 100);
  assert.equal(calls.paging.next.after, "1101");
  const contacts = await client.crm.contacts.getAll(1, undefined, ["email"]);
  assert.deepEqual(contacts.map((contact) => contact.properties.email), ["aino@example.com", "otto@example.com"]);
});

test("a batch is read, with history and with what is missing", async () => {
  const read = await client.crm.contacts.batchApi.read({
    inputs: [{ id: "101" }, { id: "999" }],
    properties: ["email"],
    propertiesWithHistory: ["salesforcecontactid"],
  });
  assert.equal(read.status, "COMPLETE");
  assert.equal(read.results.length, 1);
  assert.equal(read.results[0].propertiesWithHistory.salesforcecontactid[0].value, "003000000000101AAA");
  assert.equal(read.numErrors, 1);
  assert.equal(read.errors[0].category, "OBJECT_NOT_FOUND");
  assert.deepEqual(read.errors[0].context.ids, ["999"]);
});

test("associations are read and made", async () => {
  const v4 = client.crm.associations.v4;
  const batch = await v4.batchApi.getPage("calls", "contacts", { inputs: [{ id: "1001" }, { id: "1002" }] });
  assert.deepEqual(batch.results.map((result) => [result._from.id, String(result.to[0].toObjectId)]), [["1001", "102"], ["1002", "101"]]);
  assert.equal(batch.results[0].to[0].associationTypes[0].typeId, 194);
  await v4.basicApi.createDefault("calls", "1001", "contacts", "101");
  const page = await v4.basicApi.getPage("calls", "1001", "contacts");
  assert.deepEqual(page.results.map((result) => String(result.toObjectId)), ["101", "102"]);
  const create = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 194 }];
  const made = await v4.batchApi.create("calls", "contacts", { inputs: [{ _from: { id: "1002" }, to: { id: "102" }, types: create }] });
  assert.equal(made.results.length, 1);
  await v4.basicApi.archive("calls", "1002", "contacts", "101");
  const left = await v4.basicApi.getPage("calls", "1002", "contacts");
  assert.deepEqual(left.results.map((result) => String(result.toObjectId)), ["102"]);
});

test("owners are read, those who left too", async () => {
  const active = await client.crm.owners.ownersApi.getPage();
  assert.deepEqual(active.results.map((owner) => owner.id), ["77"]);
  const archived = await client.crm.owners.ownersApi.getPage(undefined, undefined, undefined, true);
  assert.deepEqual(archived.results.map((owner) => [owner.id, owner.archived]), [["78", true]]);
});

test("a task is created, changed and archived", async () => {
  const tasks = client.crm.objects.tasks;
  const created = await tasks.basicApi.create({
    properties: { hs_timestamp: "2026-12-01T08:00:00Z", hs_task_subject: "Call back", hs_task_status: "NOT_STARTED" },
    associations: [{ to: { id: "101" }, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 204 }] }],
  });
  const updated = await tasks.batchApi.update({ inputs: [{ id: created.id, properties: { hs_task_status: "COMPLETED" } }] });
  assert.equal(updated.results[0].properties.hs_task_status, "COMPLETED");
  const read = await tasks.basicApi.getById(created.id, ["hs_task_subject"], undefined, ["contacts"]);
  assert.equal(read.properties.hs_task_subject, "Call back");
  assert.deepEqual(read.associations.contacts.results.map((contact) => contact.id), ["101"]);
  await tasks.basicApi.archive(created.id);
  assert.equal((await refusal(() => tasks.basicApi.getById(created.id))).code, 404);
});

test("a refusal tells why", async () => {
  const error = await refusal(() => client.crm.objects.notes.basicApi.create({ properties: { hs_timestamp: "2026-12-01T08:00:00Z", nonsense: "x" } }));
  assert.equal(error.code, 400);
  assert.equal(error.body.category, "VALIDATION_ERROR");
  assert.equal(error.body.errors[0].code, "PROPERTY_DOESNT_EXIST");
  assert.match(error.body.correlationId, /^[0-9a-f-]{36}$/);
  const stranger = new Client({ ...options, accessToken: "nobody" });
  assert.equal((await refusal(() => stranger.crm.owners.ownersApi.getPage())).body.category, "INVALID_AUTHENTICATION");
});

test("a search beyond five a second is refused, and retried by the client", async () => {
  const found = await Promise.all(Array.from({ length: 8 }, () => client.crm.contacts.searchApi.doSearch({ limit: 1 })));
  assert(found.every((page) => page.total === 2));
  const { by_status } = await admin("GET", "log");
  assert.equal(by_status["200"], 8);
  assert(by_status["429"] > 0);
});

test("what fails on the way is retried by the client", async () => {
  const fault = { match: { path: "/crm/v3/owners*" }, fault: { status: 503, body: { message: "down" } }, times: 2 };
  await admin("POST", "faults", [fault]);
  const owners = await client.crm.owners.ownersApi.getPage();
  assert.equal(owners.results.length, 1);
  assert.deepEqual((await admin("GET", "log")).by_status, { 200: 1, 503: 2 });
});

test("properties tell their options", async () => {
  const property = await client.crm.properties.coreApi.getByName("calls", "hs_call_disposition");
  assert.equal(property.options.find((option) => option.label === "Connected").value, "f240bbac-87c9-4f6e-bf70-924b57d47db7");
});

test("activities are upserted by a key, and bad rows told apart", async () => {
  const key = { name: "crosswalk_key", label: "Key", type: "string", fieldType: "text", groupName: "engagement", hasUniqueValue: true };
  await client.crm.properties.coreApi.create("notes", key);
  const input = (id, body) => ({ idProperty: "crosswalk_key", id, objectWriteTraceId: id, properties: { hs_timestamp: "2026-12-01T08:00:00Z", ...body } });
  const upsert = (inputs) => client.crm.objects.notes.batchApi.upsert({ inputs });
  const made = await upsert([input("a", { hs_note_body: "one" }), input("b", { nonsense: "x" })]);
  assert.deepEqual(made.results.map((note) => note._new), [true]);
  assert.equal(made.numErrors, 1);
  assert.deepEqual(made.errors[0].context.objectWriteTraceId, ["b"]);
  const again = await upsert([input("a", { hs_note_body: "two" })]);
  assert.deepEqual(again.results.map((note) => [note.id, note._new]), [[made.results[0].id, false]]);
});

test("forms and their submissions are read", async () => {
  const forms = await client.marketing.forms.formsApi.getPage();
  assert.deepEqual(forms.results.map((form) => form.name), ["Contact us"]);
  assert(forms.results[0].createdAt instanceof Date);
  const path = `/form-integrations/v1/submissions/forms/${forms.results[0].id}`;
  const answer = await client.apiRequest({ path, qs: { limit: 50 } });
  const [submission] = (await answer.json()).results;
  assert.equal(submission.submittedAt, Date.parse("2026-11-20T08:00:00Z"));
  assert.deepEqual(submission.values.map(({ name, value }) => [name, value]), [["email", "aino@example.com"]]);
});

test("events are read, and marketing emails beside them", async () => {
  const found = await client.events.eventsApi.getPage("contact", "e_viewed_document", undefined, undefined, 10, ["occurredAt"]);
  assert.deepEqual(found.results.map((event) => [event.objectType, event.objectId]), [["CONTACT", "101"]]);
  const { eventTypes } = await client.events.eventsApi.getTypes();
  assert(eventTypes.includes("e_visited_page"));
  await admin("POST", "account", { event_occurrences: false });
  assert.equal((await refusal(() => client.events.eventsApi.getPage("contact"))).body.category, "MISSING_SCOPES");
  const answer = await client.apiRequest({ path: "/email/public/v1/events", qs: { eventType: "OPEN", limit: 1000 } });
  const { events, hasMore } = await answer.json();
  assert.deepEqual(events.map((event) => event.recipient), ["aino@example.com"]);
  assert.equal(hasMore, false);
});
