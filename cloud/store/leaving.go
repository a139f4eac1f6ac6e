package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Rows of accounts, as in account.go.
type entryRow = struct {
	Hash, Member, Home string
	Expires            time.Time
}

// errOrphans ends a transaction that would leave homes without an owner.
var errOrphans = errors.New("homes would be without an owner")

// DropMember takes a member away with all that is of them, unless homes would be without an owner: then it gives those and
// nothing changes.
func (s *Store) DropMember(ctx context.Context, member string) ([]homeRow, error) {
	var orphans []homeRow
	err := s.write(ctx, func(tx *sql.Tx) error {
		orphans = nil
		// Of two owners who leave at once one waits here for the other.
		if _, err := tx.ExecContext(ctx, `UPDATE home SET name = name WHERE id IN (SELECT home FROM membership WHERE member = $1 AND role = 'owner')`,
			member); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT home.id, home.name FROM membership m JOIN home ON home.id = m.home
			WHERE m.member = $1 AND m.role = 'owner' AND NOT EXISTS (SELECT 1 FROM membership o
			WHERE o.home = m.home AND o.member <> $1 AND o.role = 'owner') ORDER BY home.name, home.id`, member)
		if err != nil {
			return err
		}
		if orphans, err = scanOrphans(rows); err != nil {
			return err
		}
		if len(orphans) > 0 {
			return errOrphans
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM member WHERE id = $1`, member)
		return err
	})
	if errors.Is(err, errOrphans) {
		return orphans, nil
	}
	if err != nil {
		return nil, fmt.Errorf("deleting member: %w", err)
	}
	return nil, nil
}

func scanOrphans(rows *sql.Rows) ([]homeRow, error) {
	defer func() { _ = rows.Close() }()
	var all []homeRow
	for rows.Next() {
		row := homeRow{Role: "owner"}
		if err := rows.Scan(&row.ID, &row.Name); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// nameless is the condition that a member is a child wherever they belong, and has no email: see accounts.nameless.
const nameless = `member.email LIKE 'none:%' AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.member = member.id AND o.role <> 'child')`

// AddEntry keeps a code for a child without an email, in place of the one before. False: the home has no such child.
func (s *Store) AddEntry(ctx context.Context, row entryRow) (bool, error) {
	var added bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO entry (hash, member, home, expires)
			SELECT CAST($1 AS TEXT), member.id, membership.home, CAST($4 AS BIGINT) FROM member JOIN membership ON membership.member = member.id
			WHERE member.id = $2 AND membership.home = $3 AND `+nameless+`
			ON CONFLICT (member) DO UPDATE SET hash = excluded.hash, home = excluded.home, expires = excluded.expires`,
			row.Hash, row.Member, row.Home, micros(row.Expires))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		added = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("inserting entry: %w", err)
	}
	return added, nil
}

// UseEntry uses a code up and gives whose it is; a row without an id where there is no such code, or the child no longer
// belongs to the home or has become somebody else.
func (s *Store) UseEntry(ctx context.Context, hash string, now time.Time) (memberRow, error) {
	var row memberRow
	err := s.write(ctx, func(tx *sql.Tx) error {
		row = memberRow{}
		var member, home string
		err := tx.QueryRowContext(ctx, `DELETE FROM entry WHERE hash = $1 AND expires > $2 RETURNING member, home`, hash, micros(now)).Scan(&member, &home)
		if err == nil {
			err = tx.QueryRowContext(ctx, `SELECT member.id, member.email, member.name, member.locale FROM member
				JOIN membership ON membership.member = member.id WHERE member.id = $1 AND membership.home = $2 AND `+nameless, member, home).
				Scan(&row.ID, &row.Email, &row.Name, &row.Locale)
		}
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return memberRow{}, fmt.Errorf("using entry: %w", err)
	}
	return row, nil
}
