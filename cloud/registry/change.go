package registry

import (
	"context"
	"errors"
)

// Registry answers for all homes. Its methods may be called at once from many goroutines.
type Registry struct{}

// State is a home as it is asked and reported now. ErrNotFound where there is none.
func (r *Registry) State(ctx context.Context, home string) (State, error) {
	return State{}, errors.ErrUnsupported
}

// Change makes the next revision of a home's policy from the one numbered base, publishes and announces it, and gives
// the state with it. Its error is *Stale where base is not the asked revision, a policies.Problems where the policy
// would be wrong, ErrNotFound, ErrUnavailable, or whatever by.Apply gave. Overrides that ended more than a day ago go.
// An edit that changes nothing makes no revision and gives the state as it is.
func (r *Registry) Change(ctx context.Context, home string, base int64, by Edit) (State, error) {
	return State{}, errors.ErrUnsupported
}

// History is the revisions of a home below before (0: from the newest), newest first, at most limit (1 to 100).
func (r *Registry) History(ctx context.Context, home string, before int64, limit int) ([]Document, error) {
	return nil, errors.ErrUnsupported
}

// Undo takes back what one revision changed: every entity that it touched goes back to what it was before, if it has
// not been touched again since; else *Conflict. Errors as for Change; ErrNotFound also for a revision that is not there
// or has none before it.
func (r *Registry) Undo(ctx context.Context, home string, base, revision int64, actor Actor) (State, error) {
	return State{}, errors.ErrUnsupported
}

// Watch says "look again" whenever the state of a home may have changed: another revision, another Reported, another
// presence. Looks are coalesced: one is kept for a reader that is busy. The channel closes when ctx ends.
func (r *Registry) Watch(ctx context.Context, home string) (<-chan struct{}, error) {
	return nil, errors.ErrUnsupported
}

// Create makes a home with a new policy in a zone, revision 1. ErrTaken where the id exists, policies.Problems for a
// wrong zone.
func (r *Registry) Create(ctx context.Context, home Home, zone string) error {
	return errors.ErrUnsupported
}

// Assign gives a box to a home, in place of the one it may have, and sends it what is asked. ErrTaken where the box
// belongs to another home.
func (r *Registry) Assign(ctx context.Context, home, box string) error {
	return errors.ErrUnsupported
}
