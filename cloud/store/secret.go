package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SetProfile changes what a member is called and spoken to in.
func (s *Store) SetProfile(ctx context.Context, member, name, locale string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE member SET name = $2, locale = $3 WHERE id = $1`, member, name, locale)
		return err
	})
	if err != nil {
		return fmt.Errorf("updating member: %w", err)
	}
	return nil
}

// SetPassword changes a member's password and ends all their sessions but one.
func (s *Store) SetPassword(ctx context.Context, member, password, keep string) error {
	err := s.write(ctx, func(tx *sql.Tx) error { return setPassword(ctx, tx, [2]string{member, password}, keep) })
	if err != nil {
		return fmt.Errorf("changing password: %w", err)
	}
	return nil
}

func setPassword(ctx context.Context, tx *sql.Tx, of [2]string, keep string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE member SET password = $2 WHERE id = $1`, of[0], of[1]); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE member = $1 AND id <> $2`, of[0], keep)
	return err
}

// AddReset keeps the code of the member with an email, in place of the one before, and gives the member; a row without
// an id where there is none. Either way it is one statement after the other of the same kind.
func (s *Store) AddReset(ctx context.Context, email, hash string, expires time.Time) (memberRow, error) {
	var row memberRow
	err := s.write(ctx, func(tx *sql.Tx) error {
		row = memberRow{}
		if _, err := tx.ExecContext(ctx, `INSERT INTO reset (hash, member, expires)
			SELECT CAST($2 AS TEXT), member.id, CAST($3 AS BIGINT) FROM member WHERE member.email = $1
			ON CONFLICT (member) DO UPDATE SET hash = excluded.hash, expires = excluded.expires`, email, hash, micros(expires)); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `SELECT id, email, name, locale FROM member WHERE email = $1`, email).
			Scan(&row.ID, &row.Email, &row.Name, &row.Locale)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return memberRow{}, fmt.Errorf("inserting reset: %w", err)
	}
	return row, nil
}

// UseReset uses a code up: a new password, and all sessions end. It gives whose it was, "" where there is no such code.
func (s *Store) UseReset(ctx context.Context, hash string, now time.Time, password string) (string, error) {
	var member string
	err := s.write(ctx, func(tx *sql.Tx) error {
		member = ""
		err := tx.QueryRowContext(ctx, `DELETE FROM reset WHERE hash = $1 AND expires > $2 RETURNING member`, hash, micros(now)).Scan(&member)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return setPassword(ctx, tx, [2]string{member, password}, "")
	})
	if err != nil {
		return "", fmt.Errorf("using reset: %w", err)
	}
	return member, nil
}
