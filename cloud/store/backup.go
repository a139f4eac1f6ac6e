package store

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

// A backup is gzip of lines of JSON: a head, the rows of one table after the other, and an end with the SHA-256 of all
// lines before it. It knows only texts and integers, so either database can read what the other wrote.
type (
	head struct {
		Backup  string    `json:"backup"` // "carebox"
		Version int64     `json:"version"`
		At      time.Time `json:"at"`
	}
	line struct {
		Table   string   `json:"table,omitempty"`
		Columns []string `json:"columns,omitempty"`
		Row     []any    `json:"row,omitempty"`
		End     string   `json:"end,omitempty"`
	}
)

// tables are all that a backup holds, each after those it refers to. Sign-in attempts, ceremonies,
// notices that wait and who sits at the console are not worth keeping.
func tables() []string {
	return []string{
		"home", "revision", "box", "farewell", "presence", "reported", "ask", "online", "member", "membership", "session", "invitation", "reset", "entry",
		"passkey", "totp", "subject", "push", "mute", "quiet", "vapid", "claim", "kase", "kase_message", "kase_picture", "contact", "recording", "recording_part", "item", "life", "identity",
		"pin", "succession", "clone",
		"support", "seen", "proposal", "letter", "query", "result", "audit", "audit_head",
		"visit", "step", "photo",
	}
}

// Backup writes all that the database holds at one moment to a file, mode 0600, which is there whole or not at all.
func (s *Store) Backup(ctx context.Context, path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".carebox-backup-*") // with mode 0600
	if err != nil {
		return fmt.Errorf("making backup: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // after the rename there is none
	err = s.dump(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("writing backup: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("putting backup in place: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening %q: %w", path, err)
	}
	err = d.Sync()
	if closing := d.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("synchronising %q: %w", path, err)
	}
	return nil
}

// scribe writes lines and sums them up.
type scribe struct {
	to  io.Writer
	sum hash.Hash
}

func (w scribe) write(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding line: %w", err)
	}
	text = append(text, '\n')
	w.sum.Write(text)
	if _, err := w.to.Write(text); err != nil {
		return fmt.Errorf("writing line: %w", err)
	}
	return nil
}

func (s *Store) dump(ctx context.Context, to io.Writer) error {
	packed := gzip.NewWriter(to)
	buffered := bufio.NewWriterSize(packed, 1<<16)
	w := scribe{to: buffered, sum: sha256.New()}
	err := s.once(ctx, s.reader, s.snapshot(), func(tx *sql.Tx) error {
		version, err := version(ctx, tx)
		if err != nil {
			return err
		}
		if err := w.write(head{Backup: "carebox", Version: version, At: time.Now().UTC()}); err != nil {
			return err
		}
		for _, table := range tables() {
			if err := w.table(ctx, tx, table); err != nil {
				return fmt.Errorf("reading table %s: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.write(line{End: hex.EncodeToString(w.sum.Sum(nil))}); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("writing lines: %w", err)
	}
	return packed.Close()
}

func (w scribe) table(ctx context.Context, tx *sql.Tx, table string) error {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := w.write(line{Table: table, Columns: columns}); err != nil {
		return err
	}
	row, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range row {
			switch v.(type) {
			case nil, int64, string:
			default:
				return fmt.Errorf("column %s has a %T, neither a text nor an integer", columns[i], v)
			}
		}
		if err := w.write(line{Row: row}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// version is the number of the newest migration.
func version(ctx context.Context, tx *sql.Tx) (int64, error) {
	var v int64
	if err := tx.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&v); err != nil {
		return 0, fmt.Errorf("asking for version: %w", err)
	}
	return v, nil
}
