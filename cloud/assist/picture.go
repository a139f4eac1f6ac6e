package assist

import (
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Picture is the box of a home at the moment when somebody asked for a person: how it does, and nothing of what the family
// does on the internet.
type Picture struct {
	At           time.Time        `json:"at"`
	Box          string           `json:"box"`
	Reachable    bool             `json:"reachable"`
	LastSeen     time.Time        `json:"lastSeen,omitzero"`
	ReportedAt   time.Time        `json:"reportedAt,omitzero"`
	Asked        int64            `json:"asked"`   // newest revision
	InForce      int64            `json:"inForce"` // that the box has proved; 0 for none
	Refused      string           `json:"refused,omitempty"`
	Devices      int              `json:"devices"` // seen in the home then
	Known        int              `json:"known"`   // of the policy
	Unproved     int              `json:"unproved"`
	Clock        bool             `json:"clock"` // the box trusts its clock
	Limitations  []string         `json:"limitations,omitempty"`
	Radios       []policies.Radio `json:"radios,omitempty"`
	Line         *policies.Line   `json:"line,omitempty"`
	Reservations int              `json:"reservations"`
}

func pictureOf(state registry.State, now time.Time) *Picture {
	if state.Box == nil {
		return nil
	}
	p := &Picture{
		At: now, Box: state.Box.ID, Reachable: state.Box.Reachable, LastSeen: stamp(state.Box.LastSeen), ReportedAt: stamp(state.Box.ReportedAt),
		Asked: state.Asked.Revision, Known: len(state.Asked.Policy.Devices), Reservations: len(state.Asked.Policy.Reservations),
	}
	if state.Box.Refused != nil {
		p.Refused = state.Box.Refused.Code
	}
	said := state.Box.Reported
	if said == nil {
		return p
	}
	p.InForce, p.Clock, p.Radios, p.Line = said.InForce, said.Clock.Synchronised, said.Radios, said.Line
	for _, d := range said.Devices {
		p.count(d)
	}
	for _, l := range said.Limitations {
		p.Limitations = append(p.Limitations, l.Code)
	}
	return p
}

func (p *Picture) count(d wire.DeviceState) {
	if d.Present {
		p.Devices++
	}
	if !d.InForce {
		p.Unproved++
	}
}
