package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Grant is an adult's yes: for how many minutes, or as many as were asked for where that is 0. Apply changes a copy of
// the asked policy by what the ask's answer says, and tells when what it gives ends.
type Grant struct {
	Actor   Actor
	Minutes int
	Change  func(Ask) Change
	Apply   func(p *policies.Policy, state State, ask Ask) (until time.Time, err error)
}

// See notes that an adult has an ask on their screen, so that the child knows. Where it is seen or answered already
// nothing changes. ErrNotFound.
func (r *Registry) See(ctx context.Context, home, id string, by Actor) (Ask, error) {
	ask, err := r.one(ctx, home, id)
	if err != nil || ask.Answer.State != wire.AskSent {
		return ask, err
	}
	return r.settle(ctx, ask, AskAnswer{State: wire.AskSeen, By: by}, []wire.AskState{wire.AskSent})
}

// Refuse answers an ask with no. ErrNotFound, *Answered.
func (r *Registry) Refuse(ctx context.Context, home, id string, by Actor) (Ask, error) {
	ask, err := r.one(ctx, home, id)
	if err != nil {
		return Ask{}, err
	}
	if !ask.Open() {
		return Ask{}, &Answered{Ask: ask}
	}
	after, err := r.settle(ctx, ask, AskAnswer{State: wire.AskRefused, By: by}, unanswered())
	if err == nil && after.Answer.By != by {
		return Ask{}, &Answered{Ask: after}
	}
	return after, err
}

func unanswered() []wire.AskState { return []wire.AskState{wire.AskSent, wire.AskSeen} }

// settle moves an ask on and gives it as it is then, by whomever.
func (r *Registry) settle(ctx context.Context, ask Ask, answer AskAnswer, from []wire.AskState) (Ask, error) {
	answer.At, answer.By.Name = stamp(time.Now()), plain(answer.By.Name)
	moved, err := r.Store.AnswerAsk(ctx, ask.Home, ask.ID, answer, from)
	if err != nil {
		return Ask{}, fmt.Errorf("answering ask %q: %w", ask.ID, err)
	}
	if !moved {
		return r.one(ctx, ask.Home, ask.ID)
	}
	ask.Answer = answer
	r.tell(ctx, ask.Home)
	r.wake(ask, policies.Policy{})
	return ask, nil
}

// Grant answers an ask with yes: the policy's next revision and the answer are one transaction, so that of two adults at
// once one is told who was first. No revision is needed to begin with: more time stands against nothing that somebody
// else may have changed. ErrNotFound, *Answered, and the errors of Change but *Stale.
func (r *Registry) Grant(ctx context.Context, home, id string, by Grant) (State, error) {
	var state State
	err := ErrMoved
	for try := 0; try < askTries && errors.Is(err, ErrMoved); try++ {
		state, err = r.grant(ctx, home, id, by)
	}
	if errors.Is(err, ErrMoved) {
		err = fmt.Errorf("granting ask %q: %w", id, ErrUnavailable)
	}
	return state, err
}

func (r *Registry) grant(ctx context.Context, home, id string, by Grant) (State, error) {
	ask, err := r.one(ctx, home, id)
	if err != nil {
		return State{}, err
	}
	if !ask.Open() {
		return State{}, &Answered{Ask: ask}
	}
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return State{}, fmt.Errorf("reading home %q: %w", home, err)
	}
	now := time.Now()
	answer := AskAnswer{State: wire.AskGranted, By: by.Actor, Minutes: by.Minutes, At: stamp(now)}
	if answer.By.Name = plain(answer.By.Name); answer.Minutes == 0 {
		answer.Minutes = ask.Minutes
	}
	ask.Answer = answer
	next, err := edit(record.Asked.Policy, func(p *policies.Policy) (err error) {
		answer.Until, err = by.Apply(p, r.state(record), ask)
		return err
	}, now)
	if err != nil {
		return State{}, err
	}
	doc := Document{Home: home, Policy: next, Actor: answer.By, Change: by.Change(ask), At: answer.At}
	if record.Asked, err = r.Store.AppendGrant(ctx, doc, record.Asked.Revision, id, answer); errors.Is(err, ErrNotFound) {
		return State{}, fmt.Errorf("answered meanwhile: %w", ErrMoved) // the next try finds out by whom
	}
	if err != nil {
		return State{}, fmt.Errorf("storing a revision of home %q: %w", home, err)
	}
	r.publish(ctx, record)
	r.Announce(home)
	ask.Answer = answer
	r.wake(ask, record.Asked.Policy)
	return r.state(record), nil
}

// tell brings the asks of a home to its box and to whoever watches.
func (r *Registry) tell(ctx context.Context, home string) {
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		r.Log.Warn("could not tell of an ask", "home", home, "error", err)
		return // the box says it again, the app looks again
	}
	r.publish(ctx, record)
	r.Announce(home)
}

// asked keeps what somebody at an offline device asks for. The box says it again until it is answered, and each time it
// is: with a document that says how far it has come.
func (r *Registry) asked(ctx context.Context, m message) error {
	said, err := wire.DecodeAsk(m.body)
	if err != nil {
		return err
	}
	record, err := r.Store.HomeOf(ctx, m.box)
	if err != nil {
		return err
	}
	ask := Ask{
		ID: plain(said.ID), Home: record.Home.ID, Minutes: said.Minutes, Why: said.Why, Asked: stamp(said.At), At: stamp(m.at),
		Answer: AskAnswer{State: wire.AskExpired, At: stamp(m.at)}, Device: plain(said.Device),
	}
	for _, d := range record.Asked.Policy.Devices {
		if d.ID == said.Device || said.Device == "" && slices.Contains(d.MACs, policies.MAC(said.MAC)) {
			ask.Device, ask.Person, ask.Answer = d.ID, d.Person, AskAnswer{State: wire.AskSent}
		}
	}
	added, err := r.keepAsk(ctx, ask)
	if err != nil {
		return err
	}
	r.publish(ctx, record)
	if added {
		r.Announce(record.Home.ID)
		r.wake(ask, record.Asked.Policy)
	}
	return nil
}

// answers is asks as a box reads them.
func answers(asks []Ask) []wire.Answer {
	list := make([]wire.Answer, len(asks))
	for i, ask := range asks {
		list[i] = wire.Answer{
			ID: ask.ID, Device: ask.Device, State: ask.Answer.State, By: ask.Answer.By.Name, Minutes: ask.Minutes, Asked: ask.Asked, At: ask.At,
		}
		if ask.Answer.Minutes > 0 {
			list[i].Minutes = ask.Answer.Minutes
		}
		if !ask.Answer.At.IsZero() {
			list[i].At = ask.Answer.At
		}
		if !ask.Answer.Until.IsZero() {
			list[i].Until = &ask.Answer.Until
		}
	}
	return list
}
