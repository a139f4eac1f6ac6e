package store

import (
	"errors"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

func TestTickets(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		one := helped(t, s, "h1x", "r1")
		login := "l-" + one.Staff
		screen := assist.Ticket{Session: one.ID, Login: login, End: assist.EndScreen}
		add := func(hash string, life time.Duration) {
			t.Helper()
			if err := s.AddTicket(t.Context(), hash, screen, life); err != nil {
				t.Fatal(err)
			}
		}
		for want := uint32(1); want <= 2; want++ {
			add("good", time.Minute)
			got, err := s.TakeTicket(t.Context(), "good", login)
			if err != nil || got.Session != one.ID || got.Home != "h1" || got.Staff != one.Staff || got.End != assist.EndScreen || got.Generation != want {
				t.Errorf("took %+v, %v; generation %d is wanted", got, err, want)
			}
			if _, err := s.TakeTicket(t.Context(), "good", login); !errors.Is(err, assist.ErrUnknown) {
				t.Errorf("twice: %v", err)
			}
		}
		add("old", -time.Second)
		add("foreign", time.Minute)
		if _, err := s.TakeTicket(t.Context(), "old", login); !errors.Is(err, assist.ErrUnknown) {
			t.Errorf("old: %v", err)
		}
		for _, who := range []string{"l-somebody", login} { // a thief's try makes it worth nothing
			if _, err := s.TakeTicket(t.Context(), "foreign", who); !errors.Is(err, assist.ErrUnknown) {
				t.Errorf("foreign, by %s: %v", who, err)
			}
		}
		add("kept", time.Minute)
		if _, err := s.writer.ExecContext(t.Context(), "DELETE FROM session WHERE id = $1", login); err != nil {
			t.Fatal(err)
		}
		if _, err := s.TakeTicket(t.Context(), "kept", login); !errors.Is(err, assist.ErrUnknown) {
			t.Errorf("of who signed out: %v", err)
		}
	})
}
