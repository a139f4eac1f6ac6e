package push

import (
	"context"
	"encoding/json"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const (
	some = 50 // notices taken at once
	// evening is the hour, by the home's clock, at which a day's changes of hours are told in one.
	evening = 18
)

// outbox keeps what waits.
type outbox interface {
	// Audience is the members of a home whom an event is for and who have a browser to be woken.
	Audience(ctx context.Context, of audience) ([]listener, error)
	// Post keeps a notice in place of the one of its topic that waits, whose time it keeps and whose events it counts too;
	// or it takes that one away, and is not kept either, where that one's word is unless.
	Post(ctx context.Context, n notice, unless string) error
	// TakeDue hands out notices that are due, each to one caller.
	TakeDue(ctx context.Context, now time.Time, limit int) ([]notice, error)
}

type (
	audience = struct {
		Home, Kind, Person, Member, But string
		Differing                       bool // those who want the kind otherwise than by default are it
	}
	listener = struct {
		Member string
		Quiet  quietRow
		Chosen bool // the quiet
	}
	notice = struct {
		Member, Topic, Home, Word, Event string
		Count                            int
		Due                              time.Time
	}
)

// spread sends an event to everybody whom it concerns, or keeps it for later.
func (p *Push) spread(ctx context.Context, e registry.Event) {
	list, err := p.Store.Audience(ctx, audience{
		Home: e.Home, Kind: string(e.Kind), Person: e.Person, Member: e.Member, But: e.But, Differing: !byDefault(string(e.Kind)),
	})
	if err != nil {
		p.Log.Warn("could not find whom to notify", "home", e.Home, "error", err)
		return
	}
	zone, err := policies.Location(e.Zone)
	if err != nil {
		zone = time.UTC // an answer that says no names none
	}
	for _, who := range list {
		quiet := DefaultQuiet()
		if who.Chosen {
			quiet = Quiet(who.Quiet)
		}
		now := time.Now()
		due := quiet.end(now, zone)
		if urgent(e.Kind) {
			silent := e.Kind == registry.KindCut && due.After(now)
			p.wake(ctx, who.Member, func(locale string) message { return words(e, locale).at(now, silent) })
			continue
		}
		if e.Kind == registry.KindHours {
			due = quiet.end(nextEvening(now, zone), zone)
		}
		if err := p.post(ctx, who.Member, e, due); err != nil {
			p.Log.Warn("could not keep a notification", "home", e.Home, "error", err)
		}
	}
}

// urgent is what would be worth nothing later.
func urgent(k registry.Kind) bool {
	return k == registry.KindAsk || k == registry.KindAnswer || k == registry.KindCut || k == registry.KindSupport
}

func nextEvening(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), evening, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, evening, 0, 0, 0, zone)
	}
	return at
}

func (p *Push) post(ctx context.Context, member string, e registry.Event, due time.Time) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	unless := ""
	if e.Word == registry.WordBack {
		unless = registry.WordGone // who slept need not hear of either
	}
	topic := string(e.Kind) + ":" + e.Home
	if e.Word == registry.WordApplied {
		topic = e.Word + ":" + e.Home // beside what is said of the box itself
	}
	n := notice{
		Member: member, Topic: topic, Home: e.Home, Word: e.Word, Event: string(text), Count: max(e.Count, 1), Due: due,
	}
	if err := p.Store.Post(ctx, n, unless); err != nil {
		return err
	}
	select {
	case p.posted <- struct{}{}:
	default:
	}
	return nil
}

// collect sends what is due.
func (p *Push) collect(ctx context.Context) {
	for {
		list, err := p.Store.TakeDue(ctx, time.Now(), some)
		if err != nil {
			if ctx.Err() == nil {
				p.Log.Warn("could not look for notifications", "error", err)
			}
			return
		}
		for _, n := range list {
			var e registry.Event
			if err := json.Unmarshal([]byte(n.Event), &e); err != nil {
				p.Log.Error("could not read a notification", "home", n.Home, "error", err)
				continue
			}
			e.Count = n.Count
			p.wake(ctx, n.Member, func(locale string) message { return words(e, locale).at(time.Now(), false) })
		}
		if len(list) < some {
			return
		}
	}
}
