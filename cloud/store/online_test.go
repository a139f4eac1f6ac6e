package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

func TestMinutesBelongToTheHourInWhichTheyAreHeard(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		for _, said := range []registry.Counted{
			{Hour: 9, Minutes: 10}, {Hour: 9, Minutes: 12}, {Hour: 9, Minutes: 11}, // a box that has lost some says less
			{Hour: 10, Minutes: 13}, {Hour: 14, Minutes: 103}, // 90 at once: it had been away
		} {
			said.Person, said.Date = "leo", "2026-11-21"
			if err := s.CountOnline(t.Context(), "h1", []registry.Counted{said}, "2026-10-17"); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Online(t.Context(), "h1", "leo", "2026-11-21")
		want := []registry.Online{
			{Person: "leo", Date: "2026-11-21", Hour: 9, Minutes: 12}, {Person: "leo", Date: "2026-11-21", Hour: 10, Minutes: 1},
			{Person: "leo", Date: "2026-11-21", Hour: 13, Minutes: 30}, {Person: "leo", Date: "2026-11-21", Hour: 14, Minutes: 60},
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
		if err := s.CountOnline(t.Context(), "h1", nil, "2026-11-22"); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Online(t.Context(), "h1", "leo", "2000-01-01"); err != nil || got != nil {
			t.Errorf("after 35 days: %v, %v", got, err)
		}
	})
}

// TestHoursThatABoxSaidAreTakenAsTheyAre: an outage does not move them to the hour in which the line was back.
func TestHoursThatABoxSaidAreTakenAsTheyAre(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		for _, hours := range []policies.Hours{{9: 10}, {9: 12, 10: 60, 11: 5}, {9: 3, 11: 6}} { // the last has lost some
			said := registry.Counted{Person: "leo", Date: "2026-11-21", Hour: 20, Minutes: 1, Hours: hours}
			if err := s.CountOnline(t.Context(), "h1", []registry.Counted{said}, "2026-10-17"); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Online(t.Context(), "h1", "leo", "2026-11-21")
		want := []registry.Online{
			{Person: "leo", Date: "2026-11-21", Hour: 9, Minutes: 12}, {Person: "leo", Date: "2026-11-21", Hour: 10, Minutes: 60},
			{Person: "leo", Date: "2026-11-21", Hour: 11, Minutes: 6},
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}
