// Package audit is an account of who did what for whom that nobody can change unseen, the operator's own people included.
//
// It is one chain of lines. Each has the SHA-256 of the one before it, and the operator's key signs the newest: a line that
// was edited, taken out, put in or moved breaks the chain at its place, and a chain that was cut short does not end where the
// signed head says. Who also takes the head back to an older one is found out by any head that was exported before.
//
// What a line says of people (names, who they are, what exactly was done) is not in the chain itself: there is only the
// SHA-256 of it with a random salt. Erasing both leaves a chain that still proves that something was done, when, under which
// session and by whom of the staff, and nothing of the family.
package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Via is how somebody came to do something.
type Via string

const (
	ViaSelf     Via = "self"             // a member, for themselves
	ViaSupport  Via = "support"          // staff, under a session that a member consented to
	ViaApproved Via = "support+approved" // staff proposed, a member approved exactly that
	ViaStaff    Via = "staff"            // staff, as their role includes
	ViaSystem   Via = "system"           // a clock, a box, a command on the server
)

// Kind is what an actor is.
type Kind string

const (
	KindStaff  Kind = "staff"
	KindMember Kind = "member"
	KindBox    Kind = "box"
	KindSystem Kind = "system"
)

// Actor is who did something.
type Actor struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"` // at the time
}

// Entry is something that was done, before it has its place in the chain.
type Entry struct {
	Home, Session, Case string // ids, "" for none
	Via                 Via
	Verb                string
	Said                Said
}

// Said is what a line says of people. It can be erased.
type Said struct {
	Actor    Actor          `json:"actor"`
	Subject  string         `json:"subject,omitempty"`  // the member for whom it was done
	Approved string         `json:"approved,omitempty"` // the member who approved it
	Detail   map[string]any `json:"detail,omitempty"`
}

// Line is an entry in its place.
type Line struct {
	Seq     int64     `json:"seq"` // from 1, rising by one
	At      time.Time `json:"at"`  // microseconds
	Home    string    `json:"home,omitempty"`
	Session string    `json:"session,omitempty"`
	Case    string    `json:"case,omitempty"`
	Via     Via       `json:"via"`
	Verb    string    `json:"verb"`
	Kind    Kind      `json:"kind"`            // of the actor
	Staff   string    `json:"staff,omitempty"` // the actor's id, for staff alone
	Sum     string    `json:"sum"`             // SHA-256 of salt and content, hexadecimal
	Prev    string    `json:"prev"`            // hash of the line before, "" for the first
	Hash    string    `json:"hash"`            // SHA-256 of all above
	Salt    string    `json:"salt,omitempty"`  // "" with Content: erased
	Content string    `json:"content,omitempty"`
}

// Head is the end of a chain, signed.
type Head struct {
	Seq       int64     `json:"seq"`
	Hash      string    `json:"hash"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature"` // Ed25519, hexadecimal
}

const (
	lineContext    = "carebox audit line 1\n"
	contentContext = "carebox audit content 1\n"
	headContext    = "carebox audit head 1\n"
)

// Seal gives an entry its place after a head (the zero one before the first line).
func Seal(key ed25519.PrivateKey, after Head, e Entry, now time.Time) (Line, Head, error) {
	content, err := json.Marshal(e.Said)
	if err != nil {
		return Line{}, Head{}, fmt.Errorf("encoding what %q says: %w", e.Verb, err)
	}
	line := Line{
		Seq: after.Seq + 1, At: now.UTC().Truncate(time.Microsecond), Home: e.Home, Session: e.Session, Case: e.Case, Via: e.Via, Verb: e.Verb,
		Kind: e.Said.Actor.Kind, Prev: after.Hash, Salt: rand.Text(), Content: string(content),
	}
	if line.Kind == KindStaff {
		line.Staff = e.Said.Actor.ID
	}
	line.Sum = sum(line.Salt, line.Content)
	line.Hash = line.hash()
	head := Head{Seq: line.Seq, Hash: line.Hash, At: line.At}
	head.Signature = hex.EncodeToString(ed25519.Sign(key, head.signed()))
	return line, head, nil
}

// Erased reports whether nothing is left of what the line said of people.
func (l Line) Erased() bool { return l.Salt == "" && l.Content == "" }

// Said is what a line says of people, nothing where it was erased.
func (l Line) Said() (Said, error) {
	var said Said
	if l.Erased() {
		return said, nil
	}
	if err := json.Unmarshal([]byte(l.Content), &said); err != nil {
		return said, fmt.Errorf("reading line %d: %w", l.Seq, err)
	}
	return said, nil
}

func sum(salt, content string) string {
	s := sha256.Sum256([]byte(contentContext + salt + "\n" + content))
	return hex.EncodeToString(s[:])
}

// hash is over a JSON array, in which no text can run into the next.
func (l Line) hash() string {
	data, _ := json.Marshal([]any{ // texts and numbers can always be encoded
		l.Seq, l.At.UnixMicro(), l.Home, l.Session, l.Case, l.Via, l.Verb, l.Kind, l.Staff, l.Sum, l.Prev,
	})
	s := sha256.Sum256(append([]byte(lineContext), data...))
	return hex.EncodeToString(s[:])
}

func (h Head) signed() []byte {
	data, _ := json.Marshal([]any{h.Seq, h.Hash, h.At.UnixMicro()})
	return append([]byte(headContext), data...)
}
