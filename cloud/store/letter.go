package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/carebox-project/carebox/cloud/assist"
)

const selectLetter = `SELECT letter.id, letter.home, letter.kind, letter.actor, letter.name, letter.operator, letter.login, letter.scopes, letter.issued,
	letter.expires, letter.revision, letter.ended, COALESCE(box.id, '') FROM letter LEFT JOIN box ON box.home = letter.home `

// Letter is a letter by its id. assist.ErrUnknown.
func (s *Store) Letter(ctx context.Context, id string) (assist.Letter, error) {
	list, err := s.letters(ctx, "WHERE letter.id = $1", id)
	if err == nil && len(list) == 0 {
		err = assist.ErrUnknown
	}
	if err != nil {
		return assist.Letter{}, err
	}
	return list[0], nil
}

// LettersOf are those of a box's home whose time is not over, ended ones too: the live ones first, of them the staff's, so
// that none is left out for old ones.
func (s *Store) LettersOf(ctx context.Context, box string) (list []assist.Letter, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		list, err = scanLetters(ctx, tx, `WHERE box.id = $1 AND letter.expires > $2 ORDER BY CASE WHEN letter.ended = 0 THEN 0 ELSE 1 END,
			CASE WHEN letter.kind = 'self' THEN 1 ELSE 0 END, letter.issued DESC, letter.id LIMIT 64`, box, now)
		return err
	})
	return list, err
}

func (s *Store) letters(ctx context.Context, where string, values ...any) (list []assist.Letter, err error) {
	err = s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = scanLetters(ctx, tx, where, values...)
		return err
	})
	return list, err
}

func scanLetters(ctx context.Context, tx *sql.Tx, where string, values ...any) ([]assist.Letter, error) {
	rows, err := tx.QueryContext(ctx, selectLetter+where, values...)
	if err != nil {
		return nil, fmt.Errorf("asking for letters: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []assist.Letter
	for rows.Next() {
		var l assist.Letter
		var scopes string
		var issued, expires, ended int64
		if err := rows.Scan(&l.ID, &l.Home, &l.Kind, &l.Actor, &l.Name, &l.Operator, &l.Login, &scopes, &issued, &expires, &l.Revision, &ended,
			&l.Box); err != nil {
			return nil, fmt.Errorf("reading letter: %w", err)
		}
		l.Scopes, l.Issued, l.Expires, l.Ended = parted(scopes), instant(issued), instant(expires), ended > 0
		list = append(list, l)
	}
	return list, rows.Err()
}

func addLetter(ctx context.Context, tx *sql.Tx, l assist.Letter) error {
	columns := []string{"id", "home", "kind", "actor", "name", "operator", "login", "scopes", "issued", "expires", "revision", "ended"}
	if _, err := tx.ExecContext(ctx, insert("letter", columns, 1), l.ID, l.Home, string(l.Kind), l.Actor, l.Name, l.Operator, l.Login,
		joined(l.Scopes), micros(l.Issued), micros(l.Expires), 1, 0); err != nil {
		return fmt.Errorf("adding letter: %w", err)
	}
	return nil
}
