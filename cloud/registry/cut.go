package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	cutAhead = 10 * time.Minute
	cutLeast = 2 * time.Minute // what is nearer than this is no warning any more
)

// lookForCuts warns the children who can be warned of the next cut of their devices.
func (r *Registry) lookForCuts(ctx context.Context, now time.Time) error {
	children, err := r.Store.Children(ctx)
	if err != nil {
		return err
	}
	for _, child := range children {
		record, err := r.Store.Home(ctx, child.Home)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.warn(ctx, record, child.Person, now); err != nil {
			return err
		}
	}
	return nil
}

func (r *Registry) warn(ctx context.Context, record Record, person string, now time.Time) error {
	state := r.state(record)
	if state.Box == nil || state.Box.Reported == nil {
		return nil
	}
	near, found, err := nextCut(state.Asked.Policy, *state.Box.Reported, person, now)
	if err != nil || !found {
		return err
	}
	fresh, err := r.Store.Claim(ctx, record.Home.ID, []string{near.key(person)}, near.at.Add(26*time.Hour))
	if err != nil || len(fresh) == 0 {
		return err
	}
	r.herald(Event{Kind: KindCut, Home: record.Home.ID, Zone: state.Asked.Policy.Zone, Person: person, Name: near.device, At: near.at})
	return nil
}

// near is a cut that comes soon.
type near struct {
	at     time.Time
	device string // name of the one that is cut while others of the person go on; "" for all
	reason policies.Reason
	date   policies.Date // of which a budget will be used up
}

// key is what one cut is told once by. The end of a budget moves with its use, so its date is the name.
func (n near) key(person string) string {
	if n.reason.Kind == policies.KindBudget {
		return fmt.Sprintf("cut:%s:%s:%s", person, n.reason.ID, n.date)
	}
	return fmt.Sprintf("cut:%s:%d", person, n.at.Unix())
}

// nextCut is the next cut among a person's devices that are in the LAN, if it is near. Who goes on using what is left of
// a budget is cut when it ends.
func nextCut(p policies.Policy, said wire.Reported, person string, now time.Time) (near, bool, error) {
	present := map[string]bool{}
	for _, d := range said.Devices {
		present[d.ID] = d.Present
	}
	mine := slices.DeleteFunc(slices.Clone(p.Devices), func(d policies.Device) bool { return d.Person != person || !present[d.ID] })
	if len(mine) == 0 {
		return near{}, false, nil
	}
	usage, date, err := expect(p, UsageOf(p, said, now), person, now)
	if err != nil {
		return near{}, false, err
	}
	line, err := policies.Compile(p, usage, now.Add(-policies.Horizon), now.Add(policies.Horizon))
	if err != nil {
		return near{}, false, fmt.Errorf("judging devices of a person: %w", err)
	}
	cuts := map[time.Time][]policies.Device{}
	online := 0
	for _, d := range mine {
		v := line.At(d.ID, now)
		if !v.Online {
			continue
		}
		if online++; v.Changes != nil {
			cuts[*v.Changes] = append(cuts[*v.Changes], d)
		}
	}
	if len(cuts) == 0 {
		return near{}, false, nil
	}
	at := slices.MinFunc(slices.Collect(maps.Keys(cuts)), time.Time.Compare)
	if left := at.Sub(now); left > cutAhead || left < cutLeast {
		return near{}, false, nil
	}
	n := near{at: at, reason: line.At(cuts[at][0].ID, at).Reason, date: date}
	if len(cuts[at]) < online {
		n.device = cuts[at][0].Name
	}
	return n, true, nil
}

// expect is the usage of a person who goes on: a budget that is nearly used up will be.
func expect(p policies.Policy, usage policies.Usage, person string, now time.Time) (policies.Usage, policies.Date, error) {
	zone, err := policies.Location(p.Zone)
	if err != nil {
		return nil, "", fmt.Errorf("reading usage of a person: %w", err)
	}
	date := policies.Date(now.In(zone).Format(time.DateOnly))
	use := usage[person][date]
	least := cutAhead + 1
	for _, b := range p.Budgets {
		left := time.Duration(b.Amount)*time.Second - time.Duration(use.Minutes)*time.Minute
		if b.For.Person == person && left > 0 && left < least {
			least = left
		}
	}
	if least > cutAhead {
		return usage, date, nil
	}
	next := maps.Clone(usage)
	if next == nil {
		next = policies.Usage{}
	}
	days := maps.Clone(next[person])
	if days == nil {
		days = map[policies.Date]policies.Use{}
	}
	days[date] = policies.Use{Minutes: use.Minutes + int((least+time.Minute-1)/time.Minute), Last: now.Add(least)}
	next[person] = days
	return next, date, nil
}
