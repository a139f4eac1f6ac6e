package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
)

// Rows of push, as in push.go.
type (
	quietRow = struct {
		On       bool
		From, To string
	}
	audience = struct {
		Home, Kind, Person, Member, But string
		Differing                       bool
	}
	listener = struct {
		Member string
		Quiet  quietRow
		Chosen bool
	}
	noticeRow = struct {
		Member, Topic, Home, Word, Event string
		Count                            int
		Due                              time.Time
	}
)

// Audience is the members of a home whom an event is for and who have a browser to be woken: its adults, or the child
// who is a person. Of a person who helps a child hears where it is for them alone.
func (s *Store) Audience(ctx context.Context, of audience) ([]listener, error) {
	wants := "NOT EXISTS"
	if of.Differing {
		wants = "EXISTS"
	}
	query := `SELECT m.member, quiet.active, quiet.start, quiet.finish FROM membership m LEFT JOIN quiet ON quiet.member = m.member
		WHERE m.home = $1 AND ($2 = '' AND (m.role <> 'child' OR $5 = '` + string(registry.KindSupport) + `' AND $3 <> '') OR $2 <> '' AND m.role = 'child' AND m.person = $2)
		AND ($3 = '' OR m.member = $3) AND m.member <> $4 AND EXISTS (SELECT 1 FROM push WHERE push.member = m.member)
		AND ` + wants + ` (SELECT 1 FROM mute WHERE mute.member = m.member AND mute.kind = $5) ORDER BY m.member`
	var all []listener
	err := s.read(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, query, of.Home, of.Person, of.Member, of.But, of.Kind)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var who listener
			var active sql.NullInt64
			var from, to sql.NullString
			if err := rows.Scan(&who.Member, &active, &from, &to); err != nil {
				return err
			}
			who.Chosen, who.Quiet = active.Valid, quietRow{On: active.Int64 == 1, From: from.String, To: to.String}
			all = append(all, who)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("selecting whom to tell: %w", err)
	}
	return all, nil
}

// Post keeps a notice in place of the one of its topic that waits, whose time it keeps and whose events it counts too; or
// it takes that one away, and is not kept either, where that one's word is unless. One for a member or a home that has gone
// is not kept.
func (s *Store) Post(ctx context.Context, n noticeRow, unless string) error {
	const put = `
INSERT INTO notice (member, topic, home, word, event, count, due)
SELECT member.id, CAST($2 AS TEXT), home.id, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS BIGINT)
  FROM member, home WHERE member.id = $1 AND home.id = $3
    ON CONFLICT (member, topic) DO UPDATE SET word = excluded.word, event = excluded.event, count = notice.count + excluded.count`
	err := s.write(ctx, func(tx *sql.Tx) error {
		if unless != "" {
			result, err := tx.ExecContext(ctx, `DELETE FROM notice WHERE member = $1 AND topic = $2 AND word = $3`, n.Member, n.Topic, unless)
			if err != nil {
				return err
			}
			if gone, err := result.RowsAffected(); err != nil || gone > 0 {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, put, n.Member, n.Topic, n.Home, n.Word, n.Event, n.Count, micros(n.Due))
		return err
	})
	if err != nil {
		return fmt.Errorf("keeping notice: %w", err)
	}
	return nil
}

// TakeDue hands out notices that are due, each to one caller.
func (s *Store) TakeDue(ctx context.Context, now time.Time, limit int) ([]noticeRow, error) {
	due, err := s.column(ctx, `SELECT member FROM notice WHERE due <= $1 LIMIT 1`, micros(now))
	if err != nil || len(due) == 0 {
		return nil, err // most of the time; it takes no turn at writing
	}
	const take = `
DELETE FROM notice WHERE due <= $1 AND (member, topic) IN (SELECT n.member, n.topic FROM notice n WHERE n.due <= $1 ORDER BY n.due LIMIT $2)
RETURNING member, topic, home, word, event, count, due`
	var all []noticeRow
	err = s.write(ctx, func(tx *sql.Tx) error {
		all = nil
		rows, err := tx.QueryContext(ctx, take, micros(now), limit)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var n noticeRow
			var at int64
			if err := rows.Scan(&n.Member, &n.Topic, &n.Home, &n.Word, &n.Event, &n.Count, &at); err != nil {
				return err
			}
			n.Due = instant(at)
			all = append(all, n)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("taking notices: %w", err)
	}
	return all, nil
}

// Differing is the kinds that a member wants otherwise than they are by default.
func (s *Store) Differing(ctx context.Context, member string) ([]string, error) {
	return s.column(ctx, `SELECT kind FROM mute WHERE member = $1 ORDER BY kind`, member)
}

// Choose changes them.
func (s *Store) Choose(ctx context.Context, member string, kinds []string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM mute WHERE member = $1`, member); err != nil {
			return err
		}
		for _, kind := range kinds {
			if _, err := tx.ExecContext(ctx, `INSERT INTO mute (member, kind) VALUES ($1, $2)`, member, kind); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("choosing kinds: %w", err)
	}
	return nil
}

// QuietOf is when a member is not to be disturbed, if they have chosen it.
func (s *Store) QuietOf(ctx context.Context, member string) (quietRow, bool, error) {
	var q quietRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		var active int
		err := tx.QueryRowContext(ctx, `SELECT active, start, finish FROM quiet WHERE member = $1`, member).Scan(&active, &q.From, &q.To)
		q.On = active == 1
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return q, false, nil
	}
	if err != nil {
		return q, false, fmt.Errorf("selecting quiet: %w", err)
	}
	return q, true, nil
}

// SetQuiet changes it.
func (s *Store) SetQuiet(ctx context.Context, member string, q quietRow) error {
	active := 0
	if q.On {
		active = 1
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO quiet (member, active, start, finish) VALUES ($1, $2, $3, $4)
			ON CONFLICT (member) DO UPDATE SET active = excluded.active, start = excluded.start, finish = excluded.finish`,
			member, active, q.From, q.To)
		return err
	})
	if err != nil {
		return fmt.Errorf("changing quiet: %w", err)
	}
	return nil
}
