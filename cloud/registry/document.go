package registry

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Actor is who made a change. From is the kind of session ("browser", "app") or "cloud" for the registry itself.
type Actor struct {
	Member string // member id, "" for the registry itself
	Name   string // as shown at the time of the change
	From   string
	Act    Act // who did it for them, nobody where they did
}

// Act is who of the staff acted for a member, under a support session that the member consented to. Both are kept of
// each change, and neither takes the other's place (RFC 8693, 4.1).
type Act struct {
	Staff    string // member id, "" for nobody
	Name     string // as the family read it
	Session  string
	Proposal string // that the member approved, "" for what the session itself allowed
}

// Change says in one code what a revision was about, for a history in words that the app makes: Code "pause", Subject
// the id of its target.
type Change struct {
	Code    string
	Subject string
}

// Codes of changes that the registry itself makes; all others belong to the caller.
const (
	CodeCreate   = "create"     // the first revision of a home
	CodeUndo     = "undo"       // Subject is the revision that was taken back
	CodeVisit    = "undo-visit" // Subject is the support session whose changes were all taken back
	CodeRenumber = "renumber"   // the box had a higher revision than the database (after a restore): same policy, new number
)

// Document is one revision of a home's policy. Policy is canonical and valid.
type Document struct {
	Home     string
	Revision int64 // from 1, rising, not always by one
	Policy   policies.Policy
	Actor    Actor
	Change   Change
	At       time.Time // UTC, microseconds
	// Applied is when the revision came in force, as far as its box has said; zero: not yet, or nobody knows. Superseded: it
	// was replaced before that, and Applied is when the revision came that took what was left of its change with it.
	Applied    time.Time
	Superseded bool
	Unknown    bool // made before this was kept
}

// Applied is a revision that has come in force now, by itself or with a newer one.
type Applied struct {
	Revision int64
	Actor    Actor
	Change   Change
	Asked    time.Time
}

// Seed is a new home: its first document, and its box if it has one from the start.
type Seed struct {
	Home  Home
	First Document
	Box   string
}

// NewSeed is a home with a new policy in a zone. policies.Problems for a wrong zone.
func NewSeed(home Home, zone string, now time.Time) (Seed, error) {
	home.Name = plain(home.Name)
	first := Document{
		Home: home.ID, Revision: 1, Policy: policies.NewPolicy(zone), At: stamp(now),
		Actor: itself(), Change: Change{Code: CodeCreate},
	}
	if problems := policies.Validate(first.Policy); problems != nil {
		return Seed{}, problems
	}
	return Seed{Home: home, First: first}, nil
}

// History is the revisions of a home below before (0: from the newest), newest first, at most limit (1 to 100).
func (r *Registry) History(ctx context.Context, home string, before int64, limit int) ([]Document, error) {
	docs, err := r.Store.Revisions(ctx, home, before, min(max(limit, 1), 100))
	if err != nil {
		return nil, fmt.Errorf("reading history of home %q: %w", home, err)
	}
	return docs, nil
}

func itself() Actor { return Actor{Name: "Carebox", From: "cloud"} }

// stamp is an instant as every database keeps it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// plain is a text as every database keeps it: valid UTF-8 without NUL.
func plain(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
