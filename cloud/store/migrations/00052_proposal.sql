-- Changes that staff propose and a member approves. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE proposal (
    id       TEXT   PRIMARY KEY,
    session  TEXT   NOT NULL REFERENCES support (id) ON DELETE CASCADE,
    home     TEXT   NOT NULL,
    code     TEXT   NOT NULL, -- what it is about, as a revision's
    subject  TEXT   NOT NULL,
    revision BIGINT NOT NULL, -- that it was made from
    diff     TEXT   NOT NULL, -- JSON, as the member sees it
    policy   TEXT   NOT NULL, -- what would be asked
    hash     TEXT   NOT NULL, -- SHA-256 of home, revision and diff: what is approved
    state    TEXT   NOT NULL, -- open, approved, declined
    asked    BIGINT NOT NULL,
    expires  BIGINT NOT NULL,
    member   TEXT   NOT NULL, -- who answered
    answered BIGINT NOT NULL
);
CREATE INDEX proposal_session ON proposal (session, asked);

-- +goose Down
DROP TABLE proposal;
