package policies

import (
	"fmt"
	"time"
)

// rules checks all that refers to people and devices, which are known by now.
func (j *judge) rules(p Policy) {
	ids := map[string]bool{}
	for i, s := range p.Schedules {
		at := fmt.Sprintf("schedules[%d]", i)
		j.id(ids, at, s.ID)
		j.label(at+".name", s.Name)
		j.target(at+".for", s.For)
		j.days(at+".days", s.Days)
		j.window(at, s.Start, s.Duration)
	}
	j.exceptions(p.Exceptions)
	ids = map[string]bool{}
	for i, o := range p.Overrides {
		at := fmt.Sprintf("overrides[%d]", i)
		j.id(ids, at, o.ID)
		j.label(at+".by", o.By)
		j.target(at+".for", o.For)
		j.override(at, o)
	}
	ids = map[string]bool{}
	for i, b := range p.Budgets {
		at := fmt.Sprintf("budgets[%d]", i)
		j.id(ids, at, b.ID)
		j.target(at+".for", b.For)
		if b.For.Device != "" || b.For.Home {
			j.problem(CodeTargetKind, at+".for", "A budget is for a person.")
		}
		j.days(at+".days", b.Days)
		if b.Amount < 1 || b.Amount > secondsOfDay {
			j.problem(CodeAmount, at+".amount", fmt.Sprintf("An amount is 1 to %d seconds.", secondsOfDay))
		}
	}
	j.reservations(p.Reservations)
}

func (j *judge) exceptions(list []Exception) {
	type dated struct {
		target Target
		date   Date
	}
	ids, taken := map[string]bool{}, map[dated]string{}
	for i, e := range list {
		at := fmt.Sprintf("exceptions[%d]", i)
		j.id(ids, at, e.ID)
		j.label(at+".name", e.Name)
		j.target(at+".for", e.For)
		number, ok := e.Date.number()
		if !ok || !reasonable(time.Unix(number*secondsOfDay, 0)) {
			j.problem(CodeDate, at+".date", shown(string(e.Date))+" is no date of the years 2000 to 2100.")
		} else if first, twice := taken[dated{e.For, e.Date}]; twice {
			j.problem(CodeDateTwice, at+".date", "The exception "+shown(first)+" has the same target and date.")
		} else {
			taken[dated{e.For, e.Date}] = e.ID
		}
		if len(e.Windows) > MaxWindows {
			j.count(at+".windows", len(e.Windows), MaxWindows)
			continue
		}
		for k, w := range e.Windows {
			j.window(fmt.Sprintf("%s.windows[%d]", at, k), w.Start, w.Duration)
		}
	}
}

func (j *judge) override(at string, o Override) {
	word(j, at+".mode", o.Mode, []Mode{ModePause, ModeBonus})
	j.instant(at+".at", o.At)
	switch {
	case o.Until == nil && o.Mode == ModeBonus:
		j.problem(CodeNoUntil, at+".until", "A bonus has an end.")
	case o.Until == nil:
	case !o.Until.After(o.At):
		j.problem(CodeUntil, at+".until", "The end is not after the beginning.")
	default:
		j.instant(at+".until", *o.Until)
	}
}

func (j *judge) instant(at string, t time.Time) {
	if !reasonable(t) {
		j.problem(CodeInstant, at, "An instant lies in the years 2000 to 2100.")
	}
}

// reasonable reports whether an instant lies in the years that a policy may speak of.
func reasonable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 2000 && year <= 2100
}
