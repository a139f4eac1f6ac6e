package reconcile

import (
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// keepDates is how long usage is remembered: a window of a verdict looks back this far.
const keepDates = policies.Horizon

// count adds the minute that ends at now to each person of whom a device moved more than [policies.BudgetBytes] since the last
// count. It returns a new Usage and whether it differs: the old one may be in somebody's hands.
func count(p policies.Policy, usage policies.Usage, moved map[string]uint64, now time.Time) (policies.Usage, bool) {
	zone, err := policies.Location(p.Zone)
	if err != nil {
		return usage, false
	}
	// A minute belongs to the date on which it began.
	date := policies.Date(now.Add(-time.Minute).In(zone).Format(time.DateOnly))
	oldest := policies.Date(now.Add(-keepDates).In(zone).Format(time.DateOnly))
	active := map[string]bool{}
	for _, d := range p.Devices {
		if d.Person != "" && moved[d.ID] > policies.BudgetBytes {
			active[d.Person] = true
		}
	}
	out, changed := pruned(usage, oldest)
	for person := range active {
		if out[person] == nil {
			out[person] = map[policies.Date]policies.Use{}
		}
		use := out[person][date]
		out[person][date] = policies.Use{Minutes: use.Minutes + 1, Last: now.UTC()}
		changed = true
	}
	return out, changed
}

// pruned copies what is not older than a date.
func pruned(usage policies.Usage, oldest policies.Date) (policies.Usage, bool) {
	out, dropped := policies.Usage{}, false
	for person, dates := range usage {
		for date, use := range dates {
			if date < oldest {
				dropped = true
				continue
			}
			if out[person] == nil {
				out[person] = map[policies.Date]policies.Use{}
			}
			out[person][date] = use
		}
	}
	return out, dropped
}

// today is what each person of the policy, in its order, has used of the date at now.
func today(p policies.Policy, usage policies.Usage, now time.Time) []wire.Used {
	zone, err := policies.Location(p.Zone)
	if err != nil {
		return nil
	}
	date := policies.Date(now.In(zone).Format(time.DateOnly))
	var out []wire.Used
	for _, person := range p.People {
		if use := usage[person.ID][date]; use.Minutes > 0 {
			out = append(out, wire.Used{Person: person.ID, Date: date, Minutes: use.Minutes})
		}
	}
	return out
}

// since is what each device moved between two readings. A reading that fell has started over.
func since(before, after map[string]uint64) map[string]uint64 {
	out := make(map[string]uint64, len(after))
	for id, bytes := range after {
		if bytes >= before[id] {
			bytes -= before[id]
		}
		out[id] = bytes
	}
	return out
}
