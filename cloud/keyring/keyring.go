// Package keyring keeps the keys by which boxes know the operator: each box obeys letters signed with the key that it
// believes, and nobody else.
//
// The keys follow each other. Each names the next one in a letter ([wire.Succession]), which is kept for ever: a box that
// slept through any number of rotations is told of each in turn, and the private key of the old ones is needed no more. What
// a box believes it says itself, in each Hello and when that changes.
package keyring

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// Letter is one by which a key named the next one.
type Letter struct {
	Old, New string // fingerprints
	Message  []byte
	Made     time.Time
}

// Pin is what a box believes.
type Pin struct {
	Box       string
	Key, Next string // fingerprints; Next is "" for none
	At        time.Time
}

// Held is how many boxes believe a key.
type Held struct {
	Key   string
	Boxes int
	Next  map[string]int // of them: those that know the next one as well
}

type store interface {
	AddLetter(ctx context.Context, l Letter) error // one that is there stays
	Letters(ctx context.Context) ([]Letter, error)
	PinOf(ctx context.Context, box string) (Pin, error) // without keys where the box has said nothing
	KeepPin(ctx context.Context, p Pin) error
}

// link carries messages to boxes, and may lose them.
type link interface {
	Send(box, what string, message []byte) error
}

// Config is what a ring stands on.
type Config struct {
	Store store
	Link  link
	Keys  []ed25519.PrivateKey // as they follow each other; a key that is not here any more may stand in a letter
	// Signing is the one of Keys that signs. Those behind it are announced to boxes and do not sign yet.
	Signing int
	Now     func() time.Time
	Log     *slog.Logger
}

// Ring is the operator's keys. Its methods may be called at once from many goroutines.
type Ring struct {
	cfg    Config
	secret map[string]ed25519.PrivateKey // by fingerprint
}

// Open lets each key name the next one, where it has not done so before.
func Open(ctx context.Context, c Config) (*Ring, error) {
	r := &Ring{cfg: c, secret: map[string]ed25519.PrivateKey{}}
	for i, key := range c.Keys {
		r.secret[Name(key)] = key
		if i == 0 {
			continue
		}
		before := c.Keys[i-1]
		message, err := wire.SignSuccession(before, key.Public().(ed25519.PublicKey), c.Now())
		if err != nil {
			return nil, err
		}
		if err := c.Store.AddLetter(ctx, Letter{Old: Name(before), New: Name(key), Message: message, Made: c.Now()}); err != nil {
			return nil, fmt.Errorf("keeping the letter to the next key: %w", err)
		}
	}
	return r, nil
}

// Name is the fingerprint of a key's public half.
func Name(key ed25519.PrivateKey) string { return wire.Fingerprint(key.Public().(ed25519.PublicKey)) }

// Signing is the key that signs.
func (r *Ring) Signing() ed25519.PrivateKey { return r.cfg.Keys[r.cfg.Signing] }

// newest is the fingerprint of the key that boxes are to know.
func (r *Ring) newest() string { return Name(r.cfg.Keys[len(r.cfg.Keys)-1]) }

// Of is the key for a letter to a box: the one that signs if the box knows it or is told of it, else the one that it
// believes as far as that is here. A box that never said believes the oldest.
func (r *Ring) Of(ctx context.Context, box string) ed25519.PrivateKey {
	pin, err := r.cfg.Store.PinOf(ctx, box)
	if err != nil {
		r.cfg.Log.Warn("could not look which key a box believes", "box", box, "error", err)
		return r.Signing()
	}
	signing := Name(r.Signing())
	switch {
	case pin.Key == "":
		return r.cfg.Keys[0]
	case pin.Key == signing || pin.Next == signing:
		return r.Signing()
	}
	if old, here := r.secret[pin.Key]; here {
		return old
	}
	return r.Signing() // the letters to it have just been sent
}

