-- How long people were online, by hour of the home's clock. Kept for 35 days.

-- +goose Up
CREATE TABLE online (
    home    TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    person  TEXT   NOT NULL, -- in the policy
    date    TEXT   NOT NULL, -- 2026-11-21
    hour    BIGINT NOT NULL, -- 0 to 23
    minutes BIGINT NOT NULL, -- 1 to 60
    PRIMARY KEY (home, person, date, hour)
);
CREATE INDEX online_date ON online (home, date);

-- +goose Down
DROP TABLE online;
