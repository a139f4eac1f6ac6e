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
	// A minute belongs to the date and the hour in which it began.
	began := now.Add(-time.Minute).In(zone)
	date := policies.Date(began.Format(time.DateOnly))
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
		use.Minutes, use.Last = use.Minutes+1, now.UTC()
		use.Hours[began.Hour()]++
		out[person][date] = use
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

// lately is what each person of the policy, in its order, has used of the date at now and of the one before: a box that
// could not report at midnight still tells it.
func lately(p policies.Policy, usage policies.Usage, now time.Time) []wire.Used {
	zone, err := policies.Location(p.Zone)
	if err != nil {
		return nil
	}
	local := now.In(zone)
	var out []wire.Used
	for _, person := range p.People {
		for days := range 2 {
			date := policies.Date(local.AddDate(0, 0, days-1).Format(time.DateOnly))
			if use := usage[person.ID][date]; use.Minutes > 0 {
				out = append(out, wire.Used{Person: person.ID, Date: date, Minutes: use.Minutes, Hours: use.Hours})
			}
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
