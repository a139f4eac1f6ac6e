package registry

import (
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// UsageOf is the usage that a box reported. It does not say when the last minute was counted: where the box cuts by a
// budget, the beginning of that cut tells; else it cannot have been later than the report, nor than now.
func UsageOf(p policies.Policy, reported wire.Reported, now time.Time) policies.Usage {
	cuts := budgetCuts(p, reported)
	usage := policies.Usage{}
	for _, used := range reported.Usage {
		if _, err := time.Parse(time.DateOnly, string(used.Date)); err != nil {
			continue // a box of another version must not break the screen
		}
		if usage[used.Person] == nil {
			usage[used.Person] = map[policies.Date]policies.Use{}
		}
		last, known := cuts[used.Person]
		if !known {
			last = earlier(reported.At, now)
		}
		usage[used.Person][used.Date] = policies.Use{Minutes: used.Minutes, Last: last}
	}
	return usage
}

// budgetCuts is when the box began to cut by a budget, by person.
func budgetCuts(p policies.Policy, reported wire.Reported) map[string]time.Time {
	person := map[string]string{}
	for _, b := range p.Budgets {
		person[b.ID] = b.For.Person
	}
	cuts := map[string]time.Time{}
	for _, d := range reported.Devices {
		who, known := person[d.Verdict.Reason.ID]
		if d.Verdict.Reason.Kind != policies.KindBudget || d.Verdict.Since == nil || !known {
			continue
		}
		if first, ok := cuts[who]; !ok || d.Verdict.Since.Before(first) {
			cuts[who] = *d.Verdict.Since
		}
	}
	return cuts
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
