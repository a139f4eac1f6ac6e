package assist

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

const (
	hereFor = 45 * time.Second // after its last sign a console is there
	// AwayAfter is how long an agent may be gone before their cases wait again.
	AwayAfter  = 5 * time.Minute
	offerLasts = 2 * time.Minute
	sweepEvery = 10 * time.Second
)

// Desk is somebody of the staff at the console. It is said again every 20 seconds while the console is open.
type Desk struct {
	Agent
	Role      string
	Seen      time.Time
	Case      string   // that they look at, "" for none
	Typing    bool     // an answer to it
	Languages []string // that they speak; none: whatever comes
	Skills    []string // that they take; none: whatever comes
}

// takes reports whether a case is of a language and about a topic that they take.
func (d Desk) takes(k Case) bool {
	return (len(d.Languages) == 0 || slices.Contains(d.Languages, k.Language)) && (len(d.Skills) == 0 || slices.Contains(d.Skills, k.Skill))
}

// Contact is what staff know of a customer beyond one case.
type Contact struct {
	Text string
	By   string // name
	At   time.Time
}

// desks keeps who sits at the console, and what they know of customers.
type desks interface {
	Sit(ctx context.Context, d Desk) error
	Desks(ctx context.Context, since time.Time) ([]Desk, error)
	Contact(ctx context.Context, home, member string) (Contact, error)
	SetContact(ctx context.Context, home, member string, contact Contact) error
}

// Sit keeps that somebody sits at the console. policies.Problems.
func (c *Cases) Sit(ctx context.Context, d Desk) error {
	var found policies.Problems
	if d.Case != "" && !valid(d.Case) {
		found = append(found, policies.Problem{Code: policies.CodeReference, Field: "case", Detail: "There is no such case."})
	}
	for _, l := range d.Languages {
		if l != "fr" && l != "en" {
			found = append(found, policies.Problem{Code: policies.CodeWord, Field: "languages", Detail: "A language is fr or en."})
		}
	}
	for _, s := range d.Skills {
		if !slices.Contains(Skills(), s) {
			found = append(found, policies.Problem{Code: policies.CodeWord, Field: "skills", Detail: "This skill is not known."})
		}
	}
	if len(d.Languages) > 2 || len(d.Skills) > len(Skills()) {
		found = append(found, policies.Problem{Code: policies.CodeTooMany, Field: "skills", Detail: "There are not so many."})
	}
	if found != nil {
		return found
	}
	d.Seen = c.now()
	before, err := c.here(ctx)
	if err != nil {
		return err
	}
	if err := c.Store.Sit(ctx, d); err != nil {
		return fmt.Errorf("keeping who is there: %w", err)
	}
	same := func(o Desk) bool { return o.ID == d.ID && o.Case == d.Case && o.Typing == d.Typing }
	if !slices.ContainsFunc(before, same) {
		c.announceStaff()
	}
	return nil
}

// here is who sits at the console now, by name.
func (c *Cases) here(ctx context.Context) ([]Desk, error) {
	list, err := c.Store.Desks(ctx, c.now().Add(-hereFor))
	if err != nil {
		return nil, fmt.Errorf("reading who is there: %w", err)
	}
	return list, nil
}

// Here is who sits at the console now.
func (c *Cases) Here(ctx context.Context) ([]Desk, error) { return c.here(ctx) }

// KnowContact keeps what staff know of a case's customer, for their next cases too; "" forgets it.
func (c *Cases) KnowContact(ctx context.Context, agent Agent, id, text string) error {
	text, problems := words("text", text, maxAsk, 0)
	if problems != nil {
		return problems
	}
	k, err := c.Case(ctx, id)
	if err != nil {
		return err
	}
	if err := c.Store.SetContact(ctx, k.Home, k.Member, Contact{Text: text, By: agent.Name, At: c.now()}); err != nil {
		return fmt.Errorf("keeping a contact note: %w", err)
	}
	c.announceStaff()
	return nil
}

// Run gives cases back that time has come for, until ctx ends: every replica does, and each step is taken once.
func (c *Cases) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := c.Sweep(ctx); err != nil && ctx.Err() == nil {
				c.Log.Warn("could not look after the queue", "error", err)
			}
		}
	}
}

// Sweep gives back what an agent has left alone, ends offers that nobody took, and brings promises back that are due.
func (c *Cases) Sweep(ctx context.Context) error {
	list, err := c.Store.OpenCases(ctx, maxKept)
	if err != nil {
		return fmt.Errorf("reading the queue: %w", err)
	}
	now := c.now()
	there, err := c.Store.Desks(ctx, now.Add(-c.Away))
	if err != nil {
		return fmt.Errorf("reading who is there: %w", err)
	}
	for _, k := range list {
		if k.next(now, there, c.Away) == nil {
			continue
		}
		var left string
		changed, _, err := c.change(ctx, k.ID, func(k *Case) ([]Message, error) {
			left = k.Agent.ID
			if step := k.next(now, there, c.Away); step != nil { // unless another replica was first
				return step(), nil
			}
			return nil, nil
		})
		if err != nil {
			return fmt.Errorf("looking after case %q: %w", k.ID, err)
		}
		c.announce(changed)
		if changed.Agent.ID != left {
			c.left(ctx, changed, left)
		}
	}
	return nil
}

// next is what time alone does to a case; nil: nothing.
func (k *Case) next(now time.Time, there []Desk, away time.Duration) func() []Message {
	switch {
	case k.State == CasePromised && k.due(now):
		return func() []Message {
			line := k.line(VerbReturned, clockwork(), map[string]any{"why": "promise", "from": k.Agent})
			k.release(now)
			k.Due = true
			return []Message{private(system(CodeReturned, "", "promise").told(line))}
		}
	case k.State == CaseTaken && k.TakenAt.Before(now.Add(-away)) && !slices.ContainsFunc(there, func(d Desk) bool { return d.ID == k.Agent.ID }):
		return func() []Message {
			who := k.Agent
			k.release(now)
			line := k.line(VerbReturned, clockwork(), map[string]any{"why": "away", "from": who})
			return []Message{system(CodeReturned, who.Name, "away").told(line)}
		}
	case k.State == CaseTaken && k.Offer != nil && !k.Offer.Expires.After(now):
		return func() []Message {
			to := k.Offer.To
			line := k.line(VerbExpired, clockwork(), map[string]any{"from": k.Offer.From, "to": to})
			k.Offer = nil
			return []Message{private(system(CodeExpired, to.Name, "").told(line))}
		}
	}
	return nil
}

// due reports whether the time of a promise has come, or that of a call since the agent was last there.
func (k *Case) due(now time.Time) bool {
	call := k.Callback != nil && !k.Callback.At.After(now) && k.Callback.At.After(k.TakenAt)
	return call || k.Promise != nil && !k.Promise.At.After(now)
}

func (c *Cases) left(ctx context.Context, k Case, agent string) {
	if c.Left != nil && agent != "" {
		c.Left(ctx, k, agent)
	}
}
