package visit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// tvFloor is what is kept of the line for a TV, in bit/s: a film in high definition; of a slow line at most the half.
const tvFloor = 8_000_000

// Seen is a device that is in the home and has no name yet: one of them may be the TV.
type Seen struct {
	MAC      string `json:"mac"`
	Hostname string `json:"hostname"` // "" if it has not said one
}

// seen are the devices without a name, only while the order asks for a TV and none is kept a place for.
func (v *Visit) seen(f Facts) []Seen {
	list := []Seen{}
	if !v.Order.TV || f.Reported == nil || len(f.Reported.Reservations) > 0 {
		return list
	}
	for _, d := range f.Reported.Devices {
		if d.ID == "" && d.Present && len(list) < maxKept {
			list = append(list, Seen{MAC: d.MAC, Hostname: d.Hostname})
		}
	}
	return list
}

// reserve keeps a place for the TV with an address, in the name of the technician: on the radio that it is on, and of the line as far as
// that is known. Again it changes nothing.
func (o *Office) reserve(ctx context.Context, v *Visit, mac policies.MAC, who Who) error {
	state, err := o.Homes.State(ctx, v.Home)
	if err != nil {
		return err
	}
	edit := registry.Edit{
		Actor: registry.Actor{Member: who.Member, Name: who.Name, From: "visit"}, Change: registry.Change{Code: "reservation", Subject: "tv"},
	}
	for range tries {
		var said wire.Reported
		if state.Box != nil && state.Box.Reported != nil {
			said = *state.Box.Reported
		}
		edit.Apply = func(p *policies.Policy) error { return keepPlace(p, mac, said) }
		_, err := o.Homes.Change(ctx, v.Home, state.Asked.Revision, edit)
		var stale *registry.Stale
		if !errors.As(err, &stale) {
			return err
		}
		state = stale.State
	}
	return fmt.Errorf("%w: home of visit %q moves all the time", registry.ErrUnavailable, v.ID)
}

func keepPlace(p *policies.Policy, mac policies.MAC, said wire.Reported) error {
	device := ""
	for _, d := range p.Devices {
		if slices.Contains(d.MACs, mac) {
			device = d.ID
		}
	}
	if device == "" {
		device = free("tv", func(id string) bool {
			return slices.ContainsFunc(p.Devices, func(d policies.Device) bool { return d.ID == id })
		})
		p.Devices = append(p.Devices, policies.Device{ID: device, Name: "TV", Kind: "tv", MACs: []policies.MAC{mac}})
	}
	if slices.ContainsFunc(p.Reservations, func(r policies.Reservation) bool { return slices.Contains(r.Devices, device) }) {
		return nil
	}
	id := free("tv", func(id string) bool {
		return slices.ContainsFunc(p.Reservations, func(r policies.Reservation) bool { return r.ID == id })
	})
	r := policies.Reservation{ID: id, Name: "TV", Devices: []string{device}, Windows: []policies.WeekWindow{}}
	if said.Line != nil && said.Line.Down > 0 {
		r.FloorDown = min(tvFloor, said.Line.Down/2)
	}
	if radio, found := radioOf(mac, said.Radios); found {
		r.Band, r.Width = radio.Band, cmp.Or(radio.Width, 20)
	}
	p.Reservations = append(p.Reservations, r)
	return nil
}

func radioOf(mac policies.MAC, radios []policies.Radio) (policies.Radio, bool) {
	for _, r := range radios {
		if slices.ContainsFunc(r.Stations, func(s policies.Station) bool { return s.MAC == mac }) {
			return r, true
		}
	}
	return policies.Radio{}, false
}

// free is a name that is not taken.
func free(name string, taken func(string) bool) string {
	id := name
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", name, n)
	}
	return id
}

// checkMAC brings an address into its one form.
func checkMAC(s *policies.MAC, add func(code, field, detail string)) {
	mac, err := net.ParseMAC(strings.TrimSpace(string(*s)))
	if err != nil || len(mac) != 6 || mac[0]&1 == 1 {
		add(policies.CodeMAC, "mac", "This is no address of a device.")
		return
	}
	*s = policies.MAC(mac.String())
}
