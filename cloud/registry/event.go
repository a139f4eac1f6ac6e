package registry

import (
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Event is something that waits for somebody's decision, or the decision that somebody waits for.
type Event struct {
	Ask  Ask
	Name string // of who asks: the person, else the device
	Zone string // of the home
}

// wake tells of a new ask and of its answer; that somebody has seen it wakes nobody.
func (r *Registry) wake(ask Ask, p policies.Policy) {
	if r.Herald == nil || ask.Answer.State == wire.AskSeen || ask.Answer.State == wire.AskExpired {
		return
	}
	e := Event{Ask: ask, Zone: p.Zone}
	for _, d := range p.Devices {
		if d.ID == ask.Device {
			e.Name = d.Name
		}
	}
	for _, x := range p.People {
		if x.ID == ask.Person {
			e.Name = x.Name
		}
	}
	r.Herald.Tell(e)
}
