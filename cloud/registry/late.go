package registry

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// late is how long after it was asked a change is news when it comes in force: its author has been told to wait.
const late = time.Minute

// tellApplied tells those who asked what has come in force late, each once.
func (r *Registry) tellApplied(ctx context.Context, heard Heard, at time.Time) error {
	authors := map[string]bool{}
	for _, a := range heard.Applied {
		if a.Actor.Member != "" && at.Sub(a.Asked) >= late {
			authors[a.Actor.Member] = true
		}
	}
	if r.Herald == nil || len(authors) == 0 {
		return nil
	}
	record, err := r.Store.Home(ctx, heard.Home)
	if err != nil {
		return err
	}
	for _, member := range slices.Sorted(maps.Keys(authors)) {
		r.herald(Event{Kind: KindBox, Word: WordApplied, Home: heard.Home, Zone: record.Asked.Policy.Zone, Member: member, At: at})
	}
	return nil
}

// tellOfHours tells the other adults that somebody has changed rules.
func (r *Registry) tellOfHours(before policies.Policy, after Document) {
	targets := changedTargets(before, after.Policy)
	if after.Actor.Member == "" || len(targets) == 0 {
		return
	}
	e := Event{
		Kind: KindHours, Home: after.Home, Zone: after.Policy.Zone, But: after.Actor.Member, Name: after.Actor.Name, At: after.At,
	}
	if len(targets) == 1 {
		e.Whose = personOf(after.Policy, targets[0])
	}
	r.herald(e)
}

// changedTargets is whom the rules are for that differ.
func changedTargets(a, b policies.Policy) []policies.Target {
	found := map[policies.Target]bool{}
	differing(found, a.Schedules, b.Schedules, func(s policies.Schedule) (string, policies.Target) { return s.ID, s.For })
	differing(found, a.Exceptions, b.Exceptions, func(e policies.Exception) (string, policies.Target) { return e.ID, e.For })
	differing(found, a.Budgets, b.Budgets, func(x policies.Budget) (string, policies.Target) { return x.ID, x.For })
	return slices.Collect(maps.Keys(found))
}

func differing[T any](found map[policies.Target]bool, a, b []T, of func(T) (string, policies.Target)) {
	before := map[string]T{}
	for _, x := range a {
		id, _ := of(x)
		before[id] = x
	}
	for _, x := range b {
		id, target := of(x)
		if old, known := before[id]; !known || !reflect.DeepEqual(old, x) {
			found[target] = true
		}
		delete(before, id)
	}
	for _, x := range before {
		_, target := of(x)
		found[target] = true
	}
}

// personOf is the name of the one person whom a target is about, "" for the home.
func personOf(p policies.Policy, t policies.Target) string {
	person := t.Person
	for _, d := range p.Devices {
		if t.Device != "" && d.ID == t.Device {
			person = d.Person
		}
	}
	for _, x := range p.People {
		if person != "" && x.ID == person {
			return x.Name
		}
	}
	return ""
}
