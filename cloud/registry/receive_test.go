package registry_test

import (
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestWhatABoxReportsIsShown(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.arrive("box-1", 1)
		c.until("h1", func(s registry.State) bool { return s.Box.Reachable })
		look, err := c.registry.Watch(t.Context(), "h1")
		must(t, err)
		said := wire.Reported{Box: "box-1", At: time.Now(), Accepted: 1, InForce: 1, Refused: &wire.Refused{Code: "policy"}}
		b.say(wire.UpReported, said)
		next(t, look)
		state := c.until("h1", func(s registry.State) bool { return s.Box.Reported != nil })
		if state.Box.Reported.InForce != 1 || state.Box.ReportedAt.IsZero() || state.Box.Refused.Code != "policy" {
			t.Errorf("box: %+v", state.Box)
		}
		said.At = said.At.Add(time.Minute)
		b.say(wire.UpReported, said) // nothing new but the time
		c.until("h1", func(s registry.State) bool { return s.Box.ReportedAt.After(state.Box.ReportedAt) })
		select {
		case <-look:
			t.Error("the same report was announced again")
		default:
		}
		said.InForce = 2
		b.say(wire.UpReported, said)
		next(t, look)
	})
}

func TestABoxSpeaksForItselfOnly(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		must(t, c.registry.Assign(t.Context(), "h2", "box-2"))
		b := c.arrive("box-2", 1)
		b.say(wire.UpReported, wire.Reported{Box: "box-1", InForce: 7})
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: 9})
		b.say(wire.UpReported, wire.Reported{Box: "box-2", InForce: 1})
		c.until("h2", func(s registry.State) bool { return s.Box.Reported != nil && s.Box.Reported.InForce == 1 })
		if s, err := c.registry.State(t.Context(), "h1"); err != nil || s.Box.Reported != nil || s.Box.Refused != nil || s.Box.Reachable {
			t.Errorf("another box spoke for box-1: %+v, %v", s.Box, err)
		}
	})
}

func TestAWillShowsABoxLostSoon(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.arrive("box-1", 1)
		c.until("h1", func(s registry.State) bool { return s.Box.Reachable })
		look, err := c.registry.Watch(t.Context(), "h1")
		must(t, err)
		looks := func(reachable bool) { // a look may still be that of the box's arrival
			t.Helper()
			for {
				next(t, look)
				s, err := c.registry.State(t.Context(), "h1")
				must(t, err)
				if s.Box.Reachable == reachable {
					return
				}
			}
		}
		b.say(wire.UpGone, nil) // as the broker does when the connection breaks
		looks(false)
		b.say(wire.UpHeartbeat, wire.Heartbeat{Revision: 1})
		looks(true)
	})
}
