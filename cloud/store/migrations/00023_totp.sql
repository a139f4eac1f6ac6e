-- What members make codes with, beside the password.

-- +goose Up
CREATE TABLE totp (
    member  TEXT   PRIMARY KEY REFERENCES member (id) ON DELETE CASCADE,
    secret  TEXT   NOT NULL, -- base32; '' until the first code was right
    pending TEXT   NOT NULL, -- waits for its first code; '' for none
    step    BIGINT NOT NULL -- of the newest code that was used, 30 s each since 1970: none is good twice
);

-- +goose Down
DROP TABLE totp;
