package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

const selectHelp = `SELECT help.id, help.home, home.name, help.member, help.name, COALESCE(member.email, ''), help.screen, help.text, help.at
	FROM help JOIN home ON home.id = help.home LEFT JOIN member ON member.id = help.member `

// AddHelp keeps a request unless its home has as many as limit since then.
func (s *Store) AddHelp(ctx context.Context, r assist.Request, since time.Time, limit int) (bool, error) {
	var added bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM help WHERE home = $1 AND at > $2", r.Home, micros(since)).Scan(&n); err != nil {
			return fmt.Errorf("counting requests: %w", err)
		}
		if added = n < limit; !added {
			return nil
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO help (id, home, member, name, screen, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			r.ID, r.Home, r.Member, r.Name, r.Screen, r.Text, micros(r.At))
		return err
	})
	return added, err
}

// HelpOf is the requests of a member in a home, newest first.
func (s *Store) HelpOf(ctx context.Context, home, member string, limit int) ([]assist.Request, error) {
	return s.help(ctx, "WHERE help.home = $1 AND help.member = $2 ORDER BY help.at DESC, help.id LIMIT $3", home, member, limit)
}

// HelpIn is the requests of everybody in a home, newest first.
func (s *Store) HelpIn(ctx context.Context, home string) ([]assist.Request, error) {
	return s.help(ctx, "WHERE help.home = $1 ORDER BY help.at DESC, help.id", home)
}

// Help is all requests, newest first.
func (s *Store) Help(ctx context.Context, limit int) ([]assist.Request, error) {
	return s.help(ctx, "ORDER BY help.at DESC, help.id LIMIT $1", limit)
}

func (s *Store) help(ctx context.Context, where string, values ...any) ([]assist.Request, error) {
	var list []assist.Request
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, selectHelp+where, values...)
		if err != nil {
			return fmt.Errorf("asking for requests: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r assist.Request
			var at int64
			if err := rows.Scan(&r.ID, &r.Home, &r.HomeName, &r.Member, &r.Name, &r.Email, &r.Screen, &r.Text, &at); err != nil {
				return fmt.Errorf("reading request: %w", err)
			}
			r.At = instant(at)
			list = append(list, r)
		}
		return rows.Err()
	})
	return list, err
}
