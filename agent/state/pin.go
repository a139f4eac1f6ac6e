package state

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// maxPast is how many keys are remembered that were believed once.
const maxPast = 8

// pinned is what is kept of the operator's keys.
type pinned struct {
	Origin  ed25519.PublicKey   `json:"origin"` // of the enrolment, with which all began
	Current ed25519.PublicKey   `json:"current"`
	Next    ed25519.PublicKey   `json:"next,omitempty"`
	Issued  time.Time           `json:"issued,omitzero"` // of the letter that named Next
	Past    []ed25519.PublicKey `json:"past,omitempty"`  // good for nothing but what was accepted under them
}

// Pins are the keys by which a box knows its operator: the one of its enrolment, or what followed it by letters of the keys
// before ([wire.Succession]). While a next key is known, both are believed; the first letter that is signed by the next one
// ends the other: from then on an older letter that comes again opens nothing. Each change is on disk before it counts.
//
// The methods are for any goroutine.
type Pins struct {
	changed func()

	mu     sync.Mutex
	record *record
	kept   pinned
	why    string // the newest change could not be kept
}

// errSuccession is a letter that names a key and changes nothing.
var errSuccession = errors.New("a later letter has named another key")

// Pins reads which keys are believed. Origin is the key of the enrolment: with another one all begins anew. Changed is called
// after each change, and returns at once. It fails only where the disk cannot be read.
func (s *Store) Pins(origin ed25519.PublicKey, changed func()) (*Pins, error) {
	p := &Pins{changed: changed, record: &s.pins, kept: pinned{Origin: origin, Current: origin}}
	var read pinned
	body, err := s.pins.load(func(body []byte) error {
		read = pinned{}
		return errors.Join(json.Unmarshal(body, &read), read.check())
	})
	if err != nil {
		return nil, err
	}
	if body != nil && bytes.Equal(read.Origin, origin) {
		p.kept = read
	}
	return p, nil
}

func (p pinned) check() error {
	for _, key := range append([]ed25519.PublicKey{p.Origin, p.Current}, p.Past...) {
		if len(key) != ed25519.PublicKeySize {
			return errors.New("it holds no key")
		}
	}
	if p.Next != nil && len(p.Next) != ed25519.PublicKeySize {
		return errors.New("its next key is none")
	}
	return nil
}

// Said is what a Hello says of the keys.
func (p *Pins) Said() (key, next string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept.Next != nil {
		next = wire.Fingerprint(p.kept.Next)
	}
	return wire.Fingerprint(p.kept.Current), next
}

// Try opens a letter of the cloud's, with the current key and then with the next one, and gives the error of open.
func (p *Pins) Try(open func(key ed25519.PublicKey) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := open(p.kept.Current)
	if p.kept.Next == nil || !errors.Is(err, wire.ErrSignature) {
		return err
	}
	if err = open(p.kept.Next); err == nil {
		_ = p.keep(p.kept.promoted()) // it says so itself: a letter that is right counts even where the disk is full
	}
	return err
}

// Recall opens what this box itself has kept: with every key that it ever believed.
func (p *Pins) Recall(open func(key ed25519.PublicKey) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	keys := append([]ed25519.PublicKey{p.kept.Current}, p.kept.Past...)
	if p.kept.Next != nil {
		keys = append(keys, p.kept.Next)
	}
	err := error(wire.ErrSignature)
	for _, key := range append(keys, p.kept.Origin) {
		if err = open(key); !errors.Is(err, wire.ErrSignature) {
			return err
		}
	}
	return err
}

// Succeed takes a letter that names the next key. One that says what is known already is no error.
func (p *Pins) Succeed(message []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	after := p.kept
	letter, err := wire.OpenSuccession(message, after.Current)
	if errors.Is(err, wire.ErrSignature) && after.Next != nil {
		if letter, err = wire.OpenSuccession(message, after.Next); err == nil {
			after = after.promoted()
		}
	}
	switch {
	case err != nil:
		return err
	case bytes.Equal(letter.New, after.Next):
	case letter.Issued.Before(after.Issued):
		return errSuccession
	default:
		after.Next, after.Issued = letter.New, letter.Issued
	}
	return p.keep(after)
}

// promoted is without the current key: the next one has spoken.
func (p pinned) promoted() pinned {
	past := slices.DeleteFunc(slices.Clone(p.Past), func(key ed25519.PublicKey) bool { return bytes.Equal(key, p.Next) })
	past = append(past, p.Current)
	p.Past, p.Current, p.Next, p.Issued = past[max(0, len(past)-maxPast):], p.Next, nil, time.Time{}
	return p
}

// keep is called with the lock held. What could not be kept does not count.
func (p *Pins) keep(after pinned) error {
	if bytes.Equal(after.Current, p.kept.Current) && bytes.Equal(after.Next, p.kept.Next) {
		return nil
	}
	body, err := json.Marshal(after)
	if err == nil {
		err = p.record.save(body)
	}
	if err != nil {
		p.why = err.Error()
		return fmt.Errorf("keeping the operator's keys: %w", err)
	}
	p.kept, p.why = after, ""
	p.changed()
	return nil
}

// Limitations says that the keys could not be kept, or were lost.
func (p *Pins) Limitations() []wire.Limitation {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []wire.Limitation
	for code, why := range map[string]string{"keys-not-kept": p.why, "state-fallback": p.record.damage} {
		if why != "" {
			out = append(out, wire.Limitation{Code: code, Detail: why})
		}
	}
	return out
}
