-- Which of the operator's keys each box believes, and the letters by which one key named the next. Keys are called by their
-- fingerprints; times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE pin (
    box       TEXT   PRIMARY KEY, -- one that belongs to no home, too
    believed  TEXT   NOT NULL,
    following TEXT   NOT NULL, -- '' for none
    at        BIGINT NOT NULL -- since when
);
CREATE INDEX pin_believed ON pin (believed, following);

CREATE TABLE succession (
    old     TEXT   NOT NULL,
    new     TEXT   NOT NULL,
    message TEXT   NOT NULL, -- as the old key has signed it, base64
    made    BIGINT NOT NULL,
    PRIMARY KEY (old, new)
);

-- +goose Down
DROP TABLE succession;
DROP TABLE pin;
