package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

// Rows of accounts, as in account.go.
type (
	kinRow        = struct{ Member, Name, Email, Role, Person string }
	approvalRow   = struct{ Session, Staff, Proposal, Member, Role, Person string }
	invitationRow = struct {
		ID, Hash, Home, HomeName, Role, Person, Inviter string
		Created, Expires                                time.Time
	}
)

// MembersOf is who belongs to a home, owners first, by name.
func (s *Store) MembersOf(ctx context.Context, home string) ([]kinRow, error) {
	var all []kinRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, `SELECT member.id, member.name, member.email, membership.role, membership.person
			FROM membership JOIN member ON member.id = membership.member
			WHERE membership.home = $1 ORDER BY membership.role DESC, member.name, member.id`, home)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var row kinRow
			if err := rows.Scan(&row.Member, &row.Name, &row.Email, &row.Role, &row.Person); err != nil {
				return err
			}
			all = append(all, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting members: %w", err)
	}
	return all, nil
}

// ChangeMembership changes the place of a member in a home, or ends it where the role is "". Found is false where they
// have none; orphaned is true, and nothing changed, where the home would be without an owner. Under an approval also
// assist.ErrOver, assist.ErrAnswered, and assist.ErrStale where the place is not what it was.
func (s *Store) ChangeMembership(ctx context.Context, row membershipRow, under approvalRow) (found, orphaned bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		found, orphaned = false, false
		// Of two owners who leave at once one waits here for the other.
		if _, err := tx.ExecContext(ctx, `UPDATE home SET name = name WHERE id = $1`, row.Home); err != nil {
			return err
		}
		was := membershipRow{Member: row.Member, Home: row.Home}
		var others int
		err := tx.QueryRowContext(ctx, `SELECT role, person, (SELECT COUNT(*) FROM membership o
			WHERE o.home = $2 AND o.member <> $1 AND o.role = 'owner') FROM membership WHERE member = $1 AND home = $2`,
			row.Member, row.Home).Scan(&was.Role, &was.Person, &others)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if found, orphaned = true, was.Role == "owner" && row.Role != "owner" && others == 0; orphaned {
			return nil
		}
		return s.approved(ctx, tx, row.Home, under, func() error { return changePlace(ctx, tx, was, row, under) })
	})
	if err != nil {
		return false, false, fmt.Errorf("changing membership: %w", err)
	}
	return found, orphaned, nil
}

// changePlace changes a membership from what it was, or ends it.
func changePlace(ctx context.Context, tx *sql.Tx, was, row membershipRow, under approvalRow) error {
	if under.Proposal != "" && (was.Role != under.Role || was.Person != under.Person) {
		return assist.ErrStale
	}
	if row.Role == "" {
		_, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE member = $1 AND home = $2`, row.Member, row.Home)
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE membership SET role = $3, person = $4 WHERE member = $1 AND home = $2`,
		row.Member, row.Home, row.Role, row.Person)
	return err
}

const selectInvitation = `SELECT invitation.id, invitation.hash, invitation.home, home.name, invitation.role, invitation.person,
	invitation.inviter, invitation.created, invitation.expires FROM invitation JOIN home ON home.id = invitation.home `

// AddInvitation reports false where the home has as many that live as limit. Under an approval also assist.ErrOver,
// assist.ErrAnswered.
func (s *Store) AddInvitation(ctx context.Context, row invitationRow, limit int, under approvalRow) (bool, error) {
	var added bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM invitation WHERE home = $1 AND expires > $2`, row.Home,
			micros(row.Created)).Scan(&n); err != nil {
			return err
		}
		if added = n < limit; !added {
			return nil
		}
		return s.approved(ctx, tx, row.Home, under, func() error {
			_, err := tx.ExecContext(ctx, `INSERT INTO invitation (id, hash, home, role, person, inviter, created, expires)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, row.ID, row.Hash, row.Home, row.Role, row.Person, row.Inviter,
				micros(row.Created), micros(row.Expires))
			return err
		})
	})
	if err != nil {
		return false, fmt.Errorf("inserting invitation: %w", err)
	}
	return added, nil
}

// InvitationByHash is one that lives, empty where there is none.
func (s *Store) InvitationByHash(ctx context.Context, hash string, now time.Time) (invitationRow, error) {
	rows, err := s.invitations(ctx, `WHERE invitation.hash = $1 AND invitation.expires > $2`, hash, micros(now))
	if err != nil || len(rows) == 0 {
		return invitationRow{}, err
	}
	return rows[0], nil
}

// InvitationsOf is those of a home that live, newest first.
func (s *Store) InvitationsOf(ctx context.Context, home string, now time.Time) ([]invitationRow, error) {
	return s.invitations(ctx, `WHERE invitation.home = $1 AND invitation.expires > $2 ORDER BY invitation.created DESC, invitation.id`,
		home, micros(now))
}

func (s *Store) invitations(ctx context.Context, where string, values ...any) ([]invitationRow, error) {
	var all []invitationRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, selectInvitation+where, values...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var row invitationRow
			var created, expires int64
			if err := rows.Scan(&row.ID, &row.Hash, &row.Home, &row.HomeName, &row.Role, &row.Person, &row.Inviter, &created, &expires); err != nil {
				return err
			}
			row.Created, row.Expires = instant(created), instant(expires)
			all = append(all, row)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting invitations: %w", err)
	}
	return all, nil
}

// DropInvitation reports false where the home has no such one.
func (s *Store) DropInvitation(ctx context.Context, home, id string) (bool, error) {
	return s.affects(ctx, `DELETE FROM invitation WHERE home = $1 AND id = $2`, home, id)
}

// Reasons why an invitation is not used up.
var (
	errUsed    = errors.New("no such invitation")
	errAlready = errors.New("is there already")
)

// AcceptInvitation uses an invitation up and gives a member its place, in one transaction; a member with a time of
// creation is new. The outcome is "", or why nothing happened: used, already, taken (the email).
func (s *Store) AcceptInvitation(ctx context.Context, hash string, now time.Time, who memberRow) (membershipRow, string, error) {
	place := membershipRow{Member: who.ID}
	err := s.write(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `DELETE FROM invitation WHERE hash = $1 AND expires > $2 RETURNING home, role, person`,
			hash, micros(now)).Scan(&place.Home, &place.Role, &place.Person)
		if errors.Is(err, sql.ErrNoRows) {
			return errUsed
		}
		if err != nil {
			return err
		}
		if !who.Created.IsZero() {
			if _, err := tx.ExecContext(ctx, `INSERT INTO member (id, email, name, locale, password, created)
				VALUES ($1, $2, $3, $4, $5, $6)`, who.ID, who.Email, who.Name, who.Locale, who.Password, micros(who.Created)); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO membership (member, home, role, person) VALUES ($1, $2, $3, $4)
			ON CONFLICT (member, home) DO NOTHING`, place.Member, place.Home, place.Role, place.Person)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(errAlready, err)
		}
		return nil
	})
	switch {
	case errors.Is(err, errUsed):
		return place, "used", nil
	case errors.Is(err, errAlready):
		return place, "already", nil
	case taken(err):
		return place, "taken", nil
	case err != nil:
		return place, "", fmt.Errorf("accepting invitation: %w", err)
	}
	return place, "", nil
}
