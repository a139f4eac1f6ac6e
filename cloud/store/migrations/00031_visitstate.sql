-- Visits whose boxes come up are looked at every few seconds.

-- +goose Up
CREATE INDEX visit_state ON visit (state, day);

-- +goose Down
DROP INDEX visit_state;
