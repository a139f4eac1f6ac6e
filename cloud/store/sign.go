package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
)

// batch is how many signs one statement carries.
const batch = 200

// Mark keeps signs of life and tells what they mean, given that a box last heard before lost had been unreachable.
func (s *Store) Mark(ctx context.Context, signs []registry.Sign, lost time.Time) (registry.Meaning, error) {
	var meaning registry.Meaning
	err := s.write(ctx, func(tx *sql.Tx) error {
		meaning = registry.Meaning{}
		for some := range slices.Chunk(signs, batch) {
			if err := mark(ctx, tx, fresh(some, lost), &meaning); err != nil {
				return err
			}
		}
		return nil
	})
	return meaning, err
}

// table is a table of signs that stands before a statement. Its first parameter is when a box is lost.
type table struct {
	with   string
	values []any
	said   bool // some repeat a report
}

func fresh(signs []registry.Sign, lost time.Time) table {
	rows := make([]string, len(signs))
	t := table{values: []any{micros(lost)}}
	for i, sign := range signs {
		n := len(t.values)
		rows[i] = fmt.Sprintf("(CAST($%d AS TEXT), CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS BIGINT))",
			n+1, n+2, n+3, n+4, n+5)
		t.values = append(t.values, sign.Box, micros(sign.Seen), micros(sign.Gone), micros(sign.Reported), sign.Revision)
		t.said = t.said || !sign.Reported.IsZero()
	}
	t.with = "WITH fresh (lost, box, seen, gone, said, revision) AS (SELECT CAST($1 AS BIGINT), v.* FROM (VALUES " +
		strings.Join(rows, ", ") + ") AS v)\n"
	return t
}

func mark(ctx context.Context, tx *sql.Tx, t table, meaning *registry.Meaning) error {
	rows, err := tx.QueryContext(ctx, t.with+`
SELECT b.home FROM fresh f JOIN box b ON b.id = f.box LEFT JOIN presence p ON p.box = b.id
 WHERE b.home IS NOT NULL AND f.seen > 0 AND (p.box IS NULL OR p.seen < f.lost OR p.gone >= p.seen)`, t.values...)
	if err != nil {
		return fmt.Errorf("asking who was unreachable: %w", err)
	}
	back, err := texts(rows)
	if err != nil {
		return err
	}
	meaning.Back = append(meaning.Back, back...)
	if _, err := tx.ExecContext(ctx, t.with+`
INSERT INTO presence (box, seen, gone) SELECT f.box, f.seen, f.gone FROM fresh f JOIN box b ON b.id = f.box WHERE 1 = 1
    ON CONFLICT (box) DO UPDATE SET
       seen = CASE WHEN excluded.seen > presence.seen THEN excluded.seen ELSE presence.seen END,
       gone = CASE WHEN excluded.gone > presence.gone THEN excluded.gone ELSE presence.gone END`, t.values...); err != nil {
		return fmt.Errorf("keeping signs of life: %w", err)
	}
	if t.said {
		if _, err := tx.ExecContext(ctx, t.with+`
UPDATE reported SET at = f.said FROM fresh f WHERE reported.box = f.box AND f.said > reported.at`, t.values...); err != nil {
			return fmt.Errorf("keeping times of reports: %w", err)
		}
	}
	return differ(ctx, tx, t, meaning)
}

func differ(ctx context.Context, tx *sql.Tx, t table, meaning *registry.Meaning) error {
	rows, err := tx.QueryContext(ctx, t.with+`
SELECT f.box, f.revision FROM fresh f JOIN box b ON b.id = f.box JOIN home h ON h.id = b.home
 WHERE f.revision >= 0 AND f.revision <> h.revision`, t.values...)
	if err != nil {
		return fmt.Errorf("asking who is behind: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var sign registry.Sign
		if err := rows.Scan(&sign.Box, &sign.Revision); err != nil {
			return fmt.Errorf("reading row: %w", err)
		}
		meaning.Differ = append(meaning.Differ, sign)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading rows: %w", err)
	}
	return nil
}
