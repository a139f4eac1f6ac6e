package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

func revisionColumns() []string {
	return []string{"home", "revision", "policy", "member", "actor", "origin", "code", "subject", "at", "applied",
		"staff", "staff_name", "support", "proposal"}
}

// revision is a row of that table, without its home.
type revision struct {
	number, at, applied                          int64
	policy, member, actor, origin, code, subject string
	act                                          registry.Act
}

func (r *revision) fields() []any {
	return []any{&r.number, &r.policy, &r.member, &r.actor, &r.origin, &r.code, &r.subject, &r.at, &r.applied,
		&r.act.Staff, &r.act.Name, &r.act.Session, &r.act.Proposal}
}

func (r *revision) document(home string) (registry.Document, error) {
	doc := registry.Document{
		Home: home, Revision: r.number, At: instant(r.at),
		Actor:  registry.Actor{Member: r.member, Name: r.actor, From: r.origin, Act: r.act},
		Change: registry.Change{Code: r.code, Subject: r.subject}, Applied: instant(max(r.applied, 0)), Unknown: r.applied < 0,
	}
	if err := json.Unmarshal([]byte(r.policy), &doc.Policy); err != nil { // it was canonical when it was stored
		return doc, fmt.Errorf("reading policy %d of home %q: %w", r.number, home, err)
	}
	return doc, nil
}

func values(d registry.Document) ([]any, error) {
	policy, err := policies.Marshal(d.Policy)
	if err != nil {
		return nil, err
	}
	return []any{
		d.Home, d.Revision, string(policy), d.Actor.Member, d.Actor.Name, d.Actor.From,
		d.Change.Code, d.Change.Subject, micros(d.At), int64(0),
		d.Actor.Act.Staff, d.Actor.Act.Name, d.Actor.Act.Session, d.Actor.Act.Proposal,
	}, nil
}

// Append stores a document as the next revision of its home, above all before it and above floor, if base is the
// newest; else registry.ErrMoved. It gives the document with its number.
func (s *Store) Append(ctx context.Context, doc registry.Document, base, floor int64) (registry.Document, error) {
	err := s.write(ctx, func(tx *sql.Tx) error { return s.appendRevision(ctx, tx, &doc, [2]int64{base, floor}) })
	if !errors.Is(err, errCommit) {
		return doc, err
	}
	// The answer to the commit was lost: the number that was given tells whether it happened.
	stored, look := s.Revisions(ctx, doc.Home, doc.Revision+1, 1)
	if look == nil && stored[0].Revision == doc.Revision && stored[0].Actor == doc.Actor && stored[0].At.Equal(doc.At) {
		return doc, nil
	}
	return doc, err
}

// appendRevision moves the home's number on by compare and set, which makes concurrent writers wait for each other.
func (s *Store) appendRevision(ctx context.Context, tx *sql.Tx, doc *registry.Document, above [2]int64) error {
	const move = `
UPDATE home SET revision = 1 + CASE WHEN floor > $3 AND floor > revision THEN floor
                                    WHEN $3 > revision THEN $3 ELSE revision END
 WHERE id = $1 AND revision = $2 RETURNING revision`
	err := tx.QueryRowContext(ctx, move, doc.Home, above[0], above[1]).Scan(&doc.Revision)
	if errors.Is(err, sql.ErrNoRows) {
		return registry.ErrMoved
	}
	if err != nil {
		return fmt.Errorf("numbering: %w", err)
	}
	row, err := values(*doc)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insert("revision", revisionColumns(), 1), row...); err != nil {
		return fmt.Errorf("adding revision %d: %w", doc.Revision, err)
	}
	return s.delegated(ctx, tx, *doc)
}

// Revisions are the newest documents of a home below before (0: no bound), newest first. registry.ErrNotFound for a
// home that is not there.
func (s *Store) Revisions(ctx context.Context, home string, before int64, limit int) ([]registry.Document, error) {
	const query = `
SELECT revision, policy, member, actor, origin, code, subject, at, applied, staff, staff_name, support, proposal FROM revision
 WHERE home = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3`
	if before == 0 {
		before = math.MaxInt64
	}
	var docs []registry.Document
	err := s.read(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, home, before, limit)
		if err != nil {
			return fmt.Errorf("asking for revisions: %w", err)
		}
		if docs, err = scanDocuments(rows, home); err != nil {
			return err
		}
		return supersede(ctx, tx, docs)
	})
	if err == nil && len(docs) == 0 && before > 1 {
		return nil, registry.ErrNotFound // every home has a first revision
	}
	return docs, err
}

func scanDocuments(rows *sql.Rows, home string) ([]registry.Document, error) {
	defer func() { _ = rows.Close() }()
	var docs []registry.Document
	for rows.Next() {
		var row revision
		if err := rows.Scan(row.fields()...); err != nil {
			return nil, fmt.Errorf("reading revision: %w", err)
		}
		doc, err := row.document(home)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading revisions: %w", err)
	}
	return docs, nil
}
