-- Every box that was made, its life and its certificates. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE item (
    box   TEXT   PRIMARY KEY,   -- its id: the serial in small letters
    model TEXT   NOT NULL,
    mac   TEXT   NOT NULL,      -- '' if the maker's list has none
    claim TEXT   NOT NULL,      -- SHA-256 of the claim code, hex
    used  TEXT   NOT NULL,      -- digest of the key that used it, '' while nobody has
    state TEXT   NOT NULL,      -- made, claimed, in-service, swapped, retired
    since BIGINT NOT NULL
);

CREATE TABLE life (
    box    TEXT   NOT NULL REFERENCES item (box) ON DELETE CASCADE,
    n      BIGINT NOT NULL,     -- 1, 2, 3 … for each box
    at     BIGINT NOT NULL,
    state  TEXT   NOT NULL,
    who    TEXT   NOT NULL,
    detail TEXT   NOT NULL,
    PRIMARY KEY (box, n)
);

CREATE TABLE identity (
    serial  TEXT   PRIMARY KEY, -- of the certificate, hex
    box     TEXT   NOT NULL REFERENCES item (box) ON DELETE CASCADE,
    public  TEXT   NOT NULL,    -- SHA-256 of the public key, hex
    issued  BIGINT NOT NULL,
    until   BIGINT NOT NULL,
    revoked BIGINT NOT NULL,    -- 0: it was not
    why     TEXT   NOT NULL
);
CREATE INDEX identity_box ON identity (box);
CREATE INDEX identity_revoked ON identity (revoked);

-- +goose Down
DROP TABLE identity;
DROP TABLE life;
DROP TABLE item;
