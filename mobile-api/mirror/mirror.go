// Package mirror owns what may be said on the socket of a support session: which messages there are, who may say them,
// under which scope, how often and how long, and what waits for an agent who reads slowly. It never changes anything of a
// home: sight and gestures are all that the socket carries.
package mirror

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"

	"golang.org/x/time/rate"

	"github.com/carebox-project/carebox/policies/wire"
)

// Role is which end of a session somebody is at. A ticket says it, never a message.
type Role string

const (
	RoleCustomer Role = "customer" // whose screen is seen
	RoleAgent    Role = "agent"    // who sees it
)

// Limits of a message, in bytes: what one of each role may be, and any text.
const (
	MaxCustomer = 320 << 10
	MaxAgent    = 8 << 10
	maxText     = 4 << 10
)

// Word is a type of message.
type Word string

// What a browser says.
const (
	WordHello  Word = "hello"    // first, with a ticket
	WordBeat   Word = "beat"     // customer: how far the picture is
	WordScreen Word = "screen"   // customer: where they are
	WordKey    Word = "key.want" // agent: a key frame; the server passes it on to the customer
	WordPoint  Word = "point"    // agent: where they point
	WordMark   Word = "mark"     // agent: what they mark
	WordClear  Word = "clear"    // agent: no marks any more
	WordGo     Word = "go"       // agent: another screen
	WordShow   Word = "show"     // agent: a place on the screen
)

// What the server says.
const (
	WordSession Word = "session" // who, what, how long
	WordOver    Word = "over"    // then the socket is closed
	WordSlow    Word = "slow"    // customer: frames were left out
	WordAway    Word = "away"    // agent: the customer's page is gone
	WordHere    Word = "here"    // agent: it is there
	WordSeen    Word = "seen"    // customer: somebody looks
	WordError   Word = "error"
)

// Shape is how a mark looks.
type Shape string

// Message is anything that a browser says, as it is passed on: nothing that was not read is in it.
type Message struct {
	Type Word `json:"type"`
	// hello
	Ticket string `json:"ticket,omitempty"`
	Tab    string `json:"tab,omitempty"`
	Build  string `json:"build,omitempty"`
	// Which picture: of a point, a mark and a beat.
	Generation uint32 `json:"generation,omitempty"`
	Epoch      uint32 `json:"epoch,omitempty"`
	Seq        uint32 `json:"seq,omitempty"`
	Visible    bool   `json:"visible,omitempty"`
	Buffered   uint32 `json:"buffered,omitempty"`
	// A node of the picture, and where in it, 0 to 1.
	Node   uint32  `json:"node,omitempty"`
	FX     float64 `json:"fx,omitempty"`
	FY     float64 `json:"fy,omitempty"`
	Shape  Shape   `json:"shape,omitempty"`
	Anchor string  `json:"anchor,omitempty"`
	// A key frame with its style sheets inside: those that it links are of a build that is not served any more.
	Inline bool `json:"inline,omitempty"`

	// A screen by its name.
	Route  string            `json:"route,omitempty"`
	Params map[string]string `json:"params,omitempty"`
	Width  uint32            `json:"width,omitempty"`
	Height uint32            `json:"height,omitempty"`
	Dialog string            `json:"dialog,omitempty"`
	Blind  string            `json:"blind,omitempty"` // why there is no picture of it: "big", "browser"
}

// ErrMessage is something that may not be said: the socket closes.
var ErrMessage = errors.New("not a message of this socket")

// rule is who may say a message, under which scope, and how often.
type rule struct {
	role   Role // "" is both
	scope  wire.Scope
	second rate.Limit
	burst  int
	minute int                // at most, if not 0
	sound  func(Message) bool // that its fields are what they may be
	fields []string           // beside the type
}

var (
	name   = regexp.MustCompile(`^[a-z][a-zA-Z0-9.-]{0,47}$`)
	token  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	value  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	params = map[string]bool{"id": true, "kind": true}
)

