-- What boxes are asked under letters, and what they answer. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE query (
    id      TEXT   PRIMARY KEY,
    letter  TEXT   NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
    home    TEXT   NOT NULL,
    box     TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    args    TEXT   NOT NULL, -- JSON
    seconds BIGINT NOT NULL,
    asked   BIGINT NOT NULL,
    until   BIGINT NOT NULL, -- after this nobody waits any more
    state   TEXT   NOT NULL, -- running, done, cancelled, lost
    error   TEXT   NOT NULL, -- '' or a code
    detail  TEXT   NOT NULL,
    count   BIGINT NOT NULL, -- of results
    bytes   BIGINT NOT NULL
);
CREATE INDEX query_letter ON query (letter, asked);
CREATE INDEX query_state ON query (state, until);

CREATE TABLE result ( -- gone an hour after the letter's end
    query TEXT   NOT NULL REFERENCES query (id) ON DELETE CASCADE,
    seq   BIGINT NOT NULL,
    data  TEXT   NOT NULL, -- JSON
    PRIMARY KEY (query, seq)
);

-- +goose Down
DROP TABLE result;
DROP TABLE query;
