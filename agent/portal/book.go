package portal

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	patience    = 10 * time.Minute // after which no answer is said to have come
	openPeriod  = 15 * time.Minute // after which somebody who had no answer may ask again
	pausePeriod = 15 * time.Minute // between a refusal and the next ask
	keepPeriod  = time.Hour        // for which an ask that nobody has received is said again
	applyPeriod = time.Minute      // that a grant needs at most to get into the kernel
)

var errTooSoon = errors.New("it is too soon to ask again")

// Book keeps what devices have asked for: one open ask of each, and what the family has said to those of the last day.
// Its methods are for any goroutine.
type Book struct {
	mu      sync.Mutex
	open    []wire.Ask // without an answer yet, at most one of each device
	answers []wire.Answer
}

// Open are the asks that nobody has answered yet, as far as it is worth saying them again at now.
func (b *Book) Open(now time.Time) []wire.Ask {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open = slices.DeleteFunc(b.open, func(a wire.Ask) bool { return age(now, a.At) >= keepPeriod })
	return slices.Clone(b.open)
}

// Recall takes over the asks of an earlier life of the agent.
func (b *Book) Recall(asks []wire.Ask) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open = slices.Clone(asks)
}

// Answered takes over all answers of the last day.
func (b *Book) Answered(answers []wire.Answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers = slices.Clone(answers)
	b.open = slices.DeleteFunc(b.open, func(a wire.Ask) bool {
		return slices.ContainsFunc(answers, func(w wire.Answer) bool { return w.ID == a.ID })
	})
}

// ask opens an ask of a device, unless its last one is too recent.
func (b *Book) ask(v Visitor, minutes int, why wire.Why, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if again := b.last(v.Device, now).again; again.After(now) {
		return errTooSoon
	}
	b.open = slices.DeleteFunc(b.open, func(a wire.Ask) bool { return a.Device == v.Device })
	if len(b.open) >= policies.MaxDevices {
		return errTooSoon
	}
	b.open = append(b.open, wire.Ask{
		ID: uuid.NewString(), Device: v.Device, MAC: string(v.MAC), Minutes: minutes, Why: why, At: now.UTC(),
	})
	return nil
}

// phase is how far the last ask of a device has come, in the page's words.
type phase string

const (
	phaseNone    phase = ""
	phaseLeaving phase = "leaving" // nobody has confirmed that it arrived
	phaseSent    phase = "sent"
	phaseSeen    phase = "seen"
	phaseSilence phase = "silence" // no answer for a while
	phaseUnheard phase = "unheard" // no answer, and none is expected any more
	phaseGranted phase = "granted"
	phaseRefused phase = "refused"
)

// asking is the last ask of a device as it stands at an instant.
type asking struct {
	phase phase
	asked time.Time
	by    string
	until time.Time // of a grant
	fresh bool      // of a grant: it may still be on its way to the kernel
	again time.Time // when the next ask is possible; not after now: at once
}

func (b *Book) last(device string, now time.Time) asking {
	var newest *wire.Answer
	for i, a := range b.answers {
		if a.Device == device && (newest == nil || asked(a).After(asked(*newest))) {
			newest = &b.answers[i]
		}
	}
	for _, a := range b.open {
		if a.Device == device && (newest == nil || a.At.After(asked(*newest))) {
			return waiting(phaseLeaving, asking{asked: a.At}, now)
		}
	}
	if newest == nil {
		return asking{}
	}
	return judge(*newest, now)
}

// status is the last ask of a device.
func (b *Book) status(device string, now time.Time) asking {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last(device, now)
}

// judge says what an answer is worth at an instant: each is news for a while only.
func judge(w wire.Answer, now time.Time) asking {
	a := asking{asked: asked(w), by: w.By}
	switch w.State {
	case wire.AskSent:
		return waiting(phaseSent, a, now)
	case wire.AskSeen:
		return waiting(phaseSeen, a, now)
	case wire.AskExpired:
		a.asked = w.At
		if age(now, w.At) < keepPeriod {
			a.phase = phaseUnheard
		}
	case wire.AskGranted:
		if w.Until != nil && w.Until.After(now) {
			a.phase, a.until, a.fresh = phaseGranted, *w.Until, age(now, w.At) < applyPeriod
		}
	case wire.AskRefused:
		if age(now, w.At) < pausePeriod {
			a.phase, a.again = phaseRefused, w.At.Add(pausePeriod)
		}
	}
	return a
}

func waiting(p phase, a asking, now time.Time) asking {
	a.phase = p
	old := age(now, a.asked)
	switch {
	case old >= keepPeriod:
		return asking{}
	case old >= openPeriod:
		a.phase = phaseUnheard
		return a
	case old >= patience && p != phaseLeaving:
		a.phase = phaseSilence
	}
	a.again = a.asked.Add(openPeriod)
	return a
}

// asked is when the ask of an answer was made.
func asked(w wire.Answer) time.Time {
	if w.Asked.IsZero() {
		return w.At
	}
	return w.Asked
}

// age is how long ago something was. What a clock that has been set back puts into the future is as old as can be:
// nobody waits for a day that the box has only dreamt.
func age(now, at time.Time) time.Duration {
	if d := now.Sub(at); d >= -2*time.Minute {
		return max(d, 0)
	}
	return 1<<63 - 1
}
