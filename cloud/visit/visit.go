// Package visit keeps what customers have ordered and the technician's visits that carry it out.
//
// A visit is moved on by steps, each with an id of the phone's own making: a phone that was out of reach sends what it has kept, in
// any order and as often as it must. The same step twice is one effect; one that comes too early or too late is told so.
//
// What the box itself can say is never taken from the technician: the checklist is judged anew from what the box reports, and a
// technician can only decide on it, with a reason that stands in the report. A visit never shows what a family does.
package visit

import (
	"context"
	"errors"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
)

// State is how far a visit is.
type State string

const (
	StatePlanned  State = "planned"
	StateWay      State = "on-the-way"
	StateArrived  State = "arrived"
	StateBound    State = "bound" // its box belongs to the home; of an order that only fetches one: the box is taken back
	StateSigned   State = "signed"
	StateFinished State = "finished"
	StateAbsent   State = "absent" // nobody was there: Absent names the next visit
)

// Over reports whether nothing of a visit changes any more.
func (s State) Over() bool { return s == StateFinished || s == StateAbsent }

// Visit is one order at one time, and what has become of it. It is kept as this JSON, but for what has no name here.
type Visit struct {
	ID         string    `json:"id"` // a UUID, also of the home that it makes
	Order      Order     `json:"order"`
	Slot       Slot      `json:"slot"`
	State      State     `json:"state"`
	Since      time.Time `json:"since"` // of the state, by the server's clock
	Technician string    `json:"technician"`

	Way      time.Time `json:"way,omitzero"`
	Arrived  time.Time `json:"arrived,omitzero"`
	Present  []string  `json:"present"`          // who is there, as the technician says
	Serial   string    `json:"serial,omitempty"` // of the box that belongs to the home
	Scanned  time.Time `json:"scanned,omitzero"` // of its label, as the phone says, within bounds
	Bound    time.Time `json:"bound,omitzero"`
	Serving  time.Time `json:"serving,omitzero"` // when the box was in service
	Finished time.Time `json:"finished,omitzero"`

	Line      *Rate       `json:"line,omitempty"` // as it was measured last
	Measuring *Measuring  `json:"measuring,omitempty"`
	Fault     string      `json:"fault,omitempty"` // why the line could not be measured: a refusal of the box, lost, cloud
	Checklist []Item      `json:"checklist"`
	Rooms     []Room      `json:"rooms"`
	Photos    []Photo     `json:"photos"`
	Notes     []Note      `json:"notes"`
	TakenBack []TakenBack `json:"takenBack"`
	Invited   *Invited    `json:"invited,omitempty"`
	Signed    *Signed     `json:"signed,omitempty"`
	Unsigned  string      `json:"unsigned,omitempty"` // why it ends without all that it asks for
	Absent    *Absent     `json:"absent,omitempty"`

	Home    string `json:"-"` // "" before there is one
	Report  []byte `json:"-"` // signed, of a visit that is over
	Seen    []Seen `json:"-"` // when it was looked at
	Version int64  `json:"-"` // for compare and set, 0: not kept yet
}

// Rate is what the line brought, in bit/s.
type Rate struct {
	Down int64     `json:"down"`
	Up   int64     `json:"up"`
	At   time.Time `json:"at"`
}

// Room is the verdict of a walk test.
type Room struct {
	Name    string    `json:"name"`
	Verdict string    `json:"verdict"` // good, fair, poor
	Rate    int64     `json:"rate"`    // bit/s, 0: not measured
	Signal  int       `json:"signal"`  // dBm, 0: not measured
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
}

// Photo is a picture; its bytes are kept apart.
type Photo struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"` // box, socket, cabling, proof, other
	At     time.Time `json:"at"`
	Width  int       `json:"width"`
	Height int       `json:"height"`
	Bytes  int       `json:"bytes"`
	SHA256 string    `json:"sha256"` // of the bytes, hex
}

// Note is a remark.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// TakenBack is a box whose identity was taken back.
type TakenBack struct {
	Serial string    `json:"serial"`
	Way    Kind      `json:"way"` // swap: another one takes its place; collect: it goes to the stock
	Why    string    `json:"why"`
	At     time.Time `json:"at"`
}

// Invited is the way in for the first member that lives at present.
type Invited struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Expires time.Time `json:"expires"`
}

