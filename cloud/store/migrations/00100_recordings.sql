-- What a customer lets be kept of their own screen for a case. Times are microseconds since 1970, UTC, by the database's own clock.

-- +goose Up
CREATE TABLE recording (
    id     TEXT   PRIMARY KEY,
    kase   TEXT   NOT NULL REFERENCES kase (id) ON DELETE CASCADE,
    home   TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    member TEXT   NOT NULL, -- whose screen it is, and whose to delete; no reference: who leaves the home ends it
    secret TEXT   NOT NULL, -- the key of its parts, base64: it is nowhere else
    begun  BIGINT NOT NULL,
    until  BIGINT NOT NULL, -- it is deleted then
    newest BIGINT NOT NULL, -- when its newest part was kept, 0 before
    parts  BIGINT NOT NULL,
    bytes  BIGINT NOT NULL,
    filled BIGINT NOT NULL, -- 1: it takes no more
    UNIQUE (kase, member)
);
CREATE INDEX recording_home ON recording (home);
CREATE INDEX recording_until ON recording (until);

CREATE TABLE recording_part (
    recording TEXT   NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    n         BIGINT NOT NULL, -- from 1
    session   TEXT   NOT NULL,
    at        BIGINT NOT NULL, -- of its first piece
    sealed    TEXT   NOT NULL, -- AES-256-GCM, base64
    PRIMARY KEY (recording, n)
);

ALTER TABLE support ADD COLUMN kept BIGINT NOT NULL DEFAULT 0; -- 1: its screen is being kept; the customer's switch

-- +goose Down
ALTER TABLE support DROP COLUMN kept;
DROP TABLE recording_part;
DROP TABLE recording;