func ruleOf(word Word) (rule, bool) {
	switch word {
	case WordHello:
		return rule{second: 1, burst: 1, sound: soundHello, fields: []string{"ticket", "tab", "build"}}, true
	case WordBeat:
		return rule{role: RoleCustomer, scope: wire.ScopeSee, second: 4, burst: 8, sound: always,
			fields: []string{"generation", "epoch", "seq", "visible", "buffered"}}, true
	case WordScreen:
		return rule{role: RoleCustomer, scope: wire.ScopeSee, second: 4, burst: 8, sound: soundScreen,
			fields: []string{"route", "width", "height", "dialog", "blind"}}, true
	case WordKey:
		return rule{role: RoleAgent, scope: wire.ScopeSee, second: 4, burst: 8, sound: always, fields: []string{"inline"}}, true
	case WordPoint:
		return rule{role: RoleAgent, scope: wire.ScopeSee, second: 20, burst: 20, sound: soundPoint,
			fields: []string{"generation", "epoch", "node", "fx", "fy"}}, true
	case WordMark:
		return rule{role: RoleAgent, scope: wire.ScopeSee, second: 4, burst: 4, sound: soundMark,
			fields: []string{"generation", "epoch", "node", "fx", "fy", "anchor", "shape"}}, true
	case WordClear:
		return rule{role: RoleAgent, scope: wire.ScopeSee, second: 4, burst: 4, sound: always}, true
	case WordShow:
		return rule{role: RoleAgent, scope: wire.ScopeSee, second: 4, burst: 4, sound: soundShow, fields: []string{"anchor"}}, true
	case WordGo:
		return rule{role: RoleAgent, scope: wire.ScopeChange, second: 1, burst: 2, minute: 20, sound: soundGo, fields: []string{"route", "params"}}, true
	}
	return rule{}, false
}

func always(Message) bool { return true }

func soundHello(m Message) bool {
	return token.MatchString(m.Ticket) && (m.Tab == "" || token.MatchString(m.Tab)) && (m.Build == "" || token.MatchString(m.Build))
}

func soundScreen(m Message) bool {
	blind := m.Blind == "" || m.Blind == "big" || m.Blind == "browser"
	return blind && name.MatchString(m.Route) && m.Width <= 20_000 && m.Height <= 20_000 && (m.Dialog == "" || name.MatchString(m.Dialog))
}

func soundPoint(m Message) bool { return m.Node > 0 && fraction(m.FX) && fraction(m.FY) }

func soundMark(m Message) bool {
	shaped := m.Shape == "ring" || m.Shape == "arrow" || m.Shape == "tick"
	return shaped && (m.Node > 0) != (m.Anchor != "") && (m.Anchor == "" || name.MatchString(m.Anchor)) && fraction(m.FX) && fraction(m.FY)
}

func soundShow(m Message) bool { return name.MatchString(m.Anchor) }

func soundGo(m Message) bool {
	for key, v := range m.Params {
		if !params[key] || !value.MatchString(v) {
			return false
		}
	}
	return name.MatchString(m.Route)
}

func fraction(f float64) bool { return f >= 0 && f <= 1 && !math.IsNaN(f) }

// Parse reads a text that somebody in a role has said. Errors are ErrMessage.
func Parse(role Role, text []byte) (Message, error) {
	if len(text) > maxText {
		return Message{}, fmt.Errorf("%w: %d bytes", ErrMessage, len(text))
	}
	var m Message
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Message{}, fmt.Errorf("%w: more than one", ErrMessage)
	}
	r, known := ruleOf(m.Type)
	if !known || (r.role != "" && r.role != role) {
		return Message{}, fmt.Errorf("%w: not for a %s to say", ErrMessage, role)
	}
	if !only(text, r.fields) || !r.sound(m) {
		return Message{}, fmt.Errorf("%w: the fields of %q", ErrMessage, m.Type)
	}
	return m, nil
}

// only reports whether an object has no fields but these, each spelt as it is.
func only(text []byte, fields []string) bool {
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		return false
	}
	delete(object, "type")
	for _, f := range fields {
		delete(object, f)
	}
	return len(object) == 0
}

// Needs is the scope that a message needs.
func (m Message) Needs() wire.Scope {
	r, _ := ruleOf(m.Type)
	return r.scope
}

// Text is the message as it is passed on.
func (m Message) Text() []byte {
	text, _ := json.Marshal(m) // strings and numbers: it never fails
	return text
}
