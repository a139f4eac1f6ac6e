package mobileapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// evening is a reservation that begins an hour after begin.
const evening = `{"id":"tv","devices":["tv"],"floorDown":25000000,"windows":[{"days":["Saturday"],"start":"20:00","duration":7200}]}`

func TestReservationIsAskedAndInForceApart(t *testing.T) {
	w := newWorld(t)
	c := w.as("adult")
	made := c.at(1).do("PUT", home("/reservations/tv"), evening).home()
	if made.Asked.Change != (Change{Code: "reservation", Subject: "tv"}) || len(made.Policy.Reservations) != 1 {
		t.Errorf("asked %+v", made.Asked)
	}
	row := made.Reservations[0]
	if row.ID != "tv" || !row.Asked || row.Live || row.InForce != nil || row.Changes == nil || !row.Changes.Equal(begin.Truncate(time.Hour).Add(time.Hour)) {
		t.Errorf("before its window %+v", row)
	}
	w.pass(90 * time.Minute)
	said := box(2)
	said.Reported.Reservations = []wire.ReservationState{
		{ID: "tv", State: wire.HoldPartly, Why: "radio-missing", FloorDown: 25_000_000, Since: begin},
		{ID: "older", State: wire.HoldInForce, Since: begin}, {ID: "oldest", State: wire.HoldIdle, Since: begin},
	}
	w.hub.says(home1, said)
	rows := c.do("GET", home(""), "").home().Reservations
	if len(rows) != 2 || !rows[0].Live || rows[0].InForce == nil || rows[0].InForce.Why != "radio-missing" || rows[1].ID != "older" || rows[1].Asked {
		t.Errorf("rows %+v", rows)
	}
	gone := c.at(2).do("DELETE", home("/reservations/tv"), "").home()
	if len(gone.Policy.Reservations) != 0 || gone.Asked.Change.Code != "reservation-removed" || gone.Reservations[0].ID != "tv" || gone.Reservations[0].Asked {
		t.Errorf("taken back, and still kept: %+v", gone.Reservations)
	}
}

func TestRadiosAndLineAreAsTheBoxSaid(t *testing.T) {
	w := newWorld(t)
	if home := w.as("owner").do("GET", home(""), "").home(); home.Line != nil || len(home.Radios) != 0 {
		t.Errorf("a box that has said nothing: %+v, %+v", home.Line, home.Radios)
	}
	said := box(1)
	said.Reported.Line = &policies.Line{Down: 100_000_000, Source: policies.LineConfigured}
	said.Reported.Radios = []policies.Radio{{Name: "wlan0", Band: policies.Band5, State: policies.RadioUp, Channels: []policies.Channel{{Number: 36}}}}
	w.hub.says(home1, said)
	a := w.as("owner").do("GET", home(""), "")
	if home := a.home(); home.Line.Down != 100_000_000 || home.Radios[0].Channels[0].Number != 36 {
		t.Errorf("line %+v, radios %+v", home.Line, home.Radios)
	}
	for _, list := range []string{"widths", "bsses", "stations", "radar"} {
		if !strings.Contains(string(a.body), `"`+list+`":[]`) {
			t.Errorf("no empty list %s: %s", list, a.body)
		}
	}
}

func TestChildSeesNothingOfRadios(t *testing.T) {
	w := newWorld(t)
	w.as("owner").at(1).do("PUT", home("/reservations/tv"), evening).home()
	said := box(2)
	said.Reported.Line = &policies.Line{Down: 100_000_000}
	said.Reported.Radios = []policies.Radio{{Name: "wlan0", Band: policies.Band5, State: policies.RadioUp, Stations: []policies.Station{{MAC: "02:00:00:00:00:99"}}}}
	said.Reported.Reservations = []wire.ReservationState{{ID: "tv", State: wire.HoldInForce, Since: begin}}
	w.hub.says(home1, said)
	if home := w.as("child").do("GET", home(""), "").home(); home.Line != nil || len(home.Radios)+len(home.Reservations)+len(home.Policy.Reservations) != 0 {
		t.Errorf("line %+v, radios %+v, reservations %+v", home.Line, home.Radios, home.Reservations)
	}
}

func TestWhatTheBoxCannotKeepBeginsInTheBody(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	w.hub.breaks(policies.Problems{
		{Code: "floors-too-high", Field: "reservations[0].floorDown", Detail: "Too high."}, {Code: "channel-conflict", Field: "reservations[1].channel", Detail: "Another."},
	})
	c.at(1).do("PUT", home("/reservations/tv"), evening).finds("floors-too-high floorDown", "channel-conflict reservations[1].channel")
	w.hub.breaks(nil)
	c.at(1).do("PUT", home("/reservations/tv"), strings.Replace(evening, `"tv"`, `"x"`, 1)).finds("id-path id")
	c.at(1).do("DELETE", home("/reservations/tv"), "").refuses(http.StatusNotFound, codeNotFound)
}
