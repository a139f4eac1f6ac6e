package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies/wire"
)

// ownQuery asks the box of a member's own home, under a letter of their own that is made where there is none.
func ownQuery(t *testing.T, s *Store, letter string, kind wire.QueryKind, n int) error {
	t.Helper()
	now := time.Now()
	_, err := s.writer.ExecContext(t.Context(), `INSERT INTO letter (id, home, kind, actor, name, operator, login, scopes, issued, expires, revision, ended)
		SELECT CAST($1 AS TEXT), 'h1', 'self', 'm1', 'Zoé', 'o', 'own', 'diagnose', CAST($2 AS BIGINT), CAST($3 AS BIGINT), 1, 0
		WHERE NOT EXISTS (SELECT 1 FROM letter WHERE id = $1)`, letter, micros(now), micros(now.Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.AddQuery(t.Context(), assist.Query{
		ID: fmt.Sprint(letter, "-", kind, "-", n), Letter: letter, Kind: kind, Args: []byte("{}"), Seconds: 1, State: assist.QueryDone,
	}, "m1")
	return err
}

func ownLines(t *testing.T, s *Store) (n int) {
	t.Helper()
	lines, err := s.AuditOf(t.Context(), "h1", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Via == audit.ViaSelf && l.Kind == audit.KindMember && (l.Verb == "query" || l.Verb == "self-ended") {
			n++
		}
	}
	return n
}

// A family checks its own box as often as it likes; the chain that everybody's lines are in has one line of each kind an hour.
func TestAFamilyCannotFillTheAuditWithItsOwnQueries(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		if _, err := s.writer.ExecContext(ctx, `INSERT INTO session (id, hash, member, kind, client, proof, created, used, expires)
			VALUES ('own', 'own', 'm1', 'browser', '', 'password', 1, 1, $1)`, micros(time.Now().Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		before := ownLines(t, s)
		for n := range 20 {
			for _, kind := range []wire.QueryKind{wire.QueryPing, wire.QueryStations} {
				if err := ownQuery(t, s, fmt.Sprint("l", n/5), kind, n); err != nil {
					t.Fatal(err)
				}
			}
			if n%5 == 4 { // and the letter is ended at the box's own page
				if err := s.EndLetter(ctx, fmt.Sprint("l", n/5), "m1"); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n := ownLines(t, s) - before; n != 2 {
			t.Errorf("%d lines of 40 queries of two kinds", n)
		}
		if _, err := s.writer.ExecContext(ctx, "UPDATE query SET asked = asked - $1", ownTold.Microseconds()+1); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for n := range 6 { // at once, each under a letter of its own
			all.Go(func() {
				if err := ownQuery(t, s, fmt.Sprint("again", n), wire.QueryPing, n); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := ownLines(t, s) - before; n != 3 {
			t.Errorf("%d lines after an hour, want 3", n)
		}
		live, err := s.SupportOf(ctx, "h1", 1)
		if err != nil || len(live) != 1 {
			t.Fatal(live, err)
		}
		one := live[0] // it has asked once
		for n := range 3 {
			if _, err := s.AddQuery(ctx, assist.Query{
				ID: fmt.Sprint("theirs", n), Letter: one.ID, Kind: wire.QueryPing, Args: []byte("{}"), Seconds: 1, State: assist.QueryDone,
			}, one.Staff); err != nil {
				t.Fatal(err)
			}
		}
		lines, err := s.AuditBy(ctx, one.ID)
		told := 0
		for _, l := range lines {
			if l.Verb == "query" {
				told++
			}
		}
		if err != nil || told != 4 {
			t.Errorf("of an agent's 4 queries the audit tells %d, %v", told, err)
		}
		if _, _, err := verified(t, s); err != nil {
			t.Error(err)
		}
	})
}
