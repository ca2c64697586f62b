// jsforce, the client for Node that most use, against the sandbox.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import jsforce from "jsforce";

const url = process.env.CROSSWALK_SANDBOX_SALESFORCE_URL;
const accessToken = process.env.CROSSWALK_SANDBOX_SALESFORCE_TOKEN;
assert(url && accessToken, "set CROSSWALK_SANDBOX_SALESFORCE_URL and CROSSWALK_SANDBOX_SALESFORCE_TOKEN");

const KEY = "Crosswalk_Key__c";
const contact = "003000000000001AAA";
const connect = (options = {}) => new jsforce.Connection({ instanceUrl: url, accessToken, version: "67.0", ...options });
const connection = connect();

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

const count = async () => (await connection.query("SELECT COUNT() FROM Task")).totalSize;

beforeEach(() => admin("POST", "reset", {}));

test("a query is read to its end", async () => {
  const seen = [];
  let page = await connection.query("SELECT Id, Subject, Who.Name FROM Task ORDER BY Id");
  assert.equal(page.totalSize, 4500);
  seen.push(...page.records);
  while (!page.done) {
    page = await connection.queryMore(page.nextRecordsUrl);
    seen.push(...page.records);
  }
  assert.deepEqual(seen.map((task) => task.Subject), Array.from({ length: 4500 }, (_, index) => `Task ${index + 1}`));
  assert.equal(seen[0].Who.Name, "Aalto");
  const all = await connection.query("SELECT Id FROM Task", { autoFetch: true, maxFetch: 10_000 });
  assert.equal(all.records.length, 4500);
});

test("the query builder's SOQL is understood", async () => {
  const found = await connection
    .sobject("Task")
    .find({ Subject: { $like: "Task 1_" }, CreatedDate: { $lt: jsforce.SfDate.toDateTimeLiteral(new Date("2026-11-23T00:00:00Z")) } }, "Id, Subject")
    .sort({ Subject: -1 })
    .limit(3);
  assert.deepEqual(found.map((task) => task.Subject), ["Task 19", "Task 18", "Task 17"]);
  const one = await connection.sobject("Contact").findOne({ Email: { $in: ["AINO@example.com", "it's nobody"] } });
  assert.equal(one.Id, contact);
});

test("one record is created, read, changed and deleted", async () => {
  const tasks = connection.sobject("Task");
  const created = await tasks.create({ Subject: "Call", WhoId: contact, ActivityDate: "2026-12-01" });
  assert(created.success);
  const read = await tasks.retrieve(created.id);
  assert.deepEqual([read.Status, read.IsClosed, read.ActivityDate], ["Not Started", false, "2026-12-01"]);
  assert((await tasks.update({ Id: created.id, Status: "Completed" })).success);
  assert.equal((await tasks.retrieve(created.id, { fields: ["IsClosed"] })).IsClosed, true);
  assert((await tasks.destroy(created.id)).success);
  const error = await refusal(() => tasks.retrieve(created.id));
  assert.equal(error.errorCode, "ENTITY_IS_DELETED");
});

