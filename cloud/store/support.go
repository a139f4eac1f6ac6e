package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	// employed is the condition that the staff of a session is signed in as when they asked, with a role for it.
	employed = `EXISTS (SELECT 1 FROM session l JOIN member m ON m.id = l.member
		WHERE l.id = support.login AND l.member = support.staff AND l.expires > $2 AND m.staff IN ('support', 'supervisor', 'admin'))`

	// seated is the condition that whoever consented to a session decides in its home.
	seated = `(support.state <> 'active' OR EXISTS (SELECT 1 FROM membership p
		WHERE p.member = support.consent_by AND p.home = support.home AND p.role IN ('owner', 'adult')))`

	selectSupport = `SELECT support.id, support.case_id, support.home, home.name, support.customer, COALESCE(member.name, ''), support.staff,
	support.staff_name, support.operator, support.login, support.asked_scopes, support.asked_minutes, support.reason, support.state, support.scopes,
	support.minutes, support.asked, support.started, support.deadline, support.ended, support.ended_by, support.replaces,
	COALESCE((SELECT MIN(n.id) FROM support n WHERE n.replaces = support.id AND n.started > 0), ''), support.consent_by, support.consent_name,
	support.consent_at, support.consent_text, support.consent_locale, support.consent_device, support.kept, COALESCE(recording.until, 0),
	COALESCE(recording.filled, 0) FROM support JOIN home ON home.id = support.home LEFT JOIN member ON member.id = support.customer
	LEFT JOIN recording ON recording.kase = support.case_id AND recording.member = support.customer `
)

func supportColumns() []string {
	return []string{
		"id", "case_id", "home", "customer", "staff", "staff_name", "operator", "login", "asked_scopes", "asked_minutes", "reason", "state", "scopes",
		"minutes", "asked", "started", "deadline", "ended", "ended_by", "replaces", "changes", "consent_by", "consent_name", "consent_at",
		"consent_text", "consent_locale", "consent_device", "kept",
	}
}

func supportRow(s assist.Session) []any {
	return []any{
		s.ID, s.Case, s.Home, s.Customer, s.Staff, s.StaffName, s.Operator, s.Login, joined(s.AskedScopes), s.AskedMinutes, s.Reason, string(s.State),
		joined(s.Scopes), s.Minutes, micros(s.Asked), micros(s.Started), micros(s.Deadline), micros(s.EndedAt), string(s.EndedBy), s.Replaces, 0,
		s.Consent.By, s.Consent.Name, micros(s.Consent.At), s.Consent.Text, s.Consent.Locale, s.Consent.Device, flag(s.Recording),
	}
}

func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}

func joined(list []wire.Scope) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}

func parted(text string) []wire.Scope {
	var list []wire.Scope
	for _, word := range strings.Fields(text) {
		list = append(list, wire.Scope(word))
	}
	return list
}

func scanSupport(row interface{ Scan(...any) error }, now int64) (assist.Session, error) {
	var s assist.Session
	var askedScopes, scopes string
	var asked, started, deadline, ended, consented, kept, until, filled int64
	err := row.Scan(&s.ID, &s.Case, &s.Home, &s.HomeName, &s.Customer, &s.CustomerName, &s.Staff, &s.StaffName, &s.Operator, &s.Login, &askedScopes,
		&s.AskedMinutes, &s.Reason, &s.State, &scopes, &s.Minutes, &asked, &started, &deadline, &ended, &s.EndedBy, &s.Replaces, &s.ReplacedBy,
		&s.Consent.By, &s.Consent.Name, &consented, &s.Consent.Text, &s.Consent.Locale, &s.Consent.Device,
		&kept, &until, &filled)
	s.AskedScopes, s.Scopes = parted(askedScopes), parted(scopes)
	s.Asked, s.Started, s.Deadline, s.EndedAt, s.Consent.At = instant(asked), instant(started), instant(deadline), instant(ended), instant(consented)
	s.Recording, s.KeptUntil, s.Full = kept == 1, instant(until), filled == 1
	if s.State == assist.StateAsked || s.State == assist.StateActive {
		s.Left = max(span(deadline-now), 0)
		if !s.Recording {
			s.KeptUntil = instant(now).Truncate(time.Minute).Add(assist.KeptFor)
		}
	}
	return s, err
}

