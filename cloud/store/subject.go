package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
)

// subjectRow is a row of accounts, as in account.go.
type subjectRow = struct {
	Issuer, Sub, Member, Role string
	Created, Used             time.Time
}

// SubjectBy is a provider's name for somebody and their member (without the password), both empty where there is none.
func (s *Store) SubjectBy(ctx context.Context, issuer, sub string) (subjectRow, memberRow, error) {
	row, who := subjectRow{Issuer: issuer, Sub: sub}, memberRow{}
	var created, used int64
	err := s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT subject.member, subject.role, subject.created, subject.used,
			member.id, member.email, member.name, member.locale, member.staff
			FROM subject JOIN member ON member.id = subject.member WHERE subject.issuer = $1 AND subject.sub = $2`, issuer, sub).
			Scan(&row.Member, &row.Role, &created, &used, &who.ID, &who.Email, &who.Name, &who.Locale, &who.Staff)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return subjectRow{}, memberRow{}, nil
	}
	if err != nil {
		return subjectRow{}, memberRow{}, fmt.Errorf("selecting subject: %w", err)
	}
	row.Created, row.Used = instant(created), instant(used)
	return row, who, nil
}

// KeepSubject keeps who a member is at a provider, and the member's role among staff; a member with a time of creation is
// new. It reports false where the email is taken, or the member or the name belongs to another.
func (s *Store) KeepSubject(ctx context.Context, row subjectRow, who memberRow) (bool, error) {
	var kept bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		var before string
		err := tx.QueryRowContext(ctx, `SELECT staff FROM member WHERE id = $1`, who.ID).Scan(&before)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if !who.Created.IsZero() {
			_, err = tx.ExecContext(ctx, `INSERT INTO member (id, email, name, locale, password, created, staff)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`, who.ID, who.Email, who.Name, who.Locale, who.Password, micros(who.Created), who.Staff)
		} else {
			_, err = tx.ExecContext(ctx, `UPDATE member SET staff = $2 WHERE id = $1`, who.ID, who.Staff)
		}
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO subject (issuer, sub, member, role, created, used) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (issuer, sub) DO UPDATE SET role = excluded.role, used = excluded.used WHERE subject.member = excluded.member`,
			row.Issuer, row.Sub, row.Member, row.Role, micros(row.Created), micros(row.Used))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if kept = n > 0; !kept && err == nil {
			err = errAlready // nothing is kept of a member who is somebody else there
		}
		if err != nil || before == who.Staff || s.seal == nil {
			return err
		}
		return s.witness(ctx, tx, audit.Entry{Via: audit.ViaSystem, Verb: "staff-role", Said: audit.Said{
			Actor: audit.Actor{Kind: audit.KindSystem, Name: row.Issuer}, Subject: who.ID, Detail: map[string]any{"before": before, "role": who.Staff},
		}})
	})
	switch {
	case taken(err), errors.Is(err, errAlready):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("keeping subject: %w", err)
	}
	return kept, nil
}
