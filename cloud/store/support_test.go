package store

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// operator is the key that seals audits here.
func operator() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", ed25519.SeedSize)))
}

// employ adds somebody of the staff who is signed in.
func employ(t *testing.T, s *Store, id string) {
	t.Helper()
	for _, row := range []string{
		"INSERT INTO member (id, email, name, locale, password, created, staff) VALUES ('%[1]s', '%[1]s@b.example', '%[1]s', 'fr', 'x', 5, 'support')",
		"INSERT INTO session (id, hash, member, kind, client, proof, created, used, expires) VALUES ('l-%[1]s', 'h-%[1]s', '%[1]s', 'app', '', 'totp', 1, 2, 9000000000000000)",
	} {
		if _, err := s.writer.ExecContext(t.Context(), fmt.Sprintf(row, id)); err != nil {
			t.Fatal(err)
		}
	}
}

// question is a session that somebody of the staff has asked for.
func question(t *testing.T, s *Store, staff, request string) assist.Session {
	t.Helper()
	if _, _, err := s.ChangeCase(t.Context(), request, func(k *assist.Case) ([]assist.Message, error) {
		k.State, k.Agent = assist.CaseTaken, assist.Agent{ID: staff, Name: "Julie"}
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	one, err := s.AskSupport(t.Context(), assist.Session{
		ID: "s-" + staff + "-" + fmt.Sprint(time.Now().UnixNano()), Case: request, Staff: staff, StaffName: "Julie", Operator: "o", Login: "l-" + staff,
		AskedScopes: []wire.Scope{wire.ScopeSee, wire.ScopeDiagnose, wire.ScopeChange}, AskedMinutes: 15, Reason: "slow", State: assist.StateAsked,
	}, time.Minute, 100)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// helped is a live session in a home, by a new agent.
func helped(t *testing.T, s *Store, home, request string) assist.Session {
	t.Helper()
	s.Seal(operator())
	agent := "julie-" + home
	employ(t, s, agent)
	one := question(t, s, agent, request)
	one.Scopes, one.Minutes, one.Consent = one.AskedScopes, 10, assist.Consent{By: "m1", Name: "Zoé", Text: "t", Locale: "fr"}
	begun, _, err := s.Consent(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	return begun
}

// answered is a query under a session that has one result.
func answered(t *testing.T, s *Store, one assist.Session) {
	t.Helper()
	q, err := s.AddQuery(t.Context(), assist.Query{
		ID: "q-" + one.ID, Letter: one.ID, Kind: wire.QueryPing, Args: []byte("{}"), Seconds: 1, State: assist.QueryRunning,
	}, one.Staff)
	if err != nil {
		t.Fatal(err)
	}
	p := assist.Proposal{ID: "p-" + one.ID, Session: one.ID, Home: one.Home, Revision: 1, Hash: "h", State: assist.ProposalOpen, Policy: policies.NewPolicy("Europe/Paris")}
	if _, err := s.AddProposal(t.Context(), p, one.Staff, time.Minute, 1); err != nil {
		t.Fatal(err)
	}
	of, err := s.KeepResults(t.Context(), q.Box, []wire.Result{{Query: q.ID, Grant: one.ID, Seq: 1, Data: []byte(`{"x":1}`)}})
	if err != nil || len(of) != 1 {
		t.Fatal(of, err)
	}
	if err := s.AddSeen(t.Context(), one.ID, []assist.Glimpse{{Screen: "home"}}); err != nil {
		t.Fatal(err)
	}
}

func verified(t *testing.T, s *Store) (lines, erased int64, err error) {
	t.Helper()
	v := audit.NewVerifier(audit.Head{})
	head, err := s.Audit(t.Context(), v.Next)
	if err != nil {
		return 0, 0, err
	}
	return v.End(head, operator().Public().(ed25519.PublicKey))
}

func TestErasingAHomeKeepsTheAuditVerifiable(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		before, erased, err := verified(t, s)
		if err != nil || before < 4 || erased != 0 {
			t.Fatal(before, erased, err)
		}
		if err := s.DropHome(t.Context(), "h1", "Europe/Paris"); err != nil {
			t.Fatal(err)
		}
		lines, erased, err := verified(t, s)
		if err != nil || lines != before || erased != before {
			t.Errorf("%d lines, %d erased, %v; before %d", lines, erased, err, before)
		}
		left, err := s.column(t.Context(), "SELECT content || salt FROM audit WHERE home = $1", "h1")
		if err != nil || len(left) != int(before) || strings.Join(left, "") != "" {
			t.Errorf("left %q, %v", left, err)
		}
	})
}

func TestEveryTamperingWithTheAuditIsFound(t *testing.T) {
	for name, c := range map[string]struct{ change, finds string }{
		"edited":         {"UPDATE audit SET verb = 'nothing' WHERE seq = 2", "line 2 was edited"},
		"words edited":   {`UPDATE audit SET content = '{"actor":{"kind":"member"}}' WHERE seq = 2`, "what line 2 says of people was edited"},
		"half erased":    {"UPDATE audit SET content = '' WHERE seq = 2", "what line 2 says of people was edited"},
		"other time":     {"UPDATE audit SET at = at + 1000000 WHERE seq = 3", "line 3 was edited"},
		"removed":        {"DELETE FROM audit WHERE seq = 2", "line 2 is missing"},
		"truncated":      {"DELETE FROM audit WHERE seq = 6", "lines 6 to 6 are missing at the end"},
		"all gone":       {"DELETE FROM audit", "lines 1 to 6 are missing at the end"},
		"head taken off": {"DELETE FROM audit_head", "stands behind the signed end"},
		"head forged":    {"UPDATE audit_head SET hash = 'x'", "not signed"},
		"head back":      {"UPDATE audit_head SET seq = 5", "not signed"},
		"reordered":      {"UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END", "line -3 stands where line 1 belongs"},
		"inserted": {"INSERT INTO audit SELECT 7, at, home, session, case_id, via, verb, kind, staff, sum, prev, hash, salt, content FROM audit WHERE seq = 6",
			"line 7 was edited"},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, database string) {
				s := lived(t, database)
				for range 2 {
					e := audit.Entry{Via: audit.ViaSystem, Verb: "test", Said: audit.Said{Actor: audit.Actor{Kind: audit.KindSystem}}}
					if err := s.AddAudit(t.Context(), e); err != nil {
						t.Fatal(err)
					}
				}
				if lines, _, err := verified(t, s); err != nil || lines != 6 {
					t.Fatal(lines, err)
				}
				if _, err := s.writer.ExecContext(t.Context(), c.change); err != nil {
					t.Fatal(err)
				}
				if _, _, err := verified(t, s); !errors.Is(err, audit.ErrBroken) || !strings.Contains(err.Error(), c.finds) {
					t.Errorf("found %v, want %q", err, c.finds)
				}
			})
		})
	}
}

