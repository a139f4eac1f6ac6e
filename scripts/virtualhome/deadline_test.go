package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// TestTheBoxKeepsTheDeadlineAlone: a letter, and then nobody in the cloud. It ends when it said that it would, with what was
// measured under it, also across a crash of the agent; the same letter opens nothing when the cloud is back.
func TestTheBoxKeepsTheDeadlineAlone(t *testing.T) {
	h := newHouse(t, Options{})
	if err := h.KillCloud(); err != nil {
		t.Fatal(err)
	}
	d := openDesk(t, h)
	d.hear(wire.UpHello, func([]byte) bool { return true })
	for _, killed := range []bool{false, true} {
		letter, g := d.inTime(fmt.Sprintf("short-%t", killed))
		d.query("long-"+g.ID, g.ID, wire.QueryPing, `{"host":"192.168.7.99","count":20}`)
		d.shut()
		if killed {
			if err := errors.Join(h.KillAgent(), h.StartAgent(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
		if err := poll(t.Context(), "the deadline", func() error {
			status, text := page(t, h, http.MethodGet, "/", "")
			if status != http.StatusOK || strings.Contains(text, g.ID) || time.Now().Unix() <= g.Expires {
				return errors.Join(fmt.Errorf("the page answers %d: %s", status, text), rest(t.Context(), 200*time.Millisecond))
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		d.open()
		d.hear(wire.UpHello, func([]byte) bool { return true })
		d.send(wire.DownGrant, letter)
		if got := d.refused("late-"+g.ID, g.ID); got != wire.RefusedEnded && got != wire.RefusedUnknown {
			t.Errorf("killed %t: after the deadline: %q", killed, got)
		}
	}
}

// inTime is a letter of ten seconds under which the box has measured: a slow machine may hear the first ones too late.
func (d *desk) inTime(name string) (letter []byte, g wire.Grant) {
	d.Helper()
	n := 0
	if err := poll(d.Context(), "a letter that is heard in time", func() error {
		n++
		letter = d.grant(func(of *wire.Grant) {
			of.ID, of.Expires = fmt.Sprint(name, "-", n), of.Issued+10
			g = *of
		})
		if said := d.refused("in-time-"+g.ID, g.ID); said != "" {
			return said
		}
		return nil
	}); err != nil {
		d.Fatal(err)
	}
	return letter, g
}
