package policies

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// LineShare is the part of the line, in percent, that floors may take together at any one time.
const LineShare = 80

// Refusals reports which of a valid policy's reservations a box cannot keep, and why, by their ids; the others it can. The
// facts are those that the box reported last.
//
// Reservations are admitted in their order: where the floors of all are too high together, those that come first keep
// theirs. Fields are as those of Validate, such as reservations[0].fallback[1].
func Refusals(p Policy, f Facts) map[string]Problems {
	byID := map[string]Problems{}
	var down, up load
	for i, r := range p.Reservations {
		at := fmt.Sprintf("reservations[%d]", i)
		week := r.weekly()
		ps := misplaced(r, f.Radios, at)
		down.check(&ps, at+".floorDown", week, r.FloorDown, f.Line.Down)
		up.check(&ps, at+".floorUp", week, r.FloorUp, f.Line.Up)
		if ps != nil {
			byID[r.ID] = ps
			continue
		}
		down, up = down.with(week, r.FloorDown), up.with(week, r.FloorUp)
	}
	return byID
}

// misplaced reports what the radios cannot keep of one reservation.
func misplaced(r Reservation, radios []Radio, at string) Problems {
	if r.Band == "" {
		return nil
	}
	var ps Problems
	radio, ok := choose(radios, r.Band, r.Channel, r.Width)
	if !ok {
		ps.add(CodeRadioMissing, at+".band", fmt.Sprintf("This box has no radio for %s.", r.Band))
		return ps
	}
	switch {
	case r.Channel != 0:
		radio.admit(&ps, r.Channel, r.Width, CodeChannelIllegal, at+".channel", at+".width")
	case !radio.serves(20):
		ps.add(CodeChannelIllegal, at+".channel", fmt.Sprintf("The radio %s has no channel without radar checks.", radio.Name))
	case !radio.serves(r.Width):
		ps.add(CodeWidthUnfit, at+".width",
			fmt.Sprintf("The radio %s has no channel of %d MHz without radar checks.", radio.Name, r.Width))
	}
	for i, n := range r.Fallback {
		field := fmt.Sprintf("%s.fallback[%d]", at, i)
		radio.admit(&ps, n, r.Width, CodeFallbackIllegal, field, field)
		if radio.fits(n, r.Width) && radio.guarded(n, r.Width) {
			ps.add(CodeFallbackRadar, field, fmt.Sprintf("Channel %d needs radar checks: nobody can go there at once.", n))
		}
	}
	if r.Channel != 0 && len(r.Fallback) == 0 && radio.fits(r.Channel, r.Width) && radio.guarded(r.Channel, r.Width) {
		ps.add(CodeFallbackMissing, at+".fallback",
			fmt.Sprintf("Radar may close channel %d: a fallback without radar checks is needed.", r.Channel))
	}
	return ps
}

// admit reports whether the radio may use a channel, and with this width.
func (r Radio) admit(ps *Problems, number, width int, illegal, channelField, widthField string) {
	c, ok := r.channel(number)
	switch {
	case !ok && len(r.Country) == 2 && r.Country != "00":
		ps.add(illegal, channelField, fmt.Sprintf("The radio %s may not use channel %d in %s.", r.Name, number, r.Country))
	case !ok:
		ps.add(illegal, channelField, fmt.Sprintf("The radio %s may not use channel %d.", r.Name, number))
	case !slices.Contains(c.Widths, width):
		ps.add(CodeWidthUnfit, widthField, fmt.Sprintf("Channel %d is %s MHz wide here, not %d.", number, numbers(c.Widths), width))
	}
}

// load is the floors of one direction that have been admitted, over the week.
type load []held

type held struct {
	week  weekly
	floor int64
}

func (l load) with(week weekly, floor int64) load {
	if floor <= 0 {
		return l
	}
	return append(l, held{week, floor})
}

// check adds what is wrong with one more floor on a line of a rate.
func (l load) check(ps *Problems, field string, week weekly, floor, line int64) {
	if floor <= 0 {
		return
	}
	if line <= 0 {
		ps.add(CodeLineUnknown, field, "The rate of the line is not known yet: nothing can be promised of it.")
		return
	}
	most := line/100*LineShare + line%100*LineShare/100
	if left := most - l.peak(week); floor > left {
		ps.add(CodeFloorsTooHigh, field, fmt.Sprintf("Floors take at most %d %% of the line, %s: %s are left, not %s.",
			LineShare, megabits(most), megabits(max(left, 0)), megabits(floor)))
	}
}

// peak is the highest sum of floors within a week's stretches.
func (l load) peak(within weekly) int64 {
	type step struct{ at, change int64 }
	var steps []step
	for _, h := range l {
		for _, s := range h.week.within(within) {
			steps = append(steps, step{s[0], h.floor}, step{s[1], -h.floor})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.change, b.change)) })
	var sum, highest int64
	for _, s := range steps {
		sum += s.change
		highest = max(highest, sum)
	}
	return highest
}

// numbers writes a list for people.
func numbers(list []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
}

// megabits writes a rate for people.
func megabits(rate int64) string {
	return strconv.FormatFloat(float64(rate)/1e6, 'f', -1, 64) + " Mbit/s"
}
