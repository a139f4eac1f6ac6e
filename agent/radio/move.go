package radio

import (
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	calmTime  = time.Minute // without traffic after which a radio is idle
	calmBytes = 64 << 10    // in that time: beacons of life are no traffic
	calmEvery = 20 * time.Second
)

// situation is all beside one radio itself that a decision depends on.
type situation struct {
	now      time.Time // with its monotonic reading
	deadline time.Duration
	plan     policies.ChannelPlan
	devices  map[string][]policies.MAC // of the plan, by id
	members  []policies.MAC            // of all of them
	refused  []policies.MAC
	cloud    bool
	views    []view // of every radio
}

// find looks for a station on every radio.
func (s situation) find(mac policies.MAC) (station, bool) {
	for _, v := range s.views {
		if st, ok := v.find(mac); ok {
			return st, true
		}
	}
	return station{}, false
}

// move decides about the channel of a radio that a plan wants.
func (m *memory) move(v view, s situation) decision {
	if key := strings.Join(s.plan.Reservations, " "); m.key != key {
		m.key, m.failure, m.tries, m.quiet, m.before = key, nil, 0, calm{}, nil
	}
	to := place{s.plan.Channel, s.plan.Width}
	if m.trial != nil && m.trial.to != to {
		m.trial = nil // the plan has changed on the way; what is true is looked at anew
	}
	if m.trial != nil {
		if d, ok := m.judge(v, s); ok {
			return d
		}
	}
	if f := m.failure; f != nil && !s.now.Before(f.until) {
		m.failure = nil
	} else if f != nil && f.to == to { // another channel may be tried at once, this one not even if the best one was another meanwhile
		return m.goBack(v, s)
	}
	state := v.radio.State
	needsCheck := s.plan.Check && !v.clear(to)
	switch {
	case v.place() == to && state == policies.RadioUp:
		return decision{hold: m.reached(s.plan), why: m.reason(s.plan), ours: true}
	case v.place() == to && state == policies.RadioCheck:
		return decision{hold: wire.HoldChecking, ours: true, next: s.now.Add(5 * soon)}
	case state == policies.RadioDown:
		return decision{hold: wire.HoldApplying, why: whyDown, detail: "hostapd says " + v.status.state, next: s.now.Add(5 * soon)}
	case v.hit(to, s.now): // hostapd would check some other channel instead
		return decision{hold: wire.HoldPartly, why: whyRadar}
	case state == policies.RadioUp && needsCheck && !s.plan.Now && !m.idle(v, s.now):
		return decision{hold: wire.HoldDelayed, why: whyBusy, next: s.now.Add(calmEvery)}
	}
	return m.begin(v, s)
}

// calm is since when hardly anything was sent on a radio.
type calm struct {
	since time.Time
	bytes uint64
}

// idle reports whether nobody would notice that the radio is silent for a minute: nobody has joined, or nobody does anything.
func (m *memory) idle(v view, now time.Time) bool {
	if len(v.stations) == 0 {
		return true
	}
	bytes := uint64(0)
	for _, st := range v.stations {
		bytes += st.bytes
	}
	if m.quiet.since.IsZero() || bytes < m.quiet.bytes || bytes > m.quiet.bytes+calmBytes {
		m.quiet = calm{since: now, bytes: bytes}
	}
	return now.Sub(m.quiet.since) >= calmTime
}
