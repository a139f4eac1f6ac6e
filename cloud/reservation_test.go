package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// tells is the box saying what it is like, in force at a revision.
func (c *apiCloud) tells(revision int64, with func(*wire.Reported)) {
	c.t.Helper()
	now := time.Now().UTC()
	said := wire.Reported{
		Box: "box-1", At: now, Accepted: revision, InForce: revision, Since: now, Clock: wire.Clock{Synchronised: true, Rule: "keep-last"},
		Devices: []wire.DeviceState{{ID: "tv", MAC: "02:00:00:00:00:0c", Present: true, InForce: true, Verdict: policies.Verdict{
			Online: true, Reason: policies.Reason{Kind: policies.KindAllowed},
		}}},
	}
	with(&said)
	c.report(said)
}

// air is a radio of 5 GHz that may use 36 to 48 as they come and 52 to 64 with radar checks, and a line of 100 Mbit/s.
func air(said *wire.Reported) {
	radio := policies.Radio{Name: "wlan1", Band: policies.Band5, Country: "FR", Channel: 36, Width: 80, State: policies.RadioUp, Load: 3}
	for n := 36; n <= 64; n += 4 {
		radio.Channels = append(radio.Channels, policies.Channel{Number: n, Frequency: 5000 + 5*n, Widths: []int{20, 40, 80}, Radar: n > 48, Busy: -1})
	}
	radio.Stations = []policies.Station{{MAC: "02:00:00:00:00:0c", Interface: "wlan1", Signal: -50, TxRate: 866_000_000}}
	said.Radios = []policies.Radio{radio}
	said.Line = &policies.Line{Down: 100_000_000, Up: 20_000_000, Source: policies.LineConfigured}
}

const wishedTV = `{"id":"tv","devices":["tv"],"windows":[],"band":"5GHz","channel":44,"width":80,"exclusive":true,"floorDown":25000000}`

// withTV is the home with a TV, and a box that has said what it is like.
func (c *apiCloud) withTV() *apiVisitor {
	c.t.Helper()
	ada := c.signIn("Ada", 0)
	ada.change("PUT", "~/devices/tv", 1, `{"id":"tv","name":"TV","kind":"tv","macs":["02:00:00:00:00:0c"]}`)
	ada.change("PUT", "~/devices/console", 2, `{"id":"console","name":"Console","kind":"console","macs":["02:00:00:00:00:0d"]}`)
	c.tells(3, air)
	c.until("the radio is known", func() bool { return len(ada.state().Radios) == 1 })
	return ada
}

// refused is what stands against a reservation, as "code field".
func (v *apiVisitor) refused(base int64, body string) string {
	v.t.Helper()
	var doc mobileapi.ProblemDocument
	if status := v.do("PUT", "~/reservations/tv", base, body, &doc); status != http.StatusUnprocessableEntity {
		v.t.Errorf("%s: %d", body, status)
	}
	list := make([]string, len(doc.Problems))
	for i, p := range doc.Problems {
		list[i] = p.Code + " " + p.Field
	}
	return strings.Join(list, ", ")
}

func TestAPIReservationThatTheBoxCannotKeepIsRefusedBeforeAnythingMoves(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada := c.withTV()
		with := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(wishedTV) }
		for body, want := range map[string]string{
			with(`44`, `149`): "channel-illegal channel",
			with(`44`, `60`):  "fallback-missing fallback",
			with(`44,"width":80`, `60,"width":80,"fallback":[64]`): "fallback-radar fallback[0]",
			with(`25000000`, `90000000`):                           "floors-too-high floorDown",
			with(`"tv"]`, `"radio"]`):                              "reference devices[0]",
			with(`5GHz`, `2.4GHz`, `44`, `6`, `80`, `20`):          "radio-missing band",
			with(`5GHz`, `6GHz`):                                   "band band",
			`{"id":"tv","devices":["tv"],"windows":[]}`:            "reservation-target ",
		} {
			if got := ada.refused(3, body); got != want {
				t.Errorf("%s\n got %q\nwant %q", body, got, want)
			}
		}
		state := ada.state()
		if state.Asked.Revision != 3 || len(state.Policy.Reservations)+len(state.Reservations) != 0 {
			t.Errorf("something moved: revision %d, %+v", state.Asked.Revision, state.Reservations)
		}
		c.tells(3, func(said *wire.Reported) { air(said); said.Line = nil })
		c.until("the line is unknown", func() bool { return ada.state().Line == nil })
		if got := ada.refused(3, wishedTV); got != "line-unknown floorDown" {
			t.Errorf("without a line: %q", got)
		}
	})
}

