-- Ways into a home, and back into an account. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE invitation (
    id      TEXT   PRIMARY KEY, -- public
    hash    TEXT   NOT NULL UNIQUE, -- SHA-256 of the code
    home    TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    role    TEXT   NOT NULL,
    person  TEXT   NOT NULL, -- in the policy, of a child
    inviter TEXT   NOT NULL, -- their name then
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX invitation_home ON invitation (home);
CREATE INDEX invitation_expires ON invitation (expires);

CREATE TABLE reset (
    hash    TEXT   PRIMARY KEY, -- SHA-256 of the code
    member  TEXT   NOT NULL UNIQUE REFERENCES member (id) ON DELETE CASCADE, -- a new one takes the place of the one before
    expires BIGINT NOT NULL
);
CREATE INDEX reset_expires ON reset (expires);

-- +goose Down
DROP TABLE reset;
DROP TABLE invitation;
