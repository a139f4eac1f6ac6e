-- Browsers that want to be woken, and what their members do not want to hear of. Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE push (
    id       TEXT   PRIMARY KEY,
    session  TEXT   NOT NULL REFERENCES session (id) ON DELETE CASCADE, -- who signs out hears nothing more
    member   TEXT   NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    endpoint TEXT   NOT NULL UNIQUE,
    public   TEXT   NOT NULL, -- p256dh: the key that messages are encrypted for
    auth     TEXT   NOT NULL,
    created  BIGINT NOT NULL
);
CREATE INDEX push_member ON push (member);
CREATE INDEX push_session ON push (session);

CREATE TABLE mute (
    member TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    PRIMARY KEY (member, kind)
);

CREATE TABLE vapid ( -- one row: who we are to push services (RFC 8292)
    id      BIGINT PRIMARY KEY,
    public  TEXT   NOT NULL,
    private TEXT   NOT NULL
);

-- +goose Down
DROP TABLE vapid;
DROP TABLE mute;
DROP TABLE push;
