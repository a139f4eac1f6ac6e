package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/carebox-project/carebox/policies"
)

// Zone of the virtual home.
const zone = "Europe/Paris"

// furnish names the home's people and devices, where that has not been done, and waits until that is in force.
func (h *House) furnish(ctx context.Context) error {
	if h.options.Lived {
		return h.named(ctx)
	}
	p := policies.NewPolicy(zone)
	p.People = []policies.Person{{ID: "leo", Name: "Léo"}, {ID: "camille", Name: "Camille"}}
	p.Devices = []policies.Device{
		{ID: "leo-phone", Name: "Léo's phone", Kind: "phone", MACs: []policies.MAC{h.Phone.MAC}, Person: "leo"},
		{ID: "laptop", Name: "Laptop", Kind: "laptop", MACs: []policies.MAC{h.Laptop.MAC}, Person: "camille"},
		{ID: "tv", Name: "TV", Kind: "tv", MACs: []policies.MAC{h.TV.MAC}},
	}
	if h.Air != nil {
		p.Devices[0].Effect = policies.EffectNoWiFi
	}
	if _, err := h.Client.Change(ctx, http.MethodPut, "/policy", p); err != nil {
		return fmt.Errorf("naming the devices: %w", err)
	}
	return h.named(ctx)
}

func (h *House) named(ctx context.Context) error {
	if _, err := h.Client.InForce(ctx); err != nil {
		return fmt.Errorf("naming the devices: %w\n%s", err, h.Log("agent"))
	}
	return nil
}
