package mobileapi

import (
	"slices"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// sees is a home as its visitor may see it: an adult everything, a child what is about them, and nothing of sisters and
// brothers.
func (v *visit) sees(state registry.State) registry.State {
	if v.place.Role != accounts.RoleChild {
		return state
	}
	eye := eyeOf(state.Asked.Policy, v.place.Person)
	state.Asked.Policy = eye.policy(state.Asked.Policy)
	if change := state.Asked.Change; !eye.subjects[change.Subject] {
		state.Asked.Change = registry.Change{Code: "policy"}
	}
	if state.Box != nil {
		box := *state.Box
		if box.Reported != nil {
			box.Reported = eye.reported(*box.Reported)
		}
		if box.Refused != nil {
			box.Refused = &wire.Refused{Revision: box.Refused.Revision, Code: box.Refused.Code, At: box.Refused.At}
		}
		state.Box = &box
	}
	return state
}

// eye is a child's: their person, their devices, and what a history may name.
type eye struct {
	person   string
	devices  map[string]bool
	subjects map[string]bool
}

func eyeOf(p policies.Policy, person string) eye {
	e := eye{person: person, devices: map[string]bool{}, subjects: map[string]bool{"home": true}}
	if person == "" {
		return e
	}
	e.subjects["person:"+person] = true
	for _, d := range p.Devices {
		if d.Person == person {
			e.devices[d.ID], e.subjects["device:"+d.ID] = true, true
		}
	}
	return e
}

// target reports whether a rule for a target is theirs, too.
func (e eye) target(t policies.Target) bool {
	return t.Home || e.devices[t.Device] || t.Person != "" && t.Person == e.person
}

func (e eye) policy(p policies.Policy) policies.Policy {
	return policies.Canonical(policies.Policy{
		Zone: p.Zone, Unknown: p.Unknown, Effect: p.Effect, Clock: p.Clock,
		People:     only(p.People, func(o policies.Person) bool { return o.ID == e.person }),
		Devices:    only(p.Devices, func(d policies.Device) bool { return e.devices[d.ID] }),
		Schedules:  only(p.Schedules, func(o policies.Schedule) bool { return e.target(o.For) }),
		Exceptions: only(p.Exceptions, func(o policies.Exception) bool { return e.target(o.For) }),
		Overrides:  only(p.Overrides, func(o policies.Override) bool { return e.target(o.For) }),
		Budgets:    only(p.Budgets, func(o policies.Budget) bool { return e.target(o.For) }),
	})
}

func (e eye) reported(said wire.Reported) *wire.Reported {
	said.Devices = only(said.Devices, func(d wire.DeviceState) bool { return e.devices[d.ID] })
	said.Usage = only(said.Usage, func(u wire.Used) bool { return u.Person == e.person })
	said.Cut, said.Refused = nil, nil
	said.Radios, said.Line, said.Reservations = nil, nil, nil
	return &said
}

func only[T any](list []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return !keep(x) })
}
