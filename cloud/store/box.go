package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// AssignBox gives a box to a home in place of the one it has, and forgets what either said: it was said of another
// home. registry.ErrNotFound, registry.ErrTaken.
func (s *Store) AssignBox(ctx context.Context, home, box string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var before sql.NullString
		err := tx.QueryRowContext(ctx, "SELECT b.id FROM home h LEFT JOIN box b ON b.home = h.id WHERE h.id = $1", home).Scan(&before)
		if errors.Is(err, sql.ErrNoRows) {
			return registry.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("asking for home: %w", err)
		}
		if before.String == box {
			return nil
		}
		return replaceBox(ctx, tx, home, box)
	})
}

func replaceBox(ctx context.Context, tx *sql.Tx, home, box string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE box SET home = NULL WHERE home = $1", home); err != nil {
		return fmt.Errorf("releasing box: %w", err)
	}
	const assign = `
INSERT INTO box (id, home) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET home = excluded.home WHERE box.home IS NULL`
	result, err := tx.ExecContext(ctx, assign, box, home)
	if taken(err) { // another replica gave this home a box at the same time
		return registry.ErrTaken
	}
	if err != nil {
		return fmt.Errorf("assigning box: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(registry.ErrTaken, err)
	}
	for _, table := range []string{"reported", "farewell"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE box = $1", box); err != nil {
			return fmt.Errorf("forgetting %s: %w", table, err)
		}
	}
	return nil
}

// Greet keeps what a Hello says about the box itself.
func (s *Store) Greet(ctx context.Context, hello wire.Hello) error {
	capabilities, err := json.Marshal(append([]string{}, hello.Capabilities...))
	if err != nil {
		return fmt.Errorf("encoding capabilities: %w", err)
	}
	const greet = `
INSERT INTO presence (box, schema, version, tz, capabilities) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (box) DO UPDATE SET schema = excluded.schema, version = excluded.version, tz = excluded.tz,
       capabilities = excluded.capabilities`
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, greet, hello.Box, hello.Schema, hello.Version, hello.TZ, string(capabilities)); err != nil {
			return fmt.Errorf("keeping hello of box %q: %w", hello.Box, err)
		}
		return nil
	})
}

// Report keeps a Reported, and which revision it proves. Changed is false where the one before had the same digest; that
// one stays.
func (s *Store) Report(ctx context.Context, said registry.Said) (registry.Heard, error) {
	const keep = `
INSERT INTO reported (box, document, digest, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (box) DO UPDATE SET document = excluded.document, digest = excluded.digest, at = excluded.at`
	var heard registry.Heard
	err := s.write(ctx, func(tx *sql.Tx) error {
		var digest, owner sql.NullString
		err := tx.QueryRowContext(ctx,
			"SELECT b.home, r.digest FROM box b LEFT JOIN reported r ON r.box = b.id WHERE b.id = $1", said.Box).Scan(&owner, &digest)
		if errors.Is(err, sql.ErrNoRows) || (err == nil && !owner.Valid) {
			return registry.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("asking for report: %w", err)
		}
		heard = registry.Heard{Home: owner.String, Changed: digest.String != said.Digest}
		if !heard.Changed {
			return nil
		}
		if _, err := tx.ExecContext(ctx, keep, said.Box, said.Document, said.Digest, micros(said.At)); err != nil {
			return fmt.Errorf("keeping report: %w", err)
		}
		heard.Applied, err = apply(ctx, tx, heard.Home, said)
		return err
	})
	return heard, err
}
