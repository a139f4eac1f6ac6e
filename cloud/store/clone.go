package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

// KeepClone keeps that a box is cloned; several replicas may say the same. True: that was not known.
func (s *Store) KeepClone(ctx context.Context, c enrolment.Clone) (bool, error) {
	places, err := json.Marshal(c.Places)
	if err != nil {
		return false, fmt.Errorf("encoding places of box %q: %w", c.Box, err)
	}
	// A number that is smaller than the one before is that of another contest.
	const keep = `
INSERT INTO clone (box, since, newest, takeovers, before, places) VALUES ($1, $2, $3, $4, 0, $5)
    ON CONFLICT (box) DO UPDATE SET newest = excluded.newest, takeovers = excluded.takeovers, places = excluded.places,
       before = clone.before + CASE WHEN excluded.takeovers < clone.takeovers THEN clone.takeovers ELSE 0 END
    WHERE clone.newest <= excluded.newest`
	var known int
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM clone WHERE box = $1", c.Box).Scan(&known); err != nil {
			return fmt.Errorf("asking for clone: %w", err)
		}
		if _, err := tx.ExecContext(ctx, keep, c.Box, micros(c.Since), micros(c.Newest), c.Takeovers, string(places)); err != nil {
			return fmt.Errorf("keeping clone: %w", err)
		}
		return nil
	})
	return known == 0 && err == nil, err
}

// CloneOf is empty where a box is not known to be cloned.
func (s *Store) CloneOf(ctx context.Context, box string) (enrolment.Clone, error) {
	c := enrolment.Clone{Box: box}
	var since, newest int64
	var places string
	err := s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT since, newest, takeovers + before, places FROM clone WHERE box = $1", box).
			Scan(&since, &newest, &c.Takeovers, &places)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(places), &c.Places)
	}
	if err != nil {
		return c, fmt.Errorf("selecting clone: %w", err)
	}
	c.Since, c.Newest = instant(since), instant(newest)
	return c, nil
}
