package policies

import "time"

// MaxWeight is the most that Compile is asked to judge at once: some 0.4 seconds and 30 MB on a server.
const MaxWeight = 100_000

// Weight is about how many windows lie in a range, each counted once for every group of devices that is judged by
// itself: the home, each person with a rule of their own and each device with a rule of its own; those of reservations
// once. The time and memory of Compile and Live grow with it.
func Weight(p Policy, length time.Duration) int {
	own := windows(p, length)
	home := own[Target{Home: true}]
	sum := home
	for _, person := range p.People {
		if n := own[Target{Person: person.ID}]; n > 0 {
			sum += home + n
		}
	}
	for _, d := range p.Devices {
		if n := own[Target{Device: d.ID}]; n > 0 {
			sum += home + own[Target{Person: d.Person}] + n
		}
	}
	for _, r := range p.Reservations {
		for _, w := range r.Windows {
			sum += weeks(length) * len(w.Days)
		}
	}
	return sum
}

// Length is about the most rows that a timeline can have over a range: devices that are judged alike share their
// spans, but each has rows of its own.
func Length(p Policy, length time.Duration) int {
	own := windows(p, length)
	sum := 0
	for _, d := range p.Devices {
		n := own[Target{Home: true}] + own[Target{Device: d.ID}]
		if d.Person != "" {
			n += own[Target{Person: d.Person}]
		}
		sum += 1 + 2*n
	}
	return sum
}

// weeks is how often a window of the week lies in a range at the most.
func weeks(length time.Duration) int { return int(length/(7*24*time.Hour)) + 1 }

// windows counts them by target.
func windows(p Policy, length time.Duration) map[Target]int {
	own := map[Target]int{}
	for _, s := range p.Schedules {
		own[s.For] += weeks(length) * len(s.Days)
	}
	for _, e := range p.Exceptions {
		own[e.For] += 1 + len(e.Windows)
	}
	for _, o := range p.Overrides {
		own[o.For]++
	}
	for _, b := range p.Budgets {
		own[b.For]++
	}
	return own
}
