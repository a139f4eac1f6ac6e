package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

// AddTicket keeps a ticket, and forgets those that nobody used in time.
func (s *Store) AddTicket(ctx context.Context, hash string, t assist.Ticket, life time.Duration) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM ticket WHERE expires <= $1", now); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO ticket (hash, support, login, side, expires) VALUES ($1, $2, $3, $4, $5)",
			hash, t.Session, t.Login, string(t.End), now+life.Microseconds())
		return err
	})
	if err != nil {
		return fmt.Errorf("inserting ticket: %w", err)
	}
	return nil
}

// TakeTicket takes a ticket out that is neither old nor another sign-in's, and counts a screen. Whatever was wrong, it is
// worth nothing afterwards. assist.ErrUnknown.
func (s *Store) TakeTicket(ctx context.Context, hash, login string) (assist.Ticket, error) {
	var t assist.Ticket
	var good bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		var expires int64
		t = assist.Ticket{}
		row := tx.QueryRowContext(ctx, `DELETE FROM ticket WHERE hash = $1 RETURNING support, login, side, expires`, hash)
		err = row.Scan(&t.Session, &t.Login, &t.End, &expires)
		good = err == nil && t.Login == login && expires > now
		if errors.Is(err, sql.ErrNoRows) || (err == nil && !good) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT home, staff FROM support WHERE id = $1", t.Session).Scan(&t.Home, &t.Staff); err != nil {
			return err
		}
		if t.End != assist.EndScreen {
			return nil
		}
		return tx.QueryRowContext(ctx, `INSERT INTO screen (support, generation) VALUES ($1, 1)
			ON CONFLICT (support) DO UPDATE SET generation = screen.generation + 1 RETURNING generation`, t.Session).Scan(&t.Generation)
	})
	if err == nil && !good {
		err = assist.ErrUnknown
	}
	if err != nil {
		return assist.Ticket{}, fmt.Errorf("taking ticket: %w", err)
	}
	return t, nil
}
