package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	// living is the condition that a letter lives ($2 is now): neither over nor past its end, and who has it is signed in as
	// when it was written, with the role or the place for it; whoever consented to a session still decides in its home.
	living = `letter.ended = 0 AND letter.expires > $2 AND EXISTS (SELECT 1 FROM session l JOIN member m ON m.id = l.member
		WHERE l.id = letter.login AND l.member = letter.actor AND l.expires > $2 AND (
			(letter.kind = 'session' AND m.staff IN ('support', 'supervisor', 'admin') AND EXISTS (SELECT 1 FROM support
				WHERE support.id = letter.id AND ` + seated + `)) OR
			(letter.kind = 'visit' AND m.staff IN ('technician', 'supervisor', 'admin')) OR
			(letter.kind = 'self' AND EXISTS (SELECT 1 FROM membership p
				WHERE p.member = m.id AND p.home = letter.home AND p.role IN ('owner', 'adult')))))`

	selectQuery = `SELECT query.id, query.letter, query.home, query.box, query.kind, query.args, query.seconds, query.asked, query.state, query.error,
		query.detail, query.count FROM query JOIN letter ON letter.id = query.letter `
)

// AddQuery keeps a query under a letter of somebody, if that lives and lets them.
func (s *Store) AddQuery(ctx context.Context, q assist.Query, actor string) (assist.Query, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		if err := lockOwn(ctx, tx, q.Letter); err != nil {
			return err
		}
		letter, err := useLetter(ctx, tx, q.Letter, actor, now)
		if err != nil {
			return err
		}
		var running, asked int
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state = 'running' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN asked > $2 THEN 1 ELSE 0 END), 0) FROM query WHERE letter = $1`, q.Letter, now-60_000_000).Scan(&running, &asked); err != nil {
			return fmt.Errorf("counting queries: %w", err)
		}
		if running >= wire.MaxQueries || asked >= wire.MaxRate {
			return assist.ErrBusy
		}
		q.Home, q.Box, q.Asked = letter.Home, letter.Box, instant(now)
		if q.Box == "" {
			return assist.ErrBox
		}
		told, err := toldOf(ctx, tx, letter, q.Kind, now)
		if err != nil {
			return err
		}
		columns := []string{"id", "letter", "home", "box", "kind", "args", "seconds", "asked", "until", "state", "error", "detail", "count", "bytes"}
		if _, err := tx.ExecContext(ctx, insert("query", columns, 1), q.ID, q.Letter, q.Home, q.Box, string(q.Kind), string(q.Args), q.Seconds, now,
			now+int64(q.Seconds)*1_000_000, string(q.State), "", "", 0, 0); err != nil {
			return fmt.Errorf("adding query: %w", err)
		}
		if told {
			return nil
		}
		return s.witness(ctx, tx, letterEntry(letter, "query", map[string]any{"kind": q.Kind, "args": q.Args, "query": q.ID}))
	})
	return q, err
}

// useLetter is a letter that lives and lets its actor ask. It is locked, so that its end waits or is seen.
func useLetter(ctx context.Context, tx *sql.Tx, id, actor string, now int64) (assist.Letter, error) {
	result, err := tx.ExecContext(ctx, "UPDATE letter SET name = name WHERE id = $1 AND actor = $3 AND "+living, id, now, actor)
	if err != nil {
		return assist.Letter{}, fmt.Errorf("locking letter: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return assist.Letter{}, err
	}
	list, err := scanLetters(ctx, tx, "WHERE letter.id = $1 AND letter.actor = $2", id, actor)
	switch {
	case err != nil:
		return assist.Letter{}, err
	case len(list) == 0:
		return assist.Letter{}, assist.ErrUnknown
	case n == 0:
		return assist.Letter{}, assist.ErrOver
	case !list[0].Has(wire.ScopeDiagnose):
		return assist.Letter{}, assist.ErrScope
	}
	return list[0], nil
}

// letterEntry is a line about what somebody does under a letter.
func letterEntry(l assist.Letter, verb string, detail map[string]any) audit.Entry {
	e := audit.Entry{Home: l.Home, Verb: verb, Via: audit.ViaStaff, Said: audit.Said{
		Actor: audit.Actor{Kind: audit.KindStaff, ID: l.Actor, Name: l.Name}, Detail: detail,
	}}
	switch l.Kind {
	case assist.LetterSession:
		e.Via, e.Session = audit.ViaSupport, l.ID
	case assist.LetterSelf:
		e.Via, e.Said.Actor.Kind, e.Said.Subject = audit.ViaSelf, audit.KindMember, l.Actor
	}
	return e
}

func (s *Store) queries(ctx context.Context, where string, values ...any) ([]assist.Query, error) {
	var list []assist.Query
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = scanQueries(ctx, tx, where, values...)
		return err
	})
	return list, err
}

func scanQueries(ctx context.Context, tx *sql.Tx, where string, values ...any) ([]assist.Query, error) {
	rows, err := tx.QueryContext(ctx, selectQuery+where, values...)
	if err != nil {
		return nil, fmt.Errorf("asking for queries: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []assist.Query
	for rows.Next() {
		var q assist.Query
		var args string
		var asked int64
		if err := rows.Scan(&q.ID, &q.Letter, &q.Home, &q.Box, &q.Kind, &args, &q.Seconds, &asked, &q.State, &q.Error, &q.Detail, &q.Count); err != nil {
			return nil, fmt.Errorf("reading query: %w", err)
		}
		q.Args, q.Asked = json.RawMessage(args), instant(asked)
		list = append(list, q)
	}
	return list, rows.Err()
}

// QueryOf is a query of somebody with its results after a number. assist.ErrUnknown.
func (s *Store) QueryOf(ctx context.Context, id, actor string, after int) (assist.Query, error) {
	var q assist.Query
	err := s.read(ctx, func(tx *sql.Tx) error {
		list, err := scanQueries(ctx, tx, "WHERE query.id = $1 AND letter.actor = $2", id, actor)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return assist.ErrUnknown
		}
		q = list[0]
		rows, err := tx.QueryContext(ctx, "SELECT seq, data FROM result WHERE query = $1 AND seq > $2 ORDER BY seq", id, after)
		if err != nil {
			return fmt.Errorf("asking for results: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r wire.Result
			var data string
			if err := rows.Scan(&r.Seq, &data); err != nil {
				return fmt.Errorf("reading result: %w", err)
			}
			r.Data = json.RawMessage(data)
			q.Results = append(q.Results, r)
		}
		return rows.Err()
	})
	return q, err
}

// QueriesOf are those of a letter, newest first.
func (s *Store) QueriesOf(ctx context.Context, letter string) ([]assist.Query, error) {
	return s.queries(ctx, "WHERE query.letter = $1 ORDER BY query.asked DESC, query.id LIMIT 200", letter)
}

// CancelQuery stops waiting for one. False: it is over.
func (s *Store) CancelQuery(ctx context.Context, id, actor string) (assist.Query, bool, error) {
	var q assist.Query
	var now bool
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE query SET state = 'cancelled', error = 'cancelled' WHERE id = $1 AND state = 'running'
			AND EXISTS (SELECT 1 FROM letter WHERE letter.id = query.letter AND letter.actor = $2)`, id, actor)
		if err != nil {
			return fmt.Errorf("cancelling query: %w", err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		list, err := scanQueries(ctx, tx, "WHERE query.id = $1 AND letter.actor = $2", id, actor)
		if err == nil && len(list) == 0 {
			err = assist.ErrUnknown
		}
		if err == nil {
			q, now = list[0], n > 0
		}
		return err
	})
	return q, now, err
}

