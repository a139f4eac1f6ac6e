-- Requests for a person, and who may read them. Times are microseconds since 1970, UTC.

-- +goose Up
ALTER TABLE member ADD COLUMN staff TEXT NOT NULL DEFAULT ''; -- support, technician, supervisor, admin; '' for none

CREATE TABLE help (
    id     TEXT   PRIMARY KEY,
    home   TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    member TEXT   NOT NULL, -- no reference: a request outlives its member
    name   TEXT   NOT NULL, -- theirs then
    screen TEXT   NOT NULL,
    text   TEXT   NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX help_home ON help (home, at);
CREATE INDEX help_at ON help (at);

-- +goose Down
DROP TABLE help;
ALTER TABLE member DROP COLUMN staff;
