package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	askOpen  = 2 * time.Hour    // an ask that nobody answered is over then
	askShown = 24 * time.Hour   // how far back asks are listed, here and on the box
	askAgain = 15 * time.Minute // after a refusal
	askTries = 5                // at granting while others change the same policy
)

// Ask is a child's wish for more time, from the page of a paused device or from the app.
type Ask struct {
	ID      string // a UUID chosen by who asks: saying it twice is asking once
	Home    string
	Device  string // policy id; "" where the app asked
	Person  string // policy id of the device's owner; "" for a device of the home
	Minutes int
	Why     wire.Why
	Asked   time.Time // by the clock of who asks
	At      time.Time // when it came
	Answer  AskAnswer
}

// AskAnswer is what has become of an ask.
type AskAnswer struct {
	State   wire.AskState
	By      Actor     // who saw or answered it, nobody while it is sent
	Minutes int       // granted, else 0
	Until   time.Time // end of what was granted, else zero
	At      time.Time // zero while it is sent
}

// Open reports whether an ask can still be answered.
func (a Ask) Open() bool { return a.Answer.State == wire.AskSent || a.Answer.State == wire.AskSeen }

// Target is whom a grant is for: all devices of the person, else the one device.
func (a Ask) Target() policies.Target {
	if a.Person != "" {
		return policies.Target{Person: a.Person}
	}
	return policies.Target{Device: a.Device}
}

// Answered refuses a second answer to an ask.
type Answered struct{ Ask Ask }

func (a *Answered) Error() string { return "ask is already " + string(a.Ask.Answer.State) }

// errFull keeps a box or a child from filling the store.
var errFull = errors.New("too many asks in one day")

// asks keeps asks. An answer is one compare and set: of two at once the first counts.
type asks interface {
	// AddAsk keeps an ask that is not there yet, unless its home has as many as limit since then.
	AddAsk(ctx context.Context, ask Ask, since time.Time, limit int) (added bool, err error)
	// Asks are those of a home since then, newest first, at most limit.
	Asks(ctx context.Context, home string, since time.Time, limit int) ([]Ask, error)
	// AnswerAsk moves an ask on from one of the states. False: it is not there, or in another state.
	AnswerAsk(ctx context.Context, home, id string, answer AskAnswer, from []wire.AskState) (bool, error)
	// AppendGrant is Append and AnswerAsk from an open state in one transaction. ErrMoved, ErrNotFound for an ask that is
	// not open any more.
	AppendGrant(ctx context.Context, doc Document, base int64, id string, answer AskAnswer) (Document, error)
}

// Ask keeps a wish that came from the app and tells everybody. policies.Problems where it is wrong, another of the same
// person is open, or one was refused a few minutes ago.
func (r *Registry) Ask(ctx context.Context, ask Ask) (Ask, error) {
	record, err := r.Store.Home(ctx, ask.Home)
	if err != nil {
		return Ask{}, fmt.Errorf("reading home %q: %w", ask.Home, err)
	}
	ask.ID, ask.At, ask.Answer = uuid.NewString(), stamp(time.Now()), AskAnswer{State: wire.AskSent}
	ask.Asked = ask.At
	found := askProblems(ask, record.Asked.Policy)
	others, err := r.Asks(ctx, ask.Home)
	if err != nil {
		return Ask{}, err
	}
	if found = append(found, tooSoon(ask, others)...); found != nil {
		return Ask{}, found
	}
	if _, err := r.keepAsk(ctx, ask); errors.Is(err, errFull) {
		return Ask{}, policies.Problems{{Code: "ask-full", Field: "", Detail: "There were too many requests today."}}
	} else if err != nil {
		return Ask{}, err
	}
	r.tell(ctx, ask.Home)
	r.wake(ask, record.Asked.Policy)
	return ask, nil
}

// keepAsk reports whether the ask is new.
func (r *Registry) keepAsk(ctx context.Context, ask Ask) (bool, error) {
	since := ask.At.Add(-askShown)
	added, err := r.Store.AddAsk(ctx, ask, since, wire.MaxAsks)
	if err != nil {
		return false, fmt.Errorf("keeping ask %q: %w", ask.ID, err)
	}
	if added {
		return true, nil
	}
	kept, err := r.Store.Asks(ctx, ask.Home, since, wire.MaxAsks)
	if err != nil {
		return false, fmt.Errorf("reading asks of home %q: %w", ask.Home, err)
	}
	if !slices.ContainsFunc(kept, func(o Ask) bool { return o.ID == ask.ID }) {
		return false, errFull
	}
	return false, nil
}

// askProblems is what is wrong with an ask by itself.
func askProblems(ask Ask, p policies.Policy) policies.Problems {
	var found policies.Problems
	if !slices.Contains(wire.AskMinutes[:], ask.Minutes) {
		found = append(found, policies.Problem{Code: "minutes", Field: "minutes", Detail: "Minutes are 15, 30 or 60."})
	}
	if !slices.Contains(wire.AskWhys[:], ask.Why) {
		found = append(found, policies.Problem{Code: policies.CodeWord, Field: "why", Detail: "A reason is homework, game or call."})
	}
	known := slices.ContainsFunc(p.People, func(o policies.Person) bool { return o.ID == ask.Person })
	if ask.Device != "" {
		known = slices.ContainsFunc(p.Devices, func(d policies.Device) bool { return d.ID == ask.Device && d.Person == ask.Person })
	}
	if !known {
		found = append(found, policies.Problem{Code: policies.CodeReference, Field: "device", Detail: "The home has no such device of this person."})
	}
	return found
}

// tooSoon is why somebody has to wait before they ask again.
func tooSoon(ask Ask, others []Ask) policies.Problems {
	for _, o := range others {
		if o.Target() != ask.Target() {
			continue
		}
		if o.Open() {
			return policies.Problems{{Code: "ask-open", Detail: "This has been asked already, and nobody has answered yet."}}
		}
		if o.Answer.State == wire.AskRefused && ask.At.Sub(o.Answer.At) < askAgain {
			return policies.Problems{{Code: "ask-again", Detail: "The answer was no. Ask again a quarter of an hour after it."}}
		}
	}
	return nil
}

// Asks are those of a home in the last 24 hours, newest first.
func (r *Registry) Asks(ctx context.Context, home string) ([]Ask, error) {
	now := time.Now()
	list, err := r.Store.Asks(ctx, home, now.Add(-askShown), wire.MaxAsks)
	if err != nil {
		return nil, fmt.Errorf("reading asks of home %q: %w", home, err)
	}
	for i, ask := range list {
		list[i] = ask.now(now)
	}
	return list, nil
}

// now is an ask as it is at an instant: nobody need write down that it has expired.
func (a Ask) now(now time.Time) Ask {
	if end := a.At.Add(askOpen); a.Open() && !now.Before(end) {
		a.Answer.State, a.Answer.At = wire.AskExpired, end
	}
	return a
}

// one is a single ask. ErrNotFound.
func (r *Registry) one(ctx context.Context, home, id string) (Ask, error) {
	list, err := r.Asks(ctx, home)
	if err != nil {
		return Ask{}, err
	}
	at := slices.IndexFunc(list, func(a Ask) bool { return a.ID == id })
	if at < 0 {
		return Ask{}, fmt.Errorf("reading ask of home %q: %w", home, ErrNotFound)
	}
	return list[at], nil
}
