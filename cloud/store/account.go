package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Rows of accounts. They are other names of plain structs: mobile-api/accounts, which decides about people and is not
// known here, says the same.
type (
	memberRow = struct {
		ID, Email, Name, Locale string
		Password                string
		Created                 time.Time
		Staff                   string
	}
	sessionRow = struct {
		ID, Hash, Member, Kind, Client, Proof string
		Created, Used, Expires                time.Time
	}
	homeRow       = struct{ ID, Name, Role, Person string }
	membershipRow = struct{ Member, Home, Role, Person string }
)

// AddMember reports false where the email is taken.
func (s *Store) AddMember(ctx context.Context, row memberRow) (bool, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO member (id, email, name, locale, password, created)
			VALUES ($1, $2, $3, $4, $5, $6)`, row.ID, row.Email, row.Name, row.Locale, row.Password, micros(row.Created))
		return err
	})
	if taken(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("inserting member: %w", err)
	}
	return true, nil
}

// MemberByEmail is empty where there is none.
func (s *Store) MemberByEmail(ctx context.Context, email string) (memberRow, error) {
	var row memberRow
	var created int64
	err := s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT id, email, name, locale, password, created, staff FROM member WHERE email = $1`,
			email).Scan(&row.ID, &row.Email, &row.Name, &row.Locale, &row.Password, &created, &row.Staff)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return memberRow{}, nil
	}
	if err != nil {
		return memberRow{}, fmt.Errorf("selecting member: %w", err)
	}
	row.Created = instant(created)
	return row, nil
}

// PutMembership gives a member a role in a home, in place of the one they have.
func (s *Store) PutMembership(ctx context.Context, row membershipRow) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO membership (member, home, role, person) VALUES ($1, $2, $3, $4)
			ON CONFLICT (member, home) DO UPDATE SET role = excluded.role, person = excluded.person`,
			row.Member, row.Home, row.Role, row.Person)
		return err
	})
	if err != nil {
		return fmt.Errorf("inserting membership: %w", err)
	}
	return nil
}

// MembershipIn is a member's place in a home, empty for none.
func (s *Store) MembershipIn(ctx context.Context, member, home string) (membershipRow, error) {
	row := membershipRow{Member: member, Home: home}
	err := s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT role, person FROM membership WHERE member = $1 AND home = $2`, member, home).
			Scan(&row.Role, &row.Person)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return membershipRow{}, nil
	}
	if err != nil {
		return membershipRow{}, fmt.Errorf("selecting membership: %w", err)
	}
	return row, nil
}

// HomesOf is the homes of a member, by name.
func (s *Store) HomesOf(ctx context.Context, member string) ([]homeRow, error) {
	var homes []homeRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		homes = nil
		rows, err := tx.QueryContext(ctx, `SELECT home.id, home.name, membership.role, membership.person
			FROM membership JOIN home ON home.id = membership.home
			WHERE membership.member = $1 ORDER BY home.name, home.id`, member)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var row homeRow
			if err := rows.Scan(&row.ID, &row.Name, &row.Role, &row.Person); err != nil {
				return err
			}
			homes = append(homes, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting homes: %w", err)
	}
	return homes, nil
}
