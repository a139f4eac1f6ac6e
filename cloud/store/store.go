// Package store keeps everything that Carebox must not lose, in SQLite or PostgreSQL. It is the only package with SQL.
//
// SQLite is one file with one writer and a few readers, in WAL mode and synchronised in full: an answered write is on
// disk. PostgreSQL is one pool. The SQL is the subset that both speak; times are microseconds since 1970.
//
// Every call that fails because the database is away, restarting or overloaded is tried again for a few seconds and
// then fails with [registry.ErrUnavailable].
package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// Store is an open database. Its methods may be called at once from many goroutines.
type Store struct {
	// Patience is how long a call waits for a database that is away. Open sets what a person behind it bears; who wants another
	// sets it before the first call.
	Patience time.Duration

	writer *sql.DB
	reader *sql.DB // the writer itself on PostgreSQL
	lite   bool
	seal   ed25519.PrivateKey // signs the audit
}

// Open opens a database and brings its tables up to date. A postgres:// URL names a PostgreSQL database; anything else
// is the path of an SQLite file, made with mode 0600 if it is not there.
func Open(ctx context.Context, database string) (*Store, error) {
	s, err := connect(database)
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	s.Patience = patience
	if err := s.migrate(ctx); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("migrating database: %w", err)
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error {
	if s.reader != s.writer {
		if err := s.reader.Close(); err != nil {
			return fmt.Errorf("closing database: %w", err)
		}
	}
	if err := s.writer.Close(); err != nil {
		return fmt.Errorf("closing database: %w", err)
	}
	return nil
}

// Ready asks the database something, without trying again.
func (s *Store) Ready(ctx context.Context) error {
	var one int
	if err := s.reader.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("asking database: %w", err)
	}
	return nil
}

// IsPostgres reports whether a database is named by a PostgreSQL URL.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

func connect(database string) (*Store, error) {
	if IsPostgres(database) {
		return connectPostgres(database)
	}
	return connectSQLite(database)
}

func connectPostgres(database string) (*Store, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, fmt.Errorf("reading the PostgreSQL URL: %w", err) // the driver leaves the password out
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(20)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Store{writer: db, reader: db}, nil
}

func connectSQLite(path string) (*Store, error) {
	if err := touch(path); err != nil {
		return nil, err
	}
	common := url.Values{"_pragma": {"busy_timeout(5000)", "foreign_keys(1)", "synchronous(FULL)", "journal_mode(WAL)", "secure_delete(1)"}}
	common.Set("_txlock", "immediate") // a transaction that began by reading could not become a writer later
	writer, err := sql.Open("sqlite", dsn(path, common))
	if err != nil {
		return nil, fmt.Errorf("opening %q: %w", path, err)
	}
	writer.SetMaxOpenConns(1)
	writer.SetConnMaxLifetime(0)
	common.Add("_pragma", "query_only(1)")
	common.Set("_txlock", "deferred")
	reader, err := sql.Open("sqlite", dsn(path, common))
	if err != nil {
		return nil, fmt.Errorf("opening %q: %w", path, err)
	}
	reader.SetMaxOpenConns(4)
	reader.SetMaxIdleConns(4)
	return &Store{writer: writer, reader: reader, lite: true}, nil
}

func dsn(path string, values url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: values.Encode()}).String()
}

// touch makes the file before SQLite does, which would let others read it; its journals take the mode over.
func touch(path string) error {
	if path == "" || strings.HasPrefix(filepath.Base(path), ":") {
		return fmt.Errorf("%q names no file", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening %q: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("closing %q: %w", path, err)
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// insert adds rows to a table. Names come from this package or were checked.
func insert(table string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	for n := range rows * len(columns) {
		switch {
		case n == 0:
			b.WriteString("(")
		case n%len(columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", n+1)
	}
	return b.String() + ")"
}
