package assist

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/carebox-project/carebox/policies"
)

const (
	slotsShown = 24
	horizon    = 8 // days that are looked at for the next opening
	measured   = 20
	fewest     = 3 // waits, for an estimate
)

// Span is opening hours of a day: "08:00" to "20:00", and "24:00" for its end.
type Span struct{ From, To string }

// Hours is when people are there to help. Without days they always are.
type Hours struct {
	Zone  *time.Location // nil: UTC
	Days  map[time.Weekday][]Span
	Slot  time.Duration // of a call; 0: half an hour
	Calls int           // at once in a slot; 0: 2
}

var hourText = regexp.MustCompile(`^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)

// Check is nil where the hours can be read: each span ends after it begins, and none meets another.
func (h Hours) Check() error {
	for day, spans := range h.Days {
		last := ""
		for _, s := range spans {
			if !hourText.MatchString(s.From) || !hourText.MatchString(s.To) || s.From >= s.To || s.From < last {
				return fmt.Errorf("%v: %q to %q is no span after the one before", day, s.From, s.To)
			}
			last = s.To
		}
	}
	if h.Slot < 0 || h.Calls < 0 || h.Slot > 0 && (h.Slot < 5*time.Minute || h.Slot > 4*time.Hour) {
		return fmt.Errorf("a call lasts 5 minutes to 4 hours")
	}
	return nil
}

type opening struct{ from, to time.Time }

func (h Hours) zone() *time.Location {
	if h.Zone == nil {
		return time.UTC
	}
	return h.Zone
}

func (h Hours) always() bool { return len(h.Days) == 0 }

// openings are those that touch the days from that of an instant, in order.
func (h Hours) openings(at time.Time, days int) []opening {
	local := at.In(h.zone())
	var list []opening
	for n := range days {
		day := time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, h.zone())
		spans := h.Days[day.Weekday()]
		if h.always() {
			spans = []Span{{"00:00", "24:00"}}
		}
		for _, s := range spans {
			list = append(list, opening{clock(day, s.From), clock(day, s.To)})
		}
	}
	return list
}

// clock is a wall clock's time on a day.
func clock(day time.Time, text string) time.Time {
	var hour, minute int
	_, _ = fmt.Sscanf(text, "%d:%d", &hour, &minute) // Check has read it
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, day.Location())
}

// Now says whether somebody is there, until when, and else from when: zero where it never ends, or never begins.
func (h Hours) Now(at time.Time) (open bool, until, opens time.Time) {
	if h.always() {
		return true, time.Time{}, time.Time{}
	}
	for _, o := range h.openings(at, horizon) {
		switch {
		case !at.Before(o.to):
		case open && o.from.After(until):
			return true, until.UTC(), time.Time{}
		case !open && at.Before(o.from):
			return false, time.Time{}, o.from.UTC()
		default:
			open, until = true, o.to // days without a gap are one
		}
	}
	if !open {
		return false, time.Time{}, time.Time{}
	}
	return true, until.UTC(), time.Time{}
}

// between is how much of a stretch somebody was there.
func (h Hours) between(from, to time.Time) time.Duration {
	if h.always() || !to.After(from) {
		return max(to.Sub(from), 0)
	}
	days := min(int(to.Sub(from)/(24*time.Hour))+2, 400)
	var sum time.Duration
	for _, o := range h.openings(from, days) {
		if begin, end := latest(from, o.from), earliest(to, o.to); end.After(begin) {
			sum += end.Sub(begin)
		}
	}
	return sum
}

// slots are the next times to call, from ten minutes ahead.
func (h Hours) slots(at time.Time) []time.Time {
	length := h.Slot
	if length == 0 {
		length = 30 * time.Minute
	}
	var list []time.Time
	for _, o := range h.openings(at, horizon) {
		for slot := o.from; !slot.Add(length).After(o.to) && len(list) < 10*slotsShown; slot = slot.Add(length) {
			if slot.After(at.Add(10 * time.Minute)) {
				list = append(list, slot.UTC())
			}
		}
	}
	return list
}

func (h Hours) calls() int {
	if h.Calls == 0 {
		return 2
	}
	return h.Calls
}

// Door is what the way to a person looks like now.
type Door struct {
	Open  bool
	Until time.Time     // of an open one; zero: always
	Opens time.Time     // of a closed one; zero: not within a week
	Wait  time.Duration // that people waited lately; 0: nobody knows
	Slots []time.Time   // when somebody is free to call
}

// Door is what the way to a person looks like now.
func (c *Cases) Door(ctx context.Context) (Door, error) {
	now := c.now()
	var d Door
	d.Open, d.Until, d.Opens = c.Hours.Now(now)
	var err error
	if d.Wait, err = c.estimate(ctx, now); err != nil {
		return d, err
	}
	d.Slots, err = c.free(ctx, now)
	d.Slots = d.Slots[:min(len(d.Slots), slotsShown)]
	return d, err
}

// free is every slot that has room.
func (c *Cases) free(ctx context.Context, now time.Time) ([]time.Time, error) {
	taken, err := c.Store.Calls(ctx, now, now.Add(horizon*24*time.Hour))
	if err != nil {
		return nil, fmt.Errorf("counting calls: %w", err)
	}
	var list []time.Time
	for _, slot := range c.Hours.slots(now) {
		if taken[slot] < c.Hours.calls() {
			list = append(list, slot)
		}
	}
	return list, nil
}

// estimate is what people waited lately, the newest with a tenth of the weight; 0 where nobody knows or is there.
func (c *Cases) estimate(ctx context.Context, now time.Time) (time.Duration, error) {
	if open, _, _ := c.Hours.Now(now); !open {
		return 0, nil
	}
	waits, err := c.Store.Waits(ctx, measured)
	if err != nil {
		return 0, fmt.Errorf("reading waits: %w", err)
	}
	return smooth(waits), nil
}

// estimateOf is that of a new case: none where all who are there take other languages or topics, as what others waited lately
// says nothing then.
func (c *Cases) estimateOf(ctx context.Context, k Case) (time.Duration, error) {
	desks, err := c.here(ctx)
	if err != nil {
		return 0, err
	}
	if len(desks) > 0 && !slices.ContainsFunc(desks, func(d Desk) bool { return d.takes(k) }) {
		return 0, nil
	}
	return c.estimate(ctx, k.AskedAt)
}

// smooth is 0.9 of the estimate before and 0.1 of each wait after it, in whole seconds, at least one.
func smooth(waits []time.Duration) time.Duration {
	if len(waits) < fewest {
		return 0
	}
	estimate := float64(waits[0])
	for _, w := range waits[1:] {
		estimate = 0.9*estimate + 0.1*float64(w)
	}
	return max(time.Duration(estimate).Truncate(time.Second), time.Second)
}

// Call books a call for a customer's case, nil takes it back. policies.Problems, ErrSlot, ErrCaseFull.
func (c *Cases) Call(ctx context.Context, who Customer, id string, call *Callback) (Case, error) {
	said, verb, detail := system(CodeNoCall, who.Name, ""), VerbNoCall, map[string]any(nil)
	if call != nil {
		phone, problems := checkPhone(call.Phone)
		if problems != nil {
			return Case{}, problems
		}
		at := stamp(call.At)
		if err := c.vacant(ctx, who, id, at); err != nil {
			return Case{}, err
		}
		call = &Callback{At: at, Phone: phone}
		said, verb, detail = system(CodeCallback, who.Name, at.Format(time.RFC3339)), VerbCallback, map[string]any{"at": at}
	}
	changed, _, err := c.change(ctx, id, func(k *Case) ([]Message, error) {
		switch {
		case k.Home != who.Home || k.Member != who.Member:
			return nil, ErrCaseUnknown
		case !k.Open():
			return nil, ErrCaseState
		case k.Callback == nil && call == nil, k.Callback != nil && call != nil && *k.Callback == *call:
			return nil, nil
		case call != nil && k.Turns >= maxTurns:
			return nil, ErrCaseFull
		case call != nil:
			k.Turns++
		}
		k.Callback = call
		return []Message{said.told(k.line(verb, who.actor(), detail))}, nil
	})
	if err == nil {
		c.announce(changed)
	}
	return changed, err
}

// vacant is nil where a slot has room for a case, or is its own. ErrCaseUnknown, ErrSlot.
func (c *Cases) vacant(ctx context.Context, who Customer, id string, at time.Time) error {
	k, _, err := c.Own(ctx, who, id)
	now := c.now()
	if err != nil || k.Callback != nil && k.Callback.At.Equal(at) && at.After(now) {
		return err
	}
	free, err := c.free(ctx, now)
	if err == nil && !containsTime(free, at) {
		err = ErrSlot
	}
	return err
}

var phoneText = regexp.MustCompile(`^\+?[0-9][0-9 ().-]{3,28}[0-9]$`)

func checkPhone(text string) (string, policies.Problems) {
	text, problems := words("phone", text, 30, 1)
	if problems == nil && !phoneText.MatchString(text) {
		problems = policies.Problems{{Code: "phone", Field: "phone", Detail: "A phone number has digits, blanks and a + in front."}}
	}
	return text, problems
}

func containsTime(list []time.Time, at time.Time) bool {
	for _, t := range list {
		if t.Equal(at) {
			return true
		}
	}
	return false
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
