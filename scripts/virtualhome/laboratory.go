package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// laboratory is what scripts/wifilab shows: what a family asks for by HTTP, and what the radios then do.
func laboratory() tale {
	return tale{kind: "wifilab", part: "case", name: "wifi", steps: []step{
		{"radios", tellRadios},
		{"stations", tellStations},
		{"refuse", tellRefuse},
		{"schedule", tellHours},
		{"accept-list", tellAcceptList},
		{"validation", tellValidation},
		{"follow", tellFollow},
		{"exclusive", tellExclusive},
		{"hostapd-killed", tellHostapdKilled},
		{"rollback", tellRollback},
		{"radar", tellRadar},
	}}
}

// tellRadios waits until the app shows both radios and who is on them.
func tellRadios(ctx context.Context, t *telling) (figures, error) {
	begun := time.Now()
	s, err := t.Client.Await(ctx, "the radios to be shown", func(s State) error {
		if len(s.Radios) != 2 || len(s.Radios[0].Stations)+len(s.Radios[1].Stations) != 2 {
			return fmt.Errorf("the radios are %+v", s.Radios)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f := figures{"shownMs": milliseconds(time.Since(begun))}
	for _, r := range s.Radios {
		f[string(r.Band)+"-channels"] = len(r.Channels)
		f[string(r.Band)+"-country"] = r.Country
	}
	return f, nil
}

// forTV is the reservation that the cases change.
func forTV(with func(*policies.Reservation)) policies.Reservation {
	r := policies.Reservation{
		ID: "film", Name: "Film", Devices: []string{"tv"}, Band: policies.Band5, Channel: 44, Width: 80,
		Windows: []policies.WeekWindow{},
	}
	if with != nil {
		with(&r)
	}
	return r
}

// reserve asks for a reservation; it does not wait.
func (t *telling) reserve(ctx context.Context, r policies.Reservation) error {
	_, err := t.Client.Change(ctx, http.MethodPut, "/reservations/"+r.ID, r)
	return err
}

// release takes the reservation back and waits until the box keeps it no more.
func (t *telling) release(ctx context.Context) error {
	if _, err := t.Client.Change(ctx, http.MethodDelete, "/reservations/film", nil); err != nil {
		return err
	}
	_, err := t.Client.Await(ctx, "the reservation to be gone", func(s State) error {
		if len(s.Reservations) > 0 || s.Delivery != "in-force" {
			return fmt.Errorf("delivery is %q, the reservations are %+v", s.Delivery, s.Reservations)
		}
		return nil
	})
	return err
}

// holds waits until the app shows the reservation in a state.
func (t *telling) holds(ctx context.Context, want wire.Hold) (wire.ReservationState, error) {
	s, err := t.Client.Await(ctx, fmt.Sprintf("the reservation to be %s", want), func(s State) error {
		if r := s.Reservation("film"); r.State != want || s.Delivery != "in-force" {
			return fmt.Errorf("delivery is %q, the reservation is %+v", s.Delivery, r)
		}
		return nil
	})
	return s.Reservation("film"), err
}
