package registry

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies"
)

// households changes homes beside their policy.
type households interface {
	RenameHome(ctx context.Context, home, name string) error // ErrNotFound
	// DropHome takes a home away with all that is of it; its box belongs to nobody then and has a farewell, numbered above
	// all that the home had. ErrNotFound.
	DropHome(ctx context.Context, home, zone string) error
	Farewell(ctx context.Context, box string) (Farewell, error) // ErrNotFound
	SetFarewell(ctx context.Context, f Farewell) error          // ErrNotFound
	EndFarewell(ctx context.Context, box string) error          // ErrNotFound
}

// Rename changes the name of a home. policies.Problems, ErrNotFound.
func (r *Registry) Rename(ctx context.Context, home, name string) (State, error) {
	name = strings.TrimSpace(plain(name))
	if name == "" || utf8.RuneCountInString(name) > policies.MaxName {
		return State{}, policies.Problems{{Code: policies.CodeName, Field: "name", Detail: "A name has 1 to 80 characters."}}
	}
	if err := r.Store.RenameHome(ctx, home, name); err != nil {
		return State{}, fmt.Errorf("renaming home %q: %w", home, err)
	}
	r.Announce(home)
	return r.State(ctx, home)
}

// Delete takes a home away with all that is of it. Its box is told to let everybody through: before, or when it is back.
// ErrNotFound.
func (r *Registry) Delete(ctx context.Context, home string) error {
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return fmt.Errorf("reading home %q: %w", home, err)
	}
	if err := r.Store.DropHome(ctx, home, record.Asked.Policy.Zone); err != nil {
		return fmt.Errorf("deleting home %q: %w", home, err)
	}
	if record.Box != nil {
		if err := r.dismiss(ctx, record.Box.ID, 0, 0); err != nil {
			r.Log.Warn("could not dismiss a box", "box", record.Box.ID, "error", err) // it asks again
		}
	}
	r.Announce(home)
	return nil
}
