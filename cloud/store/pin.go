package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/keyring"
)

// PinOf is which keys a box believes, without any where it has said nothing.
func (s *Store) PinOf(ctx context.Context, box string) (keyring.Pin, error) {
	p := keyring.Pin{Box: box}
	var at int64
	err := s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT believed, following, at FROM pin WHERE box = $1", box).Scan(&p.Key, &p.Next, &at)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("selecting pin: %w", err)
	}
	p.At = instant(at)
	return p, nil
}

// KeepPin keeps which keys a box believes.
func (s *Store) KeepPin(ctx context.Context, p keyring.Pin) error {
	const keep = `
INSERT INTO pin (box, believed, following, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (box) DO UPDATE SET believed = excluded.believed, following = excluded.following, at = excluded.at`
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, keep, p.Box, p.Key, p.Next, micros(p.At)); err != nil {
			return fmt.Errorf("keeping pin: %w", err)
		}
		return nil
	})
}

// Held is how many boxes believe each key.
func (s *Store) Held(ctx context.Context) ([]keyring.Held, error) {
	var list []keyring.Held
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT believed, following, COUNT(*) FROM pin GROUP BY believed, following ORDER BY believed, following")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var key, next string
			var n int
			if err := rows.Scan(&key, &next, &n); err != nil {
				return err
			}
			if len(list) == 0 || list[len(list)-1].Key != key {
				list = append(list, keyring.Held{Key: key, Next: map[string]int{}})
			}
			of := &list[len(list)-1]
			of.Boxes += n
			if next != "" {
				of.Next[next] += n
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("counting pins: %w", err)
	}
	return list, nil
}

// Mute is how many boxes of homes have never said which key they believe.
func (s *Store) Mute(ctx context.Context) (int, error) {
	var n int
	err := s.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM box WHERE home IS NOT NULL AND id NOT IN (SELECT box FROM pin)").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("counting boxes without pin: %w", err)
	}
	return n, nil
}

// AddLetter keeps a letter to the next key, where there is none from the one to the other yet.
func (s *Store) AddLetter(ctx context.Context, l keyring.Letter) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO succession (old, new, message, made) VALUES ($1, $2, $3, $4)
			ON CONFLICT (old, new) DO NOTHING`, l.Old, l.New, base64.StdEncoding.EncodeToString(l.Message), micros(l.Made)); err != nil {
			return fmt.Errorf("inserting letter: %w", err)
		}
		return nil
	})
}

// Letters are all letters to next keys, oldest first.
func (s *Store) Letters(ctx context.Context) ([]keyring.Letter, error) {
	var list []keyring.Letter
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT old, new, message, made FROM succession ORDER BY made, old, new")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var l keyring.Letter
			var text string
			var made int64
			if err := rows.Scan(&l.Old, &l.New, &text, &made); err != nil {
				return err
			}
			if l.Message, err = base64.StdEncoding.DecodeString(text); err != nil {
				return fmt.Errorf("reading letter: %w", err)
			}
			l.Made = instant(made)
			list = append(list, l)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting letters: %w", err)
	}
	return list, nil
}
