package registry

import (
	"context"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// tellOfStrangers tells once of each unnamed device that is in the LAN.
func (r *Registry) tellOfStrangers(ctx context.Context, home string, said wire.Reported) error {
	if r.Herald == nil || !slices.ContainsFunc(said.Devices, stranger) {
		return nil
	}
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return err
	}
	found := strangers(record.Asked.Policy, said)
	if len(found) == 0 {
		return nil
	}
	keys := make([]string, len(found))
	for i, d := range found {
		keys[i] = "device:" + d.MAC
	}
	fresh, err := r.Store.Claim(ctx, home, keys, time.Time{})
	if err != nil || len(fresh) == 0 {
		return err
	}
	e := Event{Kind: KindDevice, Home: home, Zone: record.Asked.Policy.Zone, Count: len(fresh), At: stamp(time.Now())}
	for i, key := range keys {
		if key == fresh[0] {
			e.Name = found[i].Hostname
		}
	}
	r.herald(e)
	return nil
}

func stranger(d wire.DeviceState) bool { return d.ID == "" && d.MAC != "" && d.Present }

// strangers are the devices that nobody has named; the box may not have taken the newest names yet.
func strangers(p policies.Policy, said wire.Reported) []wire.DeviceState {
	named := map[string]bool{}
	for _, d := range p.Devices {
		for _, mac := range d.MACs {
			named[string(mac)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(said.Devices), func(d wire.DeviceState) bool {
		mac, err := policies.ParseMAC(d.MAC)
		return !stranger(d) || err != nil || named[string(mac)]
	})
}
