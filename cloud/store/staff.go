package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/audit"
)

// staffRow is a row of accounts, as in account.go.
type staffRow = struct {
	ID, Email, Name, Role string
	Factor                bool
}

// SetStaff gives the member with an email a role among staff, "" for none, and tells the audit, unless the line has no verb. It
// gives their id, "" where there is nobody.
func (s *Store) SetStaff(ctx context.Context, email, role string, line audit.Entry) (string, error) {
	var member string
	err := s.write(ctx, func(tx *sql.Tx) error {
		member = ""
		err := tx.QueryRowContext(ctx, "UPDATE member SET staff = $2 WHERE email = $1 RETURNING id", email, role).Scan(&member)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || line.Verb == "" {
			return err
		}
		line.Said.Subject = member
		return s.witness(ctx, tx, line)
	})
	if err != nil {
		return "", fmt.Errorf("changing member: %w", err)
	}
	return member, nil
}

// Staff is every member with a role among staff, by email.
func (s *Store) Staff(ctx context.Context) ([]staffRow, error) {
	var list []staffRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT member.id, member.email, member.name, member.staff,
			(SELECT COUNT(*) FROM passkey WHERE passkey.member = member.id)
				+ (SELECT COUNT(*) FROM totp WHERE totp.member = member.id AND totp.secret <> '')
				+ (SELECT COUNT(*) FROM subject WHERE subject.member = member.id)
			FROM member WHERE member.staff <> '' ORDER BY member.email`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var row staffRow
			var factors int
			if err := rows.Scan(&row.ID, &row.Email, &row.Name, &row.Role, &factors); err != nil {
				return err
			}
			row.Factor = factors > 0
			list = append(list, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting staff: %w", err)
	}
	return list, nil
}
