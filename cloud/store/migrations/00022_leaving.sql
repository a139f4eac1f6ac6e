-- Boxes whose home has gone, and ways back in for children without an email. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE farewell ( -- what is still to be said to a box that belongs to nobody
    box      TEXT   PRIMARY KEY REFERENCES box (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL, -- of an empty policy
    zone     TEXT   NOT NULL
);

CREATE TABLE entry (
    hash    TEXT   PRIMARY KEY, -- SHA-256 of the code
    member  TEXT   NOT NULL UNIQUE REFERENCES member (id) ON DELETE CASCADE, -- a new one takes the place of the one before
    home    TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE, -- an adult of which made it
    expires BIGINT NOT NULL
);
CREATE INDEX entry_expires ON entry (expires);

-- +goose Down
DROP TABLE entry;
DROP TABLE farewell;
