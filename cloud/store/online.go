package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// CountOnline brings the hours of each person's date up to what the box said. Where it said a sum only, what is new
// belongs to the hour, and what an hour cannot hold to the hours before. What is older than oldest goes.
func (s *Store) CountOnline(ctx context.Context, home string, said []registry.Counted, oldest policies.Date) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM online WHERE home = $1 AND date < $2", home, string(oldest)); err != nil {
			return fmt.Errorf("forgetting minutes: %w", err)
		}
		for _, o := range said {
			held, err := hours(ctx, tx, home, o)
			if err != nil {
				return err
			}
			if err := spread(ctx, tx, home, o, held); err != nil {
				return err
			}
		}
		return nil
	})
}

// hours is what is held of a person's date already.
func hours(ctx context.Context, tx *sql.Tx, home string, o registry.Counted) (held [24]int, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT hour, minutes FROM online WHERE home = $1 AND person = $2 AND date = $3", home, o.Person, string(o.Date))
	if err != nil {
		return held, fmt.Errorf("asking for minutes: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var hour, minutes int
		if err := rows.Scan(&hour, &minutes); err != nil {
			return held, fmt.Errorf("reading minutes: %w", err)
		}
		held[hour] = minutes
	}
	return held, rows.Err()
}

func spread(ctx context.Context, tx *sql.Tx, home string, o registry.Counted, held [24]int) error {
	const keep = `
INSERT INTO online (home, person, date, hour, minutes) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (home, person, date, hour) DO UPDATE SET minutes = excluded.minutes`
	for hour, minutes := range grown(o, held) {
		if minutes == held[hour] {
			continue
		}
		if _, err := tx.ExecContext(ctx, keep, home, o.Person, string(o.Date), hour, minutes); err != nil {
			return fmt.Errorf("keeping minutes: %w", err)
		}
	}
	return nil
}

// grown is the hours as they are after what a box said. None becomes less: a box may have lost some.
func grown(o registry.Counted, held [24]int) [24]int {
	if o.Hours != (policies.Hours{}) {
		for hour, minutes := range o.Hours {
			held[hour] = max(held[hour], minutes)
		}
		return held
	}
	more := o.Minutes
	for _, minutes := range held {
		more -= minutes
	}
	for hour := o.Hour; hour >= 0 && more > 0; hour-- {
		some := max(min(more, 60-held[hour]), 0)
		more -= some
		held[hour] += some
	}
	return held
}

// Online is the hours of a person from a date on, in order.
func (s *Store) Online(ctx context.Context, home, person string, from policies.Date) ([]registry.Online, error) {
	return s.online(ctx, "WHERE home = $1 AND person = $2 AND date >= $3 ORDER BY date, hour", home, person, string(from))
}

// AllOnline is the hours of everybody in a home, by person, in order.
func (s *Store) AllOnline(ctx context.Context, home string) ([]registry.Online, error) {
	return s.online(ctx, "WHERE home = $1 ORDER BY person, date, hour", home)
}

func (s *Store) online(ctx context.Context, where string, values ...any) ([]registry.Online, error) {
	var all []registry.Online
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, "SELECT person, date, hour, minutes FROM online "+where, values...)
		if err != nil {
			return fmt.Errorf("asking for minutes: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var o registry.Online
			if err := rows.Scan(&o.Person, &o.Date, &o.Hour, &o.Minutes); err != nil {
				return fmt.Errorf("reading minutes: %w", err)
			}
			all = append(all, o)
		}
		return rows.Err()
	})
	return all, err
}
