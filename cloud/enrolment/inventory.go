package enrolment

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// State is where a box is in its life.
type State string

// A box is made, claimed by its own key, put into a home; later it comes back to the stock, is swapped for another one,
// or leaves for good.
const (
	StateMade    State = "made"       // on the list, its claim code unused
	StateClaimed State = "claimed"    // it has a certificate
	StateServing State = "in-service" // it belongs to a home
	StateSwapped State = "swapped"    // another box took its place; its identity is revoked
	StateRetired State = "retired"    // gone for good; its identity is revoked
)

// Assignable reports whether a box may be given to a home: not one whose identity was taken back.
func (s State) Assignable() bool { return s != StateSwapped && s != StateRetired }

// moves are the states that staff may put a box into, and from where. Claiming is the box's own.
var moves = map[State][]State{
	StateServing: {StateClaimed},
	StateSwapped: {StateServing, StateClaimed},
	StateRetired: {StateMade, StateClaimed, StateServing, StateSwapped},
	StateMade:    {StateClaimed, StateServing, StateSwapped}, // back to stock
}

// Errors that callers tell apart.
var (
	// ErrClaim is any reason why a claim code gives no certificate: strangers are not to learn which.
	ErrClaim = errors.New("serial and claim code give nobody a certificate")
	// ErrIdentity is any reason why a certificate is not renewed.
	ErrIdentity = errors.New("certificate is not one to renew")
	// ErrRequest is a certificate request that cannot be signed.
	ErrRequest = errors.New("certificate request is wrong")
	// ErrUnknown is a box that is not on the list.
	ErrUnknown = errors.New("box is not on the list")
	// ErrMove is a state that cannot follow the present one.
	ErrMove = errors.New("box cannot go from its state to that one")
	// ErrListed is a box that is on the list already.
	ErrListed = errors.New("box is on the list already")
)

// Made is a box as its maker lists it.
type Made struct {
	Box   string // its id: the serial in small letters
	Model string
	MAC   string // canonical, or "" if the list has none
	Claim string // SHA-256 of the claim code, hex
}

// Item is a box on the list.
type Item struct {
	Made
	Key   string // digest of the public key that used the claim code, "" while nobody has
	State State
	Since time.Time
}

// Event is one step of a box's life.
type Event struct {
	At     time.Time
	State  State
	By     string // who did it: an email, "box", or a command's name
	Detail string
}

// Grant is a certificate that the cloud has given.
type Grant struct {
	Serial  string // of the certificate, hex
	Box     string
	Key     string // digest of its public key, hex
	Issued  time.Time
	Until   time.Time
	Revoked time.Time // zero: it was not
	Why     string    // it was revoked
}

// store keeps the list. Each method is one transaction.
type store interface {
	// AddItems adds boxes, all or none. ErrListed names the first that is there.
	AddItems(ctx context.Context, made []Made, at time.Time, by string) error
	// Item is a box of the list. ErrUnknown.
	Item(ctx context.Context, box string) (Item, error)
	// Life is a box's life, oldest first.
	Life(ctx context.Context, box string) ([]Event, error)
	// ClaimItem notes that a key has used the code of a box that is made, or claimed by the same key, and keeps the grant.
	// False: somebody else was faster.
	ClaimItem(ctx context.Context, g Grant) (bool, error)
	// KeepGrant keeps the certificate of a renewal; false if the box has no right to one any more.
	KeepGrant(ctx context.Context, g Grant) (bool, error)
	// GrantOf is a certificate that was given. ErrUnknown.
	GrantOf(ctx context.Context, serial string) (Grant, error)
	// MoveItem changes a state and, where revoke, takes back every certificate of the box; claim is the digest of a new code,
	// or "" for the one that there is. False: it is not in one of the states from.
	MoveItem(ctx context.Context, m Move) (bool, error)
	// KeepClone keeps that a box is cloned. True: that was not known.
	KeepClone(ctx context.Context, c Clone) (bool, error)
	// CloneOf is empty where a box is not known to be cloned.
	CloneOf(ctx context.Context, box string) (Clone, error)
}

// Move is a change of state.
type Move struct {
	Box    string
	From   []State
	To     State
	At     time.Time
	By     string
	Detail string
	Revoke bool
	Claim  string
}

// Problem is one line of a list that is wrong.
type Problem struct {
	Line   int // from 1, the heading included; 0: the whole
	Detail string
}

// checkMade is what is wrong with a box, "" for nothing. It brings its words into their one form.
func checkMade(m *Made) string {
	m.Box = strings.ToLower(strings.TrimSpace(m.Box))
	m.Model = strings.TrimSpace(m.Model)
	m.Claim = strings.ToLower(strings.TrimSpace(m.Claim))
	if !wire.ValidBox(m.Box) {
		return "the serial is not 1 to 63 letters, digits and dashes"
	}
	if m.Model == "" || len(m.Model) > 64 {
		return "the model is not 1 to 64 bytes"
	}
	if m.MAC != "" {
		mac, err := net.ParseMAC(strings.TrimSpace(m.MAC))
		if err != nil || len(mac) != 6 || mac[0]&1 == 1 {
			return "the MAC is no unicast EUI-48"
		}
		m.MAC = mac.String()
	}
	if len(m.Claim) != 64 || strings.Trim(m.Claim, "0123456789abcdef") != "" {
		return "the claim is no SHA-256 in hex"
	}
	return ""
}

// allowed reports whether staff may move a box from one state to another.
func allowed(from, to State) bool { return slices.Contains(moves[to], from) }
