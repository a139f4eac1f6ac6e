package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

// AskSupport keeps a question about a case; the one that waits for the same case is withdrawn.
func (s *Store) AskSupport(ctx context.Context, q assist.Session, wait time.Duration, limit int) (assist.Session, error) {
	var asked assist.Session
	err := s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		if q.Home, q.Customer, err = heldCase(ctx, tx, q.Case, q.Staff); err != nil {
			return err
		}
		if err := lockHome(ctx, tx, q.Home); err != nil {
			return err
		}
		if err := stranger(ctx, tx, q.Home, q.Staff); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM support WHERE home = $1 AND asked > $2", q.Home, now-60_000_000).
			Scan(&n); err != nil {
			return fmt.Errorf("counting questions: %w", err)
		}
		if n >= limit {
			return assist.ErrBusy
		}
		waiting, err := s.sessions(ctx, tx, "WHERE support.case_id = $1 AND support.state = 'asked'", q.Case)
		if err != nil {
			return err
		}
		for _, old := range waiting {
			if _, _, err := s.closeSupport(ctx, tx, old.ID, assist.Closing{State: assist.StateEnded, By: assist.EndReplaced}, ""); err != nil {
				return err
			}
		}
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), '') FROM support WHERE case_id = $1 AND staff = $2 AND state = 'active'",
			q.Case, q.Staff).Scan(&q.Replaces); err != nil {
			return fmt.Errorf("asking for the session before: %w", err)
		}
		q.Asked, q.Deadline = instant(now), instant(now).Add(wait)
		if _, err := tx.ExecContext(ctx, insert("support", supportColumns(), 1), supportRow(q)...); err != nil {
			return fmt.Errorf("adding support session: %w", err)
		}
		if asked, err = s.session(ctx, tx, q.ID); err != nil {
			return err
		}
		return s.witness(ctx, tx, entryOf(asked, "support-asked", staffActor(asked), map[string]any{
			"scopes": asked.AskedScopes, "minutes": asked.AskedMinutes, "reason": asked.Reason,
		}))
	})
	return asked, err
}

// heldCase is the home and the member of a case that an agent has. assist.ErrUnknown, assist.ErrCaseNotYours, assist.ErrCaseState.
func heldCase(ctx context.Context, tx *sql.Tx, id, staff string) (home, member string, err error) {
	// Whoever takes the case from the agent meanwhile waits here, and then sees the session; or is waited for.
	if _, err := tx.ExecContext(ctx, "UPDATE kase SET version = version WHERE id = $1", id); err != nil {
		return "", "", fmt.Errorf("locking case: %w", err)
	}
	k, err := caseOf(ctx, tx, id)
	if errors.Is(err, assist.ErrCaseUnknown) {
		return "", "", assist.ErrUnknown
	}
	if err == nil {
		err = k.HeldBy(staff)
	}
	return k.Home, k.Member, err
}

// stranger is nil where somebody of the staff is no member of a home: nobody of a home answers for it to themselves.
// assist.ErrOwn.
func stranger(ctx context.Context, tx *sql.Tx, home, staff string) error {
	var kin int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM membership WHERE home = $1 AND member = $2", home, staff).Scan(&kin); err != nil {
		return fmt.Errorf("asking whose home it is: %w", err)
	}
	if kin > 0 {
		return assist.ErrOwn
	}
	return nil
}

