package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// Neighbour is another family at the same operator, without a box: whoever works for both must never take one for the other.
type Neighbour struct{ Home, Email, Password string }

// settle lets the neighbour have moved in before the cloud starts.
func (h *House) settle(ctx context.Context) error {
	data, err := store.Open(ctx, filepath.Join(h.dir, "carebox.db"))
	if err != nil {
		return err
	}
	h.Neighbour, err = moveIn(ctx, data)
	if err = errors.Join(err, data.Close()); err != nil {
		return fmt.Errorf("letting a neighbour move in: %w", err)
	}
	return nil
}

func moveIn(ctx context.Context, data *store.Store) (Neighbour, error) {
	n := Neighbour{Home: uuid.NewString(), Email: "nora@next.example", Password: rand.Text()}
	seed, err := registry.NewSeed(registry.Home{ID: n.Home, Name: "Next door"}, zone, time.Now())
	if err != nil {
		return n, err
	}
	if err := data.AddHomes(ctx, []registry.Seed{seed}); err != nil {
		return n, err
	}
	who := accounts.New(data, time.Now)
	member, err := who.Create(ctx, n.Email, "Nora", n.Password)
	if err != nil {
		return n, err
	}
	return n, who.Join(ctx, member.ID, accounts.Membership{Home: n.Home, Role: accounts.RoleOwner})
}
