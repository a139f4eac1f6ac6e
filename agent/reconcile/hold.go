package reconcile

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/agent/radio"
	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Codes of what is not as asked, beside those of policies, shaping and radio.
const (
	whyNoChannel = "no-channel" // radar was heard on all that was asked for
	whySilent    = "radio-silent"
	whyUnread    = "floor-unread" // the kernel could not be asked for its queues
)

// seen is what box and kernel were seen to do for reservations.
type seen struct {
	radios []radio.RadioState
	silent string // why the radios could not be asked, "" if they could
	floors map[string]shaping.FloorState
	unread string // why the queues could not be read, "" if they could
}

// Hold is how far a reservation is kept. Nothing is said to be in force that was not seen to be.
func Hold(r policies.Reservation, k Keeping, now seen) wire.ReservationState {
	s := wire.ReservationState{ID: r.ID, State: wire.HoldInForce}
	if problems := k.Refused[r.ID]; len(problems) > 0 {
		s.State, s.Why, s.Detail = wire.HoldRefused, problems[0].Code, problems[0].Detail
		return s
	}
	if !k.holds(r.ID) {
		s.State = wire.HoldIdle
		return s
	}
	if r.Band != "" {
		now.channel(r, k, &s)
	}
	if r.FloorDown > 0 || r.FloorUp > 0 {
		now.floor(r, &s)
	}
	s.Detail = clip(s.Detail)
	return s
}

// clip shortens a sentence that an error has made too long for a report.
func clip(s string) string {
	const most = 400
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// channel fills in what holds on the air.
func (n seen) channel(r policies.Reservation, k Keeping, s *wire.ReservationState) {
	names := func(ids []string) bool { return slices.Contains(ids, r.ID) }
	if !slices.ContainsFunc(k.Plans, func(p policies.ChannelPlan) bool { return names(p.Reservations) }) {
		s.State, s.Why, s.Detail = wire.HoldPartly, whyNoChannel, "No channel of it may be used now."
		return
	}
	at := slices.IndexFunc(n.radios, func(one radio.RadioState) bool { return names(one.Reservations) })
	if at < 0 {
		s.State = wire.HoldApplying
		if n.silent != "" {
			s.Why, s.Detail = whySilent, n.silent
		}
		return
	}
	one := n.radios[at]
	s.State, s.Why, s.Detail, s.Returns = one.State, one.Why, one.Detail, one.Returns
	s.Radio, s.Channel, s.Width, s.Exclusive = one.Radio, one.Channel, one.Width, one.Exclusive
	if len(r.Devices) == 0 {
		return
	}
	if f, ok := one.Before[r.Devices[0]]; ok {
		s.Before = &f
	}
	if f, ok := one.After[r.Devices[0]]; ok {
		s.After = &f
	}
}

// floor fills in what holds of the line. A channel that is not there yet says more than a floor that is missing.
func (n seen) floor(r policies.Reservation, s *wire.ReservationState) {
	f, known := n.floors[r.ID]
	s.FloorDown, s.FloorUp = f.Down, f.Up
	switch {
	case known && f.InForce && f.Down >= r.FloorDown && f.Up >= r.FloorUp:
		return
	case s.State != wire.HoldInForce && s.State != wire.HoldMoved:
		return
	case n.unread != "":
		s.State, s.Why, s.Detail = wire.HoldPartly, whyUnread, n.unread
	case known && !f.InForce:
		s.State, s.Why, s.Detail = wire.HoldPartly, f.Why, f.Detail
	default: // none yet, or the one that was asked before
		s.State = wire.HoldApplying
	}
}

// record is what is reported of a reservation, and what was asked then.
type record struct {
	asked policies.Reservation
	state wire.ReservationState
	shown time.Time // monotonic: of the look at the radios that its figures are from
}

// expect forgets what was said of reservations that are asked otherwise now: they are on their way.
func (r *Reconciler) expect() {
	records := map[string]record{}
	for _, asked := range r.doc.policy.Reservations {
		one, ok := r.kept.records[asked.ID]
		if !ok || !reflect.DeepEqual(one.asked, asked) {
			one = record{asked: asked, state: wire.ReservationState{ID: asked.ID, State: wire.HoldApplying, Since: r.parts.Clock.Now().UTC()}}
		}
		records[asked.ID] = one
	}
	r.kept.records = records
}

// record takes over how far each reservation is kept.
func (r *Reconciler) record() {
	now := seen{floors: r.kept.floors, unread: r.kept.unshaped, silent: r.kept.untuned}
	if r.parts.Radio != nil {
		now.radios = r.parts.Radio.State()
	}
	for id, one := range r.kept.records {
		state := Hold(one.asked, r.kept.keeping, now)
		state.Since = one.state.Since
		if !same(state, one.state) {
			state.Since = r.parts.Clock.Now().UTC()
		} else if one.shown.Equal(r.air.shownAt) {
			state.Before, state.After = one.state.Before, one.state.After // figures alone are no news before it is their time
		}
		one.state, one.shown = state, r.air.shownAt
		r.kept.records[id] = one
	}
}

// same compares states but for their figures.
func same(a, b wire.ReservationState) bool {
	a.Before, a.After, b.Before, b.After = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// reservations are the states in the order of the policy.
func (r *Reconciler) reservations() []wire.ReservationState {
	var out []wire.ReservationState
	for _, one := range r.doc.policy.Reservations {
		out = append(out, r.kept.records[one.ID].state)
	}
	return out
}
