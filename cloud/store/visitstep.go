package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/visit"
)

func addStep(ctx context.Context, tx *sql.Tx, id string, step visit.Step) error {
	body, err := json.Marshal(step)
	if err != nil {
		return fmt.Errorf("encoding step: %w", err)
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO step (visit, id, n, received, who, digest, body)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), COALESCE(MAX(n), 0) + 1, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT)
		FROM step WHERE visit = $1`, id, step.ID, micros(step.Received), step.By, step.Digest, string(body)); err != nil {
		return fmt.Errorf("adding step: %w", err)
	}
	return nil
}

// Step is one of a visit; false: there is none.
func (s *Store) Step(ctx context.Context, id, step string) (visit.Step, bool, error) {
	list, err := s.steps(ctx, "visit = $1 AND id = $2", id, step)
	if err != nil || len(list) == 0 {
		return visit.Step{}, false, err
	}
	return list[0], true, nil
}

// Steps are all of a visit, in the order in which they came.
func (s *Store) Steps(ctx context.Context, id string) ([]visit.Step, error) {
	return s.steps(ctx, "visit = $1", id)
}

func (s *Store) steps(ctx context.Context, where string, values ...any) ([]visit.Step, error) {
	var list []visit.Step
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT received, who, digest, body FROM step WHERE "+where+" ORDER BY n", values...)
		if err != nil {
			return fmt.Errorf("asking for steps: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var step visit.Step
			var received int64
			var who, digest, body string
			if err := rows.Scan(&received, &who, &digest, &body); err != nil {
				return fmt.Errorf("reading step: %w", err)
			}
			if err := json.Unmarshal([]byte(body), &step); err != nil {
				return fmt.Errorf("reading step: %w", err)
			}
			step.Received, step.By, step.Digest = instant(received), who, digest
			list = append(list, step)
		}
		return rows.Err()
	})
	return list, err
}

// KeepPhoto keeps a picture with its visit, as KeepVisit does.
func (s *Store) KeepPhoto(ctx context.Context, v visit.Visit, photo string, data []byte) (bool, error) {
	return s.keepVisit(ctx, v, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO photo (visit, id, data) VALUES ($1, $2, $3)", v.ID, photo, base64.StdEncoding.EncodeToString(data))
		return err
	})
}

// DropPhoto takes one away, as KeepVisit does.
func (s *Store) DropPhoto(ctx context.Context, v visit.Visit, photo string) (bool, error) {
	return s.keepVisit(ctx, v, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM photo WHERE visit = $1 AND id = $2", v.ID, photo)
		return err
	})
}

// Photo is the bytes of one. visit.ErrNotFound.
func (s *Store) Photo(ctx context.Context, id, photo string) ([]byte, error) {
	var text string
	err := s.persist(ctx, func(ctx context.Context) error {
		return s.reader.QueryRowContext(ctx, "SELECT data FROM photo WHERE visit = $1 AND id = $2", id, photo).Scan(&text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, visit.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
