-- Passkeys beside the password, and conversations with them that have begun. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE passkey (
    id         TEXT   PRIMARY KEY, -- public
    credential TEXT   NOT NULL UNIQUE, -- its id on the authenticator, base64url
    member     TEXT   NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    data       TEXT   NOT NULL, -- public key, counter and flags, JSON
    created    BIGINT NOT NULL,
    used       BIGINT NOT NULL
);
CREATE INDEX passkey_member ON passkey (member);

CREATE TABLE ceremony (
    id      TEXT   PRIMARY KEY,
    member  TEXT   NOT NULL, -- '' at sign-in
    data    TEXT   NOT NULL, -- challenge and what was asked of it, JSON
    expires BIGINT NOT NULL
);
CREATE INDEX ceremony_expires ON ceremony (expires);

-- +goose Down
DROP TABLE ceremony;
DROP TABLE passkey;