func TestAPIReservationIsAskedThenKeptThenUndone(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, leo := c.withTV(), c.signIn("Léo", 0)
		if status := leo.do("PUT", "~/reservations/tv", 3, wishedTV, nil); status != http.StatusForbidden {
			t.Errorf("a child reserves: %d", status)
		}
		state := ada.change("PUT", "~/reservations/tv", 3, wishedTV)
		if row := state.Reservations[0]; !row.Asked || !row.Live || row.InForce != nil || state.Asked.Change.Code != "reservation" {
			t.Errorf("asked %+v", row)
		}
		c.tells(4, func(said *wire.Reported) {
			air(said)
			said.Reservations = []wire.ReservationState{{ID: "tv", State: wire.HoldInForce, Channel: 44, Width: 80, FloorDown: 25_000_000, Since: said.At}}
		})
		c.until("kept", func() bool { state = ada.state(); return state.Reservations[0].InForce != nil })
		if said := state.Reservations[0].InForce; said.State != wire.HoldInForce || said.Channel != 44 {
			t.Errorf("in force %+v", said)
		}
		if state := leo.state(); len(state.Radios)+len(state.Reservations)+len(state.Policy.Reservations) != 0 || state.Line != nil {
			t.Errorf("a child sees %+v", state.Radios)
		}
		state = ada.change("POST", "~/history/4/undo", 4, "")
		if row := state.Reservations[0]; len(state.Policy.Reservations) != 0 || row.Asked || row.InForce == nil {
			t.Errorf("undone, and not yet let go: %+v", row)
		}
		c.tells(5, func(said *wire.Reported) { air(said); said.Line = nil })
		c.until("let go", func() bool { return len(ada.state().Reservations) == 0 })
		var doc mobileapi.ProblemDocument
		if status := ada.do("POST", "~/history/5/undo", 5, "", &doc); status != http.StatusUnprocessableEntity || doc.Problems[0].Code != "line-unknown" {
			t.Errorf("undo of the undo on a line that is not known any more: %d, %+v", status, doc.Problems)
		}
	})
}

// A line that has become slower makes nobody's other wishes impossible.
func TestAPIReservationThatNobodyTouchesStandsInNobodysWay(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada := c.withTV()
		ada.change("PUT", "~/reservations/tv", 3, wishedTV)
		ada.change("PUT", "~/reservations/play", 4, `{"id":"play","devices":["console"],"windows":[],"floorDown":8000000}`)
		c.tells(5, func(said *wire.Reported) { air(said); said.Line.Down = 20_000_000 })
		c.until("the line is slower", func() bool { return ada.state().Line.Down == 20_000_000 })
		ada.change("POST", "~/pause", 5, `{"for":{"device":"console"}}`)
		ada.change("PUT", "~/reservations/play", 6, `{"id":"play","devices":["console"],"windows":[],"floorDown":5000000}`)
		if got := ada.refused(7, strings.Replace(wishedTV, "25000000", "17000000", 1)); got != "floors-too-high floorDown" {
			t.Errorf("less, and still too much: %q", got)
		}
		state := ada.change("DELETE", "~/reservations/play", 7, "")
		if len(state.Policy.Reservations) != 1 || !slices.Equal(state.Policy.Reservations[0].Devices, []string{"tv"}) {
			t.Errorf("left %+v", state.Policy.Reservations)
		}
	})
}
