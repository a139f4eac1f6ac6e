package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/carebox-project/carebox/policies"
)

// errTouched ends an undo whose revision has been built upon.
var errTouched = errors.New("changed again since")

// ErrApproval is a change that staff may not make by themselves: a member approves of it.
var ErrApproval = errors.New("it takes a person or a device away")

// Undoing is what is to be taken back: one revision, or all that was changed under a support session and not taken back yet.
type Undoing struct {
	Home     string
	Base     int64
	Revision int64
	Session  string // in place of a revision
	Anyway   bool   // also where it was touched again since
}

// Undo takes it back in one revision: every entity that was touched goes back to what it was before, if it has not been
// touched again since; else *Conflict, unless that is wanted. Errors as for Change; ErrNotFound also for what is not there or
// has nothing before it, ErrApproval where staff would take away somebody or something that their own session did not bring.
func (r *Registry) Undo(ctx context.Context, u Undoing, actor Actor) (State, error) {
	steps, change, err := r.undone(ctx, u)
	if err != nil {
		return State{}, err
	}
	state, err := r.Change(ctx, u.Home, u.Base, Edit{Actor: actor, Change: change, Apply: func(p *policies.Policy) error {
		next, fields := backFrom(*p, steps)
		if len(fields) > 0 && !u.Anyway {
			return errTouched
		}
		others := func(s Step) bool { return s.After.Actor.Act.Session != actor.Act.Session }
		if actor.Act.Session != "" && slices.ContainsFunc(steps, others) && loses(*p, next) {
			return ErrApproval
		}
		*p = next
		return nil
	}})
	if !errors.Is(err, errTouched) {
		return state, err
	}
	if state, err = r.State(ctx, u.Home); err != nil {
		return State{}, err
	}
	would, fields := backFrom(state.Asked.Policy, steps)
	return State{}, &Conflict{State: state, Fields: fields, Would: would}
}

// undone are the steps that are taken back, newest first, and how a history tells it.
func (r *Registry) undone(ctx context.Context, u Undoing) ([]Step, Change, error) {
	if u.Session == "" {
		step, err := r.Step(ctx, u.Home, u.Revision)
		return []Step{step}, Change{Code: CodeUndo, Subject: strconv.FormatInt(u.Revision, 10)}, err
	}
	steps, err := r.ChangesOf(ctx, u.Home, u.Session)
	if err == nil && len(steps) == 0 {
		err = fmt.Errorf("reading changes of support session %q: %w", u.Session, ErrNotFound)
	}
	steps = slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return s.Undone || takesBack(s, steps) })
	return steps, Change{Code: CodeVisit, Subject: u.Session}, err
}

// takesBack reports whether a step took back another of the same session: of neither anything is left.
func takesBack(one Step, steps []Step) bool {
	return one.After.Change.Code == CodeUndo && slices.ContainsFunc(steps, func(s Step) bool {
		return strconv.FormatInt(s.After.Revision, 10) == one.After.Change.Subject
	})
}

// backFrom is a policy without the steps, newest first, and what was touched again since.
func backFrom(p policies.Policy, steps []Step) (policies.Policy, []string) {
	var fields []string
	for _, step := range steps {
		next, touched := policies.Revert(step.Before.Policy, step.After.Policy, p)
		p, fields = next, append(fields, touched...)
	}
	slices.Sort(fields)
	return p, slices.Compact(fields)
}

// Step is a revision with the one before it. ErrNotFound for one that is not there, and for the first.
func (r *Registry) Step(ctx context.Context, home string, revision int64) (Step, error) {
	missing := func(err error) (Step, error) {
		return Step{}, fmt.Errorf("reading revision %d of home %q: %w", revision, home, err)
	}
	if revision < 1 {
		return missing(ErrNotFound)
	}
	pair, err := r.Store.Revisions(ctx, home, revision+1, 2)
	switch {
	case err != nil:
		return missing(err)
	case len(pair) < 2 || pair[0].Revision != revision:
		return missing(ErrNotFound)
	}
	return Step{Before: pair[1], After: pair[0]}, nil
}

// loses reports whether somebody or something of the home is not there afterwards.
func loses(before, after policies.Policy) bool {
	person := func(p policies.Person) bool {
		return !slices.ContainsFunc(after.People, func(o policies.Person) bool { return o.ID == p.ID })
	}
	device := func(d policies.Device) bool {
		return !slices.ContainsFunc(after.Devices, func(o policies.Device) bool { return o.ID == d.ID })
	}
	return slices.ContainsFunc(before.People, person) || slices.ContainsFunc(before.Devices, device)
}

// Step is a revision with the one before it.
type Step struct {
	Before, After Document
	Undone        bool // it was taken back since
}

// ChangesOf are the revisions that were made under a support session, newest first.
func (r *Registry) ChangesOf(ctx context.Context, home, session string) ([]Step, error) {
	steps, err := r.Store.ChangesOf(ctx, home, session)
	if err != nil {
		return nil, fmt.Errorf("reading changes of support session %q: %w", session, err)
	}
	return steps, nil
}
