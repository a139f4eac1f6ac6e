package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/visit"
)

const selectVisit = "SELECT id, COALESCE(technician, ''), COALESCE(home, ''), document, report, version FROM visit "

func scanVisit(row interface{ Scan(...any) error }) (visit.Visit, error) {
	var v visit.Visit
	var id, technician, home, document, report string
	var version int64
	if err := row.Scan(&id, &technician, &home, &document, &report, &version); err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		return v, fmt.Errorf("reading visit %q: %w", id, err)
	}
	v.ID, v.Technician, v.Home, v.Report, v.Version = id, technician, home, []byte(report), version
	return v, nil
}

// visitValues are the columns of a visit, in the order of insertVisit.
func visitValues(v visit.Visit) ([]any, error) {
	document, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding visit %q: %w", v.ID, err)
	}
	return []any{
		v.ID, v.Order.Ref, orNull(v.Technician), orNull(v.Home), v.Slot.Day, v.Slot.From, string(v.State), v.Order.Serial, v.Serial, string(document),
		string(v.Report), int64(1),
	}, nil
}

const insertVisit = `INSERT INTO visit (id, ref, technician, home, day, begins, state, wants, serial, document, report, version)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// PlanVisits adds visits, or puts them in the place of those of the same order that have not begun. All or none; visit.ErrBegun.
func (s *Store) PlanVisits(ctx context.Context, list []visit.Visit) error {
	const plan = insertVisit + `
		ON CONFLICT (ref) DO UPDATE SET id = excluded.id, technician = excluded.technician, home = excluded.home, day = excluded.day,
			begins = excluded.begins, wants = excluded.wants, document = excluded.document, version = visit.version + 1
		WHERE visit.state = 'planned'`
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, v := range list {
			values, err := visitValues(v)
			if err != nil {
				return err
			}
			result, err := tx.ExecContext(ctx, plan, values...)
			if err != nil {
				return fmt.Errorf("planning visit: %w", err)
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return errors.Join(fmt.Errorf("%w: %s", visit.ErrBegun, v.Order.Ref), err)
			}
		}
		return nil
	})
}

// Visit is one. visit.ErrNotFound.
func (s *Store) Visit(ctx context.Context, id string) (visit.Visit, error) {
	return s.oneVisit(ctx, "WHERE id = $1", id)
}

// VisitFor is the visit, not over, whose box or order names a serial. visit.ErrNotFound.
func (s *Store) VisitFor(ctx context.Context, serial string) (visit.Visit, error) {
	return s.oneVisit(ctx, `WHERE (serial = $1 OR wants = $1) AND state NOT IN ('finished', 'absent') ORDER BY serial DESC, day LIMIT 1`, serial)
}

func (s *Store) oneVisit(ctx context.Context, where string, values ...any) (visit.Visit, error) {
	var v visit.Visit
	err := s.persist(ctx, func(ctx context.Context) error {
		var err error
		v, err = scanVisit(s.reader.QueryRowContext(ctx, selectVisit+where, values...))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return v, visit.ErrNotFound
	}
	return v, err
}

// Visits are those of a filter, by day and time.
func (s *Store) Visits(ctx context.Context, f visit.Filter) ([]visit.Visit, error) {
	where, values := []string{"1 = 1"}, []any{}
	for _, part := range []struct{ sql, value string }{
		{"technician = $%d", f.Technician}, {"day >= $%d", f.From}, {"day <= $%d", f.To}, {"state = $%d", string(f.State)},
	} {
		if part.value != "" {
			values = append(values, part.value)
			where = append(where, fmt.Sprintf(part.sql, len(values)))
		}
	}
	values = append(values, f.Limit)
	return s.visits(ctx, "WHERE "+strings.Join(where, " AND ")+fmt.Sprintf(" ORDER BY day, begins, ref LIMIT $%d", len(values)), values...)
}

// SweepVisits takes away those before a day that no home is of.
func (s *Store) SweepVisits(ctx context.Context, day string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM visit WHERE home IS NULL AND day < $1", day); err != nil {
			return fmt.Errorf("sweeping visits: %w", err)
		}
		return nil
	})
}

// VisitsOf are those of a home, oldest first.
func (s *Store) VisitsOf(ctx context.Context, home string) ([]visit.Visit, error) {
	return s.visits(ctx, "WHERE home = $1 ORDER BY day, begins, ref", home)
}

func (s *Store) visits(ctx context.Context, where string, values ...any) ([]visit.Visit, error) {
	var list []visit.Visit
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, selectVisit+where, values...)
		if err != nil {
			return fmt.Errorf("asking for visits: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			v, err := scanVisit(rows)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return rows.Err()
	})
	return list, err
}

// KeepVisit keeps a visit whose version is still the newest, with a step of it and another visit, unless those are nil.
func (s *Store) KeepVisit(ctx context.Context, v visit.Visit, step *visit.Step, next *visit.Visit) (bool, error) {
	return s.keepVisit(ctx, v, func(tx *sql.Tx) error {
		if step != nil {
			if err := addStep(ctx, tx, v.ID, *step); err != nil {
				return err
			}
		}
		if next != nil {
			values, err := visitValues(*next)
			if err != nil {
				return err
			}
			if _, err = tx.ExecContext(ctx, insertVisit, values...); err != nil {
				return err
			}
		}
		if step == nil || s.seal == nil || !told(v, step.Kind) {
			return nil
		}
		return s.witness(ctx, tx, audit.Entry{Home: v.Home, Via: audit.ViaStaff, Verb: "visit-" + string(step.Kind), Said: audit.Said{
			Actor: audit.Actor{Kind: audit.KindStaff, ID: step.Member, Name: step.By}, Detail: map[string]any{"visit": v.ID, "order": v.Order.Ref},
		}})
	})
}

// told reports whether a step is something that staff do in a home. What becomes of its box is told where that happens.
func told(v visit.Visit, k visit.Kind) bool {
	return v.Home != "" && (k == visit.KindBind || k == visit.KindTV || k == visit.KindInvite || k == visit.KindFinish)
}

// errVisitMoved ends a transaction on a visit that is not as it was.
var errVisitMoved = errors.New("visit has moved on")

func (s *Store) keepVisit(ctx context.Context, v visit.Visit, more func(*sql.Tx) error) (bool, error) {
	const keep = `UPDATE visit SET technician = $2, home = $3, day = $4, begins = $5, state = $6, wants = $7, serial = $8, document = $9, report = $10,
		version = version + 1 WHERE id = $1 AND version = $11`
	err := s.write(ctx, func(tx *sql.Tx) error {
		all, err := visitValues(v)
		if err != nil {
			return err
		}
		values := append(append([]any{all[0]}, all[2:11]...), v.Version)
		result, err := tx.ExecContext(ctx, keep, values...)
		if err != nil {
			return fmt.Errorf("keeping visit: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errVisitMoved)
		}
		return more(tx)
	})
	if errors.Is(err, errVisitMoved) || taken(err) { // the same step on two replicas at once
		return false, nil
	}
	return err == nil, err
}

// CertificateOf is the newest certificate of a box that lives. enrolment.ErrUnknown.
func (s *Store) CertificateOf(ctx context.Context, box string) (enrolment.Grant, error) {
	g := enrolment.Grant{Box: box}
	var issued, until int64
	err := s.persist(ctx, func(ctx context.Context) error {
		const newest = "SELECT serial, public, issued, until FROM identity WHERE box = $1 AND revoked = 0 ORDER BY issued DESC LIMIT 1"
		return s.reader.QueryRowContext(ctx, newest, box).Scan(&g.Serial, &g.Key, &issued, &until)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return g, enrolment.ErrUnknown
	}
	g.Issued, g.Until = instant(issued), instant(until)
	return g, err
}

// HomeOfBox is the home that a box belongs to, "" for none. registry.ErrNotFound where it was never in one.
func (s *Store) HomeOfBox(ctx context.Context, box string) (string, error) {
	var home string
	err := s.persist(ctx, func(ctx context.Context) error {
		return s.reader.QueryRowContext(ctx, "SELECT COALESCE(home, '') FROM box WHERE id = $1", box).Scan(&home)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = registry.ErrNotFound
	}
	return home, err
}
