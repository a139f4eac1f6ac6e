package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
)

// maxClaims keeps a box that makes up devices from filling the store.
const maxClaims = 2000

// Claim gives those of the keys that nobody has claimed in this home; none where it has maxClaims without an end. A home
// that has gone claims nothing.
func (s *Store) Claim(ctx context.Context, home string, keys []string, until time.Time) ([]string, error) {
	known, err := s.claimed(ctx, home, keys)
	if err != nil || len(known) == len(keys) {
		return nil, err // most of the time; it takes no turn at writing
	}
	const claim = `
INSERT INTO claim (home, key, until) SELECT h.id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM home h
 WHERE h.id = $1 AND ($3 > 0 OR (SELECT COUNT(*) FROM claim c WHERE c.home = $1 AND c.until = 0) < $4)
    ON CONFLICT (home, key) DO NOTHING`
	var fresh []string
	err = s.write(ctx, func(tx *sql.Tx) error {
		fresh = nil
		for _, key := range keys {
			if known[key] {
				continue
			}
			result, err := tx.ExecContext(ctx, claim, home, key, micros(until), maxClaims)
			if err != nil {
				return fmt.Errorf("claiming: %w", err)
			}
			n, err := result.RowsAffected()
			if err != nil {
				return fmt.Errorf("claiming: %w", err)
			}
			if n > 0 {
				fresh = append(fresh, key)
			}
		}
		return nil
	})
	return fresh, err
}

func (s *Store) claimed(ctx context.Context, home string, keys []string) (map[string]bool, error) {
	known := map[string]bool{}
	err := s.read(ctx, func(tx *sql.Tx) error {
		for _, key := range keys {
			var n int
			if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM claim WHERE home = $1 AND key = $2`, home, key).Scan(&n); err != nil {
				return fmt.Errorf("asking for claims: %w", err)
			}
			if n > 0 {
				known[key] = true
			}
		}
		return nil
	})
	return known, err
}

// Release takes a claim back. False: there is none.
func (s *Store) Release(ctx context.Context, home, key string) (bool, error) {
	return s.affects(ctx, `DELETE FROM claim WHERE home = $1 AND key = $2`, home, key)
}

// SweepClaims takes away those that have ended.
func (s *Store) SweepClaims(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM claim WHERE until > 0 AND until < $1`, micros(now)); err != nil {
			return fmt.Errorf("sweeping claims: %w", err)
		}
		return nil
	})
}

// Silent are the homes without a claim of the key whose box was heard last within a stretch of time.
func (s *Store) Silent(ctx context.Context, seen registry.Between, key string) ([]string, error) {
	return s.column(ctx, `
SELECT b.home FROM presence p JOIN box b ON b.id = p.box
 WHERE b.home IS NOT NULL AND p.seen > $1 AND p.seen <= $2
   AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.home = b.home AND c.key = $3)`, micros(seen.From), micros(seen.To), key)
}

// Returned are the homes with a claim of the key whose box was heard after an instant.
func (s *Store) Returned(ctx context.Context, since time.Time, key string) ([]string, error) {
	return s.column(ctx, `
SELECT c.home FROM claim c JOIN box b ON b.home = c.home JOIN presence p ON p.box = b.id
 WHERE c.key = $2 AND p.seen > $1`, micros(since), key)
}

// column reads rows of one text each.
func (s *Store) column(ctx context.Context, query string, values ...any) ([]string, error) {
	var all []string
	err := s.persist(ctx, func(ctx context.Context) error {
		rows, err := s.reader.QueryContext(ctx, query, values...)
		if err != nil {
			return fmt.Errorf("asking: %w", err)
		}
		all, err = texts(rows)
		return err
	})
	return all, err
}

// Children are the children with a browser that can be woken.
func (s *Store) Children(ctx context.Context) ([]registry.Child, error) {
	const query = `
SELECT DISTINCT m.home, m.person FROM push p JOIN membership m ON m.member = p.member
 WHERE m.role = 'child' AND m.person <> '' ORDER BY m.home, m.person`
	var all []registry.Child
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, query)
		if err != nil {
			return fmt.Errorf("asking for children: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var child registry.Child
			if err := rows.Scan(&child.Home, &child.Person); err != nil {
				return fmt.Errorf("reading child: %w", err)
			}
			all = append(all, child)
		}
		return rows.Err()
	})
	return all, err
}
