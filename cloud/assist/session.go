package assist

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/policies/wire"
)

// State is how far a session has come.
type State string

const (
	StateAsked   State = "asked"   // waits for the customer
	StateActive  State = "active"  // consented, and not over
	StateRefused State = "refused" // the customer said no
	StateEnded   State = "ended"
)

// Ender is what ended a session.
type Ender string

const (
	EndCustomer Ender = "customer" // they said so, or do not decide in the home any more
	EndStaff    Ender = "staff"
	EndDeadline Ender = "deadline"
	EndSignOut  Ender = "sign-out"  // the staff's own session has ended, or their role was taken away
	EndBox      Ender = "box"       // on the box's own page
	EndHandOver Ender = "hand-over" // the case has gone to another agent
	EndReplaced Ender = "replaced"  // the customer consented to another session
)

// Consent is what a customer agreed to. It is bound to the words that they saw.
type Consent struct {
	By, Name string // member id; their name then
	At       time.Time
	Text     string // SHA-256 of the words that were shown, hexadecimal
	Locale   string
	Device   string
}

// Session is an agent in a customer's home, for a while. A row never widens: more scope or more time is another consent
// and another row.
type Session struct {
	ID, Case, Home    string
	HomeName          string // when it is read
	Customer          string // member id
	CustomerName      string // when it is read; "" for nobody any more
	Staff, StaffName  string
	Operator          string
	Login             string // the staff's own session, which this one does not outlive
	AskedScopes       []wire.Scope
	AskedMinutes      int
	Reason            string
	State             State
	Scopes            []wire.Scope // granted
	Minutes           int
	Asked, Started    time.Time
	Deadline, EndedAt time.Time
	Left              time.Duration // until the deadline, by the database's clock; 0 for what is over
	EndedBy           Ender
	Replaces          string // the row that this one follows, "" for none
	ReplacedBy        string // when it is read
	Consent           Consent
	Recording         bool      // its screen is being kept
	KeptUntil         time.Time // until when that is; while it waits or goes on without, until when it would be; zero: nothing is kept
	Full              bool      // and takes no more
	Tape              *Tape     // of a consent: it is kept from the beginning
}

// Has reports whether a scope was granted. Whether the session lives is for [Sessions.Check] to say.
func (s Session) Has(scope wire.Scope) bool { return slices.Contains(s.Scopes, scope) }

// Reasons why something is refused. Callers use errors.Is.
var (
	ErrUnknown  = errors.New("no such session")
	ErrOver     = errors.New("the session is over")          // or was never begun
	ErrScope    = errors.New("the customer did not consent") // to this scope
	ErrAnswered = errors.New("it has been answered already")
	ErrBusy     = errors.New("too many at once")
	ErrOwn      = errors.New("it is the agent's own home")
	ErrBox      = errors.New("the home has no box")
	ErrStale    = errors.New("what was approved is not what was proposed")
)

// Limits of a session.
const (
	MaxMinutes  = 120
	maxAskedFor = 10 * time.Minute // how long a question waits for its answer
	maxWords    = 4000             // characters of the consent's words
	maxWhy      = 300
	maxOpen     = 5 // questions to one home in a minute
)

// Asking is an agent who asks for a session.
type Asking struct {
	Case, Staff, StaffName, Login string
	Scopes                        []wire.Scope
	Minutes                       int
	Reason                        string
}

// Answer is a customer who consents: to what was asked, or to less.
type Answer struct {
	Home, ID       string
	By, Name       string
	Scopes         []wire.Scope
	Minutes        int
	Record         bool   // the screen is kept from the beginning
	Text           string // the words that were shown
	Locale, Device string
}

// sessionStore keeps sessions. Everything that asks whether one lives is answered by the database and its clock alone:
// neither over, nor past its deadline, and the staff still signed in with a role for it.
type sessionStore interface {
	// AskSupport keeps a question; the one that waits for the same case is withdrawn. ErrUnknown for a case that is not
	// there or not open, ErrBusy where its home was asked too often.
	AskSupport(ctx context.Context, session Session, wait time.Duration, limit int) (Session, error)
	// Consent begins a session that was asked. Others of the home end. ErrUnknown, ErrAnswered.
	Consent(ctx context.Context, session Session) (begun Session, ended []Session, err error)
	// ExtendSupport begins a session that follows a live one with the same scopes. ErrUnknown, ErrOver.
	ExtendSupport(ctx context.Context, id string, next Session) (begun, ended Session, err error)
	// CloseSupport refuses a session that waits, or ends one that waits or lives. False: it was over.
	CloseSupport(ctx context.Context, id string, close Closing) (Session, bool, error)
	Support(ctx context.Context, id string) (Session, error) // ErrUnknown
	// SupportOf are those of a home, at most that many beside what waits or lives, SupportBy the live ones of somebody of the
	// staff, newest first.
	SupportOf(ctx context.Context, home string, limit int) ([]Session, error)
	SupportBy(ctx context.Context, staff string) ([]Session, error)
	// LiveSupport is a session that its staff may use now. ErrUnknown, ErrOver.
	LiveSupport(ctx context.Context, id, staff string) (Session, error)
	// Overdue ends what is past its deadline, whose staff or customer is not there any more, or whose case the staff does not
	// have any more.
	Overdue(ctx context.Context) ([]Session, error)
	// LiveOfCase and LiveOfHome are the sessions that wait or live.
	LiveOfCase(ctx context.Context, id string) ([]string, error)
	LiveOfHome(ctx context.Context, home string) ([]string, error)
}

// auditStore reads and writes the account of what was done.
type auditStore interface {
	AddAudit(ctx context.Context, e audit.Entry) error
	AuditOf(ctx context.Context, home string, before int64, limit int) ([]audit.Line, error)
	AuditBy(ctx context.Context, session string) ([]audit.Line, error)
}

// Closing is who closes a session, and how.
type Closing struct {
	State     State // StateRefused or StateEnded
	By        Ender
	Who, Name string // of the member or staff; "" for the box
}

// scopeText is scopes as a row and a letter have them.
func scopeText(list []wire.Scope) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}

// ordered is each of the known scopes that is in the list, once.
func ordered(list []wire.Scope) []wire.Scope {
	var found []wire.Scope
	for _, s := range []wire.Scope{wire.ScopeSee, wire.ScopeDiagnose, wire.ScopeChange} {
		if slices.Contains(list, s) {
			found = append(found, s)
		}
	}
	return found
}
