-- The socket of a support session: tickets onto it, and how often its screen was connected. Neither is worth a backup.

-- +goose Up
CREATE TABLE ticket (
    hash    TEXT   PRIMARY KEY, -- SHA-256
    support TEXT   NOT NULL REFERENCES support (id) ON DELETE CASCADE,
    login   TEXT   NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    side    TEXT   NOT NULL, -- customer, agent
    expires BIGINT NOT NULL  -- by the database's own clock
);
CREATE INDEX ticket_expires ON ticket (expires);

CREATE TABLE screen (
    support    TEXT   PRIMARY KEY REFERENCES support (id) ON DELETE CASCADE,
    generation BIGINT NOT NULL
);

-- +goose Down
DROP TABLE screen;
DROP TABLE ticket;
