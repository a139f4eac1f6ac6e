package main

import (
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Who decides in the family of the demo.
const (
	mother = "Camille"
	father = "Sam"
)

// decision of a family: what somebody decided, so many days ago, at a time of the home's clock.
type decision struct {
	days          int
	clock         string
	by            string
	code, subject string
	edit          func(p *policies.Policy, at time.Time)
}

// decisions of a week, oldest first. They leave the phone, with which people try things, online but for dinner.
func (h *House) decisions() []decision {
	things := h.things()
	all := []decision{
		{7, "18:02", mother, "person", "leo", person("leo", "Léo")},
		{7, "18:02", mother, "person", "zoe", person("zoe", "Zoé")},
		{7, "18:03", mother, "person", "camille", person("camille", mother)},
	}
	for i, d := range things {
		when := decision{7, "18:05", mother, "device", d.ID, device(d)}
		switch {
		case i >= 8: // the printer was new
			when.days, when.clock = 4, "10:41"
		case i >= 5:
			when.days, when.clock, when.by = 6, "12:24", father
		}
		all = append(all, when)
	}
	nights := policies.Schedule{
		ID: "nights", Name: "Nights", For: policies.Target{Person: "zoe"}, Days: everyDay(), Start: "20:30", Duration: 10*3600 + 1800,
	}
	dinner := policies.Schedule{
		ID: "dinner", Name: "Dinner", For: policies.Target{Person: "leo"}, Days: everyDay(), Start: "19:15", Duration: 45 * 60,
	}
	leo, zoe, console := policies.Target{Person: "leo"}, policies.Target{Person: "zoe"}, policies.Target{Device: "leo-console"}
	all = append(all,
		decision{6, "20:10", mother, "schedule", "nights", schedule(nights)},
		decision{5, "19:20", father, "pause", "person:leo", moment("pause-1", policies.ModePause, leo, 45)},
		decision{5, "19:48", father, "resume", "person:leo", nothing},
		decision{4, "19:02", mother, "schedule", "dinner", schedule(dinner)},
		decision{3, "17:30", father, "budget", "zoe-day", budget("zoe-day", zoe, 90)},
		decision{3, "21:15", father, "budget", "leo-day", budget("leo-day", leo, 240)},
		decision{2, "18:40", mother, "bonus", "person:zoe", moment("bonus-1", policies.ModeBonus, zoe, 30)},
		decision{1, "16:55", father, "pause", "device:leo-console", moment("pause-2", policies.ModePause, console, 60)},
		decision{1, "18:20", mother, "bonus", "person:leo", moment("bonus-2", policies.ModeBonus, leo, 30)},
	)
	slices.SortStableFunc(all, func(a, b decision) int { // a day's times are written with two digits each
		if a.days != b.days {
			return b.days - a.days
		}
		return strings.Compare(a.clock, b.clock)
	})
	return all
}

// things are the family's devices. The first three are in the house; the others are where devices are in the daytime.
func (h *House) things() []policies.Device {
	all := []policies.Device{
		{ID: "leo-phone", Name: "Léo's phone", Kind: "phone", MACs: []policies.MAC{h.Phone.MAC}, Person: "leo"},
		{ID: "laptop", Name: "Laptop", Kind: "laptop", MACs: []policies.MAC{h.Laptop.MAC}, Person: "camille"},
		{ID: "tv", Name: "TV", Kind: "tv", MACs: []policies.MAC{h.TV.MAC}},
		{ID: "zoe-tablet", Name: "Zoé's tablet", Kind: "tablet", MACs: []policies.MAC{"3c:06:30:5e:21:7a"}, Person: "zoe"},
		{ID: "camille-phone", Name: "Camille's phone", Kind: "phone", MACs: []policies.MAC{"a4:c3:37:19:d0:42"}, Person: "camille"},
		{ID: "leo-console", Name: "Console", Kind: "console", MACs: []policies.MAC{"98:b6:e9:44:0b:c1"}, Person: "leo"},
		{ID: "zoe-watch", Name: "Zoé's watch", Kind: "watch", MACs: []policies.MAC{"d0:03:4b:7e:93:18"}, Person: "zoe"},
		{ID: "speaker", Name: "Kitchen speaker", Kind: "speaker", MACs: []policies.MAC{"78:28:ca:60:5d:f3"}},
		{ID: "printer", Name: "Printer", Kind: "printer", MACs: []policies.MAC{"64:eb:8c:2f:a8:05"}},
	}
	if h.Air != nil {
		all[0].Effect = policies.EffectNoWiFi
	}
	return all
}

// habits are the minutes online of an ordinary day and of one at the weekend, by hour.
func habits() map[string][2]policies.Hours {
	return map[string][2]policies.Hours{
		"leo":     {{7: 12, 16: 8, 17: 41, 18: 55, 20: 38, 21: 22}, {10: 25, 11: 52, 14: 60, 15: 47, 17: 35, 18: 28, 20: 33, 21: 41}},
		"zoe":     {{17: 28, 18: 34}, {9: 22, 10: 31, 16: 20, 17: 17}},
		"camille": {{7: 9, 12: 16, 13: 11, 18: 14, 21: 44, 22: 31}, {9: 18, 11: 12, 15: 26, 21: 52, 22: 47}},
	}
}

// used is a day of somebody's habits. No two are the same.
func used(habit [2]policies.Hours, date time.Time, salt int) policies.Hours {
	hours := habit[0]
	if day := date.Weekday(); day == time.Saturday || day == time.Sunday {
		hours = habit[1]
	}
	for hour, minutes := range hours {
		if minutes > 0 {
			hours[hour] = min(max(minutes+(date.YearDay()*7+hour*5+salt*11)%19-9, 2), 60)
		}
	}
	return hours
}

func person(id, name string) func(*policies.Policy, time.Time) {
	return func(p *policies.Policy, _ time.Time) {
		p.People = append(p.People, policies.Person{ID: id, Name: name})
	}
}

func device(d policies.Device) func(*policies.Policy, time.Time) {
	return func(p *policies.Policy, _ time.Time) { p.Devices = append(p.Devices, d) }
}

func schedule(s policies.Schedule) func(*policies.Policy, time.Time) {
	return func(p *policies.Policy, _ time.Time) { p.Schedules = append(p.Schedules, s) }
}

func budget(id string, of policies.Target, minutes int) func(*policies.Policy, time.Time) {
	return func(p *policies.Policy, _ time.Time) {
		p.Budgets = append(p.Budgets, policies.Budget{ID: id, For: of, Days: everyDay(), Amount: minutes * 60})
	}
}

func moment(id string, mode policies.Mode, of policies.Target, minutes int) func(*policies.Policy, time.Time) {
	return func(p *policies.Policy, at time.Time) {
		until := at.Add(time.Duration(minutes) * time.Minute)
		p.Overrides = append(p.Overrides, policies.Override{ID: id, For: of, Mode: mode, At: at, Until: &until})
	}
}

// nothing is left of the moments, which each decision takes away first.
func nothing(*policies.Policy, time.Time) {}

func everyDay() []policies.Day {
	return []policies.Day{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
}
