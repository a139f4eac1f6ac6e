package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/assist"
)

func addMessages(ctx context.Context, tx *sql.Tx, said []assist.Message) error {
	columns := []string{"kase", "n", "at", "origin", "author", "name", "private", "code", "text", "picture"}
	for _, m := range said {
		hidden := 0
		if m.Private {
			hidden = 1
		}
		if _, err := tx.ExecContext(ctx, insert("kase_message", columns, 1), m.Case, m.Number, micros(m.At), string(m.From), m.Author, m.Name,
			hidden, m.Code, m.Text, m.Picture); err != nil {
			return fmt.Errorf("adding message: %w", err)
		}
		if m.Image == nil {
			continue
		}
		if _, err := tx.ExecContext(ctx, insert("kase_picture", []string{"id", "kase", "type", "data"}, 1),
			m.Image.ID, m.Case, m.Image.Type, base64.StdEncoding.EncodeToString(m.Image.Data)); err != nil {
			return fmt.Errorf("adding picture: %w", err)
		}
	}
	return nil
}

// Messages is what was said in a case, in order; what staff keep to themselves only where it is asked for.
func (s *Store) Messages(ctx context.Context, id string, private bool) ([]assist.Message, error) {
	most := 0
	if private {
		most = 1
	}
	list := []assist.Message{}
	err := s.persist(ctx, func(ctx context.Context) error {
		list = list[:0]
		rows, err := s.reader.QueryContext(ctx, `SELECT kase, n, at, origin, author, name, private, code, text, picture
			FROM kase_message WHERE kase = $1 AND private <= $2 ORDER BY n`, id, most)
		if err != nil {
			return fmt.Errorf("asking for messages: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var m assist.Message
			var at, hidden int64
			if err := rows.Scan(&m.Case, &m.Number, &at, &m.From, &m.Author, &m.Name, &hidden, &m.Code, &m.Text, &m.Picture); err != nil {
				return fmt.Errorf("reading message: %w", err)
			}
			m.At, m.Private = instant(at), hidden == 1
			list = append(list, m)
		}
		return rows.Err()
	})
	return list, err
}

// Image is a picture of a case. assist.ErrCaseUnknown.
func (s *Store) Image(ctx context.Context, id, image string) (assist.Image, error) {
	found := assist.Image{ID: image}
	var text string
	err := s.persist(ctx, func(ctx context.Context) error {
		return s.reader.QueryRowContext(ctx, "SELECT type, data FROM kase_picture WHERE kase = $1 AND id = $2", id, image).Scan(&found.Type, &text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return assist.Image{}, assist.ErrCaseUnknown
	}
	if err != nil {
		return assist.Image{}, fmt.Errorf("reading picture: %w", err)
	}
	if found.Data, err = base64.StdEncoding.DecodeString(text); err != nil {
		return assist.Image{}, fmt.Errorf("reading picture %q: %w", image, err)
	}
	return found, nil
}
