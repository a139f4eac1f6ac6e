package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
)

// itemBatch is how many boxes one statement adds: SQLite takes 32,766 values.
const itemBatch = 1000

// AddItems adds boxes to the list, all or none, however long that takes. enrolment.ErrListed.
func (s *Store) AddItems(ctx context.Context, made []enrolment.Made, at time.Time, by string) error {
	return s.once(ctx, s.writer, nil, func(tx *sql.Tx) error {
		for len(made) > 0 {
			n := min(len(made), itemBatch)
			if err := addItems(ctx, tx, made[:n], at, by); err != nil {
				return err
			}
			made = made[n:]
		}
		return nil
	})
}

func addItems(ctx context.Context, tx *sql.Tx, made []enrolment.Made, at time.Time, by string) error {
	items, events := make([]any, 0, 7*len(made)), make([]any, 0, 6*len(made))
	for _, m := range made {
		items = append(items, m.Box, m.Model, m.MAC, m.Claim, "", string(enrolment.StateMade), micros(at))
		events = append(events, m.Box, 1, micros(at), string(enrolment.StateMade), by, "")
	}
	_, err := tx.ExecContext(ctx, insert("item", []string{"box", "model", "mac", "claim", "used", "state", "since"}, len(made)), items...)
	if taken(err) {
		return enrolment.ErrListed
	}
	if err != nil {
		return fmt.Errorf("adding boxes: %w", err)
	}
	_, err = tx.ExecContext(ctx, insert("life", []string{"box", "n", "at", "state", "who", "detail"}, len(made)), events...)
	if err != nil {
		return fmt.Errorf("adding boxes' lives: %w", err)
	}
	return nil
}

// AddServing adds boxes that have their certificates and are in service, all or none, however long that takes. Their claim
// codes are nobody's. enrolment.ErrListed.
func (s *Store) AddServing(ctx context.Context, model, by string, grants []enrolment.Grant) error {
	return s.once(ctx, s.writer, nil, func(tx *sql.Tx) error {
		for rest := grants; len(rest) > 0; rest = rest[min(len(rest), itemBatch):] {
			if err := addServing(ctx, tx, model, by, rest[:min(len(rest), itemBatch)]); err != nil {
				return err
			}
		}
		return nil
	})
}

func addServing(ctx context.Context, tx *sql.Tx, model, by string, grants []enrolment.Grant) error {
	var items, events, given []any
	for _, g := range grants {
		state, at := string(enrolment.StateServing), micros(g.Issued)
		items = append(items, g.Box, model, "", enrolment.DigestCode(enrolment.NewCode()), g.Key, state, at)
		events = append(events, g.Box, 1, at, state, by, "")
		given = append(given, g.Serial, g.Box, g.Key, at, micros(g.Until), 0, "")
	}
	for _, add := range []struct {
		table   string
		columns []string
		values  []any
	}{
		{"item", []string{"box", "model", "mac", "claim", "used", "state", "since"}, items},
		{"life", []string{"box", "n", "at", "state", "who", "detail"}, events},
		{"identity", []string{"serial", "box", "public", "issued", "until", "revoked", "why"}, given},
	} {
		_, err := tx.ExecContext(ctx, insert(add.table, add.columns, len(grants)), add.values...)
		if taken(err) {
			return enrolment.ErrListed
		}
		if err != nil {
			return fmt.Errorf("adding boxes in service: %w", err)
		}
	}
	return nil
}

// Item is a box of the list. enrolment.ErrUnknown.
func (s *Store) Item(ctx context.Context, box string) (enrolment.Item, error) {
	var item enrolment.Item
	err := s.read(ctx, func(tx *sql.Tx) error {
		var since int64
		err := tx.QueryRowContext(ctx, "SELECT box, model, mac, claim, used, state, since FROM item WHERE box = $1", box).
			Scan(&item.Box, &item.Model, &item.MAC, &item.Claim, &item.Key, &item.State, &since)
		if errors.Is(err, sql.ErrNoRows) {
			return enrolment.ErrUnknown
		}
		if err != nil {
			return fmt.Errorf("asking for box: %w", err)
		}
		item.Since = instant(since)
		return nil
	})
	return item, err
}

