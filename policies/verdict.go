package policies

import (
	"slices"
	"time"
)

// Kind says which rule decided, in the order of precedence.
type Kind string

const (
	KindRefused   Kind = "refused"
	KindPause     Kind = "pause"
	KindBonus     Kind = "bonus"
	KindException Kind = "exception"
	KindBudget    Kind = "budget"
	KindSchedule  Kind = "schedule"
	KindUnknown   Kind = "unknown"
	KindAllowed   Kind = "allowed"
)

// Reason names the rule that won. ID is that of the override, exception, budget or schedule; the device's id for
// refused, its MAC for unknown, "" for allowed.
type Reason struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// Verdict says whether a device is online at an instant, and why.
type Verdict struct {
	Online  bool       `json:"online"`
	Reason  Reason     `json:"reason"`
	Since   *time.Time `json:"since,omitempty"`   // start of this reason; absent beyond the horizon
	Until   *time.Time `json:"until,omitempty"`   // end of this reason; absent beyond the horizon
	Changes *time.Time `json:"changes,omitempty"` // when Online next flips; absent beyond the horizon
}

// Horizon is how far behind and ahead of now a verdict looks for its bounds: longer than the longest window.
const Horizon = 8 * 24 * time.Hour

// Use is what a person has used of a local date.
type Use struct {
	Minutes int       `json:"minutes"`
	Last    time.Time `json:"last"` // end of the newest counted minute: a budget that is used up ends the time online there
	Hours   Hours     `json:"hours,omitzero"`
}

// Hours is the minutes that began in each hour of a date by the wall clock: up to 120 in an hour that the clock repeats.
// All zero: not known.
type Hours [24]int

// Usage is the online minutes counted so far: person id, then local date. A nil Usage means none.
type Usage map[string]map[Date]Use

// BudgetBytes is how much a device must move within a minute for the minute to count: more than this.
const BudgetBytes = 50_000

// Decide is the verdict at an instant for a device of the policy.
// An id that the policy does not have is judged like an unknown device without an address.
//
// It is a Compile over a Horizon to both sides, for one device. Who wants the verdicts of many devices compiles once
// and asks [Timeline.At]. A policy that Compile refuses gets the zero Verdict: offline, for no reason.
func Decide(p Policy, device string, usage Usage, now time.Time) Verdict {
	i := slices.IndexFunc(p.Devices, func(d Device) bool { return d.ID == device })
	if i < 0 {
		return DecideUnknown(p, "", usage, now)
	}
	now = within(now)
	c, err := newCompiler(about(p, p.Devices[i]), usage, now.Add(-Horizon), now.Add(Horizon))
	if err != nil {
		return Verdict{}
	}
	return judged(c.device(p.Devices[i]), now)
}

// DecideUnknown is the verdict at an instant for a device that nobody has named, by its MAC. The home's own
// overrides, exceptions and schedules hold for it too, in the order of precedence.
func DecideUnknown(p Policy, mac MAC, usage Usage, now time.Time) Verdict {
	now = within(now)
	c, err := newCompiler(about(p, Device{}), usage, now.Add(-Horizon), now.Add(Horizon))
	if err != nil {
		return Verdict{}
	}
	return judged(c.unknown(p.Unknown), now).of(mac)
}

// At is the verdict at an instant within the timeline for a device of its policy, or for one of the unknown devices,
// without an address, if the policy does not have the id. Bounds at the timeline's own ends are absent: compile over
// a Horizon to both sides for what Decide says. Outside the timeline it is the zero Verdict.
func (t Timeline) At(device string, now time.Time) Verdict {
	if spans, ok := t.Devices[device]; ok {
		return judged(spans, now)
	}
	return t.AtUnknown("", now)
}

// AtUnknown is At for a device that nobody has named.
func (t Timeline) AtUnknown(mac MAC, now time.Time) Verdict { return judged(t.Unknown, now).of(mac) }

// judged reads the verdict at an instant off a whole timeline.
func judged(spans []Span, now time.Time) Verdict {
	i, _ := slices.BinarySearchFunc(spans, now, func(s Span, t time.Time) int {
		if s.To.After(t) {
			return 1
		}
		return -1
	})
	if i == len(spans) || now.Before(spans[i].From) {
		return Verdict{}
	}
	s := spans[i]
	v := Verdict{Online: s.Online, Reason: s.Reason}
	if i > 0 {
		v.Since = &s.From
	}
	if i < len(spans)-1 {
		v.Until = &s.To
	}
	for _, s := range spans[i+1:] {
		if s.Online != v.Online {
			v.Changes = &s.From
			break
		}
	}
	return v
}

// of puts a device's address where the rule for unknown devices decides.
func (v Verdict) of(mac MAC) Verdict {
	if v.Reason.Kind == KindUnknown {
		v.Reason.ID = string(mac)
	}
	return v
}

// within moves an instant that no clock should show to the nearest one that can be reckoned with.
func within(now time.Time) time.Time {
	switch year := now.UTC().Year(); {
	case year <= 1900:
		return time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC)
	case year >= 2200:
		return time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return now
}

// about is a policy without the rules that cannot matter to a device.
func about(p Policy, d Device) Policy {
	p.Schedules = covering(d, p.Schedules, func(s Schedule) Target { return s.For })
	p.Exceptions = covering(d, p.Exceptions, func(e Exception) Target { return e.For })
	p.Overrides = covering(d, p.Overrides, func(o Override) Target { return o.For })
	p.Budgets = covering(d, p.Budgets, func(b Budget) Target { return b.For })
	return p
}

func covering[T any](d Device, rules []T, target func(T) Target) []T {
	var kept []T
	narrowest := d.targets()
	for _, r := range rules {
		if t := target(r); t != (Target{}) && slices.Contains(narrowest[:], t) {
			kept = append(kept, r)
		}
	}
	return kept
}
