package store

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var accountsBegin = time.Date(2026, 11, 21, 18, 0, 0, 123000, time.UTC)

func ada(t *testing.T, s *Store) memberRow {
	t.Helper()
	row := memberRow{ID: "m-ada", Email: "ada@example.org", Name: "Ada", Locale: "fr", Password: "$x$", Created: accountsBegin}
	if added, err := s.AddMember(t.Context(), row); err != nil || !added {
		t.Fatalf("adding: %v, %v", added, err)
	}
	return row
}

func home(t *testing.T, s *Store, id, name string) {
	t.Helper()
	err := s.write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `INSERT INTO home (id, name, revision) VALUES ($1, $2, 1)`, id, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMemberIsFoundByEmail(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		row := ada(t, s)
		got, err := s.MemberByEmail(t.Context(), "ada@example.org")
		if diff := cmp.Diff(row, got); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		if got, err := s.MemberByEmail(t.Context(), "eve@example.org"); err != nil || got.ID != "" {
			t.Fatalf("somebody else: %v, %v", got, err)
		}
		row.ID = "m-other"
		if added, err := s.AddMember(t.Context(), row); err != nil || added {
			t.Fatalf("the same email twice: %v, %v", added, err)
		}
	})
}

func TestMembershipNamesTheHomeAndTheRole(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		row := ada(t, s)
		home(t, s, "h-2", "Sea")
		home(t, s, "h-1", "City")
		for _, m := range [][2]string{{"h-2", "child"}, {"h-1", "adult"}, {"h-1", "owner"}} {
			if err := s.PutMembership(t.Context(), membershipRow{Member: row.ID, Home: m[0], Role: m[1], Person: "p"}); err != nil {
				t.Fatal(err)
			}
		}
		homes, err := s.HomesOf(t.Context(), row.ID)
		if diff := cmp.Diff([]homeRow{{"h-1", "City", "owner", "p"}, {"h-2", "Sea", "child", "p"}}, homes); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		for id, want := range map[string]string{"h-1": "owner", "h-2": "child", "h-3": ""} {
			if got, err := s.MembershipIn(t.Context(), row.ID, id); err != nil || got.Role != want {
				t.Errorf("role in %s: %q, %v", id, got.Role, err)
			}
		}
		if err := s.PutMembership(t.Context(), membershipRow{Member: row.ID, Home: "h-3", Role: "owner"}); err == nil {
			t.Error("a membership of a home that is not there")
		}
	})
}

func TestSessionLivesUntilItExpiresOrIsEnded(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		who := ada(t, s)
		ctx, now := t.Context(), accountsBegin
		row := sessionRow{ID: "s-1", Hash: "h1", Member: who.ID, Kind: "app", Client: "Phone", Created: now, Used: now, Expires: now.Add(time.Hour)}
		other := row
		other.ID, other.Hash, other.Used = "s-2", "h2", now.Add(time.Minute)
		for _, r := range []sessionRow{row, other} {
			if err := s.AddSession(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
		got, member, err := s.SessionByHash(ctx, "h1", now)
		if diff := cmp.Diff(row, got); err != nil || diff != "" || member.Email != who.Email || member.Password != "" {
			t.Fatal(err, diff, member)
		}
		all, err := s.SessionsOf(ctx, who.ID, now)
		if diff := cmp.Diff([]sessionRow{other, row}, all); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		if got, _, err := s.SessionByHash(ctx, "h1", now.Add(time.Hour)); err != nil || got.ID != "" {
			t.Fatalf("at its end: %v, %v", got, err)
		}
		if err := s.UseSession(ctx, "s-1", now.Add(time.Hour), now.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := s.SweepAccounts(ctx, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for hash, want := range map[string]string{"h1": "s-1", "h2": ""} {
			if got, _, err := s.SessionByHash(ctx, hash, now); err != nil || got.ID != want {
				t.Errorf("%s after the sweep: %q, %v", hash, got.ID, err)
			}
		}
		for _, step := range []struct {
			member string
			ended  bool
		}{{"m-other", false}, {who.ID, true}, {who.ID, false}} {
			if ended, err := s.EndSession(ctx, step.member, "s-1"); err != nil || ended != step.ended {
				t.Errorf("ended for %s: %v, %v", step.member, ended, err)
			}
		}
	})
}

func TestBucketHoldsItsBurstAndDrains(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		take := func(at time.Duration) time.Duration {
			now := accountsBegin.Add(at)
			wait, err := s.TakeAttempt(t.Context(), "b", now, now.Add(2*time.Minute), time.Minute) // three
			if err != nil {
				t.Fatal(err)
			}
			return wait
		}
		for i, c := range []struct{ at, wait time.Duration }{
			{0, 0}, {0, 0}, {0, 0}, {0, time.Minute}, {30 * time.Second, 30 * time.Second},
			{time.Minute, 0}, {time.Minute, time.Minute}, {time.Hour, 0}, {time.Hour, 0}, {time.Hour, 0}, {time.Hour, time.Minute},
		} {
			if wait := take(c.at); wait != c.wait {
				t.Errorf("attempt %d at %s waits %s, want %s", i, c.at, wait, c.wait)
			}
		}
		if err := s.DropAttempts(t.Context(), "b", "none"); err != nil {
			t.Fatal(err)
		}
		if wait := take(time.Hour); wait != 0 {
			t.Errorf("after the drop: %s", wait)
		}
	})
}

func TestAttemptsAtOnceAreAllCounted(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		var through atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				wait, err := s.TakeAttempt(context.Background(), "b", accountsBegin, accountsBegin.Add(4*time.Minute), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if wait == 0 {
					through.Add(1)
				}
			})
		}
		all.Wait()
		if through.Load() != 5 {
			t.Errorf("%d got through a bucket of 5", through.Load())
		}
	})
}
