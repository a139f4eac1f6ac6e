package assist

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const (
	maxScreen   = 200 // characters
	maxAsk      = 2000
	maxDaily    = 50 // new cases of a home
	maxJourney  = 50
	maxFindings = 50
	maxWord     = 300 // characters of a part of a step or finding
	listed      = 200 // cases in a list
	staff       = "staff"
)

// caseStore keeps cases. A change is one transaction.
type caseStore interface {
	// AddCase keeps a new case unless its member has one that waits or is taken, which it gives instead, or its home has as
	// many as limit since then, which is ErrCaseFull.
	AddCase(ctx context.Context, k Case, since time.Time, limit int) (kept Case, added bool, err error)
	Case(ctx context.Context, id string) (Case, error)
	// ChangeCase reads a case, lets change it, and keeps it with what is said, shown and told to the audit, all or nothing. The
	// clock is never written.
	ChangeCase(ctx context.Context, id string, change func(*Case) ([]Message, error)) (Case, []Message, error)
	lister
	talker
}

type lister interface {
	// CasesIn is those of a home, newest first; of one member only unless it is "".
	CasesIn(ctx context.Context, home, member string, limit int) ([]Case, error)
	// OpenCases is all that are not closed, oldest first, behind them those that are promised.
	OpenCases(ctx context.Context, limit int) ([]Case, error)
	// Waits are the newest waits until a case was first taken, oldest first.
	Waits(ctx context.Context, limit int) ([]time.Duration, error)
	// Calls counts the open cases that are to be called then.
	Calls(ctx context.Context, from, to time.Time) (map[time.Time]int, error)
}

type talker interface {
	Messages(ctx context.Context, id string, private bool) ([]Message, error)
	Image(ctx context.Context, id, image string) (Image, error)
	desks
}

// homes is the registry as this package uses it.
type homes interface {
	State(ctx context.Context, home string) (registry.State, error)
	Announce(home string)
}

// crier wakes people.
type crier interface{ Tell(registry.Event) }

// CasesConfig is what cases stand on.
type CasesConfig struct {
	Store  caseStore
	Homes  homes
	Herald crier // nil: nobody is woken
	Hours  Hours
	Away   time.Duration // after which a taken case of an agent who has gone waits again; 0: AwayAfter
	// Left is told after an agent does not have a case any more. Nil: nobody.
	Left func(ctx context.Context, k Case, agent string)
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger
}

// Cases answers for all cases. Its methods may be called at once from many goroutines.
type Cases struct {
	CasesConfig
	decoding chan struct{} // holds one for each picture that is being decoded
	typing   *pauses
}

// NewCases makes it.
func NewCases(config CasesConfig) *Cases {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Away == 0 {
		config.Away = AwayAfter
	}
	return &Cases{CasesConfig: config, decoding: make(chan struct{}, decodedAtOnce), typing: newPauses()}
}

// Customer is who asks, in their home.
type Customer struct{ Home, Member, Name, Language string }

// Wish is what an app says when its user asks for a person.
type Wish struct {
	Screen, Text string
	Journey      []Step
	Findings     []Finding
}

// Ask makes a case, with the box as it is now. Who has one that waits or is taken gets that one: asking again tells more
// and is no second place in the queue. policies.Problems where words are too long or there were too many cases.
func (c *Cases) Ask(ctx context.Context, who Customer, wish Wish) (Case, error) {
	wish, problems := wish.check()
	if problems != nil {
		return Case{}, problems
	}
	now := c.now()
	k := Case{
		ID: uuid.NewString(), Home: who.Home, Member: who.Member, Name: who.Name, Language: who.Language,
		Skill: skillOf(wish.Screen, wish.Findings), Screen: wish.Screen, Text: wish.Text, Journey: wish.Journey, Findings: wish.Findings,
		AskedAt: now, State: CaseWaiting, LastAt: now,
	}
	state, err := c.Homes.State(ctx, who.Home)
	if err != nil {
		return Case{}, fmt.Errorf("picturing the box of home %q: %w", who.Home, err)
	}
	k.Picture = pictureOf(state, now)
	if k.Estimate, err = c.estimateOf(ctx, k); err != nil {
		return Case{}, err
	}
	kept, err := c.keep(ctx, k, who, wish)
	for errors.Is(err, ErrCaseState) { // the one that they had has just been closed
		kept, err = c.keep(ctx, k, who, wish)
	}
	if err != nil {
		return Case{}, err
	}
	c.announce(kept)
	return kept, nil
}