// sessions are those that a condition finds, in one transaction that is there or one of its own.
func (s *Store) sessions(ctx context.Context, tx *sql.Tx, where string, values ...any) ([]assist.Session, error) {
	now, err := s.now(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, selectSupport+where, values...)
	if err != nil {
		return nil, fmt.Errorf("asking for support sessions: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []assist.Session
	for rows.Next() {
		one, err := scanSupport(rows, now)
		if err != nil {
			return nil, fmt.Errorf("reading support session: %w", err)
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

func (s *Store) session(ctx context.Context, tx *sql.Tx, id string) (assist.Session, error) {
	list, err := s.sessions(ctx, tx, "WHERE support.id = $1", id)
	if err == nil && len(list) == 0 {
		err = assist.ErrUnknown
	}
	if err != nil {
		return assist.Session{}, err
	}
	return list[0], nil
}

// Support is a session by its id. assist.ErrUnknown.
func (s *Store) Support(ctx context.Context, id string) (one assist.Session, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		one, err = s.session(ctx, tx, id)
		return err
	})
	return one, err
}

// SupportOf are the newest of a home, and all that wait or live, newest first.
func (s *Store) SupportOf(ctx context.Context, home string, limit int) (list []assist.Session, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = s.sessions(ctx, tx, `WHERE support.home = $1 AND (support.state IN ('asked', 'active') OR support.id IN
			(SELECT n.id FROM support n WHERE n.home = $1 ORDER BY n.asked DESC, n.id LIMIT $2)) ORDER BY support.asked DESC, support.id`, home, limit)
		return err
	})
	return list, err
}

// SupportBy are those of somebody of the staff that wait or live, newest first.
func (s *Store) SupportBy(ctx context.Context, staff string) (list []assist.Session, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = s.sessions(ctx, tx, "WHERE support.staff = $1 AND support.state IN ('asked', 'active') ORDER BY support.asked DESC, support.id", staff)
		return err
	})
	return list, err
}

// LiveOfCase are the sessions of a case that wait or live.
func (s *Store) LiveOfCase(ctx context.Context, id string) ([]string, error) {
	return s.column(ctx, "SELECT id FROM support WHERE case_id = $1 AND state IN ('asked', 'active') ORDER BY id", id)
}

// LiveOfHome are those of a home.
func (s *Store) LiveOfHome(ctx context.Context, home string) ([]string, error) {
	return s.column(ctx, "SELECT id FROM support WHERE home = $1 AND state IN ('asked', 'active') ORDER BY id", home)
}

// LiveSupport is a session that its staff may use now. assist.ErrUnknown, assist.ErrOver.
func (s *Store) LiveSupport(ctx context.Context, id, staff string) (one assist.Session, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		if one, err = s.session(ctx, tx, id); err != nil {
			return err
		}
		if one.Staff != staff {
			return assist.ErrUnknown
		}
		return s.alive(ctx, tx, id)
	})
	return one, err
}

