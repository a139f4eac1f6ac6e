// Package wire is what a box and the cloud say to each other: two documents, Desired down and Reported up, the Hello
// and heartbeat that keep them in step, the Ask of a child, their topics and the signature; and for support the Grant that
// lets somebody measure, Query and Result, and the Ended of a box where somebody has had enough; and the Succession of the
// key that signs.
//
// Each document is whole and numbered; state never travels as a command. A reader ignores keys that it does not
// know, so that a newer writer can be understood; the policy inside Desired is the exception and is refused whole by
// [policies.Parse].
package wire

import (
	"encoding/json"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Schema is the version of these documents. The cloud renders Desired for the schema that the box's Hello names.
const Schema = 1

// Limits of a message, in bytes. A longer one is refused before it is read.
const (
	MaxDesired  = 400 << 10
	MaxReported = 400 << 10
	MaxHello    = 4 << 10
)

// MaxHour is how many minutes an hour of a wall clock has at most: one that it repeats in autumn.
const MaxHour = 120

// Desired goes down: everything the home has decided, and what it said to each [Ask] of the last 24 hours (the newest
// MaxAsks). Answers change nothing on the box: a Desired of the accepted revision and policy that was issued later is
// welcome for its Asks alone.
type Desired struct {
	Box      string          `json:"box"`
	Schema   int             `json:"schema"`
	Revision int64           `json:"revision"` // from 1, rising
	Issued   time.Time       `json:"issued"`   // when it was signed: a lower bound of the true time
	Policy   json.RawMessage `json:"policy"`   // for policies.Parse
	Asks     []Answer        `json:"asks,omitempty"`
}

// Hello is what a box says first on every connection.
type Hello struct {
	Box          string    `json:"box"`
	Schema       int       `json:"schema"`
	Version      string    `json:"version"`  // of the agent
	Revision     int64     `json:"revision"` // newest accepted, 0 for none
	TZ           string    `json:"tz"`       // policies.TZVersion
	Capabilities []string  `json:"capabilities"`
	At           time.Time `json:"at"` // the box's clock
	// Ended are grants that somebody ended at the box, until the cloud's own letter says that they are; MaxEnded at most.
	Ended []Ended `json:"ended,omitempty"`
	// Key is the [Fingerprint] of the operator's key that the box believes, Next that of one that it believes as well
	// because a [Succession] named it; "" for none, or from a box that does not say.
	Key  string `json:"key,omitempty"`
	Next string `json:"next,omitempty"`
}

// Heartbeat says that a box is there, and what it has accepted.
type Heartbeat struct {
	Revision int64     `json:"revision"`
	At       time.Time `json:"at"`
}

// Reported comes up: what is in force on the box, and what is not and why.
type Reported struct {
	Box         string        `json:"box"`
	At          time.Time     `json:"at"`       // the box's clock
	Accepted    int64         `json:"accepted"` // newest revision that passed its checks, 0 for none
	InForce     int64         `json:"inForce"`  // newest revision proved in the kernel, 0 for none
	Since       time.Time     `json:"since"`    // when InForce was proved
	Refused     *Refused      `json:"refused,omitempty"`
	Devices     []DeviceState `json:"devices"`
	Usage       []Used        `json:"usage,omitempty"` // of today and yesterday
	Clock       Clock         `json:"clock"`
	Cut         *Cut          `json:"cut,omitempty"` // the newest proved cut
	Limitations []Limitation  `json:"limitations,omitempty"`

	// Page is where a device of the home opens the box's own page: http://ADDRESS:PORT/, "" where there is none.
	Page string `json:"page,omitempty"`

	Radios       []policies.Radio   `json:"radios,omitempty"`
	Line         *policies.Line     `json:"line,omitempty"`
	WAN          *WAN               `json:"wan,omitempty"`          // nil: the box does not know
	Reservations []ReservationState `json:"reservations,omitempty"` // one for each of the accepted policy, in its order
}

// WAN is the way to the internet, as far as the box can see it: no address, only whether there is one.
type WAN struct {
	Link bool `json:"link"` // its interface is up and has a carrier
	IPv4 bool `json:"ipv4"` // an address of it, and a way out
	IPv6 bool `json:"ipv6"` // a global address of the home, and a way out
}

// Refused is a Desired that the box did not accept; the one before it stays in force.
type Refused struct {
	Revision int64             `json:"revision"` // 0 where it could not be read
	Code     string            `json:"code"`     // signature | box | revision | document | policy | size
	Detail   string            `json:"detail"`
	Problems policies.Problems `json:"problems,omitempty"`
	At       time.Time         `json:"at"`
}

// DeviceState is one device as the box sees it: every device of the policy, and each unnamed one that has been seen.
type DeviceState struct {
	ID       string           `json:"id,omitempty"`       // "" for a device that nobody has named
	MAC      string           `json:"mac,omitempty"`      // the one in use; all that an unnamed device has
	Hostname string           `json:"hostname,omitempty"` // from its DHCP lease
	Present  bool             `json:"present"`            // seen in the LAN now
	Verdict  policies.Verdict `json:"verdict"`
	InForce  bool             `json:"inForce"`       // the kernel was seen to agree with the verdict
	Why      string           `json:"why,omitempty"` // why it is not in force
}

// Used is what a person has used of a local date.
type Used struct {
	Person  string        `json:"person"`
	Date    policies.Date `json:"date"`
	Minutes int           `json:"minutes"`
	// Hours are those of the minutes by the home's clock; all zero from a box that does not know.
	Hours policies.Hours `json:"hours,omitzero"`
}

// Clock is the box's trust in its clock.
type Clock struct {
	Synchronised bool               `json:"synchronised"`
	Rule         policies.ClockRule `json:"rule"` // what is done while it is not
}

// Cut is the proof that a device's time online ended.
type Cut struct {
	Device   string    `json:"device"`   // id, or MAC of an unnamed one
	Revision int64     `json:"revision"` // that was accepted then
	Ruled    time.Time `json:"ruled"`    // rules were in the kernel
	Proved   time.Time `json:"proved"`   // rules were re-read, and no accepted flow was left
	Flows    int       `json:"flows"`    // conntrack entries that were ended
	Refusals uint64    `json:"refusals"` // packets refused so far: extra evidence, may be 0 for an idle device
}

// Limitation is something that the kernel or the box lacks, or that bypasses the agent.
type Limitation struct {
	Code   string `json:"code"` // no-ip6tables | no-conntrack | flow-offload | mark-conflict | wan-open | state-fallback | …
	Detail string `json:"detail"`
}