// keep keeps a new case, or tells more in the one that its customer has. ErrCaseState where that one takes no more.
func (c *Cases) keep(ctx context.Context, k Case, who Customer, wish Wish) (Case, error) {
	kept, added, err := c.Store.AddCase(ctx, k, k.AskedAt.Add(-24*time.Hour), maxDaily)
	switch {
	case err == ErrCaseFull:
		return Case{}, policies.Problems{{Code: policies.CodeTooMany, Detail: "There were many requests today. Somebody will come back to you."}}
	case err != nil:
		return Case{}, fmt.Errorf("keeping a case: %w", err)
	case added:
		return kept, nil
	}
	return c.askMore(ctx, kept.ID, who, wish)
}

// askMore adds to a case what its customer says when they ask again. ErrCaseState where it neither waits nor is taken any more.
func (c *Cases) askMore(ctx context.Context, id string, who Customer, wish Wish) (Case, error) {
	changed, _, err := c.change(ctx, id, func(k *Case) ([]Message, error) {
		if k.State != CaseWaiting && k.State != CaseTaken {
			return nil, ErrCaseState
		}
		k.Journey = newest(append(k.Journey, wish.Journey...), maxJourney)
		k.Findings = newest(append(k.Findings, wish.Findings...), maxFindings)
		if k.Messages >= maxMessages {
			return nil, nil // it is as it was
		}
		said := []Message{system(CodeAskedMore, who.Name, wish.Screen)}
		if wish.Text != "" {
			said = append(said, Message{From: FromCustomer, Author: who.Member, Name: who.Name, Text: wish.Text})
		}
		return said, nil
	})
	return changed, err
}

func newest[T any](list []T, most int) []T { return list[max(0, len(list)-most):] }

func (w Wish) check() (Wish, policies.Problems) {
	var found policies.Problems
	tidy := func(field string, text *string, least, most int) {
		tidied, problems := words(field, *text, most, least)
		*text = tidied
		found = append(found, problems...)
	}
	tidy("screen", &w.Screen, 1, maxScreen)
	tidy("text", &w.Text, 0, maxAsk)
	if len(w.Journey) > maxJourney || len(w.Findings) > maxFindings {
		return w, append(found, policies.Problem{Code: policies.CodeTooMany, Field: "journey", Detail: "At most 50 steps and 50 findings."})
	}
	for i := range w.Journey {
		step := &w.Journey[i]
		step.At = stamp(step.At)
		at := fmt.Sprintf("journey[%d].", i)
		if year := step.At.Year(); year < 1 || year > 9999 { // it could not be written
			found = append(found, policies.Problem{Code: "range", Field: at + "at", Detail: "A time is of the years 1 to 9999."})
		}
		tidy(at+"screen", &step.Screen, 1, maxScreen)
		tidy(at+"did", &step.Did, 1, maxWord)
		tidy(at+"detail", &step.Detail, 0, maxWord)
	}
	for i := range w.Findings {
		f := &w.Findings[i]
		at := fmt.Sprintf("findings[%d].", i)
		tidy(at+"guide", &f.Guide, 1, maxWord)
		tidy(at+"node", &f.Node, 1, maxWord)
		tidy(at+"question", &f.Question, 0, maxWord)
		tidy(at+"answer", &f.Answer, 0, maxWord)
		tidy(at+"result", &f.Result, 0, maxWord)
	}
	return w, found
}

// Of is a member's own cases in a home, newest first.
func (c *Cases) Of(ctx context.Context, home, member string) ([]Case, error) {
	list, err := c.Store.CasesIn(ctx, home, member, listed)
	if err != nil {
		return nil, fmt.Errorf("reading cases: %w", err)
	}
	return list, nil
}

// Own is a customer's case with what they may read of it. ErrCaseUnknown, also where it is somebody else's.
func (c *Cases) Own(ctx context.Context, who Customer, id string) (Case, []Message, error) {
	k, err := c.Case(ctx, id)
	if err == nil && (k.Home != who.Home || k.Member != who.Member) {
		err = ErrCaseUnknown
	}
	if err != nil {
		return Case{}, nil, err
	}
	said, err := c.Store.Messages(ctx, id, false)
	return k, said, err
}

