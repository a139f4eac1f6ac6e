package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

func TestWhatWasSeenIsKeptUntilTheEndAndThenToldToTheAudit(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		live, err := s.SupportOf(ctx, "h1", 1)
		if err != nil || len(live) != 1 {
			t.Fatal(live, err)
		}
		one := live[0]
		look := func(screen string, first, last time.Duration) error {
			return s.AddSeen(ctx, one.ID, []assist.Glimpse{{Screen: screen, First: first, Last: last}})
		}
		if err := errors.Join(look("home", time.Minute, 50*time.Second), look("tv", 30*time.Second, 20*time.Second), look("home", 10*time.Second, 0)); err != nil {
			t.Fatal(err)
		}
		list, err := s.SeenIn(ctx, "h1", one.ID)
		if err != nil || len(list) != 2 || list[0].Screen != "home" || list[1].Screen != "tv" || list[0].Session != one.ID {
			t.Fatalf("%v: %+v", err, list)
		}
		if span := list[0].Last.Sub(list[0].First); span < time.Minute || !list[0].First.Before(list[1].First) {
			t.Errorf("home was seen for %v", span)
		}
		if all, err := s.SeenIn(ctx, "h1", ""); err != nil || len(all) != 2 {
			t.Errorf("of all sessions: %v, %+v", err, all)
		}
		if other, err := s.SeenIn(ctx, "h2", one.ID); err != nil || len(other) != 0 {
			t.Errorf("another home reads %v, %+v", err, other)
		}
		if _, closed, err := s.CloseSupport(ctx, one.ID, assist.Closing{State: assist.StateEnded, By: assist.EndDeadline}); err != nil || !closed {
			t.Fatal(closed, err)
		}
		if err := look("settings", 0, 0); !errors.Is(err, assist.ErrOver) {
			t.Errorf("after the end: %v", err)
		}
		lines, err := s.AuditBy(ctx, one.ID)
		if err != nil || len(lines) < 2 {
			t.Fatal(lines, err)
		}
		told := lines[len(lines)-2]
		said, err := told.Said()
		if err != nil || told.Verb != assist.VerbSeen || told.Staff != one.Staff || said.Subject != one.Customer || said.Detail["screens"] != 2.0 {
			t.Errorf("%v: %+v, %+v", err, told, said)
		}
		sum, _ := said.Detail["sum"].(string)
		if sum == "" || sum != assist.SeenSum(list) {
			t.Errorf("the line has %q", sum)
		}
		if _, _, err := verified(t, s); err != nil {
			t.Error(err)
		}
		if bad, err := s.Unwitnessed(ctx, map[string]string{one.ID: sum}); err != nil || bad != "" {
			t.Errorf("as it was: %q, %v", bad, err)
		}
		for name, change := range map[string]string{
			"another time": "UPDATE seen SET last_at = last_at + 1 WHERE screen = 'tv'", "one less": "DELETE FROM seen WHERE screen = 'tv'", "none": "DELETE FROM seen",
		} {
			if _, err := s.writer.ExecContext(ctx, change); err != nil {
				t.Fatal(err)
			}
			if bad, err := s.Unwitnessed(ctx, map[string]string{one.ID: sum}); err != nil || bad != one.ID {
				t.Errorf("%s: %q, %v", name, bad, err)
			}
		}
	})
}

func TestWhatWasSeenIsBoundedAndGoesWithTheHome(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		live, err := s.SupportOf(ctx, "h1", 1)
		if err != nil {
			t.Fatal(err)
		}
		var many []assist.Glimpse
		for i := range maxSeen + 5 {
			many = append(many, assist.Glimpse{Screen: "screen-" + string(rune('a'+i%26)) + string(rune('a'+i/26))})
		}
		if err := s.AddSeen(ctx, live[0].ID, many); err != nil {
			t.Fatal(err)
		}
		if list, err := s.SeenIn(ctx, "h1", ""); err != nil || len(list) != maxSeen {
			t.Errorf("%d, %v", len(list), err)
		}
		if err := s.DropHome(ctx, "h1", "Europe/Paris"); err != nil {
			t.Fatal(err)
		}
		if left, err := s.column(ctx, "SELECT screen FROM seen"); err != nil || len(left) != 0 {
			t.Errorf("left %q, %v", left, err)
		}
		if bad, err := s.Unwitnessed(ctx, nil); err != nil || bad != "" {
			t.Errorf("%q, %v", bad, err)
		}
	})
}

// Whoever ends a session and whoever still keeps what is seen are one after the other: the line tells what is kept.
func TestTheEndAndALookAtOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		live, err := s.SupportOf(ctx, "h1", 1)
		if err != nil {
			t.Fatal(err)
		}
		id := live[0].ID
		var all sync.WaitGroup
		for _, screen := range []string{"home", "tv", "hours", "settings"} {
			all.Go(func() {
				if err := s.AddSeen(ctx, id, []assist.Glimpse{{Screen: screen}}); err != nil && !errors.Is(err, assist.ErrOver) {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if _, _, err := s.CloseSupport(ctx, id, assist.Closing{State: assist.StateEnded, By: assist.EndDeadline}); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		lines, err := s.AuditBy(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{}
		for _, l := range lines {
			if said, err := l.Said(); err == nil && l.Verb == assist.VerbSeen {
				told[id], _ = said.Detail["sum"].(string)
			}
		}
		if bad, err := s.Unwitnessed(ctx, told); err != nil || bad != "" {
			t.Errorf("the line tells %q, %v", told, err)
		}
	})
}
