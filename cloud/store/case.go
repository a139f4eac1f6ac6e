package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
)

// caseTries is how often a change of a case is tried while others change it too.
const caseTries = 10

const selectCase = `SELECT kase.id, kase.home, home.name, kase.member, kase.name, COALESCE(member.email, ''), kase.language, kase.screen,
	kase.text, kase.asked_at, kase.state, kase.waited, kase.story, kase.version
	FROM kase JOIN home ON home.id = kase.home LEFT JOIN member ON member.id = kase.member `

// errCaseMoved is a change that another was faster than.
var errCaseMoved = errors.New("the case was changed meanwhile")

// AddCase keeps a new case, unless its member has one that waits or is taken: then it gives that. assist.ErrCaseFull where
// the home has as many as limit since then.
func (s *Store) AddCase(ctx context.Context, k assist.Case, since time.Time, limit int) (assist.Case, bool, error) {
	story, err := json.Marshal(k)
	if err != nil {
		return k, false, fmt.Errorf("encoding case: %w", err)
	}
	var kept assist.Case
	added := false
	err = s.write(ctx, func(tx *sql.Tx) error {
		added = false
		// One tap at a time in a home, whichever replica it came to.
		if err := one(tx.ExecContext(ctx, "UPDATE home SET name = name WHERE id = $1", k.Home)); err != nil {
			return err
		}
		open, err := cases(ctx, tx, "WHERE kase.home = $1 AND kase.member = $2 AND kase.state IN ('waiting', 'taken') ORDER BY kase.asked_at DESC, kase.id LIMIT 1",
			k.Home, k.Member)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			kept = open[0]
			return nil
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM kase WHERE home = $1 AND asked_at > $2", k.Home, micros(since)).Scan(&n); err != nil {
			return fmt.Errorf("counting cases: %w", err)
		}
		if n >= limit {
			return assist.ErrCaseFull
		}
		columns := []string{"id", "home", "member", "name", "language", "screen", "text", "asked_at", "state", "waited", "called", "story", "version"}
		if _, err := tx.ExecContext(ctx, insert("kase", columns, 1), k.ID, k.Home, k.Member, k.Name, k.Language, k.Screen, k.Text,
			micros(k.AskedAt), string(k.State), k.Waited.Microseconds(), 0, string(story), 1); err != nil {
			return fmt.Errorf("adding case: %w", err)
		}
		added = true
		kept, err = caseOf(ctx, tx, k.ID)
		return err
	})
	return kept, added, err
}

// Case is a case by its id. assist.ErrCaseUnknown.
func (s *Store) Case(ctx context.Context, id string) (assist.Case, error) {
	var k assist.Case
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		k, err = caseOf(ctx, tx, id)
		return err
	})
	return k, err
}

func caseOf(ctx context.Context, tx *sql.Tx, id string) (assist.Case, error) {
	list, err := cases(ctx, tx, "WHERE kase.id = $1", id)
	if err == nil && len(list) == 0 {
		err = assist.ErrCaseUnknown
	}
	if err != nil {
		return assist.Case{}, err
	}
	return list[0], nil
}

// ChangeCase reads a case, lets change it, and keeps it with what is said and told to the audit, all or nothing. The clock
// is never written.
func (s *Store) ChangeCase(
	ctx context.Context, id string, change func(*assist.Case) ([]assist.Message, error),
) (assist.Case, []assist.Message, error) {
	for try := 1; ; try++ {
		var k assist.Case
		var said []assist.Message
		err := s.write(ctx, func(tx *sql.Tx) (err error) {
			if k, err = caseOf(ctx, tx, id); err != nil {
				return err
			}
			if said, err = change(&k); err != nil {
				return err
			}
			if err := keepCase(ctx, tx, &k, said); err != nil {
				return err
			}
			for _, m := range said {
				if m.Line == nil {
					continue
				}
				if err := s.witness(ctx, tx, *m.Line); err != nil {
					return err
				}
			}
			return nil
		})
		switch {
		case err == nil:
			return k, said, nil
		case !errors.Is(err, errCaseMoved):
			return assist.Case{}, nil, err
		case try == caseTries:
			return assist.Case{}, nil, fmt.Errorf("%w: %w", registry.ErrUnavailable, err)
		}
	}
}

