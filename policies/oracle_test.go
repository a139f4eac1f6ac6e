package policies

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// oracle judges one instant after the other by looking at the wall clock, and shares nothing with Compile: no instants
// of windows, no offsets, no sweep.
type oracle struct {
	policy Policy
	usage  Usage
	loc    *time.Location
	nights map[night][]naive // the windows that nearby has found
}

type night struct {
	device string
	date   time.Time
}

// naive is a window in wall clock, as if the wall clock were UTC.
type naive struct {
	start, end time.Time
	rank       int // of its target: 0 for a device
	reason     Reason
}

func newOracle(t *testing.T, p Policy, usage Usage) *oracle {
	t.Helper()
	if ps := Validate(p); ps != nil {
		t.Fatalf("the policy is wrong: %v", ps)
	}
	loc, err := Location(p.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return &oracle{policy: p, usage: usage, loc: loc, nights: map[night][]naive{}}
}

type answer struct {
	online bool
	reason Reason
}

func (o *oracle) judge(d *Device, t time.Time) answer {
	if d != nil && d.Refused {
		return answer{false, Reason{KindRefused, d.ID}}
	}
	if v := o.override(d, t); v != nil {
		return answer{v.Mode == ModeBonus, Reason{Kind(v.Mode), v.ID}}
	}
	year, month, day := t.In(o.loc).Date()
	hour, minute, second := t.In(o.loc).Clock()
	shows := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var inside []naive
	for _, w := range o.nearby(d, today) {
		if !shows.Before(w.start) && shows.Before(w.end) {
			inside = append(inside, w)
		}
	}
	slices.SortFunc(inside, func(a, b naive) int {
		switch {
		case a.end != b.end:
			return b.end.Compare(a.end)
		case a.rank != b.rank:
			return a.rank - b.rank
		case a.reason.ID < b.reason.ID:
			return -1
		}
		return 1
	})
	for _, kind := range []Kind{KindException, KindBudget, KindSchedule} {
		if kind == KindBudget {
			if id := o.budget(d, today, t); id != "" {
				return answer{false, Reason{kind, id}}
			}
			continue
		}
		if i := slices.IndexFunc(inside, func(w naive) bool { return w.reason.Kind == kind }); i >= 0 {
			return answer{false, inside[i].reason}
		}
	}
	if d == nil {
		return answer{o.policy.Unknown == UnknownAllow, Reason{Kind: KindUnknown}}
	}
	return answer{true, Reason{Kind: KindAllowed}}
}

// rank is how narrow a target is that covers a device, -1 if it does not.
func rank(t Target, d *Device) int {
	switch {
	case d != nil && t.Device == d.ID:
		return 0
	case d != nil && d.Person != "" && t.Person == d.Person:
		return 1
	case t.Home:
		return 2
	}
	return -1
}

func (o *oracle) override(d *Device, t time.Time) *Override {
	var best *Override
	for i, v := range o.policy.Overrides {
		if rank(v.For, d) < 0 || t.Before(v.At) || v.Until != nil && !t.Before(*v.Until) {
			continue
		}
		if best == nil || o.newer(v, *best, d) {
			best = &o.policy.Overrides[i]
		}
	}
	return best
}

func (o *oracle) newer(a, b Override, d *Device) bool {
	switch {
	case !a.At.Equal(b.At):
		return a.At.After(b.At)
	case rank(a.For, d) != rank(b.For, d):
		return rank(a.For, d) < rank(b.For, d)
	case a.Mode != b.Mode:
		return a.Mode == ModePause
	}
	return a.ID < b.ID
}

func (o *oracle) budget(d *Device, today, t time.Time) string {
	if d == nil || d.Person == "" {
		return ""
	}
	use, ok := o.usage[d.Person][Date(today.Format("2006-01-02"))]
	if !ok || t.Before(use.Last) {
		return ""
	}
	var best *Budget
	for i, b := range o.policy.Budgets {
		on := b.For.Person == d.Person && slices.Contains(b.Days, Day(today.Weekday().String())) && use.Minutes*60 >= b.Amount
		if on && (best == nil || b.Amount < best.Amount || b.Amount == best.Amount && b.ID < best.ID) {
			best = &o.policy.Budgets[i]
		}
	}
	if best == nil {
		return ""
	}
	return best.ID
}

// evenings are the windows of a reservation that start on a date or on one of the eight before.
func (o *oracle) evenings(r Reservation, today time.Time) []naive {
	key := night{"reservation " + r.ID, today}
	list, ok := o.nights[key]
	if !ok {
		for back := range 9 {
			date := today.AddDate(0, 0, -back)
			for _, w := range r.Windows {
				if slices.Contains(w.Days, Day(date.Weekday().String())) {
					list = append(list, window(date, Window{w.Start, w.Duration}, 0, Reason{}))
				}
			}
		}
		o.nights[key] = list
	}
	return list
}

// nearby are the windows that start on a date or on one of the eight before, for a device.
func (o *oracle) nearby(d *Device, today time.Time) []naive {
	key := night{date: today}
	if d != nil {
		key.device = d.ID
	}
	list, ok := o.nights[key]
	if !ok {
		for back := range 9 {
			list = append(list, o.windows(d, today.AddDate(0, 0, -back))...)
		}
		o.nights[key] = list
	}
	return list
}

// windows are those that start on a date, for a device.
func (o *oracle) windows(d *Device, date time.Time) []naive {
	var list []naive
	if e := o.exception(d, date); e != nil {
		for _, w := range e.Windows {
			list = append(list, window(date, w, rank(e.For, d), Reason{KindException, e.ID}))
		}
	} else {
		for _, s := range o.policy.Schedules {
			if r := rank(s.For, d); r >= 0 && slices.Contains(s.Days, Day(date.Weekday().String())) {
				list = append(list, window(date, Window{s.Start, s.Duration}, r, Reason{KindSchedule, s.ID}))
			}
		}
	}
	return list
}

func window(date time.Time, w Window, rank int, reason Reason) naive {
	start, err := time.Parse("2006-01-02 15:04", date.Format("2006-01-02 ")+w.Start)
	if err != nil {
		panic(err)
	}
	return naive{start, start.Add(time.Duration(w.Duration) * time.Second), rank, reason}
}

func (o *oracle) exception(d *Device, date time.Time) *Exception {
	var best *Exception
	for i, e := range o.policy.Exceptions {
		r := rank(e.For, d)
		if r >= 0 && string(e.Date) == date.Format("2006-01-02") && (best == nil || r < rank(best.For, d)) {
			best = &o.policy.Exceptions[i]
		}
	}
	return best
}

// agrees compares a timeline with the oracle at every minute.
func (o *oracle) agrees(t *testing.T, from, to time.Time) {
	t.Helper()
	line, err := Compile(o.policy, o.usage, from, to)
	if err != nil {
		t.Fatal(err)
	}
	for i := range o.policy.Devices {
		d := &o.policy.Devices[i]
		o.follows(t, d, line.Devices[d.ID])
		whole(t, line.Devices[d.ID], from, to)
	}
	o.follows(t, nil, line.Unknown)
	whole(t, line.Unknown, from, to)
	o.lives(t, from, to)
}

// lives compares Live with the oracle at every minute, going from one change to the next.
func (o *oracle) lives(t *testing.T, from, to time.Time) {
	t.Helper()
	for from.Before(to) {
		live, changes := Live(o.policy, from)
		until := to
		if changes != nil {
			until = *changes
		}
		if !until.After(from) {
			t.Fatalf("at %v Live changes at %v", from, until)
		}
		for at := from; at.Before(until) && at.Before(to); at = at.Add(time.Minute) {
			if want := o.reserved(at); !slices.Equal(want, live) {
				t.Fatalf("at %v (%v): Live says %v, the oracle %v", at, at.In(o.loc), live, want)
			}
		}
		if next, _ := Live(o.policy, until); changes != nil && slices.Equal(next, live) {
			t.Fatalf("at %v nothing changes: %v", until, live)
		}
		from = until
	}
}

// reserved lists the reservations that hold.
func (o *oracle) reserved(t time.Time) []string {
	year, month, day := t.In(o.loc).Date()
	hour, minute, second := t.In(o.loc).Clock()
	shows := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	var ids []string
	for _, r := range o.policy.Reservations {
		if len(r.Windows) == 0 || slices.ContainsFunc(o.evenings(r, today), func(w naive) bool {
			return !shows.Before(w.start) && shows.Before(w.end)
		}) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (o *oracle) follows(t *testing.T, d *Device, spans []Span) {
	t.Helper()
	for _, s := range spans {
		got := answer{s.Online, s.Reason}
		for at := s.From; at.Before(s.To); at = at.Add(time.Minute) {
			if want := o.judge(d, at); want != got {
				t.Fatalf("%v at %v (%v): the timeline says %v, the oracle %v", d, at, at.In(o.loc), got, want)
			}
		}
	}
}

// whole checks that spans cover a range without holes or overlaps, merged.
func whole(t *testing.T, spans []Span, from, to time.Time) {
	t.Helper()
	at := from
	for i, s := range spans {
		if !s.From.Equal(at) || !s.To.After(s.From) {
			t.Fatalf("span %d, %v, does not follow %v", i, s, at)
		}
		if i > 0 && spans[i-1].Online == s.Online && spans[i-1].Reason == s.Reason {
			t.Fatalf("spans %d and %d are not merged: %v", i-1, i, s)
		}
		at = s.To
	}
	if !at.Equal(to) {
		t.Fatalf("spans end at %v, not %v", at, to)
	}
}

// years are chosen for what their clocks do.
func years() map[string]int {
	return map[string]int{
		"Europe/Paris":        2028, // a leap year in the part of the database that is a rule
		"America/New_York":    2026,
		"Australia/Lord_Howe": 2026, // half an hour
		"Africa/Casablanca":   2026, // back and forth around Ramadan
		"Asia/Kathmandu":      2026, // +05:45
		"Pacific/Apia":        2011, // no 30th of December
		"America/Sao_Paulo":   2018, // changed at midnight: a day without 00:00, a day with 23:00 twice
		"Atlantic/Azores":     2026, // changes at 00:00 and 01:00
	}
}

func TestEveryMinuteOfAYear(t *testing.T) {
	for zone, year := range years() {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			loc, err := Location(zone)
			if err != nil {
				t.Fatal(err)
			}
			from, to := time.Date(year, 1, 1, 0, 0, 0, 0, loc), time.Date(year+1, 1, 1, 0, 0, 0, 0, loc)
			newOracle(t, chosen(zone), nil).agrees(t, from, to)
		})
	}
}

// TestEveryMinuteAroundChangesOfTheClock tries many policies where mistakes would be.
func TestEveryMinuteAroundChangesOfTheClock(t *testing.T) {
	for zone, year := range years() {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			loc, err := Location(zone)
			if err != nil {
				t.Fatal(err)
			}
			from, to := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year+1, 1, 3, 0, 0, 0, 0, time.UTC)
			for i, g := range regimes(loc, from, to) {
				for seed := range 12 {
					change := time.Unix(0, g.from)
					p, usage := random(rand.New(rand.NewPCG(uint64(i), uint64(seed))), loc, change.AddDate(0, 0, -5))
					newOracle(t, p, usage).agrees(t, change.AddDate(0, 0, -2), change.AddDate(0, 0, 2))
				}
			}
		})
	}
}

