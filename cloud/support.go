package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// supportFile is when people are there to help. Without it they always are.
type supportFile struct {
	Zone  string                 `json:"zone"`
	Days  map[string][][2]string `json:"days"`            // "monday": [["08:00", "12:00"], ["13:00", "19:00"]]
	Slot  int                    `json:"slot,omitempty"`  // minutes of a call
	Calls int                    `json:"calls,omitempty"` // at once
	Away  int                    `json:"away,omitempty"`  // minutes
}

func (f *supportFile) read() (assist.Hours, time.Duration, error) {
	var hours assist.Hours
	if f == nil {
		return hours, 0, nil
	}
	var err error
	if hours.Zone, err = policies.Location(f.Zone); err != nil {
		return hours, 0, fmt.Errorf("zone %q: %w", f.Zone, err)
	}
	hours.Slot, hours.Calls, hours.Days = time.Duration(f.Slot)*time.Minute, f.Calls, map[time.Weekday][]assist.Span{}
	days := map[string]time.Weekday{}
	for day := range time.Saturday + 1 {
		days[strings.ToLower(day.String())] = day
	}
	for name, spans := range f.Days {
		day, known := days[name]
		if !known {
			return hours, 0, fmt.Errorf("%q is no day such as monday", name)
		}
		for _, span := range spans {
			hours.Days[day] = append(hours.Days[day], assist.Span{From: span[0], To: span[1]})
		}
	}
	if f.Away < 0 || f.Away > 24*60 {
		return hours, 0, fmt.Errorf("away is 1 to 1440 minutes")
	}
	return hours, time.Duration(f.Away) * time.Minute, hours.Check()
}

// ending ends what a customer allowed an agent who does not have their case any more.
func ending(care *assist.Sessions, log *slog.Logger) func(ctx context.Context, k assist.Case, agent string) {
	return func(ctx context.Context, k assist.Case, agent string) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // who closes their console does not keep it
		defer cancel()
		by := assist.Closing{State: assist.StateEnded, By: assist.EndHandOver, Who: agent}
		switch {
		case k.State == assist.CaseClosed && k.Solved == assist.SolvedYes:
			by.By, by.Who, by.Name = assist.EndCustomer, k.Member, k.Name
		case k.State == assist.CaseClosed:
			by.By = assist.EndStaff
		}
		if err := care.EndCase(ctx, k.ID, by); err != nil {
			log.Warn("could not end the sessions of a case", "case", k.ID, "error", err)
		}
	}
}

// asking wakes the customer whom an agent asks for a session; in place of a child, who cannot consent, those who can.
func asking(homes interface {
	Home(ctx context.Context, id string) (registry.Record, error)
	MembersOf(ctx context.Context, home string) ([]struct{ Member, Name, Email, Role, Person string }, error)
}, bell interface{ Tell(registry.Event) }, log *slog.Logger) func(ctx context.Context, one assist.Session) {
	return func(ctx context.Context, one assist.Session) {
		record, err := homes.Home(ctx, one.Home)
		family, reading := homes.MembersOf(ctx, one.Home)
		if err = errors.Join(err, reading); err != nil {
			log.Warn("could not wake a customer", "session", one.ID, "error", err)
			return
		}
		e := registry.Event{
			Kind: registry.KindSupport, Word: registry.WordSession, Home: one.Home, Zone: record.Asked.Policy.Zone, Name: one.StaffName, But: one.Customer,
		}
		for _, kin := range family {
			if kin.Member == one.Customer && accounts.Role(kin.Role).Decides() {
				e.Member, e.Case, e.But = one.Customer, one.Case, ""
			}
		}
		bell.Tell(e)
	}
}
