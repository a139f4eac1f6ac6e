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

// Undo takes back what one revision changed: every entity that it touched goes back to what it was before, if it has
// not been touched again since; else *Conflict. Errors as for Change; ErrNotFound also for a revision that is not there
// or has none before it, ErrApproval where staff would take away somebody or something that their own session did not bring.
func (r *Registry) Undo(ctx context.Context, home string, base, revision int64, actor Actor) (State, error) {
	if revision < 1 {
		return State{}, fmt.Errorf("reading revision %d of home %q: %w", revision, home, ErrNotFound)
	}
	pair, err := r.Store.Revisions(ctx, home, revision+1, 2)
	if err != nil {
		return State{}, fmt.Errorf("reading revision %d of home %q: %w", revision, home, err)
	}
	if len(pair) < 2 || pair[0].Revision != revision {
		return State{}, fmt.Errorf("reading revision %d of home %q: %w", revision, home, ErrNotFound)
	}
	var fields []string
	state, err := r.Change(ctx, home, base, Edit{
		Actor:  actor,
		Change: Change{Code: CodeUndo, Subject: strconv.FormatInt(revision, 10)},
		Apply: func(p *policies.Policy) error {
			next, conflicts := policies.Revert(pair[1].Policy, pair[0].Policy, *p)
			if fields = conflicts; len(fields) > 0 {
				return errTouched
			}
			if under := actor.Act.Session; under != "" && under != pair[0].Actor.Act.Session && loses(*p, next) {
				return ErrApproval
			}
			*p = next
			return nil
		},
	})
	if !errors.Is(err, errTouched) {
		return state, err
	}
	if state, err = r.State(ctx, home); err != nil {
		return State{}, err
	}
	return State{}, &Conflict{State: state, Fields: fields}
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

// UndoVisit takes back all that was changed under a support session, newest first, in one revision: every entity that was
// touched goes back to what it was before the session, if nobody else has touched it since; else *Conflict. What was
// taken back already stays so. Errors as for Change; ErrNotFound where nothing was changed.
func (r *Registry) UndoVisit(ctx context.Context, home string, base int64, session string, actor Actor) (State, error) {
	steps, err := r.ChangesOf(ctx, home, session)
	if err != nil {
		return State{}, err
	}
	if len(steps) == 0 {
		return State{}, fmt.Errorf("reading changes of support session %q: %w", session, ErrNotFound)
	}
	var fields []string
	state, err := r.Change(ctx, home, base, Edit{
		Actor: actor, Change: Change{Code: CodeVisit, Subject: session},
		Apply: func(p *policies.Policy) error {
			fields = nil
			for _, step := range steps {
				if step.Undone {
					continue
				}
				next, conflicts := policies.Revert(step.Before.Policy, step.After.Policy, *p)
				if len(conflicts) > 0 {
					fields = conflicts
					return errTouched
				}
				*p = next
			}
			return nil
		},
	})
	if !errors.Is(err, errTouched) {
		return state, err
	}
	if state, err = r.State(ctx, home); err != nil {
		return State{}, err
	}
	return State{}, &Conflict{State: state, Fields: fields}
}
