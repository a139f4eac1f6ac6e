package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
)

// RenameHome changes the name of a home. registry.ErrNotFound.
func (s *Store) RenameHome(ctx context.Context, home, name string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		return one(tx.ExecContext(ctx, "UPDATE home SET name = $2 WHERE id = $1", home, name))
	})
}

// DropHome takes a home away with all that is of it; its box belongs to nobody then. registry.ErrNotFound.
func (s *Store) DropHome(ctx context.Context, home string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM reported WHERE box IN (SELECT id FROM box WHERE home = $1)", home); err != nil {
			return fmt.Errorf("forgetting report: %w", err)
		}
		return one(tx.ExecContext(ctx, "DELETE FROM home WHERE id = $1", home))
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
