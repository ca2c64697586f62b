// Settings and snapshots that several tests plan.

export const settings = {
  time_zone: "Europe/Helsinki",
  portal_id: "8821",
  enabled_at: "2026-10-01T06:00:00Z",
  to_salesforce: { call: { enabled: true } },
  to_hubspot: { call: { enabled: true } },
  owners: { integration_user: "005000000000001AAA" },
};

export const snapshot = {
  now: "2026-11-23T10:00:00Z",
  activities: [{ id: "501", kind: "call", occurred_at: "2026-11-20T08:00:00Z", contacts: ["101"], title: "Intro — 😀" }],
  contacts: [
    {
      id: "101",
      created_at: "2026-09-01T07:00:00Z",
      salesforce: { status: "synced", object: "Contact", id: "003000000000001AAA" },
    },
  ],
  records: [
    {
      id: "00T000000000001AAA",
      object: "Task",
      created_at: "2026-11-20T08:00:00Z",
      modified_at: "2026-11-20T08:00:00Z",
      task_subtype: "Call",
      subject: "Intro — 😀",
      who_id: "003000000000001AAA",
    },
  ],
};

export const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
export const json = (answer) => JSON.parse(new TextDecoder().decode(answer));
