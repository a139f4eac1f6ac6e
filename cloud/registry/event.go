package registry

import (
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Kind is what an event is about.
type Kind string

const (
	KindAsk    Kind = "ask"    // a child asks: all adults
	KindAnswer Kind = "answer" // an adult has answered: the child
	KindCut    Kind = "cut"    // soon offline: the child
	KindDevice Kind = "device" // an unnamed device has come for the first time: all adults
	KindBox    Kind = "box"    // gone, back, or what was asked meanwhile is in force: adults
	KindHours  Kind = "hours"  // another adult has changed rules: the other adults

	KindSupport Kind = "support" // a person helps: who asked for one. Nobody can choose not to hear of it
)

// Words of KindBox.
const (
	WordGone    = "gone"
	WordBack    = "back"
	WordApplied = "applied" // for who asked
)

// Words of KindSupport.
const (
	WordHere    = "here"    // Name has taken the case
	WordMessage = "message" // Name has written
	WordPromise = "promise" // Name looks again at At
	WordClosed  = "closed"  // Name has closed it
	WordSession = "session" // Name asks for a support session
)

// Event is something that somebody may want to be woken for. Of two replicas one tells it.
type Event struct {
	Kind Kind   `json:"kind"`
	Word string `json:"word,omitempty"` // what of its kind
	Home string `json:"home"`
	Zone string `json:"zone"` // of the home

	Person string `json:"person,omitempty"` // the child whom it is for, by their id in the policy
	Member string `json:"member,omitempty"` // whom alone it is for
	But    string `json:"but,omitempty"`    // member whom it is not for: it was them

	Name  string    `json:"name,omitempty"`  // of the person, device or member that it is about
	Whose string    `json:"whose,omitempty"` // KindHours: name of the one person whose rules changed
	Count int       `json:"count,omitempty"` // KindDevice: how many
	At    time.Time `json:"at,omitzero"`     // KindCut: when; KindBox: since when
	Case  string    `json:"case,omitempty"`  // KindSupport: its id
	Ask   Ask       `json:"-"`
}

func (r *Registry) herald(e Event) {
	if r.Herald != nil {
		r.Herald.Tell(e)
	}
}

// wake tells of a new ask and of its answer; that somebody has seen it wakes nobody.
func (r *Registry) wake(ask Ask, p policies.Policy) {
	if ask.Answer.State == wire.AskSeen || ask.Answer.State == wire.AskExpired {
		return
	}
	e := Event{Kind: KindAsk, Home: ask.Home, Ask: ask, Zone: p.Zone}
	if !ask.Open() {
		if e.Kind, e.Person = KindAnswer, ask.Person; e.Person == "" {
			return // a device of the home has no child with a phone
		}
	}
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
	r.herald(e)
}
