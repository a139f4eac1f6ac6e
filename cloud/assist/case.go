package assist

import (
	"errors"
	"slices"
	"time"
)

// CaseState is how far a case has come.
type CaseState string

const (
	CaseWaiting  CaseState = "waiting"  // nobody has it
	CaseTaken    CaseState = "taken"    // its agent is on it
	CasePromised CaseState = "promised" // somebody looks again at Promise.At; then it waits at the top
	CaseClosed   CaseState = "closed"
)

// Why a case is not changed.
var (
	ErrCaseUnknown  = errors.New("there is no such case")
	ErrCaseTaken    = errors.New("another agent has the case")
	ErrCaseNotYours = errors.New("the case is not the agent's")
	ErrCaseState    = errors.New("the case is in another state")
	ErrCaseFull     = errors.New("the case has too many messages, pictures or turns")
	ErrSlot         = errors.New("nobody is free to call then")
)

// Agent is somebody of the staff; without an id nobody.
type Agent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Step is something that the customer did before they asked.
type Step struct {
	At     time.Time `json:"at"`
	Screen string    `json:"screen"`
	Did    string    `json:"did"`              // a code, such as pause
	Detail string    `json:"detail,omitempty"` // what came of it
}

// Finding is one answer in a guide, in the customer's words.
type Finding struct {
	Guide    string `json:"guide"`
	Node     string `json:"node"`
	Question string `json:"question"`
	Answer   string `json:"answer,omitempty"`
	Result   string `json:"result,omitempty"` // what was measured, or what a fix did
}

// Promise is when somebody looks again, and what at.
type Promise struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Callback is when the customer is called, and where.
type Callback struct {
	At    time.Time `json:"at"`
	Phone string    `json:"phone"`
}

// Offer is a case held out to another agent. The one who has it keeps it until it is accepted.
type Offer struct {
	From    Agent     `json:"from"`
	To      Agent     `json:"to"`
	Reason  string    `json:"reason"`
	Tried   string    `json:"tried"`
	Expires time.Time `json:"expires"`
}

// Solved is what the customer says of a case that was closed.
type Solved string

const (
	SolvedYes Solved = "yes"
	SolvedNo  Solved = "no"
)

// Case is somebody who asks for a person, and all that follows. Zero times are never.
type Case struct {
	ID       string    `json:"-"`
	Home     string    `json:"-"`
	HomeName string    `json:"-"` // when it is read
	Member   string    `json:"-"`
	Name     string    `json:"-"` // theirs, when it was made
	Email    string    `json:"-"` // theirs, when it is read; "" for nobody any more
	Language string    `json:"-"` // fr, en
	Skill    string    `json:"skill"`
	Screen   string    `json:"-"` // where they were
	Text     string    `json:"-"` // "" says enough: somebody wants a person
	Journey  []Step    `json:"journey,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
	Picture  *Picture  `json:"picture,omitempty"` // of the box at that moment; nil without a box

	AskedAt  time.Time     `json:"-"`        // the clock: never written again
	Estimate time.Duration `json:"estimate"` // what they were told to wait; 0: nothing
	State    CaseState     `json:"-"`
	Agent    Agent         `json:"agent"` // who has it; of a promised one, who promised; of a closed one, who closed it
	TakenAt  time.Time     `json:"takenAt,omitzero"`
	LeftAt   time.Time     `json:"leftAt,omitzero"` // it went back to the queue then
	Waited   time.Duration `json:"-"`               // in opening hours, until it was first taken; 0: it was not yet
	Offer    *Offer        `json:"offer,omitempty"`
	Promise  *Promise      `json:"promise,omitempty"`
	Due      bool          `json:"due"` // it waits because of its promise, or of a call before that
	Callback *Callback     `json:"callback,omitempty"`

	Reason   string    `json:"reason"`  // one of Reasons, when it was closed
	Summary  string    `json:"summary"` // for the customer
	Solved   Solved    `json:"solved"`
	ClosedAt time.Time `json:"closedAt,omitzero"`

	Messages int64     `json:"messages"` // number of the newest message
	LastFrom From      `json:"lastFrom"` // who wrote the newest that the customer sees; "" for nobody
	LastAt   time.Time `json:"lastAt,omitzero"`
	Newest   string    `json:"newest,omitempty"` // mark of the newest message
	Pictures int       `json:"pictures"`
	Turns    int       `json:"turns,omitempty"` // calls that the customer booked, and times that they opened it again
	Version  int64     `json:"-"`               // of the row
}

// Open reports whether somebody still owes the customer something.
func (c *Case) Open() bool { return c.State != CaseClosed }

// HeldBy is nil where an agent has the case now. ErrCaseState, ErrCaseNotYours.
func (c *Case) HeldBy(by string) error {
	switch {
	case !c.Open():
		return ErrCaseState
	case c.State != CaseTaken || c.Agent.ID != by:
		return ErrCaseNotYours
	}
	return nil
}

// release puts it back into the queue. Its clock goes on.
func (c *Case) release(now time.Time) {
	c.State, c.Agent, c.Offer, c.LeftAt, c.TakenAt = CaseWaiting, Agent{}, nil, now, time.Time{}
}

// Skills is what cases may be about.
func Skills() []string {
	return []string{"internet", "wifi", "tv", "hours", "device", "account", "other"}
}

// Reasons is why cases are closed.
func Reasons() []string {
	return []string{"internet", "wifi", "tv", "hours", "device", "account", "question", "mistake", "other"}
}

// skillOf guesses what a case is about from the guide, else from the screen.
func skillOf(screen string, findings []Finding) string {
	words := map[string]string{
		"slow-wifi": "wifi", "tv-freezes": "tv", "cannot-connect": "device", "no-internet": "internet", "child-not-cut": "hours",
		"child-cut-wrongly": "hours", "phone-unknown": "device", "/tv": "tv", "/person": "hours", "/hours": "hours", "/device": "device",
		"/members": "account", "/settings": "account",
	}
	if n := len(findings); n > 0 {
		if skill := words[findings[n-1].Guide]; skill != "" {
			return skill
		}
		return "other"
	}
	for _, word := range []string{"/tv", "/hours", "/person", "/device", "/members", "/settings"} {
		if containsWord(screen, word) {
			return words[word]
		}
	}
	return "other"
}

// Sort puts the queue in order: what was promised for now, then by the one clock.
func Sort(list []Case) {
	slices.SortStableFunc(list, func(a, b Case) int {
		if a.Due != b.Due {
			if a.Due {
				return -1
			}
			return 1
		}
		return a.AskedAt.Compare(b.AskedAt)
	})
}
