package mobileapi

import (
	"time"

	"github.com/carebox-project/carebox/policies"
)

// maxWeight is how many windows, each counted for every device that it covers, are judged for one answer: some 0.4
// seconds and 30 MB. A policy that is right by itself can ask for a hundred times that (512 rules for the home, each on
// every day, and 512 devices), which would let one member stop everybody's cloud, and their own box.
const maxWeight = 100_000

// weight is about how many windows lie in a range, each counted for every device that it covers.
func weight(p policies.Policy, length time.Duration) int {
	owned := map[string]int{}
	for _, d := range p.Devices {
		owned[d.Person]++
	}
	covered := func(t policies.Target) int {
		switch {
		case t.Home:
			return len(p.Devices) + 1 // and those that nobody has named
		case t.Person != "":
			return owned[t.Person]
		}
		return 1
	}
	weeks := int(length/(7*24*time.Hour)) + 1
	sum := 0
	for _, s := range p.Schedules {
		sum += weeks * len(s.Days) * covered(s.For)
	}
	for _, e := range p.Exceptions {
		sum += (1 + len(e.Windows)) * covered(e.For)
	}
	for _, o := range p.Overrides {
		sum += covered(o.For)
	}
	return sum
}

// tooMuch is a problem of a policy that is too heavy to be judged for a range, nil else.
func tooMuch(p policies.Policy, length time.Duration, field string) policies.Problems {
	if weight(p, length) <= maxWeight {
		return nil
	}
	return policies.Problems{{Code: "too-much", Field: field, Detail: "There are too many rules for too many devices in this time."}}
}
