package mobileapi

import (
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// reservationRows is the reservations of the policy in its order, then those that were taken back and that the box still
// keeps.
func reservationRows(p policies.Policy, reported wire.Reported, now time.Time) []ReservationRow {
	rows := make([]ReservationRow, 0, len(p.Reservations))
	for _, r := range p.Reservations {
		row := ReservationRow{ID: r.ID, Asked: true, InForce: holdOf(reported, r.ID)}
		live, changes := policies.Live(policies.Policy{Zone: p.Zone, Reservations: []policies.Reservation{r}}, now)
		row.Live, row.Changes = len(live) > 0, changes
		rows = append(rows, row)
	}
	for i, said := range reported.Reservations {
		known := slices.ContainsFunc(p.Reservations, func(r policies.Reservation) bool { return r.ID == said.ID })
		if !known && keeps(said.State) {
			rows = append(rows, ReservationRow{ID: said.ID, InForce: &reported.Reservations[i]})
		}
	}
	return rows
}

func holdOf(reported wire.Reported, id string) *wire.ReservationState {
	i := slices.IndexFunc(reported.Reservations, func(s wire.ReservationState) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &reported.Reservations[i]
}

// keeps reports whether something is different on the box because of a reservation.
func keeps(h wire.Hold) bool {
	switch h {
	case wire.HoldIdle, wire.HoldRefused, wire.HoldRolledBack, wire.HoldDelayed:
		return false
	}
	return true
}

// radiosOf is the radios with lists that are never null, whatever the box has left out.
func radiosOf(reported wire.Reported) []Radio {
	radios := make([]Radio, 0, len(reported.Radios))
	for _, r := range reported.Radios {
		r.Channels, r.BSSes, r.Stations, r.Radar = filled(r.Channels), filled(r.BSSes), filled(r.Stations), filled(r.Radar)
		for i := range r.Channels {
			r.Channels[i].Widths = filled(r.Channels[i].Widths)
		}
		radios = append(radios, r)
	}
	return radios
}

// filled is a copy that is never nil.
func filled[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }
