package reconcile

import (
	"slices"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// ahead is how far the kernel is told the timeline: for so long it keeps it without the agent.
const ahead = 48 * time.Hour

// Plan is what should be true at a moment.
type Plan struct {
	Wanted  firewall.Wanted
	Offline map[string]bool // by device id; "" stands for the devices that nobody has named
	Next    time.Time       // when another rule decides about some device, on the clock of Moment.Passed; zero: not foreseen
}

// Decide makes the plan of a valid policy. Each window that starts within the next 48 hours is in it, with its true end.
//
// Without a synchronised clock there are no windows, only being offline or not, as at the newest instant known for certain. What
// has certainly ended since has ended all the same.
func Decide(p policies.Policy, usage policies.Usage, m Moment) (Plan, error) {
	p = believed(p, m)
	t, err := policies.Compile(p, usage, m.Instant, m.Instant.Add(ahead+policies.Horizon))
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{Offline: map[string]bool{}}
	windows := func(id string, spans []policies.Span) []firewall.Window {
		plan.Offline[id] = !spans[0].Online
		if !m.Synchronised {
			return plain(spans[0])
		}
		if next := spans[0].To; next.Before(t.To) && (plan.Next.IsZero() || next.Before(plan.Next)) {
			plan.Next = next
		}
		return offline(spans, t.From, t.To)
	}
	for _, d := range p.Devices {
		plan.Wanted.Devices = append(plan.Wanted.Devices, firewall.Device{ID: d.ID, MACs: d.MACs, Windows: windows(d.ID, t.Devices[d.ID])})
	}
	plan.Wanted.Unknown = windows("", t.Unknown)
	if !m.Synchronised {
		plan.Next = firstEnd(p)
	}
	return plan, nil
}

// believed is the part of a policy that can be judged at a moment.
func believed(p policies.Policy, m Moment) policies.Policy {
	if m.Synchronised {
		return p
	}
	p.Overrides = slices.DeleteFunc(slices.Clone(p.Overrides), func(o policies.Override) bool {
		return o.Until != nil && !o.Until.After(m.Passed)
	})
	if p.Clock == policies.ClockAllow {
		p.Schedules, p.Exceptions, p.Budgets = nil, nil, nil
		p.Reservations = slices.DeleteFunc(slices.Clone(p.Reservations), func(r policies.Reservation) bool { return len(r.Windows) > 0 })
	}
	return p
}

// firstEnd is the first end of an override, zero if none ends.
func firstEnd(p policies.Policy) time.Time {
	var first time.Time
	for _, o := range p.Overrides {
		if o.Until != nil && (first.IsZero() || o.Until.Before(first)) {
			first = *o.Until
		}
	}
	return first
}

func plain(s policies.Span) []firewall.Window {
	if s.Online {
		return nil
	}
	return []firewall.Window{{}}
}

// offline makes windows of the spans offline. What has begun has a zero From, what does not end before to has a zero To. Both ends are
// rounded up to the second, so that nobody is let out early; the agent itself wakes at the true instant.
func offline(spans []policies.Span, from, to time.Time) []firewall.Window {
	var out []firewall.Window
	open := false // the last window may go on
	for _, s := range spans {
		if s.Online {
			open = false
			continue
		}
		if !open && !s.From.Before(from.Add(ahead)) {
			break
		}
		if !open {
			out = append(out, firewall.Window{From: ceil(s.From)})
			if s.From.Equal(from) {
				out[0].From = time.Time{}
			}
		}
		open = true
		out[len(out)-1].To = ceil(s.To)
	}
	for i := range out {
		if !out[i].To.Before(to) {
			out[i].To = time.Time{}
		}
	}
	return slices.DeleteFunc(out, func(w firewall.Window) bool { return !w.From.IsZero() && w.From.Equal(w.To) })
}

func ceil(t time.Time) time.Time {
	if up := t.Truncate(time.Second); !up.Equal(t) {
		return up.Add(time.Second)
	}
	return t
}

// Judge is the verdict for every device of the policy, in its order, and then for each unnamed one that has been seen.
func Judge(p policies.Policy, usage policies.Usage, seen []devices.Sighting, m Moment) ([]wire.DeviceState, error) {
	p = believed(p, m)
	t, err := policies.Compile(p, usage, m.Instant.Add(-policies.Horizon), m.Instant.Add(policies.Horizon))
	if err != nil {
		return nil, err
	}
	var out []wire.DeviceState
	sighted := make(map[policies.MAC]devices.Sighting, len(seen))
	for _, s := range seen {
		sighted[s.MAC] = s
	}
	for _, d := range p.Devices {
		state := wire.DeviceState{ID: d.ID, Verdict: honest(t.At(d.ID, m.Instant), m)}
		for _, mac := range d.MACs {
			s, ok := sighted[mac]
			if ok && (state.MAC == "" || s.Present && !state.Present) {
				state.MAC, state.Hostname, state.Present = string(mac), s.Hostname, s.Present
			}
			delete(sighted, mac)
		}
		out = append(out, state)
	}
	for _, s := range seen {
		if _, unnamed := sighted[s.MAC]; !unnamed {
			continue
		}
		verdict := honest(t.AtUnknown(s.MAC, m.Instant), m)
		out = append(out, wire.DeviceState{MAC: string(s.MAC), Hostname: s.Hostname, Present: s.Present, Verdict: verdict})
	}
	return out, nil
}

// honest takes from a verdict what cannot be promised without a clock: that it will change by itself.
// The end of an override stays: it is noticed when it has certainly passed.
func honest(v policies.Verdict, m Moment) policies.Verdict {
	if m.Synchronised {
		return v
	}
	v.Changes = nil
	if v.Reason.Kind != policies.KindPause && v.Reason.Kind != policies.KindBonus {
		v.Until = nil
	}
	return v
}
