package assist

import (
	"context"
	"slices"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const (
	longestPromise = 60 * 24 * time.Hour
	reopens        = 14 * 24 * time.Hour // after it was closed
	maxTurns       = 20
)

// Take gives a waiting case to an agent. A promised one is taken by whoever comes, a taken one only by its own agent
// again. ErrCaseTaken.
func (c *Cases) Take(ctx context.Context, agent Agent, id string) (Case, error) {
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		switch {
		case !k.Open():
			return "", nil, ErrCaseState
		case k.State == CaseTaken && k.Agent.ID != agent.ID:
			return "", nil, ErrCaseTaken
		case k.State == CaseTaken:
			return "", nil, nil
		}
		c.give(k, agent)
		return registry.WordHere, []Message{system(CodeTaken, agent.Name, "").told(k.line(VerbTaken, agent.actor(), nil))}, nil
	})
}

// give makes an agent the one who has a case.
func (c *Cases) give(k *Case, agent Agent) {
	now := c.now()
	if k.Waited == 0 {
		k.Waited = max(c.Hours.between(k.AskedAt, now), time.Second)
	}
	k.State, k.Agent, k.TakenAt, k.Offer, k.Due = CaseTaken, agent, now, nil, false
	if k.Promise != nil && !k.Promise.At.After(now) {
		k.Promise = nil // it is being kept
	}
}

// HandOver is a case that goes on.
type HandOver struct {
	To     string // an agent who is there; "" for the queue
	Reason string
	Tried  string
}

// HandOver offers a case to another agent, who has two minutes to accept; or puts it back into the queue at once. The one
// clock goes on. policies.Problems.
func (c *Cases) HandOver(ctx context.Context, agent Agent, id string, by HandOver) (Case, error) {
	reason, problems := words("reason", by.Reason, maxWord, 1)
	tried, more := words("tried", by.Tried, maxAsk, 1)
	if problems = append(problems, more...); problems != nil {
		return Case{}, problems
	}
	var to Agent
	if by.To != "" {
		there, err := c.here(ctx)
		if err != nil {
			return Case{}, err
		}
		i := slices.IndexFunc(there, func(d Desk) bool { return d.ID == by.To && d.ID != agent.ID })
		if i < 0 {
			return Case{}, policies.Problems{{Code: policies.CodeReference, Field: "to", Detail: "Nobody of that name is there."}}
		}
		to = there[i].Agent
	}
	why := private(Message{From: FromStaff, Author: agent.ID, Name: agent.Name, Code: CodeHandover, Text: reason + "\n" + tried})
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		if err := k.HeldBy(agent.ID); err != nil {
			return "", nil, err
		}
		if to.ID == "" {
			k.release(c.now())
			line := k.line(VerbReturned, agent.actor(), map[string]any{"why": "handover"})
			return "", []Message{why, system(CodeReturned, agent.Name, "handover").told(line)}, nil
		}
		k.Offer = &Offer{From: agent, To: to, Reason: reason, Tried: tried, Expires: c.now().Add(offerLasts)}
		line := k.line(VerbOffered, agent.actor(), map[string]any{"to": to})
		return "", []Message{why, private(system(CodeOffered, agent.Name, to.Name).told(line))}, nil
	})
}

// Accept takes an offered case over: the customer is told the new name. ErrCaseState where there is no such offer any more.
func (c *Cases) Accept(ctx context.Context, agent Agent, id string) (Case, error) {
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		if !k.offered(agent, c.now()) {
			return "", nil, ErrCaseState
		}
		line := k.line(VerbAccepted, agent.actor(), map[string]any{"from": k.Offer.From})
		c.give(k, agent)
		return registry.WordHere, []Message{system(CodeTaken, agent.Name, "").told(line)}, nil
	})
}

// Decline leaves an offered case with the one who has it; who offered it takes the offer back.
func (c *Cases) Decline(ctx context.Context, agent Agent, id string) (Case, error) {
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		if k.Offer == nil || k.Offer.To.ID != agent.ID && k.Offer.From.ID != agent.ID {
			return "", nil, ErrCaseState
		}
		line := k.line(VerbDeclined, agent.actor(), map[string]any{"from": k.Offer.From, "to": k.Offer.To})
		k.Offer = nil
		return "", []Message{private(system(CodeDeclined, agent.Name, "").told(line))}, nil
	})
}

func (k *Case) offered(to Agent, now time.Time) bool {
	return k.State == CaseTaken && k.Offer != nil && k.Offer.To.ID == to.ID && k.Offer.Expires.After(now)
}

