-- Who members are at the provider where staff sign in (OpenID Connect). Times are microseconds since 1970, UTC.

-- +goose Up
CREATE TABLE subject (
    issuer  TEXT   NOT NULL,
    sub     TEXT   NOT NULL, -- the provider's own name for somebody, never given to another
    member  TEXT   NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    role    TEXT   NOT NULL, -- that the provider's claim gave, '' for none
    created BIGINT NOT NULL,
    used    BIGINT NOT NULL,
    PRIMARY KEY (issuer, sub),
    UNIQUE (member, issuer)
);

-- +goose Down
DROP TABLE subject;
