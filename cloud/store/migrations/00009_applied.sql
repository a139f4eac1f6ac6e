-- When each revision came in force. Times are microseconds since 1970, UTC.

-- +goose Up
-- 0: it has not been in force; -1: nobody knows, it was made before this was kept.
ALTER TABLE revision ADD COLUMN applied BIGINT NOT NULL DEFAULT -1;

-- +goose Down
ALTER TABLE revision DROP COLUMN applied;
