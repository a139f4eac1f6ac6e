package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/carebox-project/carebox/cloud/registry"
)

const selectHome = `
SELECT h.id, h.name, v.revision, v.policy, v.member, v.actor, v.origin, v.code, v.subject, v.at, v.applied, v.staff, v.staff_name, v.support, v.proposal,
       b.id, p.seen, p.gone, p.schema, p.version, p.tz, p.capabilities, r.document, r.at
  FROM home h
  JOIN revision v ON v.home = h.id AND v.revision = h.revision
  LEFT JOIN box b ON b.home = h.id
  LEFT JOIN presence p ON p.box = b.id
  LEFT JOIN reported r ON r.box = b.id `

// Home is a home by its id. registry.ErrNotFound.
func (s *Store) Home(ctx context.Context, id string) (registry.Record, error) {
	return s.record(ctx, selectHome+"WHERE h.id = $1", id)
}

// HomeOf is the home of a box. registry.ErrNotFound.
func (s *Store) HomeOf(ctx context.Context, box string) (registry.Record, error) {
	return s.record(ctx, selectHome+"WHERE b.id = $1", box)
}

func (s *Store) record(ctx context.Context, query, id string) (registry.Record, error) {
	var record registry.Record
	err := s.persist(ctx, func(ctx context.Context) error {
		var err error
		record, err = scanRecord(s.reader.QueryRowContext(ctx, query, id))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = registry.ErrNotFound
	}
	return record, err
}

func scanRecord(row *sql.Row) (registry.Record, error) {
	var (
		record                registry.Record
		doc                   revision
		box, version, tz      sql.NullString
		capabilities, said    sql.NullString
		seen, gone, schema, r sql.NullInt64
	)
	fields := append([]any{&record.Home.ID, &record.Home.Name}, doc.fields()...)
	fields = append(fields, &box, &seen, &gone, &schema, &version, &tz, &capabilities, &said, &r)
	if err := row.Scan(fields...); err != nil {
		return record, err
	}
	var err error
	if record.Asked, err = doc.document(record.Home.ID); err != nil || !box.Valid {
		return record, err
	}
	life := &registry.Life{ID: box.String, Seen: instant(seen.Int64), Gone: instant(gone.Int64), ReportedAt: instant(r.Int64)}
	life.Hello.Box, life.Hello.Schema = box.String, int(schema.Int64)
	life.Hello.Version, life.Hello.TZ = version.String, tz.String
	if capabilities.Valid {
		if err := json.Unmarshal([]byte(capabilities.String), &life.Hello.Capabilities); err != nil {
			return record, fmt.Errorf("reading capabilities of box %q: %w", box.String, err)
		}
	}
	if said.Valid {
		life.Reported = []byte(said.String)
	}
	record.Box = life
	return record, nil
}

// AddHomes adds homes with their first document and box, in one transaction. registry.ErrTaken.
func (s *Store) AddHomes(ctx context.Context, seeds []registry.Seed) error {
	add := func(tx *sql.Tx) error {
		for some := range slices.Chunk(seeds, batch) {
			if err := addHomes(ctx, tx, some); err != nil {
				return err
			}
		}
		return nil
	}
	var err error
	if len(seeds) <= batch {
		err = s.write(ctx, add)
	} else { // nobody waits for a thousand, and they may take longer than a person would
		err = s.once(ctx, s.writer, nil, add)
	}
	if taken(err) {
		return fmt.Errorf("%w: %w", registry.ErrTaken, err)
	}
	return err
}

func addHomes(ctx context.Context, tx *sql.Tx, seeds []registry.Seed) error {
	var homes, firsts, boxes []any
	for _, seed := range seeds {
		first, err := values(seed.First)
		if err != nil {
			return err
		}
		homes = append(homes, seed.Home.ID, seed.Home.Name, seed.First.Revision)
		firsts = append(firsts, first...)
		if seed.Box != "" {
			boxes = append(boxes, seed.Box, seed.Home.ID)
		}
	}
	for _, part := range []struct {
		table   string
		columns []string
		values  []any
	}{
		{"home", []string{"id", "name", "revision"}, homes},
		{"revision", revisionColumns(), firsts},
		{"box", []string{"id", "home"}, boxes},
	} {
		if len(part.values) == 0 {
			continue
		}
		query := insert(part.table, part.columns, len(part.values)/len(part.columns))
		if _, err := tx.ExecContext(ctx, query, part.values...); err != nil {
			return fmt.Errorf("adding to %s: %w", part.table, err)
		}
	}
	return nil
}

// Lost are the homes whose box was heard last within seen, or left a will within gone and was not heard since.
func (s *Store) Lost(ctx context.Context, seen, gone registry.Between) ([]string, error) {
	const query = `
SELECT b.home FROM presence p JOIN box b ON b.id = p.box
 WHERE b.home IS NOT NULL AND p.seen > $1 AND p.seen <= $2
 UNION
SELECT b.home FROM presence p JOIN box b ON b.id = p.box
 WHERE b.home IS NOT NULL AND p.gone > $3 AND p.gone <= $4 AND p.gone >= p.seen`
	return s.column(ctx, query, micros(seen.From), micros(seen.To), micros(gone.From), micros(gone.To))
}

// texts reads rows of one text each.
func texts(rows *sql.Rows) ([]string, error) {
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("reading row: %w", err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading rows: %w", err)
	}
	return all, nil
}
