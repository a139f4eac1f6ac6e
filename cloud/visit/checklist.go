package visit

import (
	"slices"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// ItemState says whether a thing works.
type ItemState string

const (
	ItemWaiting ItemState = "waiting"
	ItemOK      ItemState = "ok"
	ItemFailed  ItemState = "failed"
	ItemSkipped ItemState = "skipped" // by decision
)

// Item is one line of the checklist. The codes say what a person can try; an app has the words.
type Item struct {
	Name     string    `json:"name"`
	State    ItemState `json:"state"`
	Since    time.Time `json:"since"`           // of this state; of what waits: since it could begin
	After    string    `json:"after,omitempty"` // waits for this item first
	Measured *int64    `json:"measured,omitempty"`
	Expected *int64    `json:"expected,omitempty"` // at least
	Unit     string    `json:"unit,omitempty"`     // bit/s, days, radios
	Code     string    `json:"code,omitempty"`     // what to try, or a fact worth knowing
	Usual    int       `json:"usualSeconds"`
	Decision string    `json:"decision,omitempty"` // skip, accept
	Reason   string    `json:"reason,omitempty"`
	By       string    `json:"by,omitempty"`
}

// Names of the items, in their order.
const (
	ItemClaimed     = "claimed"
	ItemCertificate = "certificate"
	ItemCloud       = "cloud"
	ItemClock       = "clock"
	ItemWAN         = "wan"
	ItemIPv6        = "ipv6"
	ItemRadios      = "radios"
	ItemDown        = "line-down"
	ItemUp          = "line-up"
	ItemTV          = "tv"
)

// patience is how many times as long as usual an item waits before it counts as failed. It may still become ok.
const patience = 4

// Facts are what is known of a box that belongs to a home.
type Facts struct {
	State    enrolment.State
	Claimed  bool
	Until    time.Time // end of its newest certificate that lives; zero: it has none
	Home     bool      // it belongs to this visit's home
	Reach    bool      // it has been heard lately
	Reported *wire.Reported
	Line     *Rate // nil: nobody has measured
}

// serves reports whether the box works for the home: it has its certificate and has said what is true in it.
func (f Facts) serves() bool { return f.Home && !f.Until.IsZero() && f.Reported != nil }

// judge is the checklist of a visit as it is true now. What was decided stays, what has not changed keeps its time.
func (v *Visit) judge(f Facts, now time.Time) []Item {
	if v.Serial == "" {
		return []Item{}
	}
	list := []Item{f.claimed(), f.certificate(now), f.cloud(), f.clock(), f.wan(), f.ipv6(), f.radios()}
	list = append(list, f.line(ItemDown, v.Order.Down), f.line(ItemUp, v.Order.Up))
	if v.Order.TV {
		list = append(list, f.tv())
	}
	for i := range list {
		if unit := list[i].Unit; unit == "bit/s" && list[i].After == "" {
			v.measuring(&list[i])
		}
		v.settle(&list[i], now)
	}
	return list
}

// measuring says how a measurement stands that has no result yet.
func (v *Visit) measuring(item *Item) {
	switch {
	case v.Measuring != nil:
		item.State, item.Measured, item.Code = ItemWaiting, nil, "measuring"
	case v.Fault != "" && item.Measured == nil:
		item.State, item.Code = ItemFailed, "measure-failed"
	}
}

// settle gives an item its time, what was decided on it, and fails what has waited for too long.
func (v *Visit) settle(item *Item, now time.Time) {
	old := Item{}
	if i := slices.IndexFunc(v.Checklist, func(o Item) bool { return o.Name == item.Name }); i >= 0 {
		old = v.Checklist[i]
	}
	begun := old.Since
	if old.Name == "" || old.After != item.After || (old.State == ItemOK && old.Decision == "") {
		begun = now
	}
	late := item.Code != "measure" && now.Sub(begun) > patience*time.Duration(item.Usual)*time.Second
	if item.State == ItemWaiting && item.After == "" && late && (old.State == ItemWaiting || old.State == ItemFailed || old.Decision != "") {
		item.State = ItemFailed
	}
	if item.State != ItemOK && old.Decision != "" {
		item.Decision, item.Reason, item.By = old.Decision, old.Reason, old.By
		item.State = map[string]ItemState{DecideSkip: ItemSkipped, DecideAccept: ItemOK}[old.Decision]
	}
	item.Since = now
	if old.Name != "" && old.State == item.State && old.After == item.After && old.Decision == item.Decision {
		item.Since = old.Since
	} else if item.State == ItemFailed && old.State == ItemWaiting {
		item.Since = begun // it has not worked since then
	}
}

func (f Facts) claimed() Item {
	item := Item{Name: ItemClaimed, State: ItemWaiting, Usual: 60, Code: "power-and-cable"}
	if f.Claimed {
		item.State, item.Code = ItemOK, ""
	}
	return item
}

func (f Facts) certificate(now time.Time) Item {
	item := Item{Name: ItemCertificate, State: ItemWaiting, Usual: 20, Unit: "days", Code: "label-and-restart"}
	if !f.Claimed {
		return after(item, ItemClaimed)
	}
	if !f.Until.IsZero() {
		item.State, item.Code, item.Measured = ItemOK, "", new(int64(f.Until.Sub(now).Hours()/24))
	}
	return item
}

func (f Facts) cloud() Item {
	item := Item{Name: ItemCloud, State: ItemWaiting, Usual: 20, Code: "way-to-the-cloud"}
	if f.Until.IsZero() {
		return after(item, ItemCertificate)
	}
	if f.Reach && f.Reported != nil {
		item.State, item.Code = ItemOK, ""
	}
	return item
}

func (f Facts) clock() Item {
	item := Item{Name: ItemClock, State: ItemWaiting, Usual: 30, Code: "time-servers"}
	if f.Reported == nil {
		return after(item, ItemCloud)
	}
	if f.Reported.Clock.Synchronised {
		item.State, item.Code = ItemOK, ""
	}
	return item
}

func (f Facts) wan() Item {
	item := Item{Name: ItemWAN, State: ItemWaiting, Usual: 30, Code: "fibre-light-and-plug"}
	if f.Reported == nil {
		return after(item, ItemCloud)
	}
	if f.Reported.WAN != nil && f.Reported.WAN.Link && f.Reported.WAN.IPv4 {
		item.State, item.Code = ItemOK, ""
	}
	return item
}

func (f Facts) ipv6() Item {
	item := Item{Name: ItemIPv6, State: ItemWaiting, Usual: 60, Code: "ipv6-of-the-line"}
	if f.Reported == nil {
		return after(item, ItemCloud)
	}
	if f.Reported.WAN != nil && f.Reported.WAN.Link && f.Reported.WAN.IPv6 {
		item.State, item.Code = ItemOK, ""
	}
	return item
}

// radios: a box without any is a fact, and no failure. One that looks for radar is silent for a while.
func (f Facts) radios() Item {
	item := Item{Name: ItemRadios, State: ItemWaiting, Usual: 90, Unit: "radios", Code: "radio-down"}
	if f.Reported == nil {
		return after(item, ItemCloud)
	}
	up, checks := int64(0), false
	for _, r := range f.Reported.Radios {
		switch r.State {
		case policies.RadioUp:
			up++
		case policies.RadioCheck:
			checks = true
		}
	}
	all := int64(len(f.Reported.Radios))
	item.Measured, item.Expected = &up, &all
	switch {
	case all == 0:
		item.State, item.Code = ItemOK, "no-radios"
	case up == all:
		item.State, item.Code = ItemOK, ""
	case checks:
		item.Code = "radar-check"
	}
	return item
}

// line is a real measurement only: what somebody has put into the box's configuration says nothing of the line.
func (f Facts) line(name string, expected int64) Item {
	item := Item{Name: name, State: ItemWaiting, Usual: 30, Unit: "bit/s", Code: "measure"}
	if expected > 0 {
		item.Expected = &expected
	}
	if f.Reported == nil {
		return after(item, ItemCloud)
	}
	rate := Rate{}
	if line := f.Reported.Line; line != nil && line.Source == policies.LineMeasured {
		rate = Rate{Down: line.Down, Up: line.Up}
	}
	if f.Line != nil {
		rate = *f.Line
	}
	if name == ItemUp {
		rate.Down = rate.Up
	}
	if rate.Down == 0 {
		return item
	}
	return measured(item, rate.Down)
}

func measured(item Item, rate int64) Item {
	item.Measured = &rate
	item.State, item.Code = ItemOK, ""
	if item.Expected != nil && rate < *item.Expected {
		item.State, item.Code = ItemFailed, "line-slow"
	}
	return item
}

// tv is ok when a place is kept, also one whose time has not come.
func (f Facts) tv() Item {
	item := Item{Name: ItemTV, State: ItemWaiting, Usual: 60, Code: "tv-not-reserved"}
	if f.Reported == nil {
		return after(item, ItemCloud)
	}
	for _, r := range f.Reported.Reservations {
		switch r.State {
		case wire.HoldInForce, wire.HoldMoved, wire.HoldIdle:
			item.State, item.Code = ItemOK, ""
			return item
		case wire.HoldRefused, wire.HoldRolledBack, wire.HoldPartly:
			item.State, item.Code = ItemFailed, "tv-not-kept"
		default:
			item.Code = "tv-applying"
		}
	}
	return item
}

func after(item Item, name string) Item {
	item.After, item.Code = name, ""
	return item
}

// open are the items that nobody can answer for yet.
func (v *Visit) open() []string {
	var list []string
	for _, item := range v.Checklist {
		if item.State == ItemWaiting || item.State == ItemFailed {
			list = append(list, item.Name)
		}
	}
	return list
}

// Exceptions are the items that were skipped or accepted as they are, for those who look after technicians.
func (v *Visit) Exceptions() []Item {
	list := []Item{}
	for _, item := range v.Checklist {
		if item.Decision != "" {
			list = append(list, item)
		}
	}
	return list
}

// Missing is what the visit's end still asks for: arrive, bind, collect, item:NAME, photo, room:NAME, sign.
func (v *Visit) Missing() []string {
	list := []string{}
	if v.State.Over() {
		return list
	}
	if v.Arrived.IsZero() {
		list = append(list, "arrive")
	}
	list = append(list, v.hard()...)
	return append(list, v.soft()...)
}

// hard is what no reason makes good, beside arriving.
func (v *Visit) hard() []string {
	var list []string
	switch {
	case v.Order.Kind == OrderReturn:
		if len(v.TakenBack) == 0 {
			list = append(list, "collect")
		}
	case v.Serial == "":
		list = append(list, "bind")
	}
	for _, name := range v.open() {
		list = append(list, "item:"+name)
	}
	return list
}

func (v *Visit) soft() []string {
	var list []string
	if len(v.Photos) == 0 {
		list = append(list, "photo")
	}
	if v.Order.Kind != OrderReturn {
		for _, name := range v.Order.Rooms {
			if !slices.ContainsFunc(v.Rooms, func(r Room) bool { return r.Name == name }) {
				list = append(list, "room:"+name)
			}
		}
	}
	if v.Signed == nil {
		list = append(list, "sign")
	}
	return list
}