// chosen is a policy whose windows start, end and lie in the hours that clocks skip and repeat.
func chosen(zone string) Policy {
	p := NewPolicy(zone)
	p.Unknown = UnknownQuarantine
	p.People = []Person{{"leo", "Léo"}}
	p.Devices = []Device{
		{ID: "phone", Name: "Phone", MACs: []MAC{"02:00:00:00:00:01"}, Person: "leo"},
		{ID: "tv", Name: "TV", MACs: []MAC{"02:00:00:00:00:02"}},
	}
	rules := []Window{
		{"00:00", 1800}, {"00:30", 3600}, {"02:30", 900}, {"23:15", 3 * 3600}, {"01:59", 120}, {"22:00", 10 * 3600}, {"03:00", 60},
	}
	for i, w := range rules {
		target := Target{Device: "phone"}
		if i%2 == 0 {
			target = Target{Person: "leo"}
		}
		p.Schedules = append(p.Schedules,
			Schedule{ID: fmt.Sprintf("s%d", i), For: target, Days: week(), Start: w.Start, Duration: w.Duration})
	}
	p.Schedules = append(p.Schedules,
		Schedule{ID: "long", For: Target{Home: true}, Days: []Day{"Friday"}, Start: "18:00", Duration: 3 * 86400},
		Schedule{ID: "hour", For: Target{Device: "tv"}, Days: []Day{"Saturday", "Sunday"}, Start: "02:00", Duration: 3600})
	p.Reservations = []Reservation{{ID: "a", Devices: []string{"phone"}, FloorUp: 1}, {ID: "b", Devices: []string{"tv"}, FloorUp: 1}}
	for i, w := range rules {
		r := &p.Reservations[i%2]
		r.Windows = append(r.Windows, WeekWindow{week()[i:], w.Start, w.Duration})
	}
	return p
}
