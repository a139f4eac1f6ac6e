package registry

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Kept is what is stored of a home beside its state and history.
type Kept struct {
	Asks   []Ask    // also those too old to be listed, newest first
	Online []Online // by person, in order
}

// Kept is all that a home has a right to take with it.
func (r *Registry) Kept(ctx context.Context, home string) (Kept, error) {
	now := time.Now()
	asks, err := r.Store.Asks(ctx, home, time.Time{}, math.MaxInt32)
	if err != nil {
		return Kept{}, fmt.Errorf("reading asks of home %q: %w", home, err)
	}
	for i, ask := range asks {
		asks[i] = ask.now(now)
	}
	online, err := r.Store.AllOnline(ctx, home)
	if err != nil {
		return Kept{}, fmt.Errorf("reading minutes of home %q: %w", home, err)
	}
	return Kept{Asks: asks, Online: online}, nil
}
