-- Salesforce's records stand in observations, decisions and intents too, named by object and the first 15 characters of their id, as
-- `Task:00T000000000001`.

-- Where an intent writes: `salesforce/Task`, `hubspot/tasks`, `hubspot/calls` and so on.
ALTER TABLE intents ADD COLUMN destination TEXT NOT NULL DEFAULT 'salesforce/Task';
DROP INDEX intents_open;
CREATE INDEX intents_open ON intents (state, destination, action, who_id, id) WHERE state IN ('pending', 'sent', 'refused', 'unsettled');

ALTER TABLE links ADD COLUMN activity_deleted INTEGER NOT NULL DEFAULT 0;
-- HubSpot's time of what was last written there: what was seen of the activity before that isn't HubSpot's side any more.
ALTER TABLE links ADD COLUMN activity_written_at TEXT;
DROP INDEX links_by_task;
CREATE INDEX links_by_task ON links (substr(task_id, 1, 15));

-- Which HubSpot contacts are which people of Salesforce, the first 15 characters of their ids.
CREATE TABLE known_contacts (
    contact    TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    object     TEXT NOT NULL,
    created_at TEXT NOT NULL,
    name       TEXT,
    email      TEXT,
    known_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_contacts_by_person ON known_contacts (person);

-- Which deals and companies of HubSpot are which records of Salesforce, the first 15 characters of their ids.
CREATE TABLE known_related (
    salesforce_id TEXT NOT NULL,
    object        TEXT NOT NULL,
    id            TEXT NOT NULL,
    PRIMARY KEY (salesforce_id, object, id)
) STRICT, WITHOUT ROWID;

-- What lost where both sides had changed a field since they last shared it.
CREATE TABLE conflicts (
    id         INTEGER PRIMARY KEY,
    activity   TEXT NOT NULL,
    decision   INTEGER NOT NULL REFERENCES decisions (id),
    decided_at TEXT NOT NULL,
    field      TEXT NOT NULL,
    winner     TEXT NOT NULL,
    hubspot    TEXT,
    salesforce TEXT
) STRICT;
CREATE INDEX conflicts_by_activity ON conflicts (activity, id);

-- Imports of Salesforce's records that are already there, and how far each object was read.
CREATE TABLE imports (
    id         INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    since      TEXT,
    kinds      TEXT NOT NULL
) STRICT;
CREATE TABLE import_objects (
    import  INTEGER NOT NULL REFERENCES imports (id),
    object  TEXT NOT NULL,
    total   INTEGER NOT NULL,
    -- Of a Bulk API query; none where the records are read page by page.
    job     TEXT,
    -- Behind the last page that was planned: the job's locator, or the id of the last record.
    reached TEXT,
    read    INTEGER NOT NULL DEFAULT 0,
    is_done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (import, object)
) STRICT, WITHOUT ROWID;
