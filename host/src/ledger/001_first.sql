-- How far each feed has been read. A record is read again only if HubSpot changed it after (stamp, id).
CREATE TABLE cursors (
    feed  TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    id    TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- What was last seen of each activity, in the shape of the snapshot, and the decision that holds for it.
CREATE TABLE observations (
    activity    TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    seen        TEXT NOT NULL,
    modified_at TEXT,
    seen_at     TEXT NOT NULL,
    decision    INTEGER REFERENCES decisions (id),
    action      TEXT,
    reason      TEXT,
    -- Its contacts may change the answer, although nobody changes the activity (P6 a).
    waits         INTEGER NOT NULL DEFAULT 0,
    -- Planned again in the next pass: what it waited for has changed.
    plan_again    INTEGER NOT NULL DEFAULT 0,
    -- Planned again once this moment has passed, in whole seconds (C6, P6 c).
    plan_again_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX observations_waiting ON observations (activity) WHERE waits = 1;
CREATE INDEX observations_planned_again ON observations (activity) WHERE plan_again = 1;
CREATE INDEX observations_planned_later ON observations (plan_again_at) WHERE plan_again_at IS NOT NULL;

-- What happened and was read, but isn't planned yet: lists are read the newest first, and planned the oldest first.
CREATE TABLE happened (
    activity    TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    series      TEXT,
    seen        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX happened_in_order ON happened (kind, occurred_at, activity);

-- Of what comes in series, as the opens of an email by a recipient, the first.
CREATE TABLE firsts (
    series   TEXT PRIMARY KEY,
    activity TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which activity waits for which contacts: HubSpot's ids, or `email:…` where HubSpot has no such contact yet.
CREATE TABLE waiting (
    contact  TEXT NOT NULL,
    activity TEXT NOT NULL,
    -- What it lacks: pending, unknown, excluded, failed, triggered_later and others (C8).
    lacks    TEXT,
    since    TEXT NOT NULL,
    -- As the decision knew the contact; and the last person in Salesforce that was noticed for it.
    modified_at        TEXT,
    person_modified_at TEXT,
    PRIMARY KEY (contact, activity)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_by_activity ON waiting (activity);

-- Who the contacts are that are waited for, and by what they are found in Salesforce.
CREATE TABLE awaited_contacts (
    contact            TEXT PRIMARY KEY,
    name               TEXT,
    email              TEXT,
    salesforce_contact TEXT,
    salesforce_lead    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_by_email ON awaited_contacts (email);
CREATE INDEX awaited_by_salesforce_contact ON awaited_contacts (salesforce_contact);
CREATE INDEX awaited_by_salesforce_lead ON awaited_contacts (salesforce_lead);

-- Every decision that differs from the one before it.
CREATE TABLE decisions (
    id          INTEGER PRIMARY KEY,
    activity    TEXT NOT NULL,
    decided_at  TEXT NOT NULL,
    module      TEXT NOT NULL,
    action      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    fingerprint TEXT,
    decision    TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_activity ON decisions (activity, id);

-- What joins an activity to its Salesforce record. Without task_id: its create isn't settled.
CREATE TABLE links (
    activity     TEXT PRIMARY KEY,
    task_id      TEXT,
    object       TEXT NOT NULL DEFAULT 'Task',
    origin       TEXT NOT NULL DEFAULT 'hubspot',
    contact      TEXT,
    synced       TEXT NOT NULL DEFAULT '{}',
    synced_at    TEXT NOT NULL,
    assigned_by  TEXT,
    cut          TEXT NOT NULL DEFAULT '[]',
    task_deleted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_task ON links (task_id);

-- Everything that was to be written, and what became of it.
-- state: pending → sent → done | refused; superseded by a later decision; unsettled where the outcome can't be found out.
CREATE TABLE intents (
    id          INTEGER PRIMARY KEY,
    activity    TEXT NOT NULL,
    decision    INTEGER NOT NULL REFERENCES decisions (id),
    action      TEXT NOT NULL,
    key         TEXT NOT NULL,
    task_id     TEXT,
    who_id      TEXT,
    fingerprint TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending',
    attempts    INTEGER NOT NULL DEFAULT 0,
    not_before  TEXT,
    created_at  TEXT NOT NULL,
    sent_at     TEXT,
    settled_at  TEXT,
    answer      TEXT,
    error_class TEXT,
    error_code  TEXT,
    error       TEXT,
    what_to_do  TEXT
) STRICT;
CREATE INDEX intents_open ON intents (state, action, who_id, id) WHERE state IN ('pending', 'sent', 'refused', 'unsettled');
CREATE INDEX intents_by_activity ON intents (activity, id);

-- Every pass: what it did, by which rules; or why it ended early. Without ended_at it is at work, or was stopped.
CREATE TABLE passes (
    id          INTEGER PRIMARY KEY,
    started_at  TEXT NOT NULL,
    ended_at    TEXT,
    module      TEXT NOT NULL,
    report      TEXT,
    error_class TEXT,
    error_code  TEXT,
    error       TEXT,
    what_to_do  TEXT
) STRICT;

-- What was found out once and doesn't change, such as the portal that a token opens.
CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
