package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Rows of push, which is not known here: other names of plain structs, as in account.go.
type pushRow = struct {
	ID, Session, Member, Endpoint, P256dh, Auth string
	Locale                                      string // of the member, when it is read
	Created                                     time.Time
}

const selectPush = `SELECT push.id, push.session, push.member, push.endpoint, push.public, push.auth, member.locale, push.created
	FROM push JOIN member ON member.id = push.member `

// VAPID is the keys that were kept first, which these become if there are none.
func (s *Store) VAPID(ctx context.Context, public, private string) (string, string, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO vapid (id, public, private) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING`,
			public, private); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT public, private FROM vapid WHERE id = 1`).Scan(&public, &private)
	})
	if err != nil {
		return "", "", fmt.Errorf("keeping push keys: %w", err)
	}
	return public, private, nil
}

// AddPush keeps where a session's browser is woken, in place of what was known of that browser or session.
func (s *Store) AddPush(ctx context.Context, row pushRow) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM push WHERE session = $1 OR endpoint = $2`, row.Session, row.Endpoint); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO push (id, session, member, endpoint, public, auth, created) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			row.ID, row.Session, row.Member, row.Endpoint, row.P256dh, row.Auth, micros(row.Created))
		return err
	})
	if err != nil {
		return fmt.Errorf("inserting push: %w", err)
	}
	return nil
}

// DropPush forgets one; of a member, unless that is "". False: there is no such one.
func (s *Store) DropPush(ctx context.Context, member, id string) (bool, error) {
	return s.affects(ctx, `DELETE FROM push WHERE id = $2 AND ($1 = '' OR member = $1)`, member, id)
}

// PushesOf is a member's.
func (s *Store) PushesOf(ctx context.Context, member string) ([]pushRow, error) {
	return s.pushes(ctx, `WHERE push.member = $1 ORDER BY push.created DESC, push.id`, member)
}

func (s *Store) pushes(ctx context.Context, where string, values ...any) ([]pushRow, error) {
	var all []pushRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, selectPush+where, values...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var row pushRow
			var created int64
			if err := rows.Scan(&row.ID, &row.Session, &row.Member, &row.Endpoint, &row.P256dh, &row.Auth, &row.Locale, &created); err != nil {
				return err
			}
			row.Created = instant(created)
			all = append(all, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting pushes: %w", err)
	}
	return all, nil
}