// KeepResults keeps what a box answers to queries that run under letters that live; all else is dropped.
func (s *Store) KeepResults(ctx context.Context, box string, list []wire.Result) ([]assist.Letter, error) {
	var of []assist.Letter
	err := s.write(ctx, func(tx *sql.Tx) error {
		of = nil
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, r := range list {
			fits, err := keepResult(ctx, tx, box, r, now)
			if err != nil {
				return err
			}
			if !fits || seen[r.Grant] {
				continue
			}
			seen[r.Grant] = true
			letters, err := scanLetters(ctx, tx, "WHERE letter.id = $1", r.Grant)
			if err != nil {
				return err
			}
			of = append(of, letters...)
		}
		return nil
	})
	return of, err
}

func keepResult(ctx context.Context, tx *sql.Tx, box string, r wire.Result, now int64) (bool, error) {
	state := assist.QueryRunning
	if r.Done {
		state = assist.QueryDone
	}
	var there int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM result WHERE query = $1 AND seq = $2", r.Query, r.Seq).Scan(&there); err != nil {
		return false, fmt.Errorf("asking for result: %w", err)
	}
	if there > 0 {
		return false, nil
	}
	result, err := tx.ExecContext(ctx, `UPDATE query SET count = count + 1, bytes = bytes + $3, state = $4, error = $5, detail = $6
		WHERE id = $1 AND letter = $7 AND box = $8 AND state = 'running' AND count < $9 AND bytes + $3 <= $10
		AND EXISTS (SELECT 1 FROM letter WHERE letter.id = query.letter AND `+living+`)`,
		r.Query, now, int64(len(r.Data)), string(state), string(r.Error), clean(r.Detail), r.Grant, box, wire.MaxResults, wire.MaxAnswer)
	if err != nil {
		return false, fmt.Errorf("counting result: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil || n == 0 {
		return false, err
	}
	if len(r.Data) == 0 {
		return true, nil
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO result (query, seq, data) VALUES ($1, $2, $3)", r.Query, r.Seq, clean(string(r.Data))); err != nil {
		return false, fmt.Errorf("adding result: %w", err)
	}
	return true, nil
}