func TestADeadlineIsTheDatabases(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1") // another agent of the same home
		if _, err := s.LiveSupport(t.Context(), one.ID, one.Staff); err != nil {
			t.Fatal(err)
		}
		if _, err := s.LiveSupport(t.Context(), one.ID, "somebody"); !errors.Is(err, assist.ErrUnknown) {
			t.Errorf("of somebody else: %v", err)
		}
		if _, err := s.writer.ExecContext(t.Context(), "UPDATE support SET deadline = started WHERE id = $1", one.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.LiveSupport(t.Context(), one.ID, one.Staff); !errors.Is(err, assist.ErrOver) {
			t.Errorf("past its deadline: %v", err)
		}
		ended, err := s.Overdue(t.Context())
		if err != nil || len(ended) != 1 || ended[0].ID != one.ID || ended[0].EndedBy != assist.EndDeadline {
			t.Errorf("overdue %+v, %v", ended, err)
		}
		if again, err := s.Overdue(t.Context()); err != nil || len(again) != 0 {
			t.Errorf("again %+v, %v", again, err)
		}
		letter, err := s.Letter(t.Context(), one.ID)
		if err != nil || !letter.Ended || letter.Revision != 2 || letter.Box != "box-1" {
			t.Errorf("letter %+v, %v", letter, err)
		}
		first, err := s.SupportOf(t.Context(), "h1", 10)
		if err != nil || len(first) != 2 || first[1].EndedBy != assist.EndReplaced {
			t.Errorf("of the home %+v, %v", first, err)
		}
	})
}

func TestQueriesAreForgotten(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		answered(t, s, one)
		id := "q-" + one.ID
		sweep := func(age string) []assist.Letter {
			t.Helper()
			for _, table := range []string{"UPDATE query SET until = until - " + age, "UPDATE letter SET ended = ended - " + age + " WHERE ended > 0"} {
				if _, err := s.writer.ExecContext(t.Context(), table); err != nil {
					t.Fatal(err)
				}
			}
			of, err := s.SweepQueries(t.Context(), 10*time.Second, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			return of
		}
		if of := sweep("60000000"); len(of) != 1 || of[0].ID != one.ID {
			t.Errorf("given up: %+v", of)
		}
		if q, err := s.QueryOf(t.Context(), id, one.Staff, 0); err != nil || q.State != assist.QueryLost || len(q.Results) != 1 {
			t.Errorf("%+v, %v", q, err)
		}
		if of, err := s.KeepResults(t.Context(), "box-1", []wire.Result{{Query: id, Grant: one.ID, Seq: 2, Data: []byte(`{}`)}}); err != nil || of != nil {
			t.Errorf("a result too late: %+v, %v", of, err)
		}
		if _, _, err := s.CloseSupport(t.Context(), one.ID, assist.Closing{State: assist.StateEnded, By: assist.EndStaff}); err != nil {
			t.Fatal(err)
		}
		sweep("60000000")
		if _, err := s.QueryOf(t.Context(), id, one.Staff, 0); err != nil {
			t.Errorf("an hour is not over: %v", err)
		}
		sweep("3600000000")
		if _, err := s.QueryOf(t.Context(), id, one.Staff, 0); !errors.Is(err, assist.ErrUnknown) {
			t.Errorf("after an hour: %v", err)
		}
	})
}

