-- Homes, what they have decided, and what their boxes say. Times are microseconds since 1970, UTC; 0 is never.
-- Only types and clauses that SQLite and PostgreSQL both know.

-- +goose Up
CREATE TABLE home (
    id       TEXT   PRIMARY KEY,
    name     TEXT   NOT NULL,
    revision BIGINT NOT NULL, -- newest; moved on by compare and set
    floor    BIGINT NOT NULL DEFAULT 0 -- the next revision is above this, too: set by restore
);

CREATE TABLE revision (
    home     TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    policy   TEXT   NOT NULL, -- canonical JSON
    member   TEXT   NOT NULL, -- who, '' for the cloud; no reference: history outlives members
    actor    TEXT   NOT NULL, -- their name then
    origin   TEXT   NOT NULL, -- browser, app, cloud
    code     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (home, revision)
);

CREATE TABLE box (
    id   TEXT PRIMARY KEY,
    home TEXT UNIQUE REFERENCES home (id) ON DELETE SET NULL
);

CREATE TABLE presence (
    box          TEXT   PRIMARY KEY REFERENCES box (id) ON DELETE CASCADE,
    seen         BIGINT NOT NULL DEFAULT 0, -- newest message
    gone         BIGINT NOT NULL DEFAULT 0, -- newest will
    schema       BIGINT NOT NULL DEFAULT 0, -- of the newest Hello, as are the next three
    version      TEXT   NOT NULL DEFAULT '',
    tz           TEXT   NOT NULL DEFAULT '',
    capabilities TEXT   NOT NULL DEFAULT '[]'
);
CREATE INDEX presence_seen ON presence (seen);
CREATE INDEX presence_gone ON presence (gone);

CREATE TABLE reported (
    box      TEXT   PRIMARY KEY REFERENCES box (id) ON DELETE CASCADE,
    document TEXT   NOT NULL, -- as the box said it
    digest   TEXT   NOT NULL, -- of what matters in it: equal digests are not announced
    at       BIGINT NOT NULL
);

-- +goose Down
DROP TABLE reported;
DROP TABLE presence;
DROP TABLE box;
DROP TABLE revision;
DROP TABLE home;