// SweepQueries gives up queries that nobody answers, and forgets old ones.
func (s *Store) SweepQueries(ctx context.Context, grace, kept time.Duration) ([]assist.Letter, error) {
	var of []assist.Letter
	err := s.write(ctx, func(tx *sql.Tx) error {
		of = nil
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "UPDATE query SET state = 'lost' WHERE state = 'running' AND until < $1 RETURNING letter", now-grace.Microseconds())
		if err != nil {
			return fmt.Errorf("giving queries up: %w", err)
		}
		ids, err := texts(rows)
		if err != nil {
			return err
		}
		for _, id := range ids {
			letters, err := scanLetters(ctx, tx, "WHERE letter.id = $1", id)
			if err != nil {
				return err
			}
			of = append(of, letters...)
		}
		old := now - kept.Microseconds()
		if _, err := tx.ExecContext(ctx, `DELETE FROM query WHERE until < $1 AND letter IN
			(SELECT id FROM letter WHERE (ended > 0 AND ended < $1) OR expires < $1)`, old); err != nil {
			return fmt.Errorf("forgetting queries: %w", err)
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM letter WHERE kind <> 'session' AND expires < $1", now-(48*time.Hour).Microseconds())
		return err
	})
	return of, err
}

// OwnLetter is a letter of a member for their own home, one that lives for that long or a new one.
func (s *Store) OwnLetter(ctx context.Context, l assist.Letter, spare, life time.Duration) (letter assist.Letter, fresh bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := lockHome(ctx, tx, l.Home); err != nil {
			return err
		}
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		list, err := scanLetters(ctx, tx, `WHERE letter.home = $1 AND letter.actor = $3 AND letter.login = $4 AND letter.kind = 'self'
			AND letter.ended = 0 AND letter.expires > $2 ORDER BY letter.expires DESC`, l.Home, now+spare.Microseconds(), l.Actor, l.Login)
		if err != nil {
			return err
		}
		if fresh = len(list) == 0; !fresh {
			letter = list[0]
			return nil
		}
		letter = l
		letter.Issued, letter.Expires = instant(now), instant(now).Add(life)
		return addLetter(ctx, tx, letter)
	})
	return letter, fresh, err
}

// AddVisit keeps a technician's letter.
func (s *Store) AddVisit(ctx context.Context, l assist.Letter, life time.Duration) (assist.Letter, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := lockHome(ctx, tx, l.Home); err != nil {
			return err
		}
		now, err := s.now(ctx, tx)
		if err != nil {
			return err
		}
		l.Issued, l.Expires, l.Revision = instant(now), instant(now).Add(life), 1
		if err := addLetter(ctx, tx, l); err != nil {
			return err
		}
		if _, err := useLetter(ctx, tx, l.ID, l.Actor, now); err != nil {
			return err
		}
		return s.witness(ctx, tx, letterEntry(l, "visit-begun", map[string]any{"minutes": int(life / time.Minute)}))
	})
	return l, err
}

// EndLetter ends a letter of somebody, with its queries. assist.ErrUnknown.
func (s *Store) EndLetter(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		list, err := scanLetters(ctx, tx, "WHERE letter.id = $1 AND letter.actor = $2", id, actor)
		if err == nil && len(list) == 0 {
			err = assist.ErrUnknown
		}
		if err != nil || list[0].Ended {
			return err
		}
		if err := s.endLetter(ctx, tx, id); err != nil {
			return err
		}
		if list[0].Kind == assist.LetterSelf { // what a family did for itself is told by its queries
			return nil
		}
		return s.witness(ctx, tx, letterEntry(list[0], string(list[0].Kind)+"-ended", nil))
	})
}

// endLetter ends one that has not ended, with its queries; where there is none there is nothing to end.
func (s *Store) endLetter(ctx context.Context, tx *sql.Tx, id string) error {
	now, err := s.now(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE letter SET ended = $2, revision = revision + 1 WHERE id = $1 AND ended = 0", id, now); err != nil {
		return fmt.Errorf("ending letter: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE query SET state = 'cancelled', error = 'cancelled' WHERE letter = $1 AND state = 'running'", id); err != nil {
		return fmt.Errorf("cancelling queries: %w", err)
	}
	return nil
}

// clean is a text as every database keeps it.
func clean(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
