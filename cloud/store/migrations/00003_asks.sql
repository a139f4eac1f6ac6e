-- Children's wishes for more time, and whose they are. Times are microseconds since 1970, UTC; 0 is never.

-- +goose Up
ALTER TABLE membership ADD COLUMN person TEXT NOT NULL DEFAULT ''; -- in the policy: whose time a child sees

CREATE TABLE ask (
    home     TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    id       TEXT   NOT NULL, -- chosen by who asks: saying it twice is asking once
    device   TEXT   NOT NULL, -- in the policy, '' where the app asked
    person   TEXT   NOT NULL, -- in the policy, '' for a device of the home
    minutes  BIGINT NOT NULL,
    why      TEXT   NOT NULL,
    asked    BIGINT NOT NULL, -- by the clock of who asks
    at       BIGINT NOT NULL, -- came here
    state    TEXT   NOT NULL, -- sent, seen, granted, refused
    member   TEXT   NOT NULL, -- who saw or answered it; no reference: answers outlive members
    actor    TEXT   NOT NULL, -- their name then
    origin   TEXT   NOT NULL,
    granted  BIGINT NOT NULL, -- minutes
    until    BIGINT NOT NULL, -- what was granted ends then
    answered BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX ask_at ON ask (home, at);

-- +goose Down
DROP TABLE ask;
ALTER TABLE membership DROP COLUMN person;
