// Package registry keeps what each home has decided and what its box has said about it.
//
// A change is one transaction, then a publish: it is numbered, stored, signed and sent to the box, and only then
// announced to whoever watches the home. A publish that is lost loses nothing: the database is the truth, and the next
// Hello or heartbeat of the box, which carry the revision it has accepted, brings the newest document again.
//
// Every replica is alike. What a registry holds in memory is either dropped at will (waiting "last seen" times, written
// each second) or belongs to a caller that is still there (watchers).
package registry

import (
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Home is a household: one policy, at most one box.
type Home struct {
	ID   string // a UUID
	Name string
}

// Actor is who made a change. From is the kind of session ("browser", "app") or "cloud" for the registry itself.
type Actor struct {
	Member string // member id, "" for the registry itself
	Name   string // as shown at the time of the change
	From   string
}

// Change says in one code what a revision was about, for a history in words that the app makes: Code "pause", Subject
// the id of its target.
type Change struct {
	Code    string
	Subject string
}

// Codes of changes that the registry itself makes; all others belong to the caller.
const (
	CodeCreate   = "create"   // the first revision of a home
	CodeUndo     = "undo"     // Subject is the revision that was taken back
	CodeRenumber = "renumber" // the box had a higher revision than the database (after a restore): same policy, new number
)

// Document is one revision of a home's policy. Policy is canonical and valid.
type Document struct {
	Home     string
	Revision int64 // from 1, rising, not always by one
	Policy   policies.Policy
	Actor    Actor
	Change   Change
	At       time.Time // UTC, microseconds
}

// Box is the box of a home as the cloud knows it.
type Box struct {
	ID         string
	Reachable  bool      // its newest message is younger than 2.5 heartbeats, and no will of it stands
	LastSeen   time.Time // zero: never
	Reported   *wire.Reported
	ReportedAt time.Time     // the cloud's clock; zero without Reported
	Refused    *wire.Refused // why the asked revision is not taken: from Reported, or code "schema" from Hello
}

// State is a home: what is asked, and what its box last said. Asked.Revision == Box.Reported.InForce means in force.
type State struct {
	Home  Home
	Asked Document
	Box   *Box // nil: a home without a box
}

// Edit is one change of a policy by somebody. Apply gets a copy of its own of the asked policy; its error ends the
// change and is handed back as it is. The registry validates what Apply leaves.
type Edit struct {
	Actor  Actor
	Change Change
	Apply  func(*policies.Policy) error
}
