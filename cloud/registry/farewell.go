package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Farewell is what is still to be said to a box whose home has gone: a revision that lets everybody through.
type Farewell struct {
	Box      string
	Revision int64
	Zone     string
}

// dismiss says farewell to a box that belongs to nobody, until it says that this is in force. ErrNotFound for a box that
// was never anybody's, or has heard it.
func (r *Registry) dismiss(ctx context.Context, box string, accepted, inForce int64) error {
	f, err := r.Store.Farewell(ctx, box)
	if err != nil {
		return err
	}
	if accepted > f.Revision+ahead {
		return fmt.Errorf("box is at an impossible revision %d", accepted)
	}
	switch {
	case inForce == f.Revision:
		return r.Store.EndFarewell(ctx, box)
	case accepted == f.Revision:
		return nil // it will be in force soon
	case accepted > f.Revision: // it remembers what the database has lost
		f.Revision = accepted + 1
		if err := r.Store.SetFarewell(ctx, f); err != nil {
			return err
		}
	}
	r.Log.Info("told a box that its home has gone", "box", box, "revision", f.Revision)
	last := Document{Revision: f.Revision, Policy: policies.NewPolicy(f.Zone), At: stamp(time.Now())}
	if err := r.sign(ctx, box, last, nil); err != nil {
		r.Log.Warn("could not publish a farewell", "box", box, "error", err)
	}
	return nil
}
