-- Boxes whose identity is used in several places at once. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE clone (
    box       TEXT   PRIMARY KEY,
    since     BIGINT NOT NULL,
    newest    BIGINT NOT NULL,
    takeovers BIGINT NOT NULL, -- in this contest
    before    BIGINT NOT NULL, -- in those before it
    places    TEXT   NOT NULL  -- addresses, certificates and times, JSON
);

-- +goose Down
DROP TABLE clone;
