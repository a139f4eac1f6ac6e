package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// factorRow is a row of accounts, as in account.go.
type factorRow = struct {
	Member, Secret, Pending string
	Step                    int64
}

// FactorOf is what a member makes codes with, and how many passkeys they have; empty secrets where there are none.
func (s *Store) FactorOf(ctx context.Context, member string) (factorRow, int, error) {
	row, passkeys := factorRow{Member: member}, 0
	err := s.read(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM passkey WHERE member = $1", member).Scan(&passkeys); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, "SELECT secret, pending, step FROM totp WHERE member = $1", member).Scan(&row.Secret, &row.Pending, &row.Step)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return factorRow{}, 0, fmt.Errorf("selecting factor: %w", err)
	}
	return row, passkeys, nil
}

// OfferFactor keeps a secret that waits for its first code, in place of one that waits already.
func (s *Store) OfferFactor(ctx context.Context, member, secret string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO totp (member, secret, pending, step) VALUES ($1, '', $2, 0)
			ON CONFLICT (member) DO UPDATE SET pending = excluded.pending`, member, secret)
		return err
	})
	if err != nil {
		return fmt.Errorf("inserting factor: %w", err)
	}
	return nil
}

// KeepFactor puts the secret that waits in force if it is still this one; the session has its proof from then on, and
// the member's others end.
func (s *Store) KeepFactor(ctx context.Context, row factorRow, session sessionRow) (bool, error) {
	var kept bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE totp SET secret = pending, pending = '', step = $3
			WHERE member = $1 AND pending = $2 AND pending <> ''`, row.Member, row.Secret, row.Step)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if kept = n > 0; err != nil || !kept {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE session SET proof = $2 WHERE id = $1", session.ID, session.Proof); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM session WHERE member = $1 AND id <> $2", row.Member, session.ID)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("keeping factor: %w", err)
	}
	return kept, nil
}

// UseFactor uses a step up. False: it or a later one was used before; many replicas see it as one.
func (s *Store) UseFactor(ctx context.Context, member string, step int64) (bool, error) {
	return s.affects(ctx, "UPDATE totp SET step = $2 WHERE member = $1 AND step < $2", member, step)
}

// DropFactor reports false where the member makes no codes.
func (s *Store) DropFactor(ctx context.Context, member string) (bool, error) {
	return s.affects(ctx, "DELETE FROM totp WHERE member = $1 AND secret <> ''", member)
}