// Case is a case by its id. ErrCaseUnknown.
func (c *Cases) Case(ctx context.Context, id string) (Case, error) {
	if !valid(id) {
		return Case{}, ErrCaseUnknown
	}
	return c.Store.Case(ctx, id)
}

// Held is an open case that an agent has now. ErrCaseUnknown, ErrCaseState, ErrCaseNotYours.
func (c *Cases) Held(ctx context.Context, id string, agent Agent) (Case, error) {
	k, err := c.Case(ctx, id)
	if err == nil {
		err = k.HeldBy(agent.ID)
	}
	return k, err
}

// Read is a case with all that was said, for staff, and the home's other cases, newest first.
func (c *Cases) Read(ctx context.Context, id string) (Reading, error) {
	var r Reading
	var err error
	if r.Case, err = c.Case(ctx, id); err != nil {
		return r, err
	}
	if r.Messages, err = c.Store.Messages(ctx, id, true); err != nil {
		return r, err
	}
	if r.Others, err = c.Store.CasesIn(ctx, r.Case.Home, "", listed); err != nil {
		return r, err
	}
	if r.Contact, err = c.Store.Contact(ctx, r.Case.Home, r.Case.Member); err != nil {
		return r, err
	}
	r.Desks, err = c.here(ctx)
	return r, err
}

// Reading is a case as staff read it.
type Reading struct {
	Case     Case
	Messages []Message
	Others   []Case // of the home, itself too
	Contact  Contact
	Desks    []Desk // of those who are there
}

// Queue is every open case, in order, and who sits at the console.
func (c *Cases) Queue(ctx context.Context) ([]Case, []Desk, error) {
	list, err := c.Store.OpenCases(ctx, listed)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the queue: %w", err)
	}
	Sort(list)
	desks, err := c.here(ctx)
	return list, desks, err
}

// In is all cases that are kept of a home, newest first, each with all that was said.
func (c *Cases) In(ctx context.Context, home string) ([]Kept, error) {
	list, err := c.Store.CasesIn(ctx, home, "", maxKept)
	if err != nil {
		return nil, fmt.Errorf("reading cases of home %q: %w", home, err)
	}
	all := make([]Kept, len(list))
	for i, k := range list {
		all[i].Case = k
		if all[i].Messages, err = c.Store.Messages(ctx, k.ID, true); err == nil {
			all[i].Contact, err = c.Store.Contact(ctx, home, k.Member)
		}
		if err != nil {
			return nil, fmt.Errorf("reading case %q: %w", k.ID, err)
		}
	}
	return all, nil
}

const maxKept = 1 << 30

// Kept is a case with all that was said, notes included.
type Kept struct {
	Case     Case
	Messages []Message
	Contact  Contact // what staff know of its customer
}

func (c *Cases) change(ctx context.Context, id string, do func(*Case) ([]Message, error)) (Case, []Message, error) {
	if !valid(id) {
		return Case{}, nil, ErrCaseUnknown
	}
	now := c.now()
	return c.Store.ChangeCase(ctx, id, func(k *Case) ([]Message, error) {
		said, err := do(k)
		for i := range said {
			said[i].Case, said[i].At = id, now
			k.Messages++
			said[i].Number, k.Newest = k.Messages, said[i].mark()
			if said[i].Picture != "" {
				k.Pictures++
			}
			if !said[i].Private && said[i].From != FromSystem {
				k.LastFrom, k.LastAt = said[i].From, now
			}
		}
		return said, err
	})
}

func (c *Cases) announce(k Case) {
	c.Homes.Announce(k.Home)
	c.announceStaff()
}

// announceStaff lets consoles look again: staff are watched like a home.
func (c *Cases) announceStaff() { c.Homes.Announce(staff) }

func (c *Cases) tell(ctx context.Context, k Case, word, name string) {
	if c.Herald == nil {
		return
	}
	e := registry.Event{Kind: registry.KindSupport, Word: word, Home: k.Home, Member: k.Member, Name: name, Case: k.ID}
	if state, err := c.Homes.State(ctx, k.Home); err == nil {
		e.Zone = state.Asked.Policy.Zone
	}
	if k.Promise != nil && word == registry.WordPromise {
		e.At = k.Promise.At
	}
	c.Herald.Tell(e)
}

func (c *Cases) now() time.Time { return stamp(c.Now()) }

// stamp is an instant as every database keeps it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
