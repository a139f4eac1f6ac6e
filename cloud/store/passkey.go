package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Rows of accounts, as in account.go.
type (
	passkeyRow = struct {
		ID, Credential, Member, Name, Data string
		Created, Used                      time.Time
	}
	ceremonyRow = struct {
		ID, Member, Data string
		Expires          time.Time
	}
)

// AddCeremony keeps a conversation that has begun.
func (s *Store) AddCeremony(ctx context.Context, row ceremonyRow) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO ceremony (id, member, data, expires) VALUES ($1, $2, $3, $4)`,
			row.ID, row.Member, row.Data, micros(row.Expires))
		return err
	})
	if err != nil {
		return fmt.Errorf("inserting ceremony: %w", err)
	}
	return nil
}

// TakeCeremony uses a conversation up; empty where there is none that lives.
func (s *Store) TakeCeremony(ctx context.Context, id string, now time.Time) (ceremonyRow, error) {
	var row ceremonyRow
	err := s.write(ctx, func(tx *sql.Tx) error {
		row = ceremonyRow{}
		var expires int64
		err := tx.QueryRowContext(ctx, `DELETE FROM ceremony WHERE id = $1 AND expires > $2 RETURNING id, member, data, expires`,
			id, micros(now)).Scan(&row.ID, &row.Member, &row.Data, &expires)
		row.Expires = instant(expires)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return ceremonyRow{}, fmt.Errorf("taking ceremony: %w", err)
	}
	return row, nil
}

// AddPasskey reports false where somebody has it already, or the member as many as limit.
func (s *Store) AddPasskey(ctx context.Context, row passkeyRow, limit int) (bool, error) {
	var added bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM passkey WHERE member = $1`, row.Member).Scan(&n); err != nil {
			return err
		}
		if added = n < limit; !added {
			return nil
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO passkey (id, credential, member, name, data, created, used)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, row.ID, row.Credential, row.Member, row.Name, row.Data, micros(row.Created), micros(row.Used))
		return err
	})
	if taken(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("inserting passkey: %w", err)
	}
	return added, nil
}

// PasskeysOf is a member's, newest first.
func (s *Store) PasskeysOf(ctx context.Context, member string) ([]passkeyRow, error) {
	return s.passkeys(ctx, "member = $1 ORDER BY created DESC, id", member)
}

// PasskeyBy is the one with an id on its authenticator, and its member (without the password); empty for none.
func (s *Store) PasskeyBy(ctx context.Context, credential string) (passkeyRow, memberRow, error) {
	var who memberRow
	rows, err := s.passkeys(ctx, "credential = $1", credential)
	if err != nil || len(rows) == 0 {
		return passkeyRow{}, who, err
	}
	err = s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT id, email, name, locale, staff FROM member WHERE id = $1`, rows[0].Member).
			Scan(&who.ID, &who.Email, &who.Name, &who.Locale, &who.Staff)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return passkeyRow{}, memberRow{}, nil
	}
	if err != nil {
		return passkeyRow{}, memberRow{}, fmt.Errorf("selecting member: %w", err)
	}
	return rows[0], who, nil
}

func (s *Store) passkeys(ctx context.Context, where, value string) ([]passkeyRow, error) {
	var all []passkeyRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, `SELECT id, credential, member, name, data, created, used FROM passkey WHERE `+where, value)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var row passkeyRow
			var created, used int64
			if err := rows.Scan(&row.ID, &row.Credential, &row.Member, &row.Name, &row.Data, &created, &used); err != nil {
				return err
			}
			row.Created, row.Used = instant(created), instant(used)
			all = append(all, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting passkeys: %w", err)
	}
	return all, nil
}

// UsePasskey writes down a use and what it changed.
func (s *Store) UsePasskey(ctx context.Context, id, data string, used time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE passkey SET data = $2, used = $3 WHERE id = $1`, id, data, micros(used))
		return err
	})
	if err != nil {
		return fmt.Errorf("updating passkey: %w", err)
	}
	return nil
}

// DropPasskey reports false where the member has no such one.
func (s *Store) DropPasskey(ctx context.Context, member, id string) (bool, error) {
	return s.affects(ctx, `DELETE FROM passkey WHERE member = $1 AND id = $2`, member, id)
}
