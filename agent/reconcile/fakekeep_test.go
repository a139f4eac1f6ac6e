package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/agent/radio"
	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// fakeShaper is a kernel's traffic control: it holds what was applied.
type fakeShaper struct {
	*turn
	wanted  shaping.Wanted
	applies int
	fail    error  // of each call
	lost    string // why no floor is in force, "" if they are
	hangs   bool   // until nobody waits any more
}

func (f *fakeShaper) String() string {
	var out []string
	for _, one := range f.wanted.Floors {
		out = append(out, fmt.Sprintf("%s %v %d/%d", one.ID, one.Marks, one.Down, one.Up))
	}
	return strings.Join(out, "; ")
}

func (f *fakeShaper) Apply(ctx context.Context, w shaping.Wanted) error {
	f.pass()
	f.applies++
	if f.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	if f.fail == nil {
		f.wanted = w
	}
	return f.fail
}

func (f *fakeShaper) State(context.Context) ([]shaping.FloorState, error) {
	f.pass()
	var out []shaping.FloorState
	for _, one := range f.wanted.Floors {
		s := shaping.FloorState{ID: one.ID, InForce: f.lost == "", Why: f.lost}
		if s.InForce {
			s.Down, s.Up = one.Down, one.Up
		}
		out = append(out, s)
	}
	return out, f.fail
}

// fakeRadio is one radio with its hostapd: it does at once what it is told.
type fakeRadio struct {
	*turn
	now     policies.Radio
	gone    bool // hostapd does not answer
	hangs   bool // hostapd answers nobody until they give up
	fail    error
	state   wire.Hold
	refused []policies.MAC
	plans   []policies.ChannelPlan
	next    time.Time
	looks   int
	applies int
}

func newFakeRadio(t *turn) *fakeRadio {
	channels := []policies.Channel{}
	for _, number := range []int{36, 40, 44, 48, 52} {
		channels = append(channels, policies.Channel{
			Number: number, Frequency: 5000 + 5*number, Widths: []int{20, 40, 80}, Radar: number > 48, Busy: -1,
		})
	}
	return &fakeRadio{turn: t, state: wire.HoldInForce, now: policies.Radio{
		Name: "wlan0", Band: policies.Band5, Country: "FR", Channels: channels, Channel: 36, Width: 20, State: policies.RadioUp, Load: 10,
		BSSes:    []policies.BSS{{Interface: "wlan0", BSSID: "02:00:00:00:02:00", SSID: "home"}},
		Stations: []policies.Station{}, Radar: []policies.Radar{},
	}}
}

func (f *fakeRadio) Look(ctx context.Context) ([]policies.Radio, error) {
	f.pass()
	f.looks++
	if f.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if f.gone {
		return nil, nil
	}
	one := f.now
	one.Stations = slices.Clone(one.Stations)
	return []policies.Radio{one}, nil
}

func (f *fakeRadio) Apply(ctx context.Context, w radio.Wanted, _ time.Time) error {
	f.pass()
	f.applies++
	if f.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	if f.fail != nil {
		return f.fail
	}
	f.refused, f.plans = w.Refused, w.Plans
	for _, plan := range w.Plans {
		f.now.Channel, f.now.Width = plan.Channel, plan.Width
	}
	return nil
}

func (f *fakeRadio) State() []radio.RadioState {
	f.pass()
	s := radio.RadioState{Radio: "wlan0", State: wire.HoldIdle, Channel: f.now.Channel, Width: f.now.Width}
	for _, plan := range f.plans {
		s.Reservations, s.State, s.Exclusive, s.Returns = plan.Reservations, f.state, plan.Exclusive, plan.Returns
		if s.State == wire.HoldInForce && plan.Why == policies.SelectDFS {
			s.State, s.Why = wire.HoldMoved, "radar"
		}
		s.After = map[string]wire.Figures{}
		for _, one := range f.now.Stations {
			s.After[plan.Devices[0]] = wire.Figures{Signal: one.Signal, Rate: one.TxRate, Retries: -1, At: time.Now()}
		}
	}
	return []radio.RadioState{s}
}

func (f *fakeRadio) Next() time.Time {
	f.pass()
	return f.next
}

func (f *fakeRadio) KeptOff() map[policies.MAC]bool {
	f.pass()
	out := map[policies.MAC]bool{}
	for _, mac := range f.refused {
		out[mac] = !f.gone && !f.hangs
	}
	return out
}

// withLine is a home of which the line is known, withRadio one with a radio as well.
func withLine(h *home) {
	h.line = policies.Line{Down: 100e6, Up: 20e6, Source: policies.LineConfigured}
}

func withRadio(h *home) {
	withLine(h)
	h.radio = newFakeRadio(h.turn)
}

func reserve(r policies.Reservation) func(*policies.Policy) {
	if r.Devices == nil {
		r.Devices = []string{"tv"}
	}
	return func(p *policies.Policy) { p.Reservations = append(p.Reservations, r) }
}

var film = policies.Reservation{ID: "film", FloorDown: 25e6, FloorUp: 2e6}

func (h *home) shape(want string) {
	h.Helper()
	if got := h.shaper.String(); got != want {
		h.Errorf("floors at %s: %q, want %q", h.clock.Now().Format(time.RFC3339), got, want)
	}
}

func (h *home) reservation(id string) wire.ReservationState {
	h.Helper()
	for _, r := range h.Reported().Reservations {
		if r.ID == id {
			return r
		}
	}
	h.Fatalf("reservation %q is not reported", id)
	return wire.ReservationState{}
}