func keepCase(ctx context.Context, tx *sql.Tx, k *assist.Case, said []assist.Message) error {
	story, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("encoding case: %w", err)
	}
	var called int64
	if k.Callback != nil {
		called = micros(k.Callback.At)
	}
	result, err := tx.ExecContext(ctx, "UPDATE kase SET state = $3, waited = $4, called = $5, story = $6, version = version + 1 WHERE id = $1 AND version = $2",
		k.ID, k.Version, string(k.State), k.Waited.Microseconds(), called, string(story))
	if err != nil {
		return fmt.Errorf("changing case: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(errCaseMoved, err)
	}
	k.Version++
	return addMessages(ctx, tx, said)
}

// CasesIn is those of a home, newest first; of one member only unless it is "".
func (s *Store) CasesIn(ctx context.Context, home, member string, limit int) ([]assist.Case, error) {
	return s.cases(ctx, "WHERE kase.home = $1 AND ($2 = '' OR kase.member = $2) ORDER BY kase.asked_at DESC, kase.id LIMIT $3", home, member, limit)
}

// OpenCases is all that are not closed, oldest first, behind them those that are promised: of too many they are left out.
func (s *Store) OpenCases(ctx context.Context, limit int) ([]assist.Case, error) {
	return s.cases(ctx, `WHERE kase.state IN ('waiting', 'taken', 'promised')
		ORDER BY CASE WHEN kase.state = 'promised' THEN 1 ELSE 0 END, kase.asked_at, kase.id LIMIT $1`, limit)
}

func (s *Store) cases(ctx context.Context, where string, values ...any) ([]assist.Case, error) {
	var list []assist.Case
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		list, err = cases(ctx, tx, where, values...)
		return err
	})
	return list, err
}

func cases(ctx context.Context, tx *sql.Tx, where string, values ...any) ([]assist.Case, error) {
	rows, err := tx.QueryContext(ctx, selectCase+where, values...)
	if err != nil {
		return nil, fmt.Errorf("asking for cases: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []assist.Case
	for rows.Next() {
		var k assist.Case
		var asked, waited int64
		var state, story string
		if err := rows.Scan(&k.ID, &k.Home, &k.HomeName, &k.Member, &k.Name, &k.Email, &k.Language, &k.Screen, &k.Text, &asked,
			&state, &waited, &story, &k.Version); err != nil {
			return nil, fmt.Errorf("reading case: %w", err)
		}
		if err := json.Unmarshal([]byte(story), &k); err != nil {
			return nil, fmt.Errorf("reading the story of case %q: %w", k.ID, err)
		}
		k.AskedAt, k.State, k.Waited = instant(asked), assist.CaseState(state), time.Duration(waited)*time.Microsecond
		list = append(list, k)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading cases: %w", err)
	}
	return list, nil
}

// Waits are the newest waits until a case was first taken, oldest first.
func (s *Store) Waits(ctx context.Context, limit int) ([]time.Duration, error) {
	var list []time.Duration
	err := s.persist(ctx, func(ctx context.Context) error {
		list = nil
		rows, err := s.reader.QueryContext(ctx,
			"SELECT n.waited FROM (SELECT waited, asked_at FROM kase WHERE waited > 0 ORDER BY asked_at DESC LIMIT $1) AS n ORDER BY n.asked_at", limit)
		if err != nil {
			return fmt.Errorf("asking for waits: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var waited int64
			if err := rows.Scan(&waited); err != nil {
				return fmt.Errorf("reading wait: %w", err)
			}
			list = append(list, time.Duration(waited)*time.Microsecond)
		}
		return rows.Err()
	})
	return list, err
}

// Calls counts the open cases that are to be called then.
func (s *Store) Calls(ctx context.Context, from, to time.Time) (map[time.Time]int, error) {
	var counted map[time.Time]int
	err := s.persist(ctx, func(ctx context.Context) error {
		counted = map[time.Time]int{}
		rows, err := s.reader.QueryContext(ctx,
			"SELECT called, COUNT(*) FROM kase WHERE state <> 'closed' AND called BETWEEN $1 AND $2 AND called > 0 GROUP BY called", micros(from), micros(to))
		if err != nil {
			return fmt.Errorf("counting calls: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var at int64
			var n int
			if err := rows.Scan(&at, &n); err != nil {
				return fmt.Errorf("reading call: %w", err)
			}
			counted[instant(at)] = n
		}
		return rows.Err()
	})
	return counted, err
}