test("450 records are written in collections of 200, each with its outcome", async () => {
  const records = Array.from({ length: 450 }, (_, index) => ({ Subject: index === 7 ? "x".repeat(256) : `New ${index}`, WhoId: contact }));
  const created = await connection.sobject("Task").create(records, { allowRecursive: true });
  assert.equal(created.length, 450);
  assert.deepEqual(created.flatMap((result, index) => (result.success ? [] : [[index, result.errors[0].statusCode]])), [[7, "STRING_TOO_LONG"]]);
  const ids = created.filter((result) => result.success).map((result) => result.id);
  const updated = await connection.sobject("Task").update(ids.map((Id) => ({ Id, Priority: "High" })), { allowRecursive: true });
  assert(updated.every((result) => result.success));
  const read = await connection.sobject("Task").retrieve(ids.slice(0, 3));
  assert.deepEqual(read.map((task) => task.IsHighPriority), [true, true, true]);
  const deleted = await connection.sobject("Task").destroy(ids, { allowRecursive: true });
  assert(deleted.every((result) => result.success));
  assert.equal(await count(), 4500);
  const rolledBack = await connection.sobject("Task").create([{ Subject: "a" }, { Subject: "b", OwnerId: "005000000000003AAA" }], { allOrNone: true });
  assert.deepEqual(rolledBack.map((result) => result.errors[0].statusCode), ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INACTIVE_OWNER_OR_USER"]);
  assert.equal(await count(), 4500);
});

test("records are upserted by their key", async () => {
  const records = [1, 2, 9001].map((id) => ({ [KEY]: `hubspot:8821:call:${id}`, Subject: `Upserted ${id}` }));
  const upserted = await connection.sobject("Task").upsert(records, KEY);
  assert.deepEqual(upserted.map((result) => [result.success, result.created]), [[true, false], [true, false], [true, true]]);
  const one = await connection.sobject("Task").upsert({ [KEY]: "hubspot:8821:call:9001", Subject: "Again" }, KEY);
  assert.deepEqual([one.id, one.created], [upserted[2].id, false]);
  const found = await connection.query(`SELECT Subject FROM Task WHERE ${KEY} IN ('hubspot:8821:call:1', 'hubspot:8821:call:9001') ORDER BY Id`);
  assert.deepEqual(found.records.map((task) => task.Subject), ["Upserted 1", "Again"]);
  assert.equal(await count(), 4501);
});

test("Task is described", async () => {
  const described = await connection.sobject("Task").describe();
  const field = (name) => described.fields.find((field) => field.name === name);
  assert.deepEqual(field("Status").picklistValues.map((value) => value.value), ["Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"]);
  assert.deepEqual([field(KEY).externalId, field(KEY).unique, field(KEY).idLookup], [true, true, true]);
  const all = await connection.describeGlobal();
  assert(all.sobjects.some((sobject) => sobject.name === "Lead" && sobject.keyPrefix === "00Q"));
});

test("limits are told", async () => {
  const limits = await connection.limits();
  assert.equal(limits.DailyApiRequests.Max, 100000);
  const { used, limit } = connection.limitInfo.apiUsage;
  assert.deepEqual([used, limit], [100000 - limits.DailyApiRequests.Remaining, 100000]);
});

test("a token that has ended is refreshed, and the call repeated", async () => {
  const oauth2 = new jsforce.OAuth2({ loginUrl: url, clientId: "sandbox-client-id", clientSecret: "sandbox-client-secret" });
  const refreshed = [];
  const stale = connect({ oauth2, accessToken: "ended", refreshToken: "sandbox-refresh-token" });
  stale.on("refresh", (token) => refreshed.push(token));
  assert.equal((await stale.query("SELECT Id FROM Contact")).totalSize, 2);
  assert.deepEqual(refreshed, [stale.accessToken]);
  const error = await refusal(() => connect({ accessToken: "ended" }).query("SELECT Id FROM Contact"));
  assert.equal(error.errorCode, "INVALID_SESSION_ID");
  const revoked = new jsforce.OAuth2({ loginUrl: url, clientId: "sandbox-client-id", clientSecret: "sandbox-client-secret" });
  assert.equal((await refusal(() => revoked.refreshToken("old"))).name, "invalid_grant");
});

test("a token tells whom it acts as", async () => {
  const identity = await connection.identity();
  assert.deepEqual([identity.username, identity.user_id], ["integration@example.com", "005000000000001AAA"]);
});

test("changes and deletions are told", async () => {
  const tasks = connection.sobject("Task");
  await tasks.update({ Id: "00T000000000001EAA", Subject: "Changed" });
  await tasks.destroy("00T000000000002EAA");
  const [start, end] = ["2026-11-23T09:00:00Z", "2026-11-23T11:00:00Z"];
  assert.deepEqual((await tasks.updated(start, end)).ids, ["00T000000000001EAA"]);
  assert.deepEqual((await tasks.deleted(start, end)).deletedRecords.map((record) => record.id), ["00T000000000002EAA"]);
});

test("a refusal tells why", async () => {
  const malformed = await refusal(() => connection.query("SELECT Nope FROM Task"));
  assert.equal(malformed.errorCode, "INVALID_FIELD");
  assert.match(malformed.message, /No such column 'Nope' on entity 'Task'/);
  const long = await refusal(() => connection.sobject("Task").create({ Subject: "x".repeat(256) }));
  assert.deepEqual([long.errorCode, long.data.fields], ["STRING_TOO_LONG", ["Subject"]]);
});

test("what fails on the way is retried by the client", async () => {
  const fault = { match: { path: "/services/data/v67.0/query" }, fault: { status: 503, body: { message: "down" } }, times: 1 };
  await admin("POST", "faults", [fault]);
  assert.equal((await connection.query("SELECT Id FROM Contact")).totalSize, 2);
  assert.deepEqual((await admin("GET", "log")).by_status, { 200: 1, 503: 1 });
});

test("a bulk query is waited for and read", async () => {
  const stream = await connection.bulk2.query("SELECT Id, Subject, Who.Name, IsClosed FROM Task ORDER BY Id", { pollInterval: 5, pollTimeout: 10_000 });
  const tasks = await stream.toArray();
  assert.equal(tasks.length, 4500);
  assert.deepEqual(tasks[6], { Id: "00T000000000007EAA", Subject: "Task 7", "Who.Name": "Aalto", IsClosed: "false" });
});
