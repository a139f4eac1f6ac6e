package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Edit is one change of a policy by somebody. Apply gets a copy of its own of the asked policy; its error ends the
// change and is handed back as it is. The registry validates what Apply leaves.
type Edit struct {
	Actor  Actor
	Change Change
	Apply  func(*policies.Policy) error
}

// kept is how long an override that has ended stays in the policy, so that the day's timeline can still name it.
const kept = 24 * time.Hour

// Create makes a home with a new policy in a zone, revision 1. ErrTaken where the id exists, policies.Problems for a
// wrong zone.
func (r *Registry) Create(ctx context.Context, home Home, zone string) error {
	seed, err := NewSeed(home, zone, time.Now())
	if err != nil {
		return err
	}
	if err := r.Store.AddHomes(ctx, []Seed{seed}); err != nil {
		return fmt.Errorf("creating home %q: %w", home.ID, err)
	}
	return nil
}

// Assign gives a box to a home, in place of the one it may have, and sends it what is asked. ErrTaken where the box
// belongs to another home.
func (r *Registry) Assign(ctx context.Context, home, box string) error {
	if !wire.ValidBox(box) {
		return policies.Problems{{Code: "box-id", Field: "box", Detail: "A box id has small letters, digits and hyphens."}}
	}
	if err := r.Store.AssignBox(ctx, home, box); err != nil {
		return fmt.Errorf("assigning box %q to home %q: %w", box, home, err)
	}
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return fmt.Errorf("reading home %q: %w", home, err)
	}
	r.publish(ctx, record)
	r.Announce(home)
	return nil
}

// Change makes the next revision of a home's policy from the one numbered base, publishes and announces it, and gives
// the state with it. Its error is *Stale where base is not the asked revision, a policies.Problems where the policy
// would be wrong or the box could not keep it, ErrNotFound, ErrUnavailable, or whatever by.Apply gave. Overrides that
// ended more than a day ago go. An edit that changes nothing makes no revision and gives the state as it is.
func (r *Registry) Change(ctx context.Context, home string, base int64, by Edit) (State, error) {
	began := time.Now()
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return State{}, fmt.Errorf("reading home %q: %w", home, err)
	}
	if record.Asked.Revision != base {
		return State{}, &Stale{State: r.state(record)}
	}
	next, err := edit(record.Asked.Policy, by.Apply, began)
	if errors.Is(err, errSame) {
		return r.state(record), nil
	}
	if err == nil {
		err = admit(record.Asked.Policy, next, record.Box)
	}
	if err != nil {
		return State{}, err
	}
	doc := Document{Home: home, Policy: next, Actor: by.Actor, Change: by.Change, At: stamp(began)}
	before := record.Asked.Policy
	record, err = r.append(ctx, record, doc, 0)
	if err != nil {
		return State{}, err
	}
	r.tellOfHours(before, record.Asked)
	r.metric.delay.Observe(time.Since(began).Seconds())
	return r.state(record), nil
}

// Try is what Change would make of the asked policy, and that policy, without making it. Errors as for Change.
func (r *Registry) Try(ctx context.Context, home string, base int64, apply func(*policies.Policy) error) (before, after policies.Policy, err error) {
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return before, after, fmt.Errorf("reading home %q: %w", home, err)
	}
	before = record.Asked.Policy
	if record.Asked.Revision != base {
		return before, after, &Stale{State: r.state(record)}
	}
	after, err = edit(before, apply, time.Now())
	if errors.Is(err, errSame) {
		return before, before, nil
	}
	if err == nil {
		err = admit(before, after, record.Box)
	}
	return before, after, err
}

// append stores the next revision, publishes and announces it.
func (r *Registry) append(ctx context.Context, record Record, doc Document, floor int64) (Record, error) {
	doc.Actor.Name, doc.Change.Subject = plain(doc.Actor.Name), plain(doc.Change.Subject)
	stored, err := r.Store.Append(ctx, doc, record.Asked.Revision, floor)
	if errors.Is(err, ErrMoved) {
		if record, err = r.Store.Home(ctx, doc.Home); err == nil {
			return Record{}, &Stale{State: r.state(record)}
		}
	}
	if err != nil {
		return Record{}, fmt.Errorf("storing a revision of home %q: %w", doc.Home, err)
	}
	record.Asked = stored
	r.publish(ctx, record)
	r.Announce(doc.Home)
	return record, nil
}

// publish sends a home's document to its box. A loss is repaired by the box's next heartbeat.
func (r *Registry) publish(ctx context.Context, record Record) {
	box, asked := record.Box, record.Asked
	if box == nil || !box.speaks() {
		return
	}
	if err := r.send(ctx, box.ID, asked); err != nil {
		r.metric.lost.Inc()
		r.Log.Warn("could not publish a document", "box", box.ID, "revision", asked.Revision, "error", err)
		return
	}
	r.metric.published.Inc()
}

func (r *Registry) send(ctx context.Context, box string, asked Document) error {
	asks, err := r.Asks(ctx, asked.Home)
	if err != nil {
		return err
	}
	return r.sign(ctx, box, asked, answers(asks))
}

func (r *Registry) sign(ctx context.Context, box string, asked Document, asks []wire.Answer) error {
	policy, err := policies.Marshal(asked.Policy)
	if err != nil {
		return err
	}
	message, err := wire.Sign(r.Keys.Of(ctx, box), wire.Desired{
		Box: box, Schema: wire.Schema, Revision: asked.Revision, Issued: time.Now().UTC(), Policy: policy,
		Asks: asks,
	})
	if err != nil {
		return err
	}
	return r.Link.Send(box, wire.DownDesired, message)
}

// Announce lets everyone who watches a home look again, at every replica: for what changes beside its policy too, as who
// belongs to it does.
func (r *Registry) Announce(home string) {
	if err := r.Link.Announce(home); err != nil {
		r.Log.Warn("could not announce a change", "home", home, "error", err)
	}
}

var errSame = errors.New("nothing changed")

// edit is a policy after a change: canonical, valid, without overrides that ended long ago.
func edit(p policies.Policy, apply func(*policies.Policy) error, now time.Time) (policies.Policy, error) {
	next := policies.Canonical(p)
	if err := apply(&next); err != nil {
		return policies.Policy{}, err
	}
	before, err := pruned(p, now)
	if err != nil {
		return policies.Policy{}, err
	}
	after, err := pruned(next, now)
	if err != nil {
		return policies.Policy{}, err
	}
	if bytes.Equal(before, after) {
		return policies.Policy{}, errSame
	}
	return policies.Parse(after)
}

func pruned(p policies.Policy, now time.Time) ([]byte, error) {
	p = policies.Canonical(p)
	p.Overrides = slices.DeleteFunc(p.Overrides, func(o policies.Override) bool {
		return o.Until != nil && o.Until.Before(now.Add(-kept))
	})
	return policies.Marshal(p)
}
