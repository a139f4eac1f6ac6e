package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
)

// RenameHome changes the name of a home. registry.ErrNotFound.
func (s *Store) RenameHome(ctx context.Context, home, name string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, "UPDATE home SET name = $2 WHERE id = $1", home, name))
	})
}

// DropHome takes a home away with all that is of it. Its box belongs to nobody then and has a farewell, numbered
// above all that the home had. registry.ErrNotFound.
func (s *Store) DropHome(ctx context.Context, home, zone string) error {
	const farewell = `
INSERT INTO farewell (box, revision, zone) SELECT b.id, 1 + CASE WHEN h.floor > h.revision THEN h.floor ELSE h.revision END, CAST($2 AS TEXT) FROM home h JOIN box b ON b.home = h.id WHERE h.id = $1
    ON CONFLICT (box) DO UPDATE SET revision = excluded.revision, zone = excluded.zone`
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, farewell, home, zone); err != nil {
			return fmt.Errorf("keeping farewell: %w", err)
		}
		for _, table := range []string{"reported", "clone"} { // the latter has addresses, and a copy that goes on is noticed anew
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE box IN (SELECT id FROM box WHERE home = $1)", home); err != nil {
				return fmt.Errorf("forgetting %s: %w", table, err)
			}
		}
		if err := one(tx.ExecContext(ctx, "DELETE FROM home WHERE id = $1", home)); err != nil {
			return err
		}
		return eraseAudit(ctx, tx, home)
	})
}

// Farewell is what is still to be said to a box that belongs to nobody. registry.ErrNotFound.
func (s *Store) Farewell(ctx context.Context, box string) (registry.Farewell, error) {
	f := registry.Farewell{Box: box}
	err := s.persist(ctx, func(ctx context.Context) error {
		return s.reader.QueryRowContext(ctx, "SELECT revision, zone FROM farewell WHERE box = $1", box).Scan(&f.Revision, &f.Zone)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = registry.ErrNotFound
	}
	return f, err
}

// SetFarewell numbers a farewell anew; EndFarewell is when it has been heard.
func (s *Store) SetFarewell(ctx context.Context, f registry.Farewell) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, "UPDATE farewell SET revision = $2 WHERE box = $1", f.Box, f.Revision))
	})
}

// EndFarewell takes it away.
func (s *Store) EndFarewell(ctx context.Context, box string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, "DELETE FROM farewell WHERE box = $1", box))
	})
}

// one expects that a statement found its row.
func one(result sql.Result, err error) error {
	if err != nil {
		return fmt.Errorf("changing home: %w", err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return registry.ErrNotFound
	}
	return err
}
