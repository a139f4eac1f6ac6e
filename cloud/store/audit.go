package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
)

// Seal gives the store the key that signs the audit's head. It is called once, before anything is written. Without it
// there are no support sessions, and what boxes go through is not told to the audit.
func (s *Store) Seal(key ed25519.PrivateKey) { s.seal = key }

var errNoSeal = errors.New("no key to sign the audit with")

// AddAudit writes a line for what was done elsewhere.
func (s *Store) AddAudit(ctx context.Context, e audit.Entry) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.witness(ctx, tx, e) })
}

// witness writes a line in the transaction of what it tells. The head is one row, so writers wait for each other from
// here to their end: call it last.
func (s *Store) witness(ctx context.Context, tx *sql.Tx, e audit.Entry) error {
	const move = `
INSERT INTO audit_head (id, seq, hash, at, signature) VALUES (1, 1, '', 0, '')
    ON CONFLICT (id) DO UPDATE SET seq = audit_head.seq + 1 RETURNING seq - 1, hash`
	if len(s.seal) != ed25519.PrivateKeySize {
		return errNoSeal
	}
	var last audit.Head
	if err := tx.QueryRowContext(ctx, move).Scan(&last.Seq, &last.Hash); err != nil {
		return fmt.Errorf("moving the audit's head: %w", err)
	}
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	line, head, err := audit.Seal(s.seal, last, e, instant(now))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insert("audit", auditColumns(), 1), line.Seq, micros(line.At), line.Home, line.Session, line.Case,
		string(line.Via), line.Verb, string(line.Kind), line.Staff, line.Sum, line.Prev, line.Hash, line.Salt, line.Content); err != nil {
		return fmt.Errorf("adding line %d of the audit: %w", line.Seq, err)
	}
	_, err = tx.ExecContext(ctx, "UPDATE audit_head SET hash = $1, at = $2, signature = $3 WHERE id = 1", head.Hash, micros(head.At), head.Signature)
	return err
}

func auditColumns() []string {
	return []string{"seq", "at", "home", "session", "case_id", "via", "verb", "kind", "staff", "sum", "prev", "hash", "salt", "content"}
}

const selectAudit = `SELECT seq, at, home, session, case_id, via, verb, kind, staff, sum, prev, hash, salt, content FROM audit `

// AuditOf is the lines about a home below before (0: from the newest), newest first.
func (s *Store) AuditOf(ctx context.Context, home string, before int64, limit int) ([]audit.Line, error) {
	return s.auditLines(ctx, "WHERE home = $1 AND (CAST($2 AS BIGINT) = 0 OR seq < $2) ORDER BY seq DESC LIMIT $3", home, before, limit)
}

// AuditBy is the lines of a session, in order.
func (s *Store) AuditBy(ctx context.Context, session string) ([]audit.Line, error) {
	return s.auditLines(ctx, "WHERE session = $1 ORDER BY seq", session)
}

func (s *Store) auditLines(ctx context.Context, where string, values ...any) ([]audit.Line, error) {
	var list []audit.Line
	err := s.read(ctx, func(tx *sql.Tx) error {
		list = nil
		return eachLine(ctx, tx, where, values, func(l audit.Line) error {
			list = append(list, l)
			return nil
		})
	})
	return list, err
}

func eachLine(ctx context.Context, tx *sql.Tx, where string, values []any, take func(audit.Line) error) error {
	rows, err := tx.QueryContext(ctx, selectAudit+where, values...)
	if err != nil {
		return fmt.Errorf("asking for the audit: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var l audit.Line
		var at int64
		if err := rows.Scan(&l.Seq, &at, &l.Home, &l.Session, &l.Case, &l.Via, &l.Verb, &l.Kind, &l.Staff, &l.Sum, &l.Prev, &l.Hash,
			&l.Salt, &l.Content); err != nil {
			return fmt.Errorf("reading line of the audit: %w", err)
		}
		l.At = instant(at)
		if err := take(l); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Audit hands over the whole chain in order, then gives its head: one state of the database. It is not tried again.
func (s *Store) Audit(ctx context.Context, take func(audit.Line) error) (audit.Head, error) {
	var head audit.Head
	err := s.once(ctx, s.reader, s.snapshot(), func(tx *sql.Tx) error {
		var at int64
		err := tx.QueryRowContext(ctx, "SELECT seq, hash, at, signature FROM audit_head").Scan(&head.Seq, &head.Hash, &at, &head.Signature)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		if err != nil {
			return fmt.Errorf("reading the audit's head: %w", err)
		}
		head.At = instant(at)
		return eachLine(ctx, tx, "ORDER BY seq", nil, take)
	})
	return head, err
}

// Hollow is the first line that says nothing of people any more although nobody has erased its home, 0 for none.
func (s *Store) Hollow(ctx context.Context) (int64, error) {
	const query = `SELECT COALESCE(MIN(audit.seq), 0) FROM audit LEFT JOIN home ON home.id = audit.home
		WHERE audit.salt = '' AND audit.content = '' AND (audit.home = '' OR home.id IS NOT NULL)`
	var seq int64
	if err := s.reader.QueryRowContext(ctx, query).Scan(&seq); err != nil {
		return 0, fmt.Errorf("asking for emptied lines of the audit: %w", err)
	}
	return seq, nil
}

// eraseAudit takes away what the lines about a home say of people. The chain goes on.
func eraseAudit(ctx context.Context, tx *sql.Tx, home string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE audit SET salt = '', content = '' WHERE home = $1", home); err != nil {
		return fmt.Errorf("erasing the audit of home: %w", err)
	}
	return nil
}

// now is the database's clock, which all replicas share, in microseconds.
func (s *Store) now(ctx context.Context, tx *sql.Tx) (int64, error) {
	query := "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
	if s.lite {
		query = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000"
	}
	var now int64
	if err := tx.QueryRowContext(ctx, query).Scan(&now); err != nil {
		return 0, fmt.Errorf("asking for the time: %w", err)
	}
	return now, nil
}

func span(us int64) time.Duration { return time.Duration(us) * time.Microsecond }
