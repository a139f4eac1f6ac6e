package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
)

// asked appends revisions 2 to n of home h1, a second apart.
func asked(t *testing.T, s *Store, n int64) {
	t.Helper()
	first, err := s.Home(t.Context(), "h1")
	if err != nil {
		t.Fatal(err)
	}
	for base := int64(1); base < n; base++ {
		doc := first.Asked
		doc.At, doc.Actor = noon.Add(time.Duration(base)*time.Second), registry.Actor{Member: fmt.Sprintf("m%d", base+1)}
		if _, err := s.Append(t.Context(), doc, base, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// proves is the box saying what is in force since a second after noon; it gives which revisions came in force with that.
func proves(t *testing.T, s *Store, revision int64, second int) string {
	t.Helper()
	at := noon.Add(time.Hour)
	heard, err := s.Report(t.Context(), registry.Said{
		Box: "box-1", Document: "{}", Digest: fmt.Sprint(revision, second), InForce: revision, Since: noon.Add(time.Duration(second) * time.Second), At: at,
	})
	if err != nil {
		t.Fatal(err)
	}
	var with []string
	for _, a := range heard.Applied {
		with = append(with, fmt.Sprint(a.Revision, a.Actor.Member))
	}
	return strings.Join(with, ", ")
}

// applied is the history from below a revision: each with the seconds after noon, "~" where it was replaced before.
func applied(t *testing.T, s *Store, before int64) []string {
	t.Helper()
	docs, err := s.Revisions(t.Context(), "h1", before, 100)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, d := range docs {
		text := "-"
		if !d.Applied.IsZero() {
			text = fmt.Sprint(d.Applied.Sub(noon).Seconds())
		}
		if d.Superseded {
			text = "~" + text
		}
		lines = append(lines, fmt.Sprint(d.Revision, " ", text))
	}
	return lines
}

func TestARevisionSaysWhenItCameInForce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		asked(t, s, 5)
		if got := proves(t, s, 1, 1); got != "1" {
			t.Errorf("with 1: %q", got)
		}
		if got := proves(t, s, 4, 10); got != "2m2, 3m3, 4m4" {
			t.Errorf("with 4: %q", got)
		}
		if got := proves(t, s, 4, 99); got != "" {
			t.Errorf("4 again: %q", got)
		}
		if got := proves(t, s, 77, 99); got != "" {
			t.Errorf("a revision that is not there: %q", got)
		}
		if diff := cmp.Diff([]string{"5 -", "4 10", "3 ~10", "2 ~10", "1 1"}, applied(t, s, 0)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"2 ~10", "1 1"}, applied(t, s, 3)); diff != "" {
			t.Errorf("a later page: %s", diff)
		}
	})
}

func TestAWrongClockOfTheBoxIsBounded(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		asked(t, s, 3)
		proves(t, s, 2, -1000000)
		proves(t, s, 3, 1000000)
		if diff := cmp.Diff([]string{"3 3600", "2 1", "1 ~1"}, applied(t, s, 0)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestWhatWasMadeBeforeIsNotCalledReplaced: the column's default is for what a migration or an old backup brings.
func TestWhatWasMadeBeforeIsNotCalledReplaced(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		asked(t, s, 3)
		if _, err := s.writer.ExecContext(t.Context(), "UPDATE revision SET applied = -1 WHERE home = 'h1' AND revision < 3"); err != nil {
			t.Fatal(err)
		}
		if got := proves(t, s, 3, 7); got != "3m3" {
			t.Errorf("with 3: %q", got)
		}
		if diff := cmp.Diff([]string{"3 7", "2 -", "1 -"}, applied(t, s, 0)); diff != "" {
			t.Error(diff)
		}
	})
}
