package policies

import (
	"slices"
	"time"
)

// Block is the 20 MHz channels that a channel of a width in MHz takes, the lowest first: how IEEE 802.11 numbers them
// (Annex E), which says nothing about what is legal. At 2.4 GHz, where wide channels lie on either side of their primary
// one and no radar is to be heard, it is the primary channel alone.
func Block(band Band, channel, width int) []int {
	if band != Band5 || width <= 20 {
		return []int{channel}
	}
	base := 36
	if channel >= 149 {
		base = 149
	}
	count := width / 20
	place := (channel - base) / 4 % count
	if place < 0 {
		place += count
	}
	block := make([]int, count)
	for i := range block {
		block[i] = channel + 4*(i-place)
	}
	return block
}

// channel is what the radio says of one, false if it may not use it.
func (r Radio) channel(number int) (Channel, bool) {
	i := slices.IndexFunc(r.Channels, func(c Channel) bool { return c.Number == number })
	if i < 0 {
		return Channel{}, false
	}
	return r.Channels[i], true
}

// fits reports whether the radio may use a channel with a width.
func (r Radio) fits(number, width int) bool {
	c, ok := r.channel(number)
	return ok && slices.Contains(c.Widths, width)
}

// guarded reports whether a radar check precedes the use of a channel with a width.
func (r Radio) guarded(number, width int) bool {
	return slices.ContainsFunc(Block(r.Band, number, width), func(n int) bool {
		c, _ := r.channel(n)
		return c.Radar
	})
}

// closed is the end of the non-occupancy periods of a channel with a width, false if there is none now.
func (r Radio) closed(number, width int, now time.Time) (until time.Time, is bool) {
	block := Block(r.Band, number, width)
	for _, hit := range r.Radar {
		if slices.Contains(block, hit.Channel) && now.Before(hit.Until) && hit.Until.After(until) {
			until, is = hit.Until, true
		}
	}
	return until, is
}

// usable reports whether the radio may go to a channel with a width now.
func (r Radio) usable(number, width int, now time.Time) bool {
	_, closed := r.closed(number, width, now)
	return !closed && r.fits(number, width)
}

// covers reports whether the radio serves on all of a channel with a width: no radar check is due there.
func (r Radio) covers(number, width int) bool {
	if r.State != RadioUp {
		return false
	}
	here := Block(r.Band, r.Channel, r.Width)
	return !slices.ContainsFunc(Block(r.Band, number, width), func(n int) bool { return !slices.Contains(here, n) })
}

// Costs of a channel are in percent of air time.
const (
	clearlyWorse = 30  // what the channel in use may cost more than the cheapest before it is left
	noSurvey     = 50  // air time of which nothing is known
	quiet        = -95 // dBm; each dB of noise above costs one
)

// dwell is how long a channel is in use at least before a better one counts.
const dwell = time.Hour

// best is the cheapest channel without radar checks for a width: little used by others, little noise, much power. The one
// in use stays unless it is clearly worse, both have been surveyed, and it has had its time: each move costs some devices.
func (r Radio) best(width int, now time.Time) (number int, ok bool) {
	var here, cheapest, surveyed *offer
	for _, c := range r.Channels {
		if !r.usable(c.Number, width, now) || r.guarded(c.Number, width) {
			continue
		}
		o := r.offer(c, width)
		if c.Number == r.Channel {
			here = &o
		}
		if o.cheaper(cheapest) {
			cheapest = &o
		}
		if o.surveyed && o.cheaper(surveyed) {
			surveyed = &o
		}
	}
	switch {
	case cheapest == nil:
		return 0, false
	case here == nil:
		return cheapest.number, true
	case here.surveyed && now.Sub(r.Since) >= dwell && surveyed.cost+clearlyWorse < here.cost:
		return surveyed.number, true
	}
	return here.number, true
}

// offer is what a channel would cost.
type offer struct {
	number, cost int
	surveyed     bool // all of it
}

func (o offer) cheaper(other *offer) bool {
	return other == nil || o.cost < other.cost || o.cost == other.cost && o.number < other.number
}

// offer is that of a channel with a width: as costly as the worst part of its block, and a percent more for each dB of
// power that is missing to the loudest channel.
func (r Radio) offer(primary Channel, width int) offer {
	o := offer{number: primary.Number, surveyed: true}
	for _, n := range Block(r.Band, primary.Number, width) {
		c, ok := r.channel(n)
		busy := c.Busy
		if !ok || busy < 0 {
			busy, o.surveyed = noSurvey, false
		}
		if c.Noise != 0 {
			busy += max(0, c.Noise-quiet)
		}
		o.cost = max(o.cost, busy)
	}
	missing := 0
	for _, c := range r.Channels {
		missing = max(missing, c.Power-primary.Power)
	}
	o.cost += missing
	return o
}
