package policies

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// random is a valid policy and a usage with something of everything in the fortnight after from.
func random(r *rand.Rand, loc *time.Location, from time.Time) (Policy, Usage) {
	p := NewPolicy(loc.String())
	p.Unknown = pick(r, UnknownAllow, UnknownQuarantine, UnknownRefuse)
	p.People = []Person{{"leo", "Léo"}, {"mia", "Mia"}}
	for i, owner := range []string{"leo", "leo", "mia", "", "mia"} {
		p.Devices = append(p.Devices, Device{
			ID: fmt.Sprintf("d%d", i), Name: "Thing", Person: owner,
			MACs: []MAC{MAC(fmt.Sprintf("02:00:00:00:00:%02x", i+1))}, Refused: i == 4,
		})
	}
	for i := range 2 + r.IntN(7) {
		w := randomWindow(r)
		p.Schedules = append(p.Schedules, Schedule{
			ID: fmt.Sprintf("s%d", i), For: randomTarget(r), Days: randomDays(r), Start: w.Start, Duration: w.Duration,
		})
	}
	for i, target := range []Target{{Person: "leo"}, {Person: "leo"}, {Person: "mia"}} {
		p.Budgets = append(p.Budgets, Budget{fmt.Sprintf("b%d", i), target, randomDays(r), pick(r, 1800, 3600, 7200)})
	}
	first := from.In(loc)
	p.Exceptions = randomExceptions(r, first)
	p.Overrides = randomOverrides(r, first)
	usage := randomUsage(r, first)
	p.Reservations = randomReservations(r)
	return p, usage
}

// randomReservations never conflict: each device has its own, each band one.
func randomReservations(r *rand.Rand) []Reservation {
	var list []Reservation
	for i := range r.IntN(5) {
		res := Reservation{
			ID: fmt.Sprintf("r%d", i), Devices: []string{fmt.Sprintf("d%d", i)}, FloorDown: 1 + r.Int64N(40e6), FloorUp: r.Int64N(8e6),
			Windows: []WeekWindow{},
		}
		switch i {
		case 0:
			res.Band, res.Channel, res.Width = Band24, pick(r, 0, 1+r.IntN(14)), pick(r, 20, 40)
		case 1:
			res.Band, res.Channel, res.Width = Band5, pick(r, 0, 32+4*r.IntN(36)), pick(r, 20, 40, 80)
			res.Fallback = pick(r, nil, []int{36}, []int{149, 40})
		}
		res.Exclusive, res.Now = res.Band != "" && r.IntN(2) == 0, res.Band != "" && r.IntN(2) == 0
		res.Fallback = slices.DeleteFunc(slices.Clone(res.Fallback), func(n int) bool { return n == res.Channel })
		for range r.IntN(4) {
			w := randomWindow(r)
			res.Windows = append(res.Windows, WeekWindow{randomDays(r), w.Start, w.Duration})
		}
		list = append(list, res)
	}
	return list
}

func randomTarget(r *rand.Rand) Target {
	return pick(r, Target{Device: "d0"}, Target{Device: "d1"}, Target{Device: "d3"},
		Target{Person: "leo"}, Target{Person: "mia"}, Target{Home: true})
}

func randomDays(r *rand.Rand) []Day {
	var days []Day
	for _, d := range week() {
		if r.IntN(2) == 0 {
			days = append(days, d)
		}
	}
	if days == nil {
		return []Day{pick(r, week()...)}
	}
	return days
}

func randomWindow(r *rand.Rand) Window {
	start := pick(r, r.IntN(24*60), r.IntN(4*60), 24*60-1-r.IntN(3*60))
	minutes := pick(r, 1+r.IntN(90), 1+r.IntN(14*60), 24*60, 1+r.IntN(7*24*60), 7*24*60)
	return Window{fmt.Sprintf("%02d:%02d", start/60, start%60), minutes * 60}
}

func randomExceptions(r *rand.Rand, first time.Time) []Exception {
	var list []Exception
	taken := map[dated]bool{}
	for i := range r.IntN(10) {
		e := Exception{ID: fmt.Sprintf("e%d", i), For: randomTarget(r), Windows: []Window{}}
		day := r.IntN(14)
		e.Date = Date(first.AddDate(0, 0, day).Format(time.DateOnly))
		number, _ := e.Date.number()
		if taken[dated{e.For, number}] {
			continue
		}
		taken[dated{e.For, number}] = true
		for range r.IntN(3) {
			e.Windows = append(e.Windows, randomWindow(r))
		}
		list = append(list, e)
	}
	return list
}

// randomOverrides begin at few instants, so that there are ties.
func randomOverrides(r *rand.Rand, first time.Time) []Override {
	var list []Override
	for i := range r.IntN(8) {
		at := first.Truncate(time.Minute).Add(time.Duration(r.IntN(10)) * 11 * time.Hour).UTC()
		o := Override{ID: fmt.Sprintf("o%d", i), For: randomTarget(r), Mode: pick(r, ModePause, ModeBonus), At: at}
		until := at.Add(time.Duration(1+r.IntN(2000)) * time.Minute)
		if o.Mode == ModeBonus || r.IntN(20) > 0 {
			o.Until = &until
		}
		list = append(list, o)
	}
	return list
}

func randomUsage(r *rand.Rand, first time.Time) Usage {
	usage := Usage{}
	for _, person := range []string{"leo", "mia", "nobody"} {
		usage[person] = map[Date]Use{}
		for day := range 14 {
			at := first.AddDate(0, 0, day).Truncate(time.Minute)
			use := Use{Minutes: r.IntN(200), Last: at.Add(time.Duration(r.IntN(36*60)-12*60) * time.Minute)}
			if r.IntN(3) > 0 {
				usage[person][Date(at.Format(time.DateOnly))] = use
			}
		}
	}
	return usage
}
