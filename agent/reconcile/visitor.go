package reconcile

import (
	"slices"
	"time"

	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/policies"
)

// scene is what the page of offline devices is drawn from, as it is after a pass. Nobody changes what is in it.
type scene struct {
	policy policies.Policy
	usage  policies.Usage
	moment Moment
}

// show lets other goroutines see what holds.
func (r *Reconciler) show() {
	if r.doc != nil {
		r.shown.Store(&scene{policy: r.doc.policy, usage: r.notes.usage, moment: r.moment})
	}
}

// Look says what holds for a device at this instant, false before any document was accepted.
func (r *Reconciler) Look(mac policies.MAC) (portal.Visitor, bool) {
	s := r.shown.Load()
	if s == nil {
		return portal.Visitor{}, false
	}
	m := s.moment
	if m.Synchronised {
		m.Instant = latest(m.Instant, r.parts.Clock.Now().UTC())
	}
	return Describe(s.policy, s.usage, mac, m)
}

// Now is the box's clock.
func (r *Reconciler) Now() time.Time { return r.parts.Clock.Now() }

// Describe is what the page tells a device at a moment; false for a zone that nobody knows.
func Describe(p policies.Policy, usage policies.Usage, mac policies.MAC, m Moment) (portal.Visitor, bool) {
	zone, err := policies.Location(p.Zone)
	if err != nil {
		return portal.Visitor{}, false
	}
	v := portal.Visitor{MAC: mac, Zone: zone, Now: m.Instant, Sure: m.Synchronised}
	person := ""
	at := slices.IndexFunc(p.Devices, func(d policies.Device) bool { return slices.Contains(d.MACs, mac) })
	if at < 0 {
		v.Verdict = honest(policies.DecideUnknown(believed(p, m), mac, usage, m.Instant), m)
	} else {
		v.Device, person = p.Devices[at].ID, p.Devices[at].Person
		v.Verdict = honest(policies.Decide(believed(p, m), v.Device, usage, m.Instant), m)
	}
	v.Rule, v.By = words(p, v.Verdict.Reason)
	if person != "" {
		v.Budget, v.Used = day(p, usage, person, m.Instant.In(zone))
	}
	return v, true
}

// words are what the family calls the rule that decides, and who decided.
func words(p policies.Policy, reason policies.Reason) (rule, by string) {
	switch reason.Kind {
	case policies.KindSchedule:
		for _, s := range p.Schedules {
			if s.ID == reason.ID {
				rule = s.Name
			}
		}
	case policies.KindException:
		for _, e := range p.Exceptions {
			if e.ID == reason.ID {
				rule = e.Name
			}
		}
	case policies.KindPause, policies.KindBonus:
		for _, o := range p.Overrides {
			if o.ID == reason.ID {
				by = o.By
			}
		}
	}
	return rule, by
}

// day is the smallest budget of a person for the date at now, 0 for none, and what is used of that date.
func day(p policies.Policy, usage policies.Usage, person string, now time.Time) (budget, used time.Duration) {
	for _, b := range p.Budgets {
		amount := time.Duration(b.Amount) * time.Second
		on := slices.Contains(b.Days, policies.Day(now.Weekday().String()))
		if on && b.For.Person == person && (budget == 0 || amount < budget) {
			budget = amount
		}
	}
	use := usage[person][policies.Date(now.Format(time.DateOnly))]
	return budget, time.Duration(use.Minutes) * time.Minute
}