// Greeted keeps what a box believes and tells it of the keys that follow. Due: it knows the key that signs and believes
// another one yet, so the next letter is to be sent, whatever it says.
func (r *Ring) Greeted(ctx context.Context, box, key, next string) (due bool, err error) {
	if !wire.ValidFingerprint(key) {
		return false, nil // a box that does not say knows one key only
	}
	if !wire.ValidFingerprint(next) {
		next = ""
	}
	before, err := r.cfg.Store.PinOf(ctx, box)
	if err != nil {
		return false, fmt.Errorf("reading what box %q believes: %w", box, err)
	}
	if before.Key != key || before.Next != next {
		if err := r.cfg.Store.KeepPin(ctx, Pin{Box: box, Key: key, Next: next, At: r.cfg.Now()}); err != nil {
			return false, fmt.Errorf("keeping what box %q believes: %w", box, err)
		}
		r.cfg.Log.Info("a box believes another key", "box", box, "key", short(key), "next", short(next))
	}
	if key == r.newest() {
		return false, nil
	}
	return next == Name(r.Signing()), r.tell(ctx, box, key, next)
}

// tell sends the letters that lead from what a box believes to the newest key.
func (r *Ring) tell(ctx context.Context, box, key, next string) error {
	letters, err := r.cfg.Store.Letters(ctx)
	if err != nil {
		return fmt.Errorf("reading letters to the next key: %w", err)
	}
	way := path(letters, key, r.newest())
	if way == nil {
		r.cfg.Log.Warn("no letter leads from what a box believes to the key that signs", "box", box, "key", short(key))
		return nil
	}
	if way[0].New == next {
		way = way[1:]
	}
	for _, l := range way {
		if err := r.cfg.Link.Send(box, wire.DownKey, l.Message); err != nil {
			r.cfg.Log.Warn("could not tell a box of the next key", "box", box, "error", err)
			return nil // its next Hello tries again
		}
	}
	return nil
}

// path is the shortest row of letters from one key to another, nil for none.
func path(letters []Letter, from, to string) []Letter {
	type stop struct {
		at  string
		way []Letter
	}
	seen := map[string]bool{from: true}
	for front := []stop{{at: from}}; len(front) > 0; front = front[1:] {
		for _, l := range letters {
			if l.Old != front[0].at || seen[l.New] {
				continue
			}
			way := append(slices.Clone(front[0].way), l)
			if l.New == to {
				return way
			}
			seen[l.New] = true
			front = append(front, stop{l.New, way})
		}
	}
	return nil
}

// Standing is how far a rotation has come.
type Standing struct {
	Keys []KeyStanding
	Mute int // boxes that never said which key they believe
}

// KeyStanding is one key: of the configuration, or believed by a box.
type KeyStanding struct {
	Key   string
	Role  Role
	Boxes int // that believe it
	Told  int // of these: know the newest key as well
	// Needed: its private half has still something to sign. Where it has not, a box that believes it is told by letters.
	Needed bool
}

// Role is what a key does at present.
type Role string

// A key is announced, signs, is old, and at last not here any more.
const (
	RoleNext  Role = "next"
	RoleSigns Role = "signs"
	RoleOld   Role = "old"
	RoleGone  Role = "gone"
)

// Count is the standing of the keys of a configuration.
func Count(c Config, letters []Letter, held []Held, mute int) Standing {
	s := Standing{Mute: mute}
	newest := Name(c.Keys[len(c.Keys)-1])
	at := map[string]int{}
	for i, key := range c.Keys {
		role := RoleOld
		switch {
		case i == c.Signing:
			role = RoleSigns
		case i > c.Signing:
			role = RoleNext
		}
		at[Name(key)] = i
		s.Keys = append(s.Keys, KeyStanding{Key: Name(key), Role: role, Needed: role != RoleOld || i == 0 && mute > 0})
	}
	for _, h := range held {
		i, here := at[h.Key]
		if !here {
			i = len(s.Keys)
			s.Keys = append(s.Keys, KeyStanding{Key: h.Key, Role: RoleGone})
		}
		one := &s.Keys[i]
		one.Boxes, one.Told = h.Boxes, h.Next[newest]
		if h.Key == newest {
			one.Told = h.Boxes
		}
		one.Needed = one.Needed || here && path(letters, h.Key, newest) == nil
	}
	return s
}

func short(fingerprint string) string { return fingerprint[:min(len(fingerprint), 16)] }
