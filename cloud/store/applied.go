package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
)

// apply notes that a revision is in force, where that is new, and gives what came in force with it: the revision, and
// those before it that were replaced before they had been in force. The time lies between its being asked and heard of,
// because a box's clock may be wrong.
func apply(ctx context.Context, tx *sql.Tx, home string, said registry.Said) ([]registry.Applied, error) {
	const note = `
UPDATE revision SET applied = CASE WHEN at > $3 THEN at ELSE $3 END WHERE home = $1 AND revision = $2 AND applied = 0`
	since := said.Since
	if since.IsZero() || since.After(said.At) {
		since = said.At
	}
	result, err := tx.ExecContext(ctx, note, home, said.InForce, micros(since))
	if err != nil {
		return nil, fmt.Errorf("noting revision %d as in force: %w", said.InForce, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return nil, err
	}
	const with = `
SELECT revision, member, actor, origin, code, subject, at FROM revision
 WHERE home = $1 AND revision <= $2 AND (applied = 0 OR revision = $2)
   AND revision > COALESCE((SELECT MAX(revision) FROM revision WHERE home = $1 AND revision < $2 AND applied <> 0), 0)
 ORDER BY revision`
	rows, err := tx.QueryContext(ctx, with, home, said.InForce)
	if err != nil {
		return nil, fmt.Errorf("asking what came in force: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []registry.Applied
	for rows.Next() {
		var a registry.Applied
		var at int64
		if err := rows.Scan(&a.Revision, &a.Actor.Member, &a.Actor.Name, &a.Actor.From, &a.Change.Code, &a.Change.Subject, &at); err != nil {
			return nil, fmt.Errorf("reading what came in force: %w", err)
		}
		a.Asked = instant(at)
		all = append(all, a)
	}
	return all, rows.Err()
}

// supersede fills in what only a newer revision tells of documents that come newest first: which were replaced before
// they had been in force, and when the one came that took their change with it.
func supersede(ctx context.Context, tx *sql.Tx, docs []registry.Document) error {
	if len(docs) == 0 {
		return nil
	}
	const above = `SELECT applied FROM revision WHERE home = $1 AND revision > $2 AND applied > 0 ORDER BY revision LIMIT 1`
	var us int64
	err := tx.QueryRowContext(ctx, above, docs[0].Home, docs[0].Revision).Scan(&us)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("asking what came in force later: %w", err)
	}
	later := instant(us)
	for i := range docs {
		d := &docs[i]
		switch {
		case !d.Applied.IsZero():
			later = d.Applied
		case !d.Unknown && !later.IsZero():
			d.Applied, d.Superseded = later, true
		}
	}
	return nil
}