// alive is nil for a session that may be used now. assist.ErrOver.
func (s *Store) alive(ctx context.Context, tx *sql.Tx, id string) error {
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	var live int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM support WHERE id = $1 AND state = 'active' AND deadline > $2 AND `+employed+
		" AND "+seated, id, now).Scan(&live); err != nil {
		return fmt.Errorf("checking support session: %w", err)
	}
	if live == 0 {
		return assist.ErrOver
	}
	return nil
}

// CloseSupport refuses a session that waits, or ends one that waits or lives. False: it was over.
func (s *Store) CloseSupport(ctx context.Context, id string, by assist.Closing) (one assist.Session, closed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		one, closed, err = s.closeSupport(ctx, tx, id, by, "")
		return err
	})
	return one, closed, err
}

// closeSupport closes a session that waits or lives, under one more condition on its row ($2 is now), with its letter.
func (s *Store) closeSupport(ctx context.Context, tx *sql.Tx, id string, by assist.Closing, and string) (assist.Session, bool, error) {
	now, err := s.now(ctx, tx)
	if err != nil {
		return assist.Session{}, false, err
	}
	result, err := tx.ExecContext(ctx, `UPDATE support SET state = CASE WHEN state = 'active' THEN 'ended' ELSE $3 END, ended = $2, ended_by = $4, kept = 0
		WHERE id = $1 AND state IN ('asked', 'active')`+and, id, now, string(by.State), string(by.By))
	if err != nil {
		return assist.Session{}, false, fmt.Errorf("ending support session: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return assist.Session{}, false, err
	}
	one, err := s.session(ctx, tx, id)
	if err != nil || n == 0 {
		return one, false, err
	}
	if err := s.endLetter(ctx, tx, id); err != nil {
		return one, false, err
	}
	if err := s.tellSeen(ctx, tx, one); err != nil {
		return one, false, err
	}
	verb, actor := "support-ended", audit.Actor{Kind: audit.KindSystem}
	switch {
	case one.State == assist.StateRefused:
		verb, actor = "support-refused", memberActor(by.Who, by.Name)
	case by.By == assist.EndCustomer && by.Who != "":
		actor = memberActor(by.Who, by.Name)
	case by.By == assist.EndBox:
		actor.Kind = audit.KindBox
	case by.Who == one.Staff: // whose case it was, whoever has it by now
		actor = staffActor(one)
	case by.Who != "":
		actor = audit.Actor{Kind: audit.KindStaff, ID: by.Who, Name: by.Name}
	}
	return one, true, s.witness(ctx, tx, entryOf(one, verb, actor, map[string]any{"by": by.By}))
}

// Overdue ends what is past its deadline, whose staff or customer is not there any more, or whose case the staff does not have any more.
func (s *Store) Overdue(ctx context.Context) ([]assist.Session, error) {
	type due struct {
		id, and string
		by      assist.Ender
	}
	var list []due
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range []due{
			{"", " AND deadline <= $2", assist.EndDeadline}, {"", " AND NOT " + employed, assist.EndSignOut},
			{"", " AND NOT " + seated + " AND CAST($2 AS BIGINT) > 0", assist.EndCustomer},
		} {
			rows, err := tx.QueryContext(ctx, "SELECT id FROM support WHERE state IN ('asked', 'active') AND $1 = ''"+c.and+" ORDER BY id", "", now)
			if err != nil {
				return fmt.Errorf("asking who is overdue: %w", err)
			}
			ids, err := texts(rows)
			if err != nil {
				return err
			}
			for _, id := range ids {
				list = append(list, due{id, c.and, c.by})
			}
		}
		return nil
	})
	var ended []assist.Session
	for _, d := range list {
		one, closed := assist.Session{}, false
		err = errors.Join(err, s.write(ctx, func(tx *sql.Tx) (err error) {
			one, closed, err = s.closeSupport(ctx, tx, d.id, assist.Closing{State: assist.StateEnded, By: d.by}, d.and)
			return err
		}))
		if closed {
			ended = append(ended, one)
		}
	}
	left, leaving := s.endLeft(ctx)
	return append(ended, left...), errors.Join(err, leaving)
}

func staffActor(s assist.Session) audit.Actor {
	return audit.Actor{Kind: audit.KindStaff, ID: s.Staff, Name: s.StaffName}
}

func memberActor(id, name string) audit.Actor {
	return audit.Actor{Kind: audit.KindMember, ID: id, Name: name}
}

// entryOf is a line about a session.
func entryOf(s assist.Session, verb string, actor audit.Actor, detail map[string]any) audit.Entry {
	via := map[audit.Kind]audit.Via{audit.KindStaff: audit.ViaSupport, audit.KindMember: audit.ViaSelf}[actor.Kind]
	if via == "" {
		via = audit.ViaSystem
	}
	return audit.Entry{
		Home: s.Home, Session: s.ID, Case: s.Case, Via: via, Verb: verb, Said: audit.Said{Actor: actor, Subject: s.Customer, Detail: detail},
	}
}