// Promise says when somebody looks again. policies.Problems.
func (c *Cases) Promise(ctx context.Context, agent Agent, id string, promise Promise) (Case, error) {
	text, problems := words("text", promise.Text, maxWord, 1)
	promise.At = stamp(promise.At)
	if now := c.now(); !promise.At.After(now) || promise.At.After(now.Add(longestPromise)) {
		problems = append(problems, policies.Problem{Code: "range", Field: "at", Detail: "A promise is for the next 60 days."})
	}
	if problems != nil {
		return Case{}, problems
	}
	promise.Text = text
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		if err := k.HeldBy(agent.ID); err != nil {
			return "", nil, err
		}
		k.State, k.Promise, k.Offer = CasePromised, &promise, nil
		line := k.line(VerbPromised, agent.actor(), map[string]any{"at": promise.At})
		return registry.WordPromise, []Message{system(CodePromised, agent.Name, text).told(line)}, nil
	})
}

// WrapUp closes a case with why, and with words for the customer. policies.Problems.
func (c *Cases) WrapUp(ctx context.Context, agent Agent, id, reason, summary string) (Case, error) {
	summary, problems := words("summary", summary, maxAsk, 1)
	if !slices.Contains(Reasons(), reason) {
		problems = append(problems, policies.Problem{Code: policies.CodeWord, Field: "reason", Detail: "This reason is not known."})
	}
	if problems != nil {
		return Case{}, problems
	}
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		if err := k.HeldBy(agent.ID); err != nil {
			return "", nil, err
		}
		k.Reason, k.Summary = reason, summary
		k.close(c.now())
		line := k.line(VerbWrappedUp, agent.actor(), map[string]any{"reason": reason})
		return registry.WordClosed, []Message{system(CodeClosed, agent.Name, summary).told(line)}, nil
	})
}

// close ends it. Whose it was stays.
func (k *Case) close(now time.Time) {
	k.State, k.ClosedAt, k.Offer, k.Callback, k.Due, k.Promise, k.Solved = CaseClosed, now, nil, nil, false, nil, ""
}

// Called is the agent's word that they have called the customer who had asked for it. ErrCaseState where no call is booked.
func (c *Cases) Called(ctx context.Context, agent Agent, id string) (Case, error) {
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		if err := k.HeldBy(agent.ID); err != nil {
			return "", nil, err
		}
		if k.Callback == nil {
			return "", nil, ErrCaseState
		}
		line := k.line(VerbCalled, agent.actor(), map[string]any{"at": k.Callback.At})
		k.Callback = nil
		return "", []Message{system(CodeCalled, agent.Name, "").told(line)}, nil
	})
}

// Judge is the customer's word on whether it was solved. Yes closes a case that is open; no opens one again that was
// closed within 14 days, with the clock that it had. ErrCaseState, ErrCaseFull.
func (c *Cases) Judge(ctx context.Context, who Customer, id string, solved bool) (Case, error) {
	return c.step(ctx, id, func(k *Case) (string, []Message, error) {
		now := c.now()
		switch {
		case k.Home != who.Home || k.Member != who.Member:
			return "", nil, ErrCaseUnknown
		case solved && !k.Open() && k.Solved == SolvedYes:
			return "", nil, nil
		case solved:
			if k.Open() {
				k.close(now)
			}
			k.Solved = SolvedYes
			return "", []Message{system(CodeSolved, who.Name, "").told(k.line(VerbSolved, who.actor(), nil))}, nil
		case k.Open() || now.After(k.ClosedAt.Add(reopens)):
			return "", nil, ErrCaseState
		case k.Turns >= maxTurns:
			return "", nil, ErrCaseFull
		}
		k.release(now)
		k.Solved, k.ClosedAt = SolvedNo, time.Time{}
		k.Turns++
		return "", []Message{system(CodeReopened, who.Name, "").told(k.line(VerbReopened, who.actor(), nil))}, nil
	})
}

// step is a change that may take a case from its agent, with the word that the customer is woken with, "" for none.
func (c *Cases) step(ctx context.Context, id string, do func(*Case) (string, []Message, error)) (Case, error) {
	var word, before string
	changed, said, err := c.change(ctx, id, func(k *Case) (said []Message, err error) {
		before = ""
		if k.State == CaseTaken {
			before = k.Agent.ID
		}
		word, said, err = do(k)
		return said, err
	})
	if err != nil {
		return Case{}, err
	}
	if len(said) == 0 {
		return changed, nil
	}
	if word != "" {
		c.tell(ctx, changed, word, changed.Agent.Name)
	}
	c.announce(changed)
	if before != "" && (changed.State != CaseTaken || changed.Agent.ID != before) {
		c.left(ctx, changed, before)
	}
	return changed, nil
}