// Life is a box's life, oldest first.
func (s *Store) Life(ctx context.Context, box string) ([]enrolment.Event, error) {
	var events []enrolment.Event
	err := s.read(ctx, func(tx *sql.Tx) error {
		events = nil
		rows, err := tx.QueryContext(ctx, "SELECT at, state, who, detail FROM life WHERE box = $1 ORDER BY n", box)
		if err != nil {
			return fmt.Errorf("asking for a box's life: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var e enrolment.Event
			var at int64
			if err := rows.Scan(&at, &e.State, &e.By, &e.Detail); err != nil {
				return fmt.Errorf("reading a box's life: %w", err)
			}
			e.At = instant(at)
			events = append(events, e)
		}
		return rows.Err()
	})
	return events, err
}

// ClaimItem notes that a key has used a box's claim code, and keeps the certificate that it got for it. False: the box's
// code is used by another key, or its state gives no certificates.
func (s *Store) ClaimItem(ctx context.Context, g enrolment.Grant) (bool, error) {
	const use = `UPDATE item SET used = $2, state = $3, since = $4 WHERE box = $1 AND state = $5 AND used = ''`
	var kept bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, use, g.Box, g.Key, string(enrolment.StateClaimed), micros(g.Issued), string(enrolment.StateMade))
		if err != nil {
			return fmt.Errorf("using claim code: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			kept = n > 0
			return errors.Join(err, live(ctx, tx, g.Box, enrolment.Event{At: g.Issued, State: enrolment.StateClaimed, By: "box"}), give(ctx, tx, g))
		}
		var again int
		err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM item WHERE box = $1 AND used = $2 AND state IN ($3, $4)",
			g.Box, g.Key, string(enrolment.StateClaimed), string(enrolment.StateServing)).Scan(&again)
		if kept = again > 0; err != nil || !kept {
			return err
		}
		return give(ctx, tx, g)
	})
	return kept && err == nil, err
}

// KeepGrant keeps the certificate of a renewal. False: the box's state gives no certificates.
func (s *Store) KeepGrant(ctx context.Context, g enrolment.Grant) (bool, error) {
	var kept bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM item WHERE box = $1 AND state IN ($2, $3)",
			g.Box, string(enrolment.StateClaimed), string(enrolment.StateServing)).Scan(&n)
		if kept = n > 0; err != nil || !kept {
			return err
		}
		return give(ctx, tx, g)
	})
	return kept && err == nil, err
}

func give(ctx context.Context, tx *sql.Tx, g enrolment.Grant) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO identity (serial, box, public, issued, until, revoked, why) VALUES ($1, $2, $3, $4, $5, 0, '')",
		g.Serial, g.Box, g.Key, micros(g.Issued), micros(g.Until))
	if err != nil {
		return fmt.Errorf("keeping certificate: %w", err)
	}
	return nil
}

