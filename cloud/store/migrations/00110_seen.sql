-- Screens that the agent of a support session saw, by name. Times are microseconds since 1970, UTC, by the database's own
-- clock.

-- +goose Up
CREATE TABLE seen (
    support  TEXT   NOT NULL REFERENCES support (id) ON DELETE CASCADE,
    screen   TEXT   NOT NULL, -- one of a closed list of names
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    PRIMARY KEY (support, screen)
);

-- +goose Down
DROP TABLE seen;
