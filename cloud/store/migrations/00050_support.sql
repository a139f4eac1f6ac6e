-- Support sessions, the letters that boxes know of them, and the account of what was done. Times are microseconds since
-- 1970, UTC, by the database's own clock.

-- +goose Up
CREATE TABLE support (
    id              TEXT   PRIMARY KEY,
    case_id         TEXT   NOT NULL,
    home            TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    customer        TEXT   NOT NULL, -- who asked for a person, then who consented; no reference: a session outlives its members
    staff           TEXT   NOT NULL,
    staff_name      TEXT   NOT NULL, -- as the family read it
    operator        TEXT   NOT NULL,
    login           TEXT   NOT NULL, -- the staff's own session: when it ends, this one does
    asked_scopes    TEXT   NOT NULL, -- with a blank between them
    asked_minutes   BIGINT NOT NULL,
    reason          TEXT   NOT NULL,
    state           TEXT   NOT NULL, -- asked, active, refused, ended
    scopes          TEXT   NOT NULL, -- granted, '' before
    minutes         BIGINT NOT NULL,
    asked           BIGINT NOT NULL,
    started         BIGINT NOT NULL,
    deadline        BIGINT NOT NULL, -- of the question, then of the session
    ended           BIGINT NOT NULL,
    ended_by        TEXT   NOT NULL, -- customer, staff, deadline, sign-out, box, hand-over, replaced
    replaces        TEXT   NOT NULL,
    changes         BIGINT NOT NULL,
    consent_by      TEXT   NOT NULL,
    consent_name    TEXT   NOT NULL,
    consent_at      BIGINT NOT NULL,
    consent_text    TEXT   NOT NULL, -- SHA-256 of the words that were shown
    consent_locale  TEXT   NOT NULL,
    consent_device  TEXT   NOT NULL
);
CREATE INDEX support_home ON support (home, asked);
CREATE INDEX support_live ON support (state, deadline);
CREATE INDEX support_case ON support (case_id);

CREATE TABLE letter ( -- a grant: what lets somebody ask a box
    id       TEXT   PRIMARY KEY, -- that of the session where it is one's
    home     TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    kind     TEXT   NOT NULL, -- session, visit, self
    actor    TEXT   NOT NULL, -- member id
    name     TEXT   NOT NULL,
    operator TEXT   NOT NULL,
    login    TEXT   NOT NULL, -- their own session
    scopes   TEXT   NOT NULL,
    issued   BIGINT NOT NULL,
    expires  BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    ended    BIGINT NOT NULL
);
CREATE INDEX letter_home ON letter (home, expires);
CREATE INDEX letter_expires ON letter (expires);

CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    home    TEXT   NOT NULL, -- no reference: the chain outlives homes
    session TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    via     TEXT   NOT NULL,
    verb    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    staff   TEXT   NOT NULL,
    sum     TEXT   NOT NULL, -- of salt and content
    prev    TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    salt    TEXT   NOT NULL, -- '' with content: erased
    content TEXT   NOT NULL
);
CREATE INDEX audit_home ON audit (home, seq);
CREATE INDEX audit_session ON audit (session, seq);

CREATE TABLE audit_head ( -- one row
    id        BIGINT PRIMARY KEY,
    seq       BIGINT NOT NULL,
    hash      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    signature TEXT   NOT NULL
);

-- Who acted for the member of a revision, under which session, and whether a member approved exactly that.
ALTER TABLE revision ADD COLUMN staff TEXT NOT NULL DEFAULT '';
ALTER TABLE revision ADD COLUMN staff_name TEXT NOT NULL DEFAULT '';
ALTER TABLE revision ADD COLUMN support TEXT NOT NULL DEFAULT '';
ALTER TABLE revision ADD COLUMN proposal TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE revision DROP COLUMN proposal;
ALTER TABLE revision DROP COLUMN support;
ALTER TABLE revision DROP COLUMN staff_name;
ALTER TABLE revision DROP COLUMN staff;
DROP TABLE audit_head;
DROP TABLE audit;
DROP TABLE letter;
DROP TABLE support;
