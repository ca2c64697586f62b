-- What was sent in and isn't planned yet, in the shape of the snapshot.
CREATE TABLE inbound (
    activity    TEXT PRIMARY KEY,
    occurred_at TEXT NOT NULL,
    seen        TEXT NOT NULL,
    taken_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbound_in_order ON inbound (occurred_at, activity);

-- What was sent in and not taken, and why; each once, however often it was sent.
CREATE TABLE inbound_refusals (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL,
    line       INTEGER,
    path       TEXT NOT NULL,
    activity   TEXT,
    code       TEXT NOT NULL,
    message    TEXT NOT NULL,
    hint       TEXT NOT NULL,
    refused_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX inbound_refusals_once ON inbound_refusals (source, coalesce(line, 0), coalesce(activity, ''), path, message);
CREATE INDEX inbound_refusals_by_activity ON inbound_refusals (activity);