// lockHome lets who begins or changes something in a home wait for each other. assist.ErrUnknown.
func lockHome(ctx context.Context, tx *sql.Tx, home string) error {
	result, err := tx.ExecContext(ctx, "UPDATE home SET name = name WHERE id = $1", home)
	if err != nil {
		return fmt.Errorf("locking home: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(assist.ErrUnknown, err)
	}
	return nil
}

// Consent begins a session that was asked. Others of the home end.
func (s *Store) Consent(ctx context.Context, c assist.Session) (begun assist.Session, ended []assist.Session, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		ended = nil
		if err := lockHome(ctx, tx, c.Home); err != nil {
			return err
		}
		if err := stranger(ctx, tx, c.Home, c.Staff); err != nil {
			return err
		}
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE support SET state = 'active', started = $2, deadline = $3, scopes = $4, minutes = $5, customer = $6,
			consent_by = $6, consent_name = $7, consent_at = $2, consent_text = $8, consent_locale = $9, consent_device = $10
			WHERE id = $1 AND state = 'asked' AND deadline > $2 AND `+employed,
			c.ID, now, now+int64(c.Minutes)*60_000_000, joined(c.Scopes), c.Minutes, c.Consent.By, c.Consent.Name, c.Consent.Text,
			c.Consent.Locale, c.Consent.Device)
		if err != nil {
			return fmt.Errorf("beginning support session: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(assist.ErrAnswered, err)
		}
		if c.Tape != nil {
			c.Customer = c.Consent.By
			if err := s.keep(ctx, tx, c, *c.Tape); err != nil {
				return err
			}
		}
		if begun, ended, err = s.follow(ctx, tx, c.ID, "support-consented"); err != nil || c.Tape == nil {
			return err
		}
		return s.witness(ctx, tx, recordingOn(begun, begun.Consent.Text))
	})
	return begun, ended, err
}

// follow writes the letter of a session that has just begun, ends the others of its home and tells the audit.
func (s *Store) follow(ctx context.Context, tx *sql.Tx, id, verb string) (begun assist.Session, ended []assist.Session, err error) {
	if begun, err = s.session(ctx, tx, id); err != nil {
		return begun, nil, err
	}
	others, err := s.sessions(ctx, tx, "WHERE support.home = $1 AND support.state = 'active' AND support.id <> $2", begun.Home, id)
	if err != nil {
		return begun, nil, err
	}
	for _, old := range others {
		closed, now, err := s.closeSupport(ctx, tx, old.ID, assist.Closing{State: assist.StateEnded, By: assist.EndReplaced}, "")
		if err != nil {
			return begun, nil, err
		}
		if now {
			ended = append(ended, closed)
		}
	}
	if err := addLetter(ctx, tx, assist.Letter{
		ID: id, Home: begun.Home, Kind: assist.LetterSession, Actor: begun.Staff, Name: begun.StaffName, Operator: begun.Operator, Login: begun.Login,
		Scopes: begun.Scopes, Issued: begun.Started, Expires: begun.Deadline,
	}); err != nil {
		return begun, nil, err
	}
	return begun, ended, s.witness(ctx, tx, entryOf(begun, verb, memberActor(begun.Consent.By, begun.Consent.Name), map[string]any{
		"scopes": begun.Scopes, "minutes": begun.Minutes, "text": begun.Consent.Text, "locale": begun.Consent.Locale,
		"device": begun.Consent.Device, "staff": begun.Staff, "name": begun.StaffName, "reason": begun.Reason,
	}))
}

// ExtendSupport begins a session that follows a live one with the same scopes, for as many minutes from now.
func (s *Store) ExtendSupport(ctx context.Context, id string, next assist.Session) (begun, ended assist.Session, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		old, err := s.session(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := lockHome(ctx, tx, old.Home); err != nil {
			return err
		}
		if err := stranger(ctx, tx, old.Home, old.Staff); err != nil {
			return err
		}
		if old, err = s.session(ctx, tx, id); err != nil { // as it is now that nobody else changes it
			return err
		}
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		var ok bool
		if ended, ok, err = s.closeSupport(ctx, tx, id, assist.Closing{State: assist.StateEnded, By: assist.EndReplaced},
			" AND state = 'active' AND deadline > $2 AND "+employed); err != nil {
			return err
		}
		if !ok {
			return assist.ErrOver
		}
		row := old
		row.ID, row.Replaces, row.Minutes, row.AskedMinutes, row.State = next.ID, id, next.Minutes, next.Minutes, assist.StateActive
		row.Recording = old.Recording && old.Customer == next.Consent.By // whoever else goes on has not said so
		row.Customer, row.Consent, row.AskedScopes = next.Consent.By, next.Consent, old.Scopes
		row.Asked, row.Started, row.Consent.At = instant(now), instant(now), instant(now)
		row.Deadline = row.Started.Add(time.Duration(next.Minutes) * time.Minute)
		if _, err := tx.ExecContext(ctx, insert("support", supportColumns(), 1), supportRow(row)...); err != nil {
			return fmt.Errorf("adding support session: %w", err)
		}
		begun, _, err = s.follow(ctx, tx, row.ID, "support-extended")
		return err
	})
	return begun, ended, err
}