func TestOnlyAsManyQueriesAsABoxTakes(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		var all sync.WaitGroup
		var taken, busy atomic.Int64
		for n := range 60 {
			all.Go(func() {
				_, err := s.AddQuery(t.Context(), assist.Query{
					ID: fmt.Sprint("q", n), Letter: one.ID, Kind: wire.QueryPing, Args: []byte("{}"), Seconds: 1, State: assist.QueryRunning,
				}, one.Staff)
				switch {
				case err == nil:
					taken.Add(1)
				case errors.Is(err, assist.ErrBusy):
					busy.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != wire.MaxQueries || busy.Load() != 60-wire.MaxQueries {
			t.Errorf("%d taken, %d refused", taken.Load(), busy.Load())
		}
		list := make([]wire.Result, 0, 2*wire.MaxResults)
		for n := range 2 * wire.MaxResults {
			list = append(list, wire.Result{Query: oneQuery(t, s, one.ID), Grant: one.ID, Seq: n + 1, Data: []byte(`{"x":1}`)})
		}
		for some := range slices.Chunk(list, 50) { // a thousand in one go take longer than a database is waited for, with the race detector
			if _, err := s.KeepResults(t.Context(), "box-1", some); err != nil {
				t.Fatal(err)
			}
		}
		if q, err := s.QueryOf(t.Context(), list[0].Query, one.Staff, 0); err != nil || len(q.Results) != wire.MaxResults {
			t.Errorf("%d results are kept, %v", len(q.Results), err)
		}
	})
}

func oneQuery(t *testing.T, s *Store, letter string) string {
	t.Helper()
	list, err := s.QueriesOf(t.Context(), letter)
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	return list[0].ID
}

// A case that another agent is just given is waited for: no question of the former one is left behind.
func TestAskingWaitsForAHandOver(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		employ(t, s, "marc")
		one := question(t, s, "marc", "r1")
		tx, err := s.writer.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		k, err := caseOf(ctx, tx, "r1")
		if err != nil {
			t.Fatal(err)
		}
		k.Agent.ID = "zoe"
		if err := keepCase(ctx, tx, &k, nil); err != nil {
			t.Fatal(err)
		}
		asked := make(chan error, 1)
		go func() {
			one.ID = "late"
			_, err := s.AskSupport(ctx, one, time.Minute, 100)
			asked <- err
		}()
		select {
		case err := <-asked:
			t.Fatalf("it did not wait: %v", err)
		case <-time.After(200 * time.Millisecond): // it may have begun
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := <-asked; !errors.Is(err, assist.ErrCaseNotYours) {
			t.Errorf("after the hand-over: %v", err)
		}
	})
}

// Whoever asks again and again does not push the session that lives out of sight: the family ends it where it stands.
func TestALiveSessionIsShownHoweverOftenIsAsked(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		one := helped(t, s, "h1x", "r1")
		var newest assist.Session
		for range 4 {
			newest = question(t, s, one.Staff, "r1")
		}
		list, err := s.SupportOf(ctx, "h1", 2)
		if err != nil || len(list) != 3 || list[0].ID != newest.ID || list[2].ID != one.ID {
			t.Errorf("%v: %+v", err, list)
		}
		if _, _, err := s.CloseSupport(ctx, one.ID, assist.Closing{State: assist.StateEnded, By: assist.EndCustomer}); err != nil {
			t.Fatal(err)
		}
		if list, err = s.SupportOf(ctx, "h1", 2); err != nil || len(list) != 2 || list[0].ID != newest.ID {
			t.Errorf("after its end %v: %+v", err, list)
		}
	})
}

// Of a yes and a no at the same moment the no comes last: what had begun is ended, not refused.
func TestWhatHasBegunIsNotRefused(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		one := helped(t, s, "h1x", "r1")
		late, now, err := s.CloseSupport(ctx, one.ID, assist.Closing{State: assist.StateRefused, By: assist.EndCustomer, Who: "m1", Name: "Zoé"})
		if err != nil || !now || late.State != assist.StateEnded || late.EndedBy != assist.EndCustomer {
			t.Errorf("%v, %v: %+v", now, err, late)
		}
		lines, err := s.AuditBy(ctx, one.ID)
		if err != nil || len(lines) == 0 || lines[len(lines)-1].Verb != "support-ended" {
			t.Errorf("%v: %+v", err, lines)
		}
	})
}
