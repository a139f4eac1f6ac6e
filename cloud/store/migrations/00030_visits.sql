-- What customers have ordered, and the technician's visits that carry it out. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE visit (
    id         TEXT   PRIMARY KEY,   -- a UUID
    ref        TEXT   NOT NULL UNIQUE,
    technician TEXT   REFERENCES member (id) ON DELETE SET NULL,
    home       TEXT   REFERENCES home (id) ON DELETE CASCADE, -- NULL before there is one
    day        TEXT   NOT NULL,      -- 2026-11-23, by the customer's clock
    begins     TEXT   NOT NULL,      -- 09:00
    state      TEXT   NOT NULL,
    wants      TEXT   NOT NULL,      -- serial that its order names, '' for none
    serial     TEXT   NOT NULL,      -- of its box, '' while it has none
    document   TEXT   NOT NULL,      -- all of it, JSON
    report     TEXT   NOT NULL,      -- signed, '' before its end
    version    BIGINT NOT NULL       -- moved on by compare and set
);
CREATE INDEX visit_technician ON visit (technician, day);
CREATE INDEX visit_day ON visit (day);
CREATE INDEX visit_home ON visit (home);
CREATE INDEX visit_wants ON visit (wants);
CREATE INDEX visit_serial ON visit (serial);

CREATE TABLE step (
    visit    TEXT   NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
    id       TEXT   NOT NULL,        -- of the phone's making
    n        BIGINT NOT NULL,        -- 1, 2, 3 … for each visit
    received BIGINT NOT NULL,
    who      TEXT   NOT NULL,        -- name of who sent it
    digest   TEXT   NOT NULL,
    body     TEXT   NOT NULL,        -- as it was sent, JSON
    PRIMARY KEY (visit, id)
);

CREATE TABLE photo (
    visit TEXT NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
    id    TEXT NOT NULL,
    data  TEXT NOT NULL,             -- JPEG, base64
    PRIMARY KEY (visit, id)
);

-- +goose Down
DROP TABLE photo;
DROP TABLE step;
DROP TABLE visit;
