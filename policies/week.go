package policies

import (
	"cmp"
	"slices"
	"time"
)

// weekly is when something holds in a week of wall clock: stretches from ≤ t < to in nanoseconds since Monday 00:00, in
// order and apart from each other. Two windows share an instant only if they share a time of the wall clock, so what
// meets here is what can meet in any week of any zone.
type weekly [][2]int64

const nanosOfWeek = 7 * nanosOfDay

// weekly is when a valid reservation holds.
func (r Reservation) weekly() weekly {
	if len(r.Windows) == 0 {
		return weekly{{0, nanosOfWeek}}
	}
	var all weekly
	for _, w := range r.Windows {
		start, _ := clock(w.Start)
		for _, d := range w.Days {
			from := int64(slices.Index(week(), d))*nanosOfDay + int64(start)
			to := from + int64(w.Duration)*int64(time.Second)
			all = append(all, [2]int64{from, min(to, nanosOfWeek)})
			if to > nanosOfWeek {
				all = append(all, [2]int64{0, to - nanosOfWeek})
			}
		}
	}
	return all.joined()
}

// joined puts stretches in order and makes one of those that touch.
func (w weekly) joined() weekly {
	slices.SortStableFunc(w, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	var out weekly
	for _, s := range w {
		if n := len(out); n > 0 && s[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}

// within is the part of w that lies in other.
func (w weekly) within(other weekly) weekly {
	var out weekly
	for i, k := 0, 0; i < len(w) && k < len(other); {
		if from, to := max(w[i][0], other[k][0]), min(w[i][1], other[k][1]); from < to {
			out = append(out, [2]int64{from, to})
		}
		if w[i][1] < other[k][1] {
			i++
		} else {
			k++
		}
	}
	return out
}
