package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"regexp"
	"slices"
)

// Reasons why a backup is not restored. The database is as it was.
var (
	ErrNotEmpty = errors.New("the database is not empty")
	ErrDamaged  = errors.New("the backup is damaged")
)

const (
	longest = 8 << 20 // bytes of a line
	// lost is how many revisions of a home may have been made after the backup: the next one is numbered above them, so
	// that a box that has taken some of them takes it.
	lost = 1000
)

// Restore reads a backup into an empty database, whole or not at all. ErrNotEmpty, ErrDamaged.
func (s *Store) Restore(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening backup: %w", err)
	}
	defer func() { _ = f.Close() }()
	err = s.once(ctx, s.writer, nil, func(tx *sql.Tx) error {
		if err := empty(ctx, tx); err != nil {
			return err
		}
		packed, err := gzip.NewReader(f)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		r := &copyist{from: bufio.NewReaderSize(packed, 1<<16), sum: sha256.New(), tx: tx}
		if err := r.restore(ctx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE home SET floor = revision + $1", int64(lost)); err != nil {
			return fmt.Errorf("raising numbers: %w", err)
		}
		return s.lapse(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("restoring %q: %w", path, err)
	}
	return nil
}

// lapse lets what somebody allowed come to its end: they may have ended it after the backup was made.
func (s *Store) lapse(ctx context.Context, tx *sql.Tx) error {
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	for _, query := range []string{
		"UPDATE support SET deadline = $1 WHERE state IN ('asked', 'active') AND deadline > $1",
		"UPDATE letter SET expires = $1 WHERE ended = 0 AND expires > $1",
	} {
		if _, err := tx.ExecContext(ctx, query, now); err != nil {
			return fmt.Errorf("ending support sessions: %w", err)
		}
	}
	return nil
}

func empty(ctx context.Context, tx *sql.Tx) error {
	for _, table := range tables() {
		var n int64
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			return fmt.Errorf("counting table %s: %w", table, err)
		}
		if n > 0 {
			return fmt.Errorf("%w: table %s has %d rows", ErrNotEmpty, table, n)
		}
	}
	return nil
}

// copyist reads lines into tables.
type copyist struct {
	from   *bufio.Reader
	sum    hash.Hash
	tx     *sql.Tx
	insert *sql.Stmt
	width  int
}

func (r *copyist) restore(ctx context.Context) error {
	var top head
	if err := r.read(&top); err != nil {
		return err
	}
	now, err := version(ctx, r.tx)
	if err != nil {
		return err
	}
	if top.Backup != "carebox" || top.Version > now {
		return fmt.Errorf("it is a backup of %q version %d; this is carebox version %d", top.Backup, top.Version, now)
	}
	for {
		sum := hex.EncodeToString(r.sum.Sum(nil))
		var l line
		if err := r.read(&l); err != nil {
			return err
		}
		if l.End != "" {
			return r.finish(l.End == sum)
		}
		if err := r.put(ctx, l); err != nil {
			return err
		}
	}
}

// finish checks the sum of all lines, and that nothing follows: then the unpacker has checked its own sum, too.
func (r *copyist) finish(same bool) error {
	if _, err := r.from.ReadByte(); !same || !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: its checksum is wrong", ErrDamaged)
	}
	return nil
}

func (r *copyist) read(into any) error {
	text, err := readLine(r.from)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	r.sum.Write(text)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

func readLine(from *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := from.ReadSlice('\n')
		text = append(text, part...)
		if err == nil {
			return text, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if len(text) > longest {
			return nil, errors.New("a line is too long")
		}
	}
}

func (r *copyist) put(ctx context.Context, l line) error {
	if l.Table != "" {
		return r.begin(ctx, l)
	}
	if r.insert == nil || len(l.Row) != r.width {
		return fmt.Errorf("%w: a row does not fit", ErrDamaged)
	}
	for i, v := range l.Row {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return fmt.Errorf("%w: %w", ErrDamaged, err)
			}
			l.Row[i] = whole
		}
	}
	if _, err := r.insert.ExecContext(ctx, l.Row...); err != nil {
		return fmt.Errorf("adding row: %w", err)
	}
	return nil
}

// former makes cases of the requests for a person that older backups hold.
func former(l line) line {
	if l.Table != "help" {
		return l
	}
	l.Table, l.Columns = "kase", slices.Clone(l.Columns)
	for i, column := range l.Columns {
		if column == "at" {
			l.Columns[i] = "asked_at"
		}
	}
	return l
}

// begin prepares for the rows of a table. Names are checked, because they become SQL.
func (r *copyist) begin(ctx context.Context, l line) error {
	l = former(l)
	word := regexp.MustCompile(`^[a-z_]+$`)
	if !slices.Contains(tables(), l.Table) || len(l.Columns) == 0 ||
		slices.ContainsFunc(l.Columns, func(c string) bool { return !word.MatchString(c) }) {
		return fmt.Errorf("%w: table %q is not known", ErrDamaged, l.Table)
	}
	var err error
	r.width = len(l.Columns)
	if r.insert, err = r.tx.PrepareContext(ctx, insert(l.Table, l.Columns, 1)); err != nil {
		return fmt.Errorf("preparing table %s: %w", l.Table, err)
	}
	return nil
}
