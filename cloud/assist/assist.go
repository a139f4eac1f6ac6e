// Package assist takes in what families ask a person for. A request is kept with the screen that it came from; those who
// help read them in one list.
package assist

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
)

const (
	maxScreen = 200  // characters
	maxText   = 2000 // characters
	maxDaily  = 50   // requests of a home
	shown     = 200  // requests in a list
)

// Request is somebody who asks for a person.
type Request struct {
	ID       string
	Home     string
	HomeName string // when it is read
	Member   string
	Name     string // theirs, when it was made
	Email    string // theirs, when it is read; "" for nobody any more
	Screen   string // where they were
	Text     string // "" says enough: somebody wants a person
	At       time.Time
}

// store keeps requests.
type store interface {
	// AddHelp keeps a request unless its home has as many as limit since then.
	AddHelp(ctx context.Context, request Request, since time.Time, limit int) (added bool, err error)
	// HelpOf is the requests of a member in a home, newest first. HelpIn is everybody's there, Help all of them.
	HelpOf(ctx context.Context, home, member string, limit int) ([]Request, error)
	HelpIn(ctx context.Context, home string) ([]Request, error)
	Help(ctx context.Context, limit int) ([]Request, error)
}

// Assist answers for all requests. Its methods may be called at once from many goroutines.
type Assist struct {
	store store
	now   func() time.Time
}

// New makes it.
func New(store store, now func() time.Time) *Assist { return &Assist{store: store, now: now} }

// Ask keeps a request. policies.Problems where its words are too long or there are too many.
func (a *Assist) Ask(ctx context.Context, r Request) (Request, error) {
	r.Screen, r.Text = plain(r.Screen), strings.TrimSpace(plain(r.Text))
	var found policies.Problems
	if r.Screen == "" || utf8.RuneCountInString(r.Screen) > maxScreen {
		found = append(found, policies.Problem{Code: "length", Field: "screen", Detail: "A screen has 1 to 200 characters."})
	}
	if utf8.RuneCountInString(r.Text) > maxText {
		found = append(found, policies.Problem{Code: "length", Field: "text", Detail: "A text has at most 2000 characters."})
	}
	if found != nil {
		return Request{}, found
	}
	now := a.now().UTC().Truncate(time.Microsecond)
	r.ID, r.At = uuid.NewString(), now
	added, err := a.store.AddHelp(ctx, r, now.Add(-24*time.Hour), maxDaily)
	if err != nil {
		return Request{}, fmt.Errorf("keeping a request for help: %w", err)
	}
	if !added {
		return Request{}, policies.Problems{{Code: "too-many", Detail: "There were many requests today. Somebody will come back to you."}}
	}
	return r, nil
}

// Of is a member's own requests in a home, newest first.
func (a *Assist) Of(ctx context.Context, home, member string) ([]Request, error) {
	list, err := a.store.HelpOf(ctx, home, member, shown)
	if err != nil {
		return nil, fmt.Errorf("reading requests for help: %w", err)
	}
	return list, nil
}

// In is all requests that are kept of a home, newest first.
func (a *Assist) In(ctx context.Context, home string) ([]Request, error) {
	list, err := a.store.HelpIn(ctx, home)
	if err != nil {
		return nil, fmt.Errorf("reading requests for help of home %q: %w", home, err)
	}
	return list, nil
}

// All is everybody's requests, newest first, for those who help.
func (a *Assist) All(ctx context.Context) ([]Request, error) {
	list, err := a.store.Help(ctx, shown)
	if err != nil {
		return nil, fmt.Errorf("reading requests for help: %w", err)
	}
	return list, nil
}

// plain is a text as every database keeps it.
func plain(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "") }
