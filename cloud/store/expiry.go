package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
)

// unowned is the condition that nobody may see a recording any more ($1 is now).
const unowned = `(recording.until <= $1 OR NOT EXISTS (SELECT 1 FROM membership p WHERE p.home = recording.home AND p.member = recording.member))`

// SweepRecordings deletes those whose time is over or whose member is not of the home any more.
func (s *Store) SweepRecordings(ctx context.Context) ([]assist.Recording, error) {
	due, err := s.unowned(ctx)
	var gone []assist.Recording
	for _, r := range due {
		erased := false
		err = errors.Join(err, s.write(ctx, func(tx *sql.Tx) (err error) {
			erased, err = s.expire(ctx, tx, r)
			return err
		}))
		if erased {
			gone = append(gone, r)
		}
	}
	return gone, err
}

// unowned are recordings that nobody may see any more, a hundred at a time.
func (s *Store) unowned(ctx context.Context) ([]assist.Recording, error) {
	var due []assist.Recording
	err := s.read(ctx, func(tx *sql.Tx) error {
		due = nil
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT id, kase, home, member, bytes FROM recording WHERE "+unowned+" ORDER BY id LIMIT 100", now)
		if err != nil {
			return fmt.Errorf("asking for recordings whose time is over: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r assist.Recording
			if err := rows.Scan(&r.ID, &r.Case, &r.Home, &r.Member, &r.Bytes); err != nil {
				return fmt.Errorf("reading recording: %w", err)
			}
			due = append(due, r)
		}
		return rows.Err()
	})
	return due, err
}

// expire deletes a recording that nobody may see still. False: it was prolonged meanwhile, or went with its home.
func (s *Store) expire(ctx context.Context, tx *sql.Tx, r assist.Recording) (bool, error) {
	err := lockHome(ctx, tx, r.Home)
	if errors.Is(err, assist.ErrUnknown) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	now, err := s.now(ctx, tx)
	if err != nil {
		return false, err
	}
	var still int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM recording WHERE id = $2 AND "+unowned, now, r.ID).Scan(&still); err != nil || still == 0 {
		return false, err
	}
	return true, s.erase(ctx, tx, r, audit.ViaSystem, "recording-expired", audit.Actor{Kind: audit.KindSystem})
}
