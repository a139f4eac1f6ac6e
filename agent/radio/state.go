package radio

import (
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// state makes what is said of a radio, and logs it if it is something else than before.
func (r *Radios) state(v view, d decision, s situation, now time.Time) RadioState {
	m := r.remember(v.radio.Name)
	now = now.Round(0).UTC()
	st := RadioState{
		Radio: v.radio.Name, Reservations: s.plan.Reservations, State: d.hold, Why: d.why, Detail: d.detail,
		Channel: v.radio.Channel, Width: v.radio.Width, Exclusive: m.closed && v.keepsOut(s), Since: now, Returns: s.plan.Returns,
	}
	if !d.returns.IsZero() {
		at := now.Add(d.returns.Sub(s.now)).Round(0).UTC()
		if last := m.state.Returns; last != nil && last.Sub(at).Abs() < 3*time.Second {
			at = *last
		}
		st.Returns = &at
	}
	if d.hold != wire.HoldIdle {
		figures := v.measured(s, now)
		reached := d.hold == wire.HoldInForce || d.hold == wire.HoldMoved || d.hold == wire.HoldPartly
		started := m.trial != nil && m.trial.from != v.place()
		if !reached && !started && len(figures) > 0 {
			m.before = figures
		}
		st.Before, st.After = m.before, figures
	}
	if m.state.State == st.State && m.state.Why == st.Why && m.state.Channel == st.Channel && m.state.Width == st.Width {
		st.Since = m.state.Since
	} else {
		r.log.Info("a radio's state changed", "radio", st.Radio, "state", st.State, "why", st.Why, "channel", st.Channel, "width", st.Width)
	}
	m.state = st
	return st
}

// measured is how well the reserved devices are received on a radio now. Of a device under several addresses the one that has joined
// counts.
func (v view) measured(s situation, now time.Time) map[string]wire.Figures {
	out := map[string]wire.Figures{}
	for id, macs := range s.devices {
		for _, st := range v.radio.Stations {
			if slices.Contains(macs, st.MAC) {
				out[id] = figure(st, v.phy != nil, now)
			}
		}
	}
	return out
}

func figure(st policies.Station, retries bool, now time.Time) wire.Figures {
	f := wire.Figures{Signal: st.Signal, Retries: -1, Rate: st.TxRate, At: now}
	if sent := st.Packets + st.Retries; retries && sent > 0 {
		f.Retries = int(min(100, st.Retries*100/sent))
	}
	return f
}

// missing are the plans whose radio is not there.
func (r *Radios) missing(w Wanted, views []view, now time.Time) []RadioState {
	var out []RadioState
	for _, p := range w.Plans {
		if slices.ContainsFunc(views, func(v view) bool { return v.radio.Name == p.Radio }) {
			continue
		}
		m := r.remember(p.Radio)
		st := RadioState{Radio: p.Radio, Reservations: p.Reservations, State: wire.HoldPartly, Why: whyMissing, Since: now, Returns: p.Returns}
		if len(views) == 0 {
			st.Why = whyAway
		}
		if m.state.State == st.State && m.state.Why == st.Why {
			st.Since = m.state.Since
		}
		m.state = st
		out = append(out, st)
	}
	slices.SortStableFunc(out, func(a, b RadioState) int { return strings.Compare(a.Radio, b.Radio) })
	return out
}

// forget drops what hostapd's end has made untrue. A switch that was under way when hostapd went away is not tried again soon: it may be
// why.
func (r *Radios) forget(views []view) {
	for name, m := range r.memory {
		if slices.ContainsFunc(views, func(v view) bool { return v.radio.Name == name }) {
			continue
		}
		if t := m.trial; t != nil && t.moved.IsZero() {
			pause := min(firstPause<<min(m.tries, 8), longestWait)
			m.failure, m.tries = &failure{to: t.to, why: whySwitch, until: time.Now().Add(pause)}, m.tries+1
		}
		m.trial, m.survey = nil, nil
	}
}
