package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// onlineKept is how many days back minutes online are known.
const onlineKept = 35

// Online is how long a person was online within an hour of a date, by the home's clock.
type Online struct {
	Person  string
	Date    policies.Date
	Hour    int // 0 to 23
	Minutes int // 1 to 60
}

// Counted is what a box said of a person's date: the minutes of each hour, or only their sum and the hour it is now.
type Counted struct {
	Person  string
	Date    policies.Date
	Hours   policies.Hours // up to 60 each; all zero: not said
	Hour    int
	Minutes int
}

// minutes keeps how long people were online.
type minutes interface {
	// CountOnline brings the hours of each person's date up to what the box said. Where it said a sum only, what is new
	// belongs to the hour, and what an hour cannot hold to the hours before. What is older than oldest goes.
	CountOnline(ctx context.Context, home string, said []Counted, oldest policies.Date) error
	// Online is the hours of a person from a date on, in order.
	Online(ctx context.Context, home, person string, from policies.Date) ([]Online, error)
	// AllOnline is the hours of everybody in a home, by person, in order.
	AllOnline(ctx context.Context, home string) ([]Online, error)
}

// count keeps the minutes that a box said of today and yesterday. Of a box that does not say the hours the cloud learns
// them from sums that grow.
func (r *Registry) count(ctx context.Context, home string, said wire.Reported, now time.Time) error {
	if len(said.Usage) == 0 {
		return nil
	}
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return err
	}
	zone, err := policies.Location(record.Asked.Policy.Zone)
	if err != nil {
		return fmt.Errorf("counting minutes of home %q: %w", home, err)
	}
	local := now.In(zone)
	today := policies.Date(local.Format(time.DateOnly))
	yesterday := policies.Date(local.AddDate(0, 0, -1).Format(time.DateOnly))
	known := map[string]bool{}
	for _, p := range record.Asked.Policy.People {
		known[p.ID] = true
	}
	var counted []Counted
	for _, used := range said.Usage {
		hour := local.Hour()
		if used.Date == yesterday {
			hour = 23 // midnight came between
		}
		if known[used.Person] && (used.Date == today || used.Date == yesterday) && used.Minutes > 0 {
			counted = append(counted, Counted{Person: used.Person, Date: used.Date, Hours: hoursOf(used), Hour: hour, Minutes: used.Minutes})
		}
	}
	oldest := policies.Date(local.AddDate(0, 0, -onlineKept).Format(time.DateOnly))
	if err := r.Store.CountOnline(ctx, home, counted, oldest); err != nil {
		return fmt.Errorf("counting minutes of home %q: %w", home, err)
	}
	return nil
}

// hoursOf is the hours that a box said, if they are all the minutes that it said: one that has just learned to say them
// does not know those before. An hour that the clock repeats has 60 for the screen.
func hoursOf(used wire.Used) policies.Hours {
	sum := 0
	for hour, minutes := range used.Hours {
		sum += minutes
		used.Hours[hour] = min(minutes, 60)
	}
	if sum != used.Minutes {
		return policies.Hours{}
	}
	return used.Hours
}

// Online is how long a person was online, by hour, from a date on, as far as it is known.
func (r *Registry) Online(ctx context.Context, home, person string, from policies.Date) ([]Online, error) {
	hours, err := r.Store.Online(ctx, home, person, from)
	if err != nil {
		return nil, fmt.Errorf("reading minutes of home %q: %w", home, err)
	}
	return hours, nil
}
