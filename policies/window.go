package policies

import (
	"fmt"
	"math"
	"time"
)

// Instants and wall clocks are counted in nanoseconds since 1970: an instant as UTC does, a wall clock as if it were
// UTC. Wall clocks can then be reckoned with by plain arithmetic, whatever a zone does to its days.

const nanosOfDay = int64(24 * time.Hour)

// regime is a stretch of instants from ≤ t < to in which the wall clock is ahead of UTC by a fixed offset.
type regime struct{ from, to, offset int64 }

// regimes of a zone that cover from ≤ t < to.
func regimes(loc *time.Location, from, to time.Time) []regime {
	var list []regime
	last := to.UnixNano()
	for at := from.UnixNano(); at < last; {
		t := time.Unix(0, at).In(loc)
		_, offset := t.Zone()
		next := min(steady(t), last)
		r := regime{at, next, int64(offset) * int64(time.Second)}
		if n := len(list); n > 0 && list[n-1].offset == r.offset {
			list[n-1].to = r.to
		} else {
			list = append(list, r)
		}
		at = next
	}
	return list
}

// steady is an instant after t up to which the zone's offset stays, not always the last one.
//
// time.ZoneBounds reckons every year of a zone's rule for the future with 365 days (tzset, seen in Go 1.26): on the
// 31st of December of a leap year the end that it gives has already passed. No rule changes clocks on that day.
func steady(t time.Time) int64 {
	_, end := t.ZoneBounds()
	switch {
	case end.IsZero():
		return math.MaxInt64
	case !end.After(t):
		return t.Add(time.Hour).UnixNano()
	}
	return nanos(end)
}

// wall is a home's clock over a range of instants.
type wall struct {
	regimes     []regime
	first, last int64 // what the clock shows at the earliest, and a bound that it does not reach
}

func newWall(loc *time.Location, from, to time.Time) wall {
	w := wall{regimes: regimes(loc, from, to)}
	for i, r := range w.regimes {
		if i == 0 || r.from+r.offset < w.first {
			w.first = r.from + r.offset
		}
		if i == 0 || r.to+r.offset > w.last {
			w.last = r.to + r.offset
		}
	}
	return w
}

// days are the numbers of the dates on which a window of this length, starting at this time of day, can start and
// still be seen.
func (w wall) days(start, duration time.Duration) (first, last int64) {
	return floorDay(w.first - int64(start) - int64(duration)), floorDay(w.last - int64(start))
}

func floorDay(nanos int64) int64 {
	day := nanos / nanosOfDay
	if nanos%nanosOfDay < 0 {
		day--
	}
	return day
}

// weekly calls yield for each window of the week that may be seen: the number of its date, its begin and its end in wall
// clock.
func (w wall) weekly(win WeekWindow, yield func(day, begin, end int64)) error {
	start, ok := clock(win.Start)
	if !ok {
		return fmt.Errorf("time %q is none", win.Start)
	}
	on, err := weekdays(win.Days)
	if err != nil {
		return err
	}
	length := time.Duration(win.Duration) * time.Second
	first, last := w.days(start, length)
	for day := first; day <= last; day++ {
		if on[weekdayOf(day)] {
			begin := day*nanosOfDay + int64(start)
			yield(day, begin, begin+int64(length))
		}
	}
	return nil
}

// end is the bound that no instant of the range reaches.
func (w wall) end() int64 { return w.regimes[len(w.regimes)-1].to }

// instants calls yield for each stretch of instants at which the clock shows a time in a ≤ t < b. This is the whole
// time rule: a gap shortens a window, a repeated hour is inside it both times, a skipped date has none.
func (w wall) instants(a, b int64, yield func(from, to int64)) {
	for _, r := range w.regimes {
		from, to := max(a-r.offset, r.from), min(b-r.offset, r.to)
		if from < to {
			yield(from, to)
		}
	}
}

// weekdayOf the date with this number; 1970-01-01 was a Thursday.
func weekdayOf(day int64) time.Weekday { return time.Weekday(((day+4)%7 + 7) % 7) }
