package policies

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Marshal is the canonical JSON of a policy: what Parse reads, lists never null. It does not validate.
func Marshal(p Policy) ([]byte, error) {
	data, err := json.Marshal(Canonical(p))
	if err != nil {
		return nil, fmt.Errorf("encoding policy: %w", err)
	}
	return data, nil
}

// Canonical is the one way to write what a policy says: defaults filled in, lists never nil, MACs in lower case with
// colons, days in the order of the week, instants in UTC. What cannot be read stays as it is, for Validate to name.
// The result shares nothing with p.
func Canonical(p Policy) Policy {
	if p.Unknown == "" {
		p.Unknown = UnknownAllow
	}
	if p.Effect == "" {
		p.Effect = EffectNoInternet
	}
	p.People = filled(p.People)
	p.Devices = filled(p.Devices)
	for i := range p.Devices {
		p.Devices[i].MACs = canonicalMACs(p.Devices[i].MACs)
	}
	p.Schedules = filled(p.Schedules)
	for i := range p.Schedules {
		p.Schedules[i].Days = canonicalDays(p.Schedules[i].Days)
	}
	p.Exceptions = filled(p.Exceptions)
	for i := range p.Exceptions {
		p.Exceptions[i].Windows = filled(p.Exceptions[i].Windows)
	}
	p.Overrides = filled(p.Overrides)
	for i := range p.Overrides {
		p.Overrides[i].At = p.Overrides[i].At.Round(0).UTC()
		p.Overrides[i].Until = canonicalInstant(p.Overrides[i].Until)
	}
	p.Budgets = filled(p.Budgets)
	for i := range p.Budgets {
		p.Budgets[i].Days = canonicalDays(p.Budgets[i].Days)
	}
	p.Reservations = filled(p.Reservations)
	for i := range p.Reservations {
		p.Reservations[i] = canonicalReservation(p.Reservations[i])
	}
	return p
}

// filled is a copy that is never nil.
func filled[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

func canonicalReservation(r Reservation) Reservation {
	r.Devices = filled(r.Devices)
	r.Fallback = slices.Clone(r.Fallback)
	if len(r.Fallback) == 0 {
		r.Fallback = nil
	}
	r.Windows = filled(r.Windows)
	for i := range r.Windows {
		r.Windows[i].Days = canonicalDays(r.Windows[i].Days)
	}
	return r
}

func canonicalInstant(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.Round(0).UTC()
	return &utc
}

func canonicalMACs(macs []MAC) []MAC {
	macs = filled(macs)
	for i, m := range macs {
		if parsed, err := ParseMAC(string(m)); err == nil {
			macs[i] = parsed
		}
	}
	return macs
}

// canonicalDays sorts days unless one of them is none.
func canonicalDays(days []Day) []Day {
	days, order := filled(days), week()
	for _, d := range days {
		if !slices.Contains(order, d) {
			return days
		}
	}
	slices.SortStableFunc(days, func(a, b Day) int { return slices.Index(order, a) - slices.Index(order, b) })
	return days
}
