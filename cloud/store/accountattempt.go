package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// TakeAttempt moves the instant at which a bucket is empty on by step, from now at the earliest, in one statement: many
// replicas count as one. Where it is after most already nothing moves, and the answer is how long until it is not.
func (s *Store) TakeAttempt(ctx context.Context, bucket string, now, most time.Time, step time.Duration) (time.Duration, error) {
	var wait time.Duration
	err := s.write(ctx, func(tx *sql.Tx) error {
		var empty int64
		err := tx.QueryRowContext(ctx, `INSERT INTO attempt (bucket, empty) VALUES ($1, $2)
			ON CONFLICT (bucket) DO UPDATE
			SET empty = CASE WHEN attempt.empty > $3 THEN attempt.empty ELSE $3 END + $4
			WHERE attempt.empty <= $5
			RETURNING empty`, bucket, micros(now.Add(step)), micros(now), step.Microseconds(), micros(most)).Scan(&empty)
		if !errors.Is(err, sql.ErrNoRows) {
			wait = 0
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT empty FROM attempt WHERE bucket = $1`, bucket).Scan(&empty)
		wait = max(instant(empty).Sub(most), time.Microsecond)
		if errors.Is(err, sql.ErrNoRows) { // dropped in between: at the next try there is room
			return nil
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("counting attempt: %w", err)
	}
	return wait, nil
}

// DropAttempts empties buckets.
func (s *Store) DropAttempts(ctx context.Context, buckets ...string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, bucket := range buckets {
			if _, err := tx.ExecContext(ctx, `DELETE FROM attempt WHERE bucket = $1`, bucket); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("dropping attempts: %w", err)
	}
	return nil
}

// SweepAccounts takes away sessions, invitations and codes that have ended, and buckets that are empty.
func (s *Store) SweepAccounts(ctx context.Context, now time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"session", "invitation", "reset", "entry", "ceremony"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE expires <= $1`, micros(now)); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM attempt WHERE empty <= $1`, micros(now))
		return err
	})
	if err != nil {
		return fmt.Errorf("sweeping accounts: %w", err)
	}
	return nil
}