// live adds a step to a box's life.
func live(ctx context.Context, tx *sql.Tx, box string, e enrolment.Event) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO life (box, n, at, state, who, detail)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5 FROM life WHERE box = $1`, box, micros(e.At), string(e.State), e.By, e.Detail)
	if err != nil {
		return fmt.Errorf("adding to a box's life: %w", err)
	}
	return nil
}

// GrantOf is a certificate that was given. enrolment.ErrUnknown.
func (s *Store) GrantOf(ctx context.Context, serial string) (enrolment.Grant, error) {
	var g enrolment.Grant
	err := s.read(ctx, func(tx *sql.Tx) error {
		var issued, until, revoked int64
		err := tx.QueryRowContext(ctx, "SELECT serial, box, public, issued, until, revoked, why FROM identity WHERE serial = $1", serial).
			Scan(&g.Serial, &g.Box, &g.Key, &issued, &until, &revoked, &g.Why)
		if errors.Is(err, sql.ErrNoRows) {
			return enrolment.ErrUnknown
		}
		if err != nil {
			return fmt.Errorf("asking for certificate: %w", err)
		}
		g.Issued, g.Until, g.Revoked = instant(issued), instant(until), instant(revoked)
		return nil
	})
	return g, err
}

// MoveItem changes a box's state. A new claim code makes the used one forgotten. A box whose identity is taken back belongs to
// no home any more: whoever gets it next is not to read what the family before decided. False: the box is in another state.
func (s *Store) MoveItem(ctx context.Context, m enrolment.Move) (bool, error) {
	var moved bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		values := []any{m.Box, string(m.To), micros(m.At), m.Claim}
		var states []string
		for _, from := range m.From {
			values = append(values, string(from))
			states = append(states, fmt.Sprintf("$%d", len(values)))
		}
		result, err := tx.ExecContext(ctx, `UPDATE item SET state = $2, since = $3,
			claim = CASE WHEN $4 = '' THEN claim ELSE $4 END, used = CASE WHEN $4 = '' THEN used ELSE '' END
			WHERE box = $1 AND state IN (`+strings.Join(states, ", ")+")", values...)
		if err != nil {
			return fmt.Errorf("moving box: %w", err)
		}
		n, err := result.RowsAffected()
		if moved = n > 0; err != nil || !moved {
			return err
		}
		if err := live(ctx, tx, m.Box, enrolment.Event{At: m.At, State: m.To, By: m.By, Detail: m.Detail}); err != nil {
			return err
		}
		moving, err := boxEntry(ctx, tx, m)
		if err == nil && m.Revoke {
			err = revoke(ctx, tx, m)
		}
		if err != nil || s.seal == nil {
			return err
		}
		return s.witness(ctx, tx, moving)
	})
	return moved && err == nil, err
}

// revoke takes a box's identity back.
func revoke(ctx context.Context, tx *sql.Tx, m enrolment.Move) error {
	if _, err := tx.ExecContext(ctx, "UPDATE box SET home = NULL WHERE id = $1", m.Box); err != nil {
		return fmt.Errorf("taking box out of its home: %w", err)
	}
	for _, table := range []string{"pin", "clone"} { // of the identity that is taken back
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE box = $1", m.Box); err != nil {
			return fmt.Errorf("forgetting %s: %w", table, err)
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE identity SET revoked = $2, why = $3 WHERE box = $1 AND revoked = 0", m.Box, micros(m.At), string(m.To))
	return err
}

// boxEntry is a line about a box that goes its way, and about the home that it belongs to until then.
func boxEntry(ctx context.Context, tx *sql.Tx, m enrolment.Move) (audit.Entry, error) {
	e := audit.Entry{Via: audit.ViaSystem, Verb: "box-" + string(m.To), Said: audit.Said{
		Actor: audit.Actor{Kind: audit.KindSystem, Name: m.By}, Detail: map[string]any{"box": m.Box, "why": m.Detail},
	}}
	err := tx.QueryRowContext(ctx, "SELECT COALESCE(home, '') FROM box WHERE id = $1", m.Box).Scan(&e.Home)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return e, fmt.Errorf("asking whose box it is: %w", err)
	}
	var who audit.Actor
	err = tx.QueryRowContext(ctx, "SELECT id, name FROM member WHERE email = $1", m.By).Scan(&who.ID, &who.Name)
	switch {
	case err == nil:
		who.Kind = audit.KindStaff
		e.Via, e.Said.Actor = audit.ViaStaff, who
	case !errors.Is(err, sql.ErrNoRows):
		return e, fmt.Errorf("asking who moved a box: %w", err)
	}
	return e, nil
}

// Revoked is the certificates that were taken back and have not ended yet.
func (s *Store) Revoked(ctx context.Context, now time.Time) ([]enrolment.Revoked, error) {
	var list []enrolment.Revoked
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT serial, box FROM identity WHERE revoked > 0 AND until > $1", micros(now))
		if err != nil {
			return fmt.Errorf("asking for revoked certificates: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r enrolment.Revoked
			if err := rows.Scan(&r.Serial, &r.Box); err != nil {
				return fmt.Errorf("reading revoked certificate: %w", err)
			}
			list = append(list, r)
		}
		return rows.Err()
	})
	return list, err
}
