-- Members, the homes they belong to, their sessions, and how often somebody tried to sign in.
-- Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE member (
    id       TEXT   PRIMARY KEY,
    email    TEXT   NOT NULL UNIQUE, -- normalised
    name     TEXT   NOT NULL,
    locale   TEXT   NOT NULL,
    password TEXT   NOT NULL, -- argon2id, PHC string
    created  BIGINT NOT NULL
);

CREATE TABLE membership (
    member TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    home   TEXT NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    role   TEXT NOT NULL, -- owner, adult, child
    PRIMARY KEY (member, home)
);
CREATE INDEX membership_home ON membership (home);

CREATE TABLE session (
    id      TEXT   PRIMARY KEY, -- public
    hash    TEXT   NOT NULL UNIQUE, -- SHA-256 of the token
    member  TEXT   NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    kind    TEXT   NOT NULL, -- browser, app
    client  TEXT   NOT NULL,
    proof   TEXT   NOT NULL, -- how it was made: password, totp, passkey, code
    created BIGINT NOT NULL,
    used    BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX session_member ON session (member);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE attempt (
    bucket TEXT   PRIMARY KEY, -- a digest
    empty  BIGINT NOT NULL -- when nothing is left in it
);
CREATE INDEX attempt_empty ON attempt (empty);

-- +goose Down
DROP TABLE attempt;
DROP TABLE session;
DROP TABLE membership;
DROP TABLE member;
