package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// newHome is what dev-init leaves of a home that is as old as the demo's.
func newHome(t *testing.T, now time.Time) (*store.Store, Access) {
	t.Helper()
	data, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "carebox.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	seed, err := registry.NewSeed(registry.Home{ID: "h1", Name: "Home"}, zone, now.Add(-age))
	if err != nil {
		t.Fatal(err)
	}
	seed.Box = "box-1"
	if err := data.AddHomes(t.Context(), []registry.Seed{seed}); err != nil {
		t.Fatal(err)
	}
	who := accounts.New(data, time.Now)
	owner, err := who.Create(t.Context(), "parent@home.example", "Parent", "a long enough word")
	if err != nil {
		t.Fatal(err)
	}
	if err := who.Join(t.Context(), owner.ID, accounts.Membership{Home: "h1", Role: accounts.RoleOwner}); err != nil {
		t.Fatal(err)
	}
	return data, Access{Home: "h1", Box: "box-1"}
}

func livelyHouse() *House {
	return &House{Home: &testbed.Home{
		Phone:  &testbed.Node{MAC: "02:00:00:00:00:0a"},
		Laptop: &testbed.Node{MAC: "02:00:00:00:00:0b"},
		TV:     &testbed.Node{MAC: "02:00:00:00:00:0c"},
	}}
}

// The demo's family is three people with nine devices, and a week in which two adults decided things, whenever it begins.
func TestAFamilyHasLivedInTheDemoForAWeek(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 11, 21, 19, 30, 0, 0, time.UTC),
		time.Date(2026, 11, 21, 23, 0, 1, 0, time.UTC), // just after midnight in Paris
		time.Date(2026, 3, 30, 0, 30, 0, 0, time.UTC),  // the clock has gone on yesterday
		time.Date(2026, 10, 25, 23, 30, 0, 0, time.UTC),
	} {
		data, access := newHome(t, now)
		if err := settleIn(t.Context(), data, access, now, livelyHouse().decisions()); err != nil {
			t.Fatal(err)
		}
		home, err := data.Home(t.Context(), access.Home)
		if err != nil {
			t.Fatal(err)
		}
		p := home.Asked.Policy
		if len(p.People) != 3 || len(p.Devices) != 9 || len(p.Schedules) != 2 || len(p.Budgets) != 2 {
			t.Errorf("%v: %+v", now, p)
		}
		judgeHistory(t, data, now)
		for _, person := range p.People {
			judgeWeek(t, data, now, person.ID)
		}
	}
}

// judgeHistory wants it in order, in the past, each decision in force soon, and two people on most days.
func judgeHistory(t *testing.T, data *store.Store, now time.Time) {
	t.Helper()
	all, err := data.Revisions(t.Context(), "h1", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	names, days := map[string]bool{}, map[string]bool{}
	after := now
	for _, d := range all {
		if !d.At.Before(after) {
			t.Errorf("%v: revision %d of %v is not before %v", now, d.Revision, d.At, after)
		}
		if took := d.Applied.Sub(d.At); took <= 0 || took > 5*time.Second || d.Superseded {
			t.Errorf("%v: revision %d is in force after %v, superseded %v", now, d.Revision, took, d.Superseded)
		}
		after = d.At
		names[d.Actor.Name], days[d.At.Format(time.DateOnly)] = true, true
	}
	if !names[mother] || !names[father] || len(days) < daysLived {
		t.Errorf("%v: by %v on %d days", now, names, len(days))
	}
}

// judgeWeek wants minutes on each of the days before today, which the box counts.
func judgeWeek(t *testing.T, data *store.Store, now time.Time, person string) {
	t.Helper()
	hours, err := data.Online(t.Context(), "h1", person, "2000-01-01")
	if err != nil {
		t.Fatal(err)
	}
	paris, err := policies.Location(zone)
	if err != nil {
		t.Fatal(err)
	}
	days := map[policies.Date]bool{}
	for _, o := range hours {
		days[o.Date] = true
	}
	if len(days) != daysLived || days[policies.Date(now.In(paris).Format(time.DateOnly))] {
		t.Errorf("%v: %s was online on %v", now, person, days)
	}
}
