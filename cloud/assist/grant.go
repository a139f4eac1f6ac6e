package assist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/carebox-project/carebox/policies/wire"
)

// Letter is a grant as it is kept: what a box is told of who may ask it.
type Letter struct {
	ID, Home        string
	Kind            LetterKind
	Actor, Name     string // member id; their name then
	Operator        string
	Login           string // their own session, which the letter does not outlive
	Scopes          []wire.Scope
	Issued, Expires time.Time
	Revision        int64
	Ended           bool
	Box             string // of the home when it is read, "" for none
}

// Has reports whether a letter has a scope.
func (l Letter) Has(scope wire.Scope) bool { return slices.Contains(l.Scopes, scope) }

// LetterKind is under what somebody may ask a box.
type LetterKind string

const (
	LetterSession LetterKind = "session" // support, with a customer's consent
	LetterVisit   LetterKind = "visit"   // a technician in the home
	LetterSelf    LetterKind = "self"    // an adult of the home
)

// writeTime is how long a letter may take to be read.
const writeTime = 5 * time.Second

// letterStore keeps letters.
type letterStore interface {
	Letter(ctx context.Context, id string) (Letter, error) // ErrUnknown
	// LettersOf are those of a box's home whose time is not over, ended ones too: the live ones first.
	LettersOf(ctx context.Context, box string) ([]Letter, error)
}

// begun tells a box of a new session, and everybody else.
func (s *Sessions) begun(ctx context.Context, one Session) {
	s.write(ctx, one.ID)
	s.tell(one)
}

// over tells everybody that a session has ended: who looks first, then the box.
func (s *Sessions) over(ctx context.Context, one Session) {
	s.tell(one)
	if !one.Started.IsZero() {
		s.write(ctx, one.ID)
	}
}

// write sends the box of a letter its newest form. One that is lost is sent again when the box says Hello.
func (s *Sessions) write(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime) // who has ended it may be gone
	defer cancel()
	letter, err := s.Store.Letter(ctx, id)
	if err == nil && letter.Box != "" {
		err = s.send(ctx, letter)
	}
	if err != nil {
		s.Log.Warn("could not write to a box", "grant", id, "error", err)
	}
}

func (s *Sessions) send(ctx context.Context, l Letter) error {
	who := "staff:"
	if l.Kind == LetterSelf {
		who = "member:"
	}
	message, err := wire.SignGrant(s.Keys.Of(ctx, l.Box), wire.Grant{
		ID: l.ID, Home: "home:" + l.Home, Actor: wire.Actor{Sub: who + l.Actor, Iss: l.Operator}, Box: l.Box, Scope: scopeText(l.Scopes),
		Issued: l.Issued.Unix(), Expires: l.Expires.Unix(), Revision: l.Revision, Ended: l.Ended, Name: printable(l.Name),
	})
	if err != nil {
		return err
	}
	if err := s.Link.Send(l.Box, wire.DownGrant, message); err != nil {
		return fmt.Errorf("sending grant %q: %w", l.ID, err)
	}
	return nil
}

// printable is a name as a box can show it.
func printable(name string) string {
	const most = 128 // bytes
	var kept []byte
	for _, r := range name {
		if unicode.IsPrint(r) && r != utf8.RuneError && len(kept)+utf8.RuneLen(r) <= most {
			kept = utf8.AppendRune(kept, r)
		}
	}
	return string(kept)
}

// Greeted brings a box that has connected every letter of its home again: it has forgotten those that live, and may not
// have heard that others ended. Those that somebody ended at the box itself end here, too.
func (s *Sessions) Greeted(ctx context.Context, box string, ended []wire.Ended) error {
	for _, e := range ended {
		if err := s.EndedAtBox(ctx, box, e); err != nil {
			return err
		}
	}
	list, err := s.Store.LettersOf(ctx, box)
	if err != nil {
		return fmt.Errorf("reading letters of box %q: %w", box, err)
	}
	for _, l := range list {
		if err := s.send(ctx, l); err != nil {
			s.Log.Warn("could not write to a box", "grant", l.ID, "error", err)
		}
	}
	return nil
}

// EndedAtBox ends what somebody ended on the page of the home's own box. What another box says is nothing.
func (s *Sessions) EndedAtBox(ctx context.Context, box string, e wire.Ended) error {
	letter, err := s.Store.Letter(ctx, e.Grant)
	if errors.Is(err, ErrUnknown) || err == nil && letter.Box != box {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading letter %q: %w", e.Grant, err)
	}
	if letter.Kind == LetterSession {
		_, err = s.close(ctx, letter.ID, Closing{State: StateEnded, By: EndBox})
	} else {
		err = s.Store.EndLetter(ctx, letter.ID, letter.Actor)
	}
	if err == nil {
		s.write(ctx, letter.ID)
		s.tellAsked([]Letter{letter})
	}
	return err
}
