package mobileapi

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// homeState says what is asked, what the box has proved, and whether it is there: three facts that are never merged.
func (s *server) homeState(state registry.State) (HomeState, error) {
	asked := state.Asked
	reported := reportedOf(state)
	devices, err := deviceRows(asked.Policy, reported, s.Now())
	if err != nil {
		return HomeState{}, fmt.Errorf("judging devices of home %q: %w", state.Home.ID, err)
	}
	home := HomeState{
		Home:     HomeName{ID: state.Home.ID, Name: state.Home.Name},
		Asked:    Asked{Revision: asked.Revision, At: asked.At, Actor: actorOf(asked), Change: Change(asked.Change)},
		Delivery: delivery(state),
		Policy:   asked.Policy,
		Devices:  devices,
		Box:      boxOf(state.Box),
		Radios:   radiosOf(reported),
		Line:     reported.Line,

		Reservations: reservationRows(asked.Policy, reported, s.Now()),
	}
	if reported.InForce > 0 {
		home.InForce = &InForce{Revision: reported.InForce, At: reported.Since}
	}
	return home, nil
}

// reportedOf is what the box said last, or a report that says nothing.
func reportedOf(state registry.State) wire.Reported {
	if state.Box == nil || state.Box.Reported == nil {
		return wire.Reported{}
	}
	return *state.Box.Reported
}

func actorOf(d registry.Document) Actor {
	who := Actor{Member: d.Actor.Member, Name: d.Actor.Name, From: d.Actor.From}
	if act := d.Actor.Act; act.Session != "" {
		who.Act = &Act{Staff: act.Staff, Name: act.Name, Session: act.Session, Approved: act.Proposal != ""}
	}
	return who
}

func boxOf(b *registry.Box) *Box {
	if b == nil {
		return nil
	}
	box := &Box{ID: b.ID, Reachable: b.Reachable, LastSeen: known(b.LastSeen), Refused: b.Refused, Limitations: []Limitation{}}
	if b.Reported != nil {
		box.ReportedAt, box.Clock = known(b.ReportedAt), &b.Reported.Clock
		box.Limitations = append(box.Limitations, b.Reported.Limitations...)
		box.Page = pageOf(b.Reported.Page)
	}
	return box
}

// pageOf is the address of a box's own page where it is one, "" for anything else that a box may say: people are told it.
func pageOf(text string) string {
	addr, err := netip.ParseAddrPort(strings.TrimSuffix(strings.TrimPrefix(text, "http://"), "/"))
	if err != nil || addr.Addr().Zone() != "" || "http://"+addr.String()+"/" != text {
		return ""
	}
	return text
}

// known is nil for never.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// delivery is how far the asked revision has come. A box that has proved it and then went away keeps it in force.
func delivery(state registry.State) Delivery {
	switch box := state.Box; {
	case box == nil:
		return DeliveryNoBox
	case box.Reported != nil && box.Reported.InForce == state.Asked.Revision && agrees(box.Reported):
		return DeliveryInForce
	case box.Refused != nil:
		return DeliveryRefused
	case !box.Reachable:
		return DeliveryWaitingForBox
	}
	return DeliveryApplying
}

// agrees reports whether the kernel was last seen to agree about every device: somebody may have changed its rules
// since the revision was proved.
func agrees(r *wire.Reported) bool {
	return !slices.ContainsFunc(r.Devices, func(d wire.DeviceState) bool { return !d.InForce })
}

// deviceRows is the devices of the policy in its order, then those seen that nobody has named.
func deviceRows(p policies.Policy, reported wire.Reported, now time.Time) ([]DeviceRow, error) {
	line, err := policies.Compile(p, registry.UsageOf(p, reported, now), now.Add(-policies.Horizon), now.Add(policies.Horizon))
	if err != nil {
		return nil, err
	}
	seen := sightings(reported)
	rows := make([]DeviceRow, 0, len(p.Devices))
	for _, d := range p.Devices {
		row := DeviceRow{ID: &d.ID, Name: d.Name, Kind: d.Kind, Person: d.Person, Asked: line.At(d.ID, now)}
		if len(d.MACs) > 0 {
			row.MAC = string(d.MACs[0])
		}
		if state, ok := seen.take(d); ok {
			row.report(state)
		}
		rows = append(rows, row)
	}
	for i := range reported.Devices {
		state := &reported.Devices[i]
		if !seen.left(state) || state.MAC == "" {
			continue
		}
		row := DeviceRow{MAC: state.MAC, Asked: line.AtUnknown(policies.MAC(state.MAC), now)}
		row.report(state)
		rows = append(rows, row)
	}
	return rows, nil
}

func (row *DeviceRow) report(state *wire.DeviceState) {
	if state.MAC != "" {
		row.MAC = state.MAC
	}
	row.Hostname, row.Present = state.Hostname, state.Present
	row.InForce = &DeviceInForce{Verdict: state.Verdict, Proved: state.InForce, Why: state.Why}
}

// sighted finds what the box says of a device. A box that has not taken the newest policy yet knows a device by the name
// that it had, or by none: then the address tells.
type sighted struct {
	byID, byMAC map[string]*wire.DeviceState
	taken       map[*wire.DeviceState]bool
}

func sightings(reported wire.Reported) sighted {
	s := sighted{byID: map[string]*wire.DeviceState{}, byMAC: map[string]*wire.DeviceState{}, taken: map[*wire.DeviceState]bool{}}
	for i := range reported.Devices {
		state := &reported.Devices[i]
		if state.ID != "" {
			s.byID[state.ID] = state
		}
		if state.MAC != "" {
			s.byMAC[state.MAC] = state
		}
	}
	return s
}

func (s sighted) take(d policies.Device) (*wire.DeviceState, bool) {
	found, ok := s.byID[d.ID]
	for i := 0; !ok && i < len(d.MACs); i++ {
		found, ok = s.byMAC[string(d.MACs[i])]
		ok = ok && found.ID == ""
	}
	for _, mac := range d.MACs { // an unnamed row of a device that has a name by now would show it twice
		if other := s.byMAC[string(mac)]; other != nil && other.ID == "" {
			s.taken[other] = true
		}
	}
	if ok {
		s.taken[found] = true
	}
	return found, ok
}

func (s sighted) left(state *wire.DeviceState) bool { return !s.taken[state] }
