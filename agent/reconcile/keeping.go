package reconcile

import (
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Keeping is what the reservations of a policy come to at a moment.
type Keeping struct {
	Refused map[string]policies.Problems // by id: what this box cannot keep
	Live    []policies.Reservation       // that hold, without the refused ones
	Plans   []policies.ChannelPlan
	Next    time.Time // when something else holds, on the clock of Moment.Passed; zero: not foreseen
}

// Keep judges the reservations of a valid policy by what this box is. One that cannot be kept costs only itself its place.
func Keep(p policies.Policy, f policies.Facts, m Moment) Keeping {
	if len(p.Reservations) == 0 {
		return Keeping{}
	}
	k := Keeping{Refused: policies.Refusals(p, f)}
	p = believed(p, m)
	p.Reservations = slices.DeleteFunc(slices.Clone(p.Reservations), func(r policies.Reservation) bool {
		_, refused := k.Refused[r.ID]
		return refused
	})
	live, changes := policies.Live(p, m.Instant)
	for _, r := range p.Reservations {
		if slices.Contains(live, r.ID) {
			k.Live = append(k.Live, r)
		}
	}
	k.Plans = policies.PlanRadios(p, f.Radios, m.Instant)
	if !m.Synchronised {
		return k // the instant stands still
	}
	k.foresee(changes)
	for _, plan := range k.Plans {
		k.foresee(plan.Returns)
	}
	return k
}

func (k *Keeping) foresee(t *time.Time) {
	if t != nil && (k.Next.IsZero() || t.Before(k.Next)) {
		k.Next = *t
	}
}

// holds finds a reservation among those that hold.
func (k *Keeping) holds(id string) bool {
	return slices.ContainsFunc(k.Live, func(r policies.Reservation) bool { return r.ID == id })
}
