package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const sessionColumns = `session.id, session.hash, session.member, session.kind, session.client, session.proof,
	session.created, session.used, session.expires`

// AddSession keeps a new session.
func (s *Store) AddSession(ctx context.Context, row sessionRow) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO session (id, hash, member, kind, client, proof, created, used, expires)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, row.ID, row.Hash, row.Member, row.Kind, row.Client, row.Proof,
			micros(row.Created), micros(row.Used), micros(row.Expires))
		return err
	})
	if err != nil {
		return fmt.Errorf("inserting session: %w", err)
	}
	return nil
}

// SessionByHash is a live session and its member (without the password), both empty where there is none.
func (s *Store) SessionByHash(ctx context.Context, hash string, now time.Time) (sessionRow, memberRow, error) {
	var session sessionRow
	var member memberRow
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		row := tx.QueryRowContext(ctx, `SELECT `+sessionColumns+`, member.id, member.email, member.name, member.locale, member.staff
			FROM session JOIN member ON member.id = session.member
			WHERE session.hash = $1 AND session.expires > $2`, hash, micros(now))
		session, err = scanSession(row, &member.ID, &member.Email, &member.Name, &member.Locale, &member.Staff)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return sessionRow{}, memberRow{}, nil
	}
	if err != nil {
		return sessionRow{}, memberRow{}, fmt.Errorf("selecting session: %w", err)
	}
	return session, member, nil
}

// UseSession writes down a use and the new end of a session.
func (s *Store) UseSession(ctx context.Context, id string, used, expires time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE session SET used = $2, expires = $3 WHERE id = $1`,
			id, micros(used), micros(expires))
		return err
	})
	if err != nil {
		return fmt.Errorf("updating session: %w", err)
	}
	return nil
}

// SessionsOf is a member's live sessions, newest use first.
func (s *Store) SessionsOf(ctx context.Context, member string, now time.Time) ([]sessionRow, error) {
	var sessions []sessionRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		sessions = nil
		rows, err := tx.QueryContext(ctx, `SELECT `+sessionColumns+` FROM session
			WHERE member = $1 AND expires > $2 ORDER BY used DESC, id`, member, micros(now))
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			session, err := scanSession(rows)
			if err != nil {
				return err
			}
			sessions = append(sessions, session)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting sessions: %w", err)
	}
	return sessions, nil
}

// EndSession reports false where the member has no such session.
func (s *Store) EndSession(ctx context.Context, member, id string) (bool, error) {
	return s.affects(ctx, `DELETE FROM session WHERE member = $1 AND id = $2`, member, id)
}

func scanSession(row interface{ Scan(...any) error }, more ...any) (sessionRow, error) {
	var session sessionRow
	var created, used, expires int64
	err := row.Scan(append([]any{&session.ID, &session.Hash, &session.Member, &session.Kind, &session.Client, &session.Proof,
		&created, &used, &expires}, more...)...)
	session.Created, session.Used, session.Expires = instant(created), instant(used), instant(expires)
	return session, err
}
