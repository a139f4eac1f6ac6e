// Package policies says what a family may decide about its home and what that means at an instant.
//
// A [Policy] is the whole decision of one home. [Parse] reads and checks it, [Compile] turns its wall-clock rules into
// a [Timeline] of instants per device, [Decide] names the [Verdict] at one instant. For reservations, [Refusals] judges what
// a box can keep, [Live] which hold and [PlanRadios] where its radios have to be. Everything here is pure: no network,
// disk, clock or logger; callers pass the time. Only the standard library is imported.
//
// The words are those of TR-181 where it has them (Hosts.AccessControl, Schedules.Schedule): a window is a start in
// wall clock and a duration, in the home's IANA zone, and it belongs to the day on which it starts. Windows are times
// offline, but for those of a reservation.
package policies

import "time"

// Limits of one policy. A policy beyond any of them is refused whole.
const (
	MaxBytes   = 256 << 10 // of its JSON
	MaxDevices = 512       // also the limit for people
	MaxRules   = 512       // of each kind: schedules, exceptions, overrides, budgets
	MaxMACs    = 16        // of one device
	MaxWindows = 32        // of one exception, and of one reservation
	MaxWindow  = 7 * 24 * time.Hour
	MaxID      = 64 // bytes of an identifier
	MaxName    = 80 // characters of a name

	MaxReservations = 32
	MaxFallbacks    = 8              // of one reservation
	MaxFloor        = 10_000_000_000 // bit/s
)

// UnknownRule is what happens to a device that nobody has named.
type UnknownRule string

const (
	UnknownAllow      UnknownRule = "allow"
	UnknownQuarantine UnknownRule = "quarantine" // joined, no internet
	UnknownRefuse     UnknownRule = "refuse"     // association refused where there are radios, else as quarantine
)

// Effect is what being offline means for a device.
type Effect string

const (
	EffectNoInternet Effect = "no-internet" // joined, the LAN works (the default)
	EffectNoWiFi     Effect = "no-wifi"     // association refused, and the firewall armed as well
)

// ClockRule is what a box without a synchronised clock does.
type ClockRule string

const (
	ClockKeepLast ClockRule = "keep-last" // judge as at the last instant known for certain (the default)
	ClockAllow    ClockRule = "allow"     // no window or budget cuts; refusals and pauses still do
)

// Policy is everything that one home has decided. Its JSON has lower camel case keys and refuses unknown ones.
type Policy struct {
	Zone         string        `json:"zone"` // IANA name, never "" or "Local"
	Unknown      UnknownRule   `json:"unknown"`
	Effect       Effect        `json:"effect"`
	Clock        ClockRule     `json:"clock,omitempty"` // "" is keep-last
	People       []Person      `json:"people"`
	Devices      []Device      `json:"devices"`
	Schedules    []Schedule    `json:"schedules"`
	Exceptions   []Exception   `json:"exceptions"`
	Overrides    []Override    `json:"overrides"`
	Budgets      []Budget      `json:"budgets"`
	Reservations []Reservation `json:"reservations"`
}

// Person is a member of the family in the policy's eyes: somebody who has devices.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Device is one thing that joins the home, wired or wireless, under one or more MACs.
type Device struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`             // phone, laptop, tv, … : a word for pictures, not for rules
	MACs    []MAC  `json:"macs"`             // at least one, unicast, unique in the home
	Person  string `json:"person,omitempty"` // owner's id; "" belongs to the home
	Effect  Effect `json:"effect,omitempty"` // "" follows the home
	Refused bool   `json:"refused,omitempty"`
}

// Target names exactly one of a device, a person (all their devices) or the whole home, unnamed devices included.
type Target struct {
	Device string `json:"device,omitempty"`
	Person string `json:"person,omitempty"`
	Home   bool   `json:"home,omitempty"`
}

// Window is a time offline within a date: wall clock "hh:mm" and seconds of wall clock.
type Window struct {
	Start    string `json:"start"`
	Duration int    `json:"duration"` // 1 to 604,800
}

// Schedule is a window that starts on the same days every week.
type Schedule struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"` // such as "School nights": for screens and the paused page
	For      Target `json:"for"`
	Days     []Day  `json:"days"`
	Start    string `json:"start"`
	Duration int    `json:"duration"`
}

// Exception replaces all schedule windows that start on one date; no windows make it a free day but for the budget.
type Exception struct {
	ID      string   `json:"id"`
	Name    string   `json:"name,omitempty"`
	For     Target   `json:"for"`
	Date    Date     `json:"date"`
	Windows []Window `json:"windows"`
}

// Mode of an override.
type Mode string

const (
	ModePause Mode = "pause"
	ModeBonus Mode = "bonus"
)

// Override is a decision of the moment, live while At ≤ t < Until. A nil Until lasts until resumed: a pause only.
type Override struct {
	ID    string     `json:"id"`
	For   Target     `json:"for"`
	Mode  Mode       `json:"mode"`
	At    time.Time  `json:"at"`
	Until *time.Time `json:"until,omitempty"`
	By    string     `json:"by,omitempty"` // first name of who decided it: for the paused page
}

// Budget limits the time that a person is online, over all their devices, on a local date. Its target is a person.
type Budget struct {
	ID     string `json:"id"`
	For    Target `json:"for"`
	Days   []Day  `json:"days"`
	Amount int    `json:"amount"` // seconds per date
}
