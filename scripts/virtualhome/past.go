package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// A home of the demo is older than all that its family decided in the week before.
const (
	daysLived = 7
	age       = (daysLived + 1) * 24 * time.Hour
)

// past is a home's database before its cloud opens it.
type past struct {
	data   *store.Store
	access Access
	zone   *time.Location
	now    time.Time
	newest registry.Document
}

// lived lets a family have lived here for a week: what it decided, when that was in force, and how long who was online.
func (h *House) lived(ctx context.Context) error {
	data, err := store.Open(ctx, filepath.Join(h.dir, "carebox.db"))
	if err != nil {
		return err
	}
	err = settleIn(ctx, data, h.Access, time.Now(), h.decisions())
	if err = errors.Join(err, data.Close()); err != nil {
		return fmt.Errorf("writing the home's past: %w", err)
	}
	return nil
}

func settleIn(ctx context.Context, data *store.Store, access Access, now time.Time, decisions []decision) error {
	record, err := data.Home(ctx, access.Home)
	if err != nil {
		return err
	}
	p := &past{data: data, access: access, now: now, newest: record.Asked}
	if p.zone, err = policies.Location(zone); err != nil {
		return err
	}
	parents, err := p.parents(ctx)
	if err != nil {
		return err
	}
	if err := p.proved(ctx, record.Asked.Revision, record.Asked.At); err != nil {
		return err
	}
	for _, d := range decisions {
		if err := p.decide(ctx, d, parents[d.by]); err != nil {
			return err
		}
	}
	// The box itself has said nothing yet: what is asked is in force when it says so.
	if err := p.proved(ctx, 0, p.newest.At); err != nil {
		return err
	}
	return p.use(ctx)
}

// parents are the home's two adults: who signs in, and another.
func (p *past) parents(ctx context.Context) (map[string]registry.Actor, error) {
	who := accounts.New(p.data, func() time.Time { return p.now.Add(-age) })
	family, err := who.Family(ctx, p.access.Home)
	if err != nil {
		return nil, err
	}
	if len(family) != 1 {
		return nil, fmt.Errorf("a new home has %d members", len(family))
	}
	first, err := who.Rename(ctx, family[0].Member, mother, accounts.LocaleEnglish)
	if err != nil {
		return nil, err
	}
	second, err := who.Create(ctx, "sam@home.example", father, rand.Text())
	if err != nil {
		return nil, err
	}
	return map[string]registry.Actor{
		mother: {Member: first.ID, Name: mother, From: "app"},
		father: {Member: second.ID, Name: father, From: "app"},
	}, who.Join(ctx, second.ID, accounts.Membership{Home: p.access.Home, Role: accounts.RoleAdult})
}

// decide makes the next revision, which the box has proved a moment later.
func (p *past) decide(ctx context.Context, d decision, by registry.Actor) error {
	clock, err := time.Parse("15:04", d.clock)
	if err != nil {
		return err
	}
	day := p.day(d.days)
	at := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 7*len(d.subject)%60, 0, p.zone).UTC()
	if !at.After(p.newest.At) {
		at = p.newest.At.Add(20 * time.Second) // several in the same minute
	}
	next := registry.Document{
		Home: p.access.Home, Policy: p.newest.Policy, Actor: by, At: at, Change: registry.Change{Code: d.code, Subject: d.subject},
	}
	next.Policy.Overrides = nil
	d.edit(&next.Policy, at)
	for i := range next.Policy.Overrides {
		next.Policy.Overrides[i].By = by.Name
	}
	if problems := policies.Validate(next.Policy); problems != nil {
		return fmt.Errorf("%s %q: %w", d.code, d.subject, problems)
	}
	if p.newest, err = p.data.Append(ctx, next, p.newest.Revision, 0); err != nil {
		return err
	}
	return p.proved(ctx, p.newest.Revision, at)
}

// proved lets the box have said which revision is in force.
func (p *past) proved(ctx context.Context, revision int64, asked time.Time) error {
	since := asked.Add(time.Second)
	said := wire.Reported{Box: p.access.Box, At: since, Accepted: revision, InForce: revision, Since: since, Devices: []wire.DeviceState{}}
	document, err := json.Marshal(said)
	if err != nil {
		return err
	}
	_, err = p.data.Report(ctx, registry.Said{
		Box: p.access.Box, Document: string(document), Digest: fmt.Sprint("past ", revision), InForce: revision, Since: since, At: since,
	})
	return err
}

// use counts the minutes of the days before today, which the box counts itself.
func (p *past) use(ctx context.Context) error {
	var all []registry.Counted
	for days := 1; days <= daysLived; days++ {
		date := p.day(days)
		for id, habit := range habits() {
			hours := used(habit, date, len(id))
			all = append(all, registry.Counted{Person: id, Date: policies.Date(date.Format(time.DateOnly)), Hours: hours})
		}
	}
	return p.data.CountOnline(ctx, p.access.Home, all, policies.Date(p.day(daysLived).Format(time.DateOnly)))
}

func (p *past) day(ago int) time.Time { return p.now.In(p.zone).AddDate(0, 0, -ago) }
