package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/carebox-project/carebox/cloud/registry"
)

// patience is how long a call waits for a database that is away where a person is waiting behind it.
const patience = 3 * time.Second

// errCommit marks a commit that failed: the transaction may be in the database or not.
var errCommit = errors.New("commit is in doubt")

// write runs do in one transaction that may change things. Do may run more than once. A commit in doubt is not tried
// again: it fails with errCommit, which is also registry.ErrUnavailable.
func (s *Store) write(ctx context.Context, do func(*sql.Tx) error) error {
	return s.persist(ctx, func(ctx context.Context) error { return s.once(ctx, s.writer, nil, do) })
}

// read runs do in one transaction that sees one state of the database. Do may run more than once.
func (s *Store) read(ctx context.Context, do func(*sql.Tx) error) error {
	return s.persist(ctx, func(ctx context.Context) error { return s.once(ctx, s.reader, s.snapshot(), do) })
}

// affects reports whether a statement found a row.
func (s *Store) affects(ctx context.Context, statement string, values ...any) (bool, error) {
	var found bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, statement, values...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		found = n > 0
		return err
	})
	if err != nil {
		verb, _, _ := strings.Cut(statement, " WHERE ")
		return false, fmt.Errorf("%s: %w", verb, err)
	}
	return found, nil
}

func (s *Store) snapshot() *sql.TxOptions {
	if s.lite {
		return &sql.TxOptions{ReadOnly: true}
	}
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

func (s *Store) once(ctx context.Context, db *sql.DB, opts *sql.TxOptions, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("beginning: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", errCommit, err)
	}
	return nil
}

// persist tries until it works, the error is not the database's being away, or patience ends.
func (s *Store) persist(ctx context.Context, try func(context.Context) error) error {
	within, cancel := context.WithTimeout(ctx, s.Patience)
	defer cancel()
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		err := try(within)
		if err == nil || !away(err) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("waiting for database: %w", ctx.Err())
		}
		if errors.Is(err, errCommit) || within.Err() != nil {
			return fmt.Errorf("%w: %w", registry.ErrUnavailable, err)
		}
		select {
		case <-within.Done():
			return fmt.Errorf("%w: %w", registry.ErrUnavailable, err)
		case <-time.After(wait):
		}
	}
}

// away reports whether an error says that the database cannot work now, rather than that it was asked something wrong.
func away(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57", "58": // connection, resources, operator intervention, system
			return true
		case "40": // deadlock, serialization
			return true
		}
		return false
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case 5, 6, 9, 10, 13, 14: // busy, locked, interrupted, I/O, full, cannot open
			return true
		}
		return false
	}
	var network net.Error
	var refused *pgconn.ConnectError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, sql.ErrTxDone) || // its time was up, of which a later statement hears only this
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &refused) || errors.As(err, &network) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err)
}

// taken reports whether an error is that of a key that is there already.
func taken(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == 1555 || lite.Code() == 2067) // primary key, unique
}
