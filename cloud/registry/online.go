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

// minutes keeps how long people were online.
type minutes interface {
	// CountOnline brings the sum of each person's date to what the box said: what is new belongs to the hour, and what an
	// hour cannot hold to the hours before. What is older than oldest goes.
	CountOnline(ctx context.Context, home string, said []Online, oldest policies.Date) error
	// Online is the hours of a person from a date on, in order.
	Online(ctx context.Context, home, person string, from policies.Date) ([]Online, error)
}

// count keeps the minutes that a box said. It says sums of today each minute; so the cloud learns the hours.
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
	var counted []Online
	for _, used := range said.Usage {
		hour := local.Hour()
		if used.Date == yesterday {
			hour = 23 // midnight came between
		}
		if known[used.Person] && (used.Date == today || used.Date == yesterday) && used.Minutes > 0 {
			counted = append(counted, Online{Person: used.Person, Date: used.Date, Hour: hour, Minutes: used.Minutes})
		}
	}
	oldest := policies.Date(local.AddDate(0, 0, -onlineKept).Format(time.DateOnly))
	if err := r.Store.CountOnline(ctx, home, counted, oldest); err != nil {
		return fmt.Errorf("counting minutes of home %q: %w", home, err)
	}
	return nil
}

// Online is how long a person was online, by hour, from a date on, as far as it is known.
func (r *Registry) Online(ctx context.Context, home, person string, from policies.Date) ([]Online, error) {
	hours, err := r.Store.Online(ctx, home, person, from)
	if err != nil {
		return nil, fmt.Errorf("reading minutes of home %q: %w", home, err)
	}
	return hours, nil
}
