package policies

import (
	"cmp"
	"slices"
	"time"
)

// Live is the ids of the reservations of a valid policy that hold at an instant, in their order, and when that changes
// next: absent beyond the [Horizon]. A reservation without windows always holds.
func Live(p Policy, now time.Time) (live []string, changes *time.Time) {
	now = within(now)
	loc, err := Location(p.Zone)
	if err != nil {
		return nil, nil
	}
	w := newWall(loc, now.Add(-Horizon), now.Add(Horizon))
	at, next := now.UnixNano(), w.end()
	for _, r := range p.Reservations {
		holds, until, err := r.holds(w, at)
		if err != nil {
			continue
		}
		if holds {
			live = append(live, r.ID)
		}
		next = min(next, until)
	}
	if next < w.end() {
		t := time.Unix(0, next).UTC()
		changes = &t
	}
	return live, changes
}

// holds reports whether a reservation holds at an instant, and until when that stays so.
func (r Reservation) holds(w wall, at int64) (bool, int64, error) {
	if len(r.Windows) == 0 {
		return true, w.end(), nil
	}
	var spans [][2]int64
	for _, win := range r.Windows {
		err := w.weekly(win, func(_, begin, end int64) {
			w.instants(begin, end, func(from, to int64) { spans = append(spans, [2]int64{from, to}) })
		})
		if err != nil {
			return false, 0, err
		}
	}
	slices.SortStableFunc(spans, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	holds, until := false, at
	for _, s := range spans {
		switch {
		case s[0] <= until && s[1] > until:
			holds, until = true, s[1]
		case s[0] > until && !holds:
			return false, s[0], nil
		}
	}
	if !holds {
		until = w.end()
	}
	return holds, until, nil
}
