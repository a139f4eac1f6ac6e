package radio

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Apply brings every radio closer to what is wanted of it, from what is true now. It sends commands and does not wait for what they
// cause: call it again at [Radios.Next], and when [Radios.Watch] rings. now is the instant at which plans are judged; deadlines run on
// the monotonic clock.
func (r *Radios) Apply(ctx context.Context, w Wanted, now time.Time) error {
	views, err := r.see(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	tick := time.Now()
	refused := first(w.Refused, views)
	r.lacks(len(refused) < len(w.Refused), "refusals-left-out",
		"more devices are to be kept off than hostapd's lists tell: those that have joined come first")
	next, states, failed := time.Time{}, []RadioState{}, []error{err}
	kept := map[policies.MAC]bool{}
	for _, mac := range w.Refused {
		kept[mac] = len(views) > 0 && slices.Contains(refused, mac)
	}
	for _, v := range views {
		s := situation{now: tick, deadline: r.config.Deadline, refused: refused, cloud: w.Cloud, views: views}
		d := r.decide(v, &s, w)
		for _, mac := range refused {
			kept[mac] = kept[mac] && v.keeps(mac)
		}
		if answered, err := r.send(ctx, v, d.orders); err != nil {
			d.next = earlier(d.next, tick.Add(soon))
			if m := r.remember(v.radio.Name); !errors.Is(err, errRefused) || !m.turnedDown(tick) {
				m.interrupted(tick, answered < d.moves)
				failed = append(failed, err)
			}
		}
		if changes(d.orders) {
			d.next = earlier(d.next, tick.Add(soon/4))
		}
		next = earlier(next, d.next)
		states = append(states, r.state(v, d, s, now))
	}
	states = append(states, r.missing(w, views, now)...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.states, r.kept, r.next = states, kept, time.Time{}
	if !next.IsZero() {
		r.next = now.Add(next.Sub(tick))
	}
	return errors.Join(failed...)
}

// changes reports whether orders were sent whose effect is to be looked at.
func changes(orders []order) bool {
	return slices.ContainsFunc(orders, func(o order) bool { return !o.mayFail || strings.HasPrefix(o.command, "DEAUTHENTICATE") })
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// first are those of the addresses to keep off that hostapd's lists can hold: who has joined counts before who is kept off already, and
// that one before the others.
func first(refused []policies.MAC, views []view) []policies.MAC {
	out := slices.Clone(refused)
	if len(out) <= maxRefused {
		return out
	}
	rank := func(mac policies.MAC) int {
		listed := false
		for _, v := range views {
			if _, joined := v.find(mac); joined {
				return 0
			}
			for _, d := range v.doors {
				listed = listed || d.deny.has(mac)
			}
		}
		if listed {
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b policies.MAC) int { return rank(a) - rank(b) })
	return out[:maxRefused]
}

// keeps reports whether an address is kept off every BSS of a radio.
func (v view) keeps(mac policies.MAC) bool {
	if len(v.doors) < len(v.status.bsses) {
		return false
	}
	for _, d := range v.doors {
		if !d.deny.has(mac) || d.accept.has(mac) || slices.Contains(d.joined, mac) {
			return false
		}
	}
	return true
}

// decide is all that is to be done for one radio.
func (r *Radios) decide(v view, s *situation, w Wanted) decision {
	m := r.remember(v.radio.Name)
	d := decision{hold: wire.HoldIdle}
	i := slices.IndexFunc(w.Plans, func(p policies.ChannelPlan) bool { return p.Radio == v.radio.Name })
	g := guests{refused: s.refused}
	if i < 0 {
		m.key, m.trial, m.failure, m.tries, m.closed, m.asked, m.steering = "", nil, nil, 0, false, nil, time.Time{}
	} else {
		s.plan = w.Plans[i]
		s.devices = map[string][]policies.MAC{}
		for _, id := range s.plan.Devices {
			s.devices[id] = w.MACs[id]
			s.members = append(s.members, w.MACs[id]...)
		}
		m.adopt(s.plan)
		d = m.move(v, *s)
		if d.hold == wire.HoldRolledBack || !s.plan.Exclusive {
			m.closed, m.steering = false, time.Time{}
		} else if d.ours {
			g.closed = m.admit(v, *s, &d)
		}
		g.members = s.members
		g.closed = g.closed || m.closed
		if d.ours && v.radio.State == policies.RadioUp {
			orders, elsewhere := m.invite(v, *s)
			d.orders = append(d.orders, orders...)
			if elsewhere && d.why == "" {
				d.hold, d.why = wire.HoldPartly, whyElsewhere
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.doors)) {
		if !v.doors[name].whole {
			continue
		}
		for _, command := range v.doors[name].commands(g) {
			d.orders = append(d.orders, order{bss: name, command: command, mayFail: strings.HasPrefix(command, "DEAUTHENTICATE")})
		}
	}
	return d
}

// admit closes an exclusive radio to others once its channel is in force.
func (m *memory) admit(v view, s situation, d *decision) bool {
	closed, orders := m.closes(v, s)
	d.orders = append(d.orders, orders...)
	switch {
	case !closed:
		d.hold, d.why, d.next = wire.HoldApplying, whySteering, earlier(d.next, s.now.Add(soon))
	case slices.ContainsFunc(slices.Collect(maps.Values(v.doors)), func(d door) bool { return !d.whole }):
		d.hold, d.why = wire.HoldPartly, whyList
	case !v.keepsOut(s):
		d.hold, d.why = wire.HoldApplying, whySteering
	}
	return closed
}

// keepsOut reports whether only members are on the radio, and nobody else stays on one of its BSSes: each is closed, or empty and watched.
func (v view) keepsOut(s situation) bool {
	return len(v.doors) == len(v.status.bsses) && len(s.others(v)) == 0
}

// send gives the orders, in their order, and says how many of them were answered. A BSS that refuses one gets the others all the same; a
// hostapd that does not answer gets no more.
func (r *Radios) send(ctx context.Context, v view, orders []order) (answered int, err error) {
	paths, err := r.sockets()
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(orders, func(o order) bool { return o.command == "ENABLE" }) {
		ctx = context.WithoutCancel(ctx) // half a restart would leave the radio off; each step has its deadline
	}
	var failed []error
	for i, o := range orders {
		err := r.give(ctx, paths[o.bss], o.command)
		if err != nil && !(o.mayFail && errors.Is(err, errRefused)) {
			failed = append(failed, fmt.Errorf("radio %q: %w", v.radio.Name, err))
		}
		if err != nil && !errors.Is(err, errRefused) {
			return i, errors.Join(failed...)
		}
	}
	return len(orders), errors.Join(failed...)
}

func (r *Radios) give(ctx context.Context, path, command string) (err error) {
	s, err := r.ends.dial(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return s.order(ctx, command)
}

// Clear takes away everything of ours from every BSS. The channel stays as it is: a switch back would cost stations, and hostapd's own
// file counts again when it starts.
func (r *Radios) Clear(ctx context.Context) error {
	views, err := r.see(ctx)
	failed := []error{err}
	for _, v := range views {
		var orders []order
		for name, d := range v.doors {
			for _, command := range d.commands(guests{}) {
				orders = append(orders, order{bss: name, command: command})
			}
		}
		_, err := r.send(ctx, v, orders)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
