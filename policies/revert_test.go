package policies

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// family is a small valid policy with something in each list that may have something.
func family() Policy {
	p := NewPolicy("Europe/Paris")
	p.People = []Person{{"leo", "Léo"}, {"mia", "Mia"}}
	p.Devices = []Device{
		{ID: "phone", Name: "Phone", Kind: "phone", MACs: []MAC{"02:00:00:00:00:01"}, Person: "leo"},
		{ID: "tv", Name: "TV", MACs: []MAC{"02:00:00:00:00:02"}},
		{ID: "tablet", Name: "Tablet", MACs: []MAC{"02:00:00:00:00:03"}, Person: "mia"},
	}
	p.Schedules = []Schedule{{ID: "nights", For: Target{Person: "leo"}, Days: []Day{"Monday"}, Start: "21:30", Duration: 34200}}
	p.Exceptions = []Exception{{ID: "xmas", For: Target{Home: true}, Date: "2026-12-24", Windows: []Window{{"23:00", 3600}}}}
	until := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC)
	p.Overrides = []Override{{ID: "o1", For: Target{Device: "phone"}, Mode: ModePause, At: until.Add(-time.Hour), Until: &until}}
	p.Reservations = []Reservation{{
		ID: "cinema", Devices: []string{"phone"}, Band: Band5, Channel: 44, Width: 80, FloorDown: 25_000_000, Fallback: []int{36},
		Windows: []WeekWindow{{Days: []Day{"Friday", "Saturday"}, Start: "20:00", Duration: 7200}},
	}}
	p.Budgets = []Budget{{"b1", Target{Person: "leo"}, []Day{"Saturday", "Sunday"}, 7200}}
	return p
}

func with(change func(*Policy)) Policy {
	p := Canonical(family())
	change(&p)
	return p
}

func TestRevert(t *testing.T) {
	base := Canonical(family())
	rename := func(p *Policy) { p.Devices[0].Name = "Léo's phone" }
	drop := func(p *Policy) { p.Devices = slices.Delete(p.Devices, 1, 2) }
	addPause := func(p *Policy) {
		p.Overrides = append(p.Overrides, Override{ID: "o2", For: Target{Home: true}, Mode: ModePause, At: base.Overrides[0].At})
	}
	elsewhere := func(p *Policy) { p.Schedules[0].Start = "20:00"; p.Effect = EffectNoWiFi }
	both := func(first, second func(*Policy)) func(*Policy) {
		return func(p *Policy) { first(p); second(p) }
	}
	tests := []struct {
		name      string
		change    func(*Policy)
		since     func(*Policy)
		want      func(*Policy) // relative to base
		conflicts []string
	}{
		{"nothing since", rename, func(*Policy) {}, func(*Policy) {}, nil},
		{"something else since", rename, elsewhere, elsewhere, nil},
		{"an entity comes back in its place", drop, elsewhere, elsewhere, nil},
		{"a new entity goes", addPause, elsewhere, elsewhere, nil},
		{"a new entity that is already gone", addPause, func(p *Policy) { p.Overrides = p.Overrides[:1] }, func(*Policy) {}, nil},
		{"everything at once", both(both(rename, drop), elsewhere), addPause, addPause, nil},
		{"a reservation", func(p *Policy) { p.Reservations[0].Windows[0].Duration = 60 }, rename, rename, nil},
		{"a reservation since", func(p *Policy) { p.Reservations[0].Fallback = nil }, func(p *Policy) { p.Reservations[0].Fallback = []int{40} },
			func(*Policy) {}, []string{"reservations/cinema"}},
		{"a field of the home", func(p *Policy) { p.Zone = "Asia/Tokyo" }, rename, rename, nil},
		{"already back", rename, func(p *Policy) { p.Devices[0].Name = "Phone" }, func(*Policy) {}, nil},
		{"the same entity since", rename, func(p *Policy) { p.Devices[0].Kind = "laptop" }, func(*Policy) {}, []string{"devices/phone"}},
		{"a dropped entity made anew", drop, func(p *Policy) {
			p.Devices = append(p.Devices, Device{ID: "tv", Name: "New TV", MACs: []MAC{"02:00:00:00:00:09"}})
		}, func(p *Policy) { p.Devices[1], p.Devices[2] = p.Devices[2], p.Devices[1] }, []string{"devices/tv"}},
		{"several", both(rename, func(p *Policy) { p.Zone = "Asia/Tokyo"; p.People[1].Name = "Mimi" }), func(p *Policy) {
			p.Zone, p.People, p.Devices = "Asia/Seoul", p.People[:1], p.Devices[:1]
		}, func(p *Policy) { p.Devices = p.Devices[:1] }, []string{"zone", "people/mia"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			current := with(both(tt.change, tt.since))
			got, conflicts := Revert(base, with(tt.change), current)
			if diff := cmp.Diff(tt.conflicts, conflicts); diff != "" {
				t.Fatalf("conflicts: -want +got\n%s", diff)
			}
			if diff := cmp.Diff(with(tt.want), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestRevertUndoesAnyChange also shows that nothing that comes in is written to.
func TestRevertUndoesAnyChange(t *testing.T) {
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		a, _ := random(r, time.UTC, from)
		b, _ := random(r, time.UTC, from)
		a, b = Canonical(a), Canonical(b)
		frozen := [2]Policy{Canonical(a), Canonical(b)}
		got, conflicts := Revert(a, b, b)
		if conflicts != nil {
			t.Fatal(conflicts)
		}
		if diff := cmp.Diff(a, got, cmpopts.SortSlices(byID)); diff != "" {
			t.Fatalf("-before +reverted\n%s", diff)
		}
		if diff := cmp.Diff(frozen, [2]Policy{a, b}); diff != "" {
			t.Fatalf("what came in was written to: %s", diff)
		}
	}
}

func byID(a, b any) bool {
	id := func(v any) string {
		if e := reflect.ValueOf(v); e.Kind() == reflect.Struct && e.FieldByName("ID").IsValid() {
			return e.FieldByName("ID").String()
		}
		return ""
	}
	return id(a) < id(b)
}
