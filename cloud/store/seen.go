package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/assist"
)

// maxSeen is rows of a session: there are far fewer names of screens.
const maxSeen = 200

// AddSeen keeps what was seen in a session that is not over: after its end the audit has told it. assist.ErrOver.
func (s *Store) AddSeen(ctx context.Context, session string, list []assist.Glimpse) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		// Who ends the session waits here, or is waited for.
		result, err := tx.ExecContext(ctx, "UPDATE support SET state = state WHERE id = $1 AND state = 'active'", session)
		if err != nil {
			return fmt.Errorf("locking support session: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(assist.ErrOver, err)
		}
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		for _, one := range list {
			if _, err := tx.ExecContext(ctx, `INSERT INTO seen (support, screen, first_at, last_at)
				SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)
				WHERE (SELECT COUNT(*) FROM seen WHERE support = $1 AND screen <> $2) < $5
				ON CONFLICT (support, screen) DO UPDATE SET
				first_at = CASE WHEN excluded.first_at < seen.first_at THEN excluded.first_at ELSE seen.first_at END,
				last_at = CASE WHEN excluded.last_at > seen.last_at THEN excluded.last_at ELSE seen.last_at END`,
				session, one.Screen, now-one.First.Microseconds(), now-one.Last.Microseconds(), maxSeen); err != nil {
				return fmt.Errorf("adding a seen screen: %w", err)
			}
		}
		return nil
	})
}

// SeenIn is what was seen in a home, in one session or in all (""), by session, then in the order in which it was first seen.
func (s *Store) SeenIn(ctx context.Context, home, session string) (list []assist.Seen, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = seen(ctx, tx, "WHERE support.home = $1 AND ($2 = '' OR support.id = $2)", home, session)
		return err
	})
	return list, err
}

// Unwitnessed is the first session of which the audit does not tell what was seen as it is kept, "" for none; told is the
// digests of the audit by session.
func (s *Store) Unwitnessed(ctx context.Context, told map[string]string) (session string, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		session = ""
		list, err := seen(ctx, tx, "WHERE support.state <> 'active'")
		if err != nil {
			return err
		}
		kept := map[string][]assist.Seen{}
		for _, one := range list {
			kept[one.Session] = append(kept[one.Session], one)
		}
		for id := range kept {
			if told[id] != assist.SeenSum(kept[id]) && (session == "" || id < session) {
				session = id
			}
		}
		for id := range told {
			if kept[id] == nil && (session == "" || id < session) {
				session = id
			}
		}
		return nil
	})
	return session, err
}

func seen(ctx context.Context, tx *sql.Tx, where string, values ...any) ([]assist.Seen, error) {
	rows, err := tx.QueryContext(ctx, `SELECT seen.support, seen.screen, seen.first_at, seen.last_at FROM seen
		JOIN support ON support.id = seen.support `+where+" ORDER BY seen.support, seen.first_at, seen.screen", values...)
	if err != nil {
		return nil, fmt.Errorf("asking what was seen: %w", err)
	}
	defer func() { _ = rows.Close() }()
	list := []assist.Seen{}
	for rows.Next() {
		var one assist.Seen
		var first, last int64
		if err := rows.Scan(&one.Session, &one.Screen, &first, &last); err != nil {
			return nil, fmt.Errorf("reading what was seen: %w", err)
		}
		one.First, one.Last = instant(first), instant(last)
		list = append(list, one)
	}
	return list, rows.Err()
}

// tellSeen tells the audit what was seen in a session that has just ended.
func (s *Store) tellSeen(ctx context.Context, tx *sql.Tx, one assist.Session) error {
	list, err := seen(ctx, tx, "WHERE support.id = $1", one.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	detail := map[string]any{"screens": len(list), "sum": assist.SeenSum(list)}
	return s.witness(ctx, tx, entryOf(one, assist.VerbSeen, staffActor(one), detail))
}
