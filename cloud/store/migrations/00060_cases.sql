-- Requests for a person become cases. "Case" is a word of SQL. Times are microseconds since 1970, UTC; 0 is never.

-- +goose Up
CREATE TABLE kase (
    id       TEXT   PRIMARY KEY,
    home     TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    member   TEXT   NOT NULL, -- no reference: a case outlives its member
    name     TEXT   NOT NULL, -- theirs then
    language TEXT   NOT NULL DEFAULT 'fr',
    screen   TEXT   NOT NULL,
    text     TEXT   NOT NULL,
    asked_at BIGINT NOT NULL, -- the clock: no statement writes it again
    state    TEXT   NOT NULL DEFAULT 'waiting', -- waiting, taken, promised, closed
    waited   BIGINT NOT NULL DEFAULT 0, -- until it was first taken, in opening hours
    called   BIGINT NOT NULL DEFAULT 0, -- when the customer is to be called
    story    TEXT   NOT NULL DEFAULT '{}', -- JSON: all else of assist.Case
    version  BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX kase_home ON kase (home, asked_at);
CREATE INDEX kase_state ON kase (state, asked_at);

CREATE TABLE kase_message (
    kase    TEXT   NOT NULL REFERENCES kase (id) ON DELETE CASCADE,
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    origin  TEXT   NOT NULL, -- customer, staff, system
    author  TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    private BIGINT NOT NULL,
    code    TEXT   NOT NULL,
    text    TEXT   NOT NULL,
    picture TEXT   NOT NULL,
    PRIMARY KEY (kase, n)
);

CREATE TABLE kase_picture (
    id   TEXT PRIMARY KEY,
    kase TEXT NOT NULL REFERENCES kase (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    data TEXT NOT NULL -- base64
);
CREATE INDEX kase_picture_kase ON kase_picture (kase);

-- What staff know of a customer beyond one case.
CREATE TABLE contact (
    home   TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    member TEXT   NOT NULL,
    text   TEXT   NOT NULL,
    author TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (home, member)
);

-- Who of the staff sits at the console.
CREATE TABLE desk (
    member    TEXT   PRIMARY KEY REFERENCES member (id) ON DELETE CASCADE,
    name      TEXT   NOT NULL,
    role      TEXT   NOT NULL,
    seen      BIGINT NOT NULL,
    kase      TEXT   NOT NULL,
    typing    BIGINT NOT NULL,
    languages TEXT   NOT NULL, -- with blanks between
    skills    TEXT   NOT NULL
);

INSERT INTO kase (id, home, member, name, language, screen, text, asked_at)
    SELECT help.id, help.home, help.member, help.name, COALESCE((SELECT locale FROM member WHERE member.id = help.member), 'fr'),
           help.screen, help.text, help.at FROM help;
DROP TABLE help;

-- +goose Down
CREATE TABLE help (
    id     TEXT   PRIMARY KEY,
    home   TEXT   NOT NULL REFERENCES home (id) ON DELETE CASCADE,
    member TEXT   NOT NULL,
    name   TEXT   NOT NULL,
    screen TEXT   NOT NULL,
    text   TEXT   NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX help_home ON help (home, at);
CREATE INDEX help_at ON help (at);
INSERT INTO help (id, home, member, name, screen, text, at) SELECT id, home, member, name, screen, text, asked_at FROM kase;
DROP TABLE desk;
DROP TABLE contact;
DROP TABLE kase_picture;
DROP TABLE kase_message;
DROP TABLE kase;
