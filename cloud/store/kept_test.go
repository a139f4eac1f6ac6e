package store

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// TestAllThatIsKeptOfAHomeIsFound: also what no list shows any more, of everybody, and nothing of another home.
func TestAllThatIsKeptOfAHomeIsFound(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		for _, home := range []string{"h1", "h2"} {
			keep(t, s, home)
		}
		reg := &registry.Registry{Config: registry.Config{Store: s}}
		kept, err := reg.Kept(t.Context(), "h1")
		if err != nil || len(kept.Asks) != 2 || kept.Asks[0].ID != "new" || kept.Asks[1].ID != "old" || kept.Asks[1].Home != "h1" {
			t.Errorf("%v, asks %+v", err, kept.Asks)
		}
		want := []registry.Online{
			{Person: "lea", Date: "2026-10-20", Hour: 9, Minutes: 12}, {Person: "leo", Date: "2026-10-20", Hour: 9, Minutes: 12},
		}
		if diff := cmp.Diff(want, kept.Online); diff != "" {
			t.Error(diff)
		}
		list, err := s.CasesIn(t.Context(), "h1", "", 10)
		if err != nil || len(list) != 2 || list[0].Name != "Eve" || list[1].Name != "Ada" || list[0].Home != "h1" {
			t.Errorf("%v, cases %+v", err, list)
		}
	})
}

// keep has two of each in a home.
func keep(t *testing.T, s *Store, home string) {
	t.Helper()
	for id, at := range map[string]time.Time{"old": noon.Add(-6 * 24 * time.Hour), "new": noon.Add(-time.Hour)} {
		ask := registry.Ask{ID: id, Home: home, Person: "leo", At: at, Asked: at, Answer: registry.AskAnswer{State: wire.AskSent}}
		if added, err := s.AddAsk(t.Context(), ask, at.Add(-time.Hour), math.MaxInt32); err != nil || !added {
			t.Fatal(added, err)
		}
	}
	for n, who := range []string{"Ada", "Eve"} {
		k := assist.Case{
			ID: home + who, Home: home, Member: who, Name: who, Screen: "/home", State: assist.CaseWaiting, AskedAt: noon.Add(time.Duration(n) * time.Hour),
		}
		if _, added, err := s.AddCase(t.Context(), k, noon, math.MaxInt32); err != nil || !added {
			t.Fatal(added, err)
		}
	}
	for _, person := range []string{"leo", "lea"} {
		said := []registry.Counted{{Person: person, Date: "2026-10-20", Hour: 9, Minutes: 12}}
		if err := s.CountOnline(t.Context(), home, said, "2026-10-17"); err != nil {
			t.Fatal(err)
		}
	}
}
