-- What people are told of, once, and when they are not to be disturbed. Times are microseconds since 1970, UTC.
-- From here on mute holds the kinds that a member wants otherwise than they are by default.

-- +goose Up
CREATE TABLE claim ( -- what one replica tells for all
    home  TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    key   TEXT   NOT NULL,
    until BIGINT NOT NULL, -- 0: as long as the home
    PRIMARY KEY (home, key)
);
CREATE INDEX claim_key ON claim (key);
CREATE INDEX claim_until ON claim (until);

CREATE TABLE notice ( -- waits to be sent; taken by one replica
    member TEXT   NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    topic  TEXT   NOT NULL, -- a newer one takes the place of one that still waits
    home   TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    word   TEXT   NOT NULL, -- what a later one may make pointless
    event  TEXT   NOT NULL, -- JSON
    count  BIGINT NOT NULL, -- events in one
    due    BIGINT NOT NULL,
    PRIMARY KEY (member, topic)
);
CREATE INDEX notice_due ON notice (due);

CREATE TABLE quiet ( -- members without a row have the hours of push.DefaultQuiet
    member TEXT   PRIMARY KEY REFERENCES member (id) ON DELETE CASCADE,
    active BIGINT NOT NULL, -- 0, 1
    start  TEXT   NOT NULL, -- 22:00, by the home's clock
    finish TEXT   NOT NULL
);

-- +goose Down
DROP TABLE quiet;
DROP TABLE notice;
DROP TABLE claim;
