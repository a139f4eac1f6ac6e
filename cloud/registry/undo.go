package registry

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/carebox-project/carebox/policies"
)

// errTouched ends an undo whose revision has been built upon.
var errTouched = errors.New("changed again since")

// Undo takes back what one revision changed: every entity that it touched goes back to what it was before, if it has
// not been touched again since; else *Conflict. Errors as for Change; ErrNotFound also for a revision that is not there
// or has none before it.
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
			if *p, fields = policies.Revert(pair[1].Policy, pair[0].Policy, *p); len(fields) > 0 {
				return errTouched
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
