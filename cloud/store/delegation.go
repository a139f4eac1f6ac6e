package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
)

// delegated lets a revision by the staff be stored only while its support session lives and lets them, in the transaction
// that stores it: of an end and a change at once one waits here for the other. It also tells the audit, as it does of the
// member who takes such a change back. assist.ErrOver, assist.ErrAnswered.
func (s *Store) delegated(ctx context.Context, tx *sql.Tx, doc registry.Document) error {
	act := doc.Actor.Act
	if act.Session == "" {
		return s.undone(ctx, tx, doc)
	}
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `UPDATE support SET changes = changes + 1 WHERE id = $1 AND state = 'active' AND deadline > $2
		AND home = $3 AND staff = $4 AND ' ' || scopes || ' ' LIKE '% change %' AND `+employed+" AND "+seated, act.Session, now, doc.Home, act.Staff)
	if err != nil {
		return fmt.Errorf("using support session: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(assist.ErrOver, err)
	}
	one, err := s.session(ctx, tx, act.Session)
	if err != nil {
		return err
	}
	e := entryOf(one, "change", staffActor(one), map[string]any{"revision": doc.Revision, "code": doc.Change.Code, "subject": doc.Change.Subject})
	if act.Proposal != "" {
		by := approvalRow{Session: act.Session, Staff: act.Staff, Proposal: act.Proposal, Member: doc.Actor.Member}
		if err := approve(ctx, tx, &e, by, now); err != nil {
			return err
		}
	}
	return s.witness(ctx, tx, e)
}

// undone tells the audit of a member who takes back what was changed for them.
func (s *Store) undone(ctx context.Context, tx *sql.Tx, doc registry.Document) error {
	session := ""
	switch doc.Change.Code {
	case registry.CodeVisit:
		session = doc.Change.Subject
	case registry.CodeUndo:
		number, err := strconv.ParseInt(doc.Change.Subject, 10, 64)
		if err != nil {
			return fmt.Errorf("reading undone revision: %w", err)
		}
		err = tx.QueryRowContext(ctx, "SELECT support FROM revision WHERE home = $1 AND revision = $2", doc.Home, number).Scan(&session)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("asking who made revision %d: %w", number, err)
		}
	}
	if session == "" {
		return nil
	}
	one, err := s.session(ctx, tx, session)
	if errors.Is(err, assist.ErrUnknown) { // of before a restore
		return nil
	}
	if err != nil {
		return err
	}
	return s.witness(ctx, tx, entryOf(one, doc.Change.Code, memberActor(doc.Actor.Member, doc.Actor.Name), map[string]any{
		"revision": doc.Revision, "subject": doc.Change.Subject,
	}))
}

// ChangesOf are the revisions that were made under a support session, newest first, each with the one before it.
func (s *Store) ChangesOf(ctx context.Context, home, session string) ([]registry.Step, error) {
	const columns = "revision, policy, member, actor, origin, code, subject, at, applied, staff, staff_name, support, proposal"
	var steps []registry.Step
	err := s.read(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM revision WHERE home = $1 AND support = $2 ORDER BY revision DESC", home, session)
		if err != nil {
			return fmt.Errorf("asking for changes: %w", err)
		}
		docs, err := scanDocuments(rows, home)
		if err != nil {
			return err
		}
		steps = make([]registry.Step, len(docs))
		for i, doc := range docs {
			if err := supersede(ctx, tx, docs[i:i+1]); err != nil {
				return err
			}
			rows, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM revision WHERE home = $1 AND revision < $2 ORDER BY revision DESC LIMIT 1",
				home, doc.Revision)
			if err != nil {
				return fmt.Errorf("asking for the revision before: %w", err)
			}
			before, err := scanDocuments(rows, home)
			if err != nil {
				return err
			}
			if len(before) == 0 {
				return fmt.Errorf("revision %d of home %q has none before it: %w", doc.Revision, home, registry.ErrNotFound)
			}
			steps[i] = registry.Step{Before: before[0], After: docs[i]}
		}
		return undoneSteps(ctx, tx, home, steps)
	})
	return steps, err
}

// undoneSteps fills in which changes were taken back since. What took one back and was itself taken back took nothing back.
func undoneSteps(ctx context.Context, tx *sql.Tx, home string, steps []registry.Step) error {
	if len(steps) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT revision, code, subject, support FROM revision WHERE home = $1 AND revision > $2
		AND code IN ($3, $4) ORDER BY revision DESC`, home, steps[len(steps)-1].After.Revision, registry.CodeUndo, registry.CodeVisit)
	if err != nil {
		return fmt.Errorf("asking what was undone: %w", err)
	}
	defer func() { _ = rows.Close() }()
	newest := map[registry.Change]int64{} // of what took something back, and stands
	undone := func(number int64, session string) bool {
		one := registry.Change{Code: registry.CodeUndo, Subject: strconv.FormatInt(number, 10)}
		return newest[one] > number || session != "" && newest[registry.Change{Code: registry.CodeVisit, Subject: session}] > number
	}
	for rows.Next() {
		var number int64
		var what registry.Change
		var session string
		if err := rows.Scan(&number, &what.Code, &what.Subject, &session); err != nil {
			return fmt.Errorf("reading what was undone: %w", err)
		}
		if !undone(number, session) {
			newest[what] = max(newest[what], number)
		}
	}
	for i, step := range steps {
		steps[i].Undone = undone(step.After.Revision, step.After.Actor.Act.Session)
	}
	return rows.Err()
}
