package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

// Sit keeps that somebody sits at the console, in place of what was kept of them.
func (s *Store) Sit(ctx context.Context, d assist.Desk) error {
	typing := 0
	if d.Typing {
		typing = 1
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, insert("desk", []string{"member", "name", "role", "seen", "kase", "typing", "languages", "skills"}, 1)+`
			ON CONFLICT (member) DO UPDATE SET name = excluded.name, role = excluded.role, seen = excluded.seen, kase = excluded.kase,
			typing = excluded.typing, languages = excluded.languages, skills = excluded.skills`,
			d.ID, d.Name, d.Role, micros(d.Seen), d.Case, typing, strings.Join(d.Languages, " "), strings.Join(d.Skills, " "))
		return err
	})
}

// Desks is who sits there since then, by name. Who is no staff any more does not.
func (s *Store) Desks(ctx context.Context, since time.Time) ([]assist.Desk, error) {
	list := []assist.Desk{}
	err := s.persist(ctx, func(ctx context.Context) error {
		list = list[:0]
		rows, err := s.reader.QueryContext(ctx, `SELECT desk.member, desk.name, desk.role, desk.seen, desk.kase, desk.typing, desk.languages, desk.skills
			FROM desk JOIN member ON member.id = desk.member WHERE desk.seen > $1 AND member.staff <> '' ORDER BY desk.name, desk.member`, micros(since))
		if err != nil {
			return fmt.Errorf("asking who is there: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var d assist.Desk
			var seen, typing int64
			var languages, skills string
			if err := rows.Scan(&d.ID, &d.Name, &d.Role, &seen, &d.Case, &typing, &languages, &skills); err != nil {
				return fmt.Errorf("reading who is there: %w", err)
			}
			d.Seen, d.Typing, d.Languages, d.Skills = instant(seen), typing == 1, strings.Fields(languages), strings.Fields(skills)
			list = append(list, d)
		}
		return rows.Err()
	})
	return list, err
}

// Contact is what staff know of a customer, empty for nothing.
func (s *Store) Contact(ctx context.Context, home, member string) (assist.Contact, error) {
	var c assist.Contact
	var at int64
	err := s.persist(ctx, func(ctx context.Context) error {
		return s.reader.QueryRowContext(ctx, "SELECT text, author, at FROM contact WHERE home = $1 AND member = $2", home, member).Scan(&c.Text, &c.By, &at)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return assist.Contact{}, nil
	}
	c.At = instant(at)
	return c, err
}

// SetContact keeps it; "" forgets it.
func (s *Store) SetContact(ctx context.Context, home, member string, c assist.Contact) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if c.Text == "" {
			_, err := tx.ExecContext(ctx, "DELETE FROM contact WHERE home = $1 AND member = $2", home, member)
			return err
		}
		_, err := tx.ExecContext(ctx, insert("contact", []string{"home", "member", "text", "author", "at"}, 1)+
			" ON CONFLICT (home, member) DO UPDATE SET text = excluded.text, author = excluded.author, at = excluded.at",
			home, member, c.Text, c.By, micros(c.At))
		return err
	})
}