// Signed is the customer's signature; the drawing is in the step.
type Signed struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Step string    `json:"step"`
}

// Absent is why nobody was visited, and when somebody comes again.
type Absent struct {
	Why  string `json:"why"`
	Next string `json:"next"` // visit
	Slot Slot   `json:"slot"`
}

// Errors that callers tell apart; *Early and *Wrong are others.
var (
	ErrNotFound = errors.New("no such visit")
	ErrOver     = errors.New("the visit is over")
	ErrSigned   = errors.New("the customer has signed: nothing is added to it")
	ErrDiffers  = errors.New("a step with this id has said something else")
	ErrBegun    = errors.New("the visit of this order has begun")
	ErrJoined   = errors.New("somebody belongs to the home already")
	ErrPhoto    = errors.New("the picture cannot be read")
	errMoved    = errors.New("the visit has moved on meanwhile")
)

// Early is a step whose turn has not come.
type Early struct{ Needs string } // arrive, bind, collect, items, photo, slot

func (e *Early) Error() string { return "the visit needs first: " + e.Needs }

// Wrong is a box that this visit may not have.
type Wrong struct{ Verdict Verdict }

func (w *Wrong) Error() string { return "the box is not for this visit: " + string(w.Verdict) }

// Filter chooses visits. Zero values choose all.
type Filter struct {
	State      State
	Technician string // member
	From, To   string // days, both included
	Limit      int
}

// store keeps visits. Each method is one transaction.
type store interface {
	visits
	steps
	photos
	// CertificateOf is the newest certificate of a box that lives. enrolment.ErrUnknown.
	CertificateOf(ctx context.Context, box string) (enrolment.Grant, error)
	// HomeOfBox is the home that a box belongs to, "" for none. registry.ErrNotFound where it was never in one.
	HomeOfBox(ctx context.Context, box string) (string, error)
}

type visits interface {
	// PlanVisits adds visits, or puts them in the place of those of the same order that have not begun. All or none; ErrBegun.
	PlanVisits(ctx context.Context, list []Visit) error
	// Visit is one. ErrNotFound.
	Visit(ctx context.Context, id string) (Visit, error)
	// Visits are those of a filter, by day and time.
	Visits(ctx context.Context, f Filter) ([]Visit, error)
	// VisitsOf are those of a home, oldest first.
	VisitsOf(ctx context.Context, home string) ([]Visit, error)
	// VisitFor is the visit, not over, whose box or order names a serial. ErrNotFound.
	VisitFor(ctx context.Context, serial string) (Visit, error)
	// SweepVisits takes away those before a day that no home is of.
	SweepVisits(ctx context.Context, day string) error
	// KeepVisit keeps a visit whose version is still the newest, with a step of it and another visit, unless those are nil.
	// False: it has moved on.
	KeepVisit(ctx context.Context, v Visit, s *Step, next *Visit) (bool, error)
}

type steps interface {
	// Step is one of a visit; false: there is none.
	Step(ctx context.Context, visit, id string) (Step, bool, error)
	// Steps are all of a visit, in the order in which they came.
	Steps(ctx context.Context, visit string) ([]Step, error)
}

type photos interface {
	// KeepPhoto keeps a picture with its visit, as KeepVisit does.
	KeepPhoto(ctx context.Context, v Visit, photo string, data []byte) (bool, error)
	// DropPhoto takes one away, as KeepVisit does.
	DropPhoto(ctx context.Context, v Visit, photo string) (bool, error)
	// Photo is the bytes of one. ErrNotFound.
	Photo(ctx context.Context, visit, photo string) ([]byte, error)
}

// stock is every box that was made.
type stock interface {
	Look(ctx context.Context, box string) (enrolment.Item, []enrolment.Event, error)
	Serve(ctx context.Context, box, by, detail string) error
	Swap(ctx context.Context, box, by, detail string) error
}

// homes is where boxes belong.
type homes interface {
	Create(ctx context.Context, home registry.Home, zone string) error
	Assign(ctx context.Context, home, box string) error
	State(ctx context.Context, home string) (registry.State, error)
	Change(ctx context.Context, home string, base int64, by registry.Edit) (registry.State, error)
	Announce(about string)
}

// Who carries a visit out, or looks at it.
type Who struct {
	Member string
	Name   string
	Email  string
	Login  string // session
	All    bool   // sees everybody's
}
