package policies

import (
	"slices"
	"time"
)

// ChannelPlan is where one radio has to be, and for whom.
type ChannelPlan struct {
	Radio        string     `json:"radio"`
	Channel      int        `json:"channel"`
	Width        int        `json:"width"`
	Reservations []string   `json:"reservations"`      // ids that share the radio, in the policy's order
	Exclusive    bool       `json:"exclusive"`         // one of them is exclusive: only Devices may join
	Devices      []string   `json:"devices"`           // ids, of all of them
	Why          Selection  `json:"why"`               // Reservation, or Auto_DFS where radar has closed what was asked
	Check        bool       `json:"check"`             // a radar check precedes: the radio will be silent for a minute or more
	Now          bool       `json:"now"`               // the check need not wait until the radio is idle
	Returns      *time.Time `json:"returns,omitempty"` // when radar no longer closes what was asked
}

// PlanRadios is where the radios have to be at an instant for the reservations of a valid policy that hold then: one
// plan for each band that one of them wants, none for the other radios, never nil.
//
// It leaves out what [Refusals] says the radios cannot keep; who refuses more, because of the line, takes it out of the
// policy first. The plan is a wanted state, not an order to move: the same facts give the same plan, and a radio that
// is where the best channel was stays there. Where radar closes the channel asked for, the first fallback that is free
// counts, then the best channel, and once radar's time is over the channel asked for again. It never names a channel that the
// radio does not list with that width, nor one that radar closes. A band of which no channel is left has no plan.
func PlanRadios(p Policy, radios []Radio, now time.Time) []ChannelPlan {
	plans := []ChannelPlan{}
	live, _ := Live(p, now)
	for _, band := range []Band{Band24, Band5} {
		w, found := gather(p, radios, func(r Reservation) bool { return r.Band == band && slices.Contains(live, r.ID) })
		if !found {
			continue
		}
		radio, _ := choose(radios, band, w.channel, w.width)
		if plan, ok := w.on(radio, now); ok {
			plans = append(plans, plan)
		}
	}
	return plans
}

// wish is what the live reservations of a band want together.
type wish struct {
	channel, width int
	fallback       []int
	exclusive, now bool
	ids, devices   []string
}

// gather joins the reservations that are chosen and that the radios can keep. Of a pair that Validate should have
// refused the first counts.
func gather(p Policy, radios []Radio, chosen func(Reservation) bool) (w wish, found bool) {
	for _, r := range p.Reservations {
		joins := !found || !r.parts(Reservation{Channel: w.channel, Width: w.width})
		if !chosen(r) || !joins || len(misplaced(r, radios, "")) > 0 {
			continue
		}
		if w.channel == 0 {
			w.channel = r.Channel
		}
		w.width, found = r.Width, true
		w.fallback = append(w.fallback, r.Fallback...)
		w.exclusive, w.now = w.exclusive || r.Exclusive, w.now || r.Now
		w.ids = append(w.ids, r.ID)
		w.devices = append(w.devices, r.Devices...)
	}
	return w, found
}

// on is the plan for a radio, false if there is no channel that it may use.
func (w wish) on(r Radio, now time.Time) (ChannelPlan, bool) {
	plan := ChannelPlan{
		Radio: r.Name, Width: w.width, Reservations: w.ids, Exclusive: w.exclusive, Devices: w.devices,
		Why: SelectReservation, Now: w.now,
	}
	number, ok := w.channel, w.channel != 0 && r.usable(w.channel, w.width, now)
	if w.channel == 0 {
		number, ok = r.best(w.width, now)
	}
	if !ok {
		plan.Why = SelectDFS
		if until, closed := r.closed(w.channel, w.width, now); closed {
			plan.Returns = &until
		}
		number, ok = w.elsewhere(r, now)
	}
	plan.Channel = number
	plan.Check = r.guarded(number, w.width) && !r.covers(number, w.width)
	return plan, ok
}

// elsewhere is where to go instead: at once, so never where a radar check is due.
func (w wish) elsewhere(r Radio, now time.Time) (number int, ok bool) {
	for _, n := range w.fallback {
		if r.usable(n, w.width, now) && !r.guarded(n, w.width) {
			return n, true
		}
	}
	return r.best(w.width, now)
}

// choose is the radio for a channel of a band and a width: the first that can do it, else the first of the band.
func choose(radios []Radio, band Band, channel, width int) (chosen Radio, ok bool) {
	for _, r := range radios {
		if r.Band != band {
			continue
		}
		if channel == 0 && r.serves(width) || channel != 0 && r.fits(channel, width) {
			return r, true
		}
		if !ok {
			chosen, ok = r, true
		}
	}
	return chosen, ok
}

// serves reports whether the radio has a channel without radar checks for a width.
func (r Radio) serves(width int) bool {
	return slices.ContainsFunc(r.Channels, func(c Channel) bool {
		return slices.Contains(c.Widths, width) && !r.guarded(c.Number, width)
	})
}
