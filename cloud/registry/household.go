package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies"
)

// households changes homes beside their policy.
type households interface {
	RenameHome(ctx context.Context, home, name string) error // ErrNotFound
	// DropHome takes a home away with all that is of it; its box belongs to nobody then. ErrNotFound.
	DropHome(ctx context.Context, home string) error
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
	r.announce(home)
	return r.State(ctx, home)
}

// Delete takes a home away with all that is of it. Its box is told to let everybody through before; one that cannot be
// reached keeps the rules that it has. ErrNotFound.
func (r *Registry) Delete(ctx context.Context, home string) error {
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return fmt.Errorf("reading home %q: %w", home, err)
	}
	last := Document{
		Home: home, Policy: policies.NewPolicy(record.Asked.Policy.Zone), Actor: itself(), Change: Change{Code: "policy"}, At: stamp(time.Now()),
	}
	var stale *Stale
	if _, err := r.append(ctx, record, last, 0); err != nil && !errors.As(err, &stale) {
		return err
	}
	if err := r.Store.DropHome(ctx, home); err != nil {
		return fmt.Errorf("deleting home %q: %w", home, err)
	}
	r.announce(home)
	return nil
}
