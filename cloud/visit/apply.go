package visit

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
)

// Outcome is what has become of a step.
type Outcome string

const (
	OutcomeDone  Outcome = "done"
	OutcomeLate  Outcome = "late"  // kept, but the visit was further on already
	OutcomeAgain Outcome = "again" // the same step had come before
)

// apply moves a visit on by a step that was checked. Nothing has changed where it gives an error: *Early, ErrOver, ErrSigned.
func (v *Visit) apply(s Step, now time.Time) (Outcome, *Visit, error) {
	if v.State.Over() {
		return "", nil, ErrOver
	}
	at := bounded(s.At, now.Add(-maxOld), now)
	if v.Signed != nil && s.Kind != KindFinish && at.After(v.Signed.At) {
		return "", nil, ErrSigned
	}
	if err := v.ready(s.Kind); err != nil {
		return "", nil, err
	}
	switch s.Kind {
	case KindWay:
		return v.way(at, now), nil, nil
	case KindArrive:
		return v.arrive(s.Present, at, now), nil, nil
	case KindBind:
		return v.bind(s, at, now), nil, nil
	case KindDecide:
		return OutcomeDone, nil, v.decide(s)
	case KindRoom:
		return OutcomeDone, nil, v.room(*s.Room, at)
	case KindNote:
		if len(v.Notes) >= maxKept {
			return "", nil, full("notes")
		}
		v.Notes = append(v.Notes, Note{At: at, By: s.By, Text: s.Text})
	case KindSwap, KindCollect:
		v.giveBack(s, at, now)
	case KindSign:
		v.Signed = &Signed{Name: s.Name, At: at, Step: s.ID}
		v.move(StateSigned, now)
	case KindFinish:
		return OutcomeDone, nil, v.finish(s, now)
	case KindAbsent:
		next := v.postpone(s, now)
		return OutcomeDone, &next, nil
	}
	return OutcomeDone, nil, nil
}

// ready says what a step of a kind needs first.
func (v *Visit) ready(k Kind) error {
	needs := ""
	switch {
	case k == KindWay || k == KindArrive:
	case v.Arrived.IsZero():
		needs = "arrive"
	case (k == KindDecide || k == KindInvite || k == KindTV) && v.Serial == "":
		needs = "bind"
	case k == KindMeasure && !v.has(ItemCloud):
		needs = "cloud"
	case k == KindAbsent && len(v.Photos) == 0:
		needs = "photo"
	case k == KindSign || k == KindFinish:
		hard := v.hard()
		if len(hard) == 0 {
			return nil
		}
		if needs = hard[0]; v.Serial != "" {
			needs = "items"
		}
	case k == KindAbsent && (v.Serial != "" || v.Order.Kind == OrderReturn && len(v.TakenBack) > 0):
		return ErrOver // somebody was there: the box belongs to the home
	case k == KindBind && v.Order.Kind == OrderReturn:
		return &Wrong{Verdict: VerdictOther}
	}
	if needs != "" {
		return &Early{Needs: needs}
	}
	return nil
}

// has reports whether an item is ok.
func (v *Visit) has(name string) bool {
	return slices.ContainsFunc(v.Checklist, func(i Item) bool { return i.Name == name && i.State == ItemOK })
}

func (v *Visit) move(to State, now time.Time) { v.State, v.Since = to, now }

func (v *Visit) way(at, now time.Time) Outcome {
	if v.Way.IsZero() {
		v.Way = at
	}
	if v.State != StatePlanned {
		return OutcomeLate
	}
	v.move(StateWay, now)
	return OutcomeDone
}

// arrive again adds who has come since.
func (v *Visit) arrive(present []string, at, now time.Time) Outcome {
	for _, name := range present {
		if !slices.Contains(v.Present, name) && len(v.Present) < maxPresent {
			v.Present = append(v.Present, name)
		}
	}
	if v.Arrived.IsZero() || at.Before(v.Arrived) {
		v.Arrived = at
	}
	if v.State != StatePlanned && v.State != StateWay {
		return OutcomeLate
	}
	v.move(StateArrived, now)
	return OutcomeDone
}

// bind keeps the time at which the label was read, as far as it can be true.
func (v *Visit) bind(s Step, at, now time.Time) Outcome {
	if v.Serial == s.Box {
		return OutcomeLate
	}
	v.Serial, v.Bound, v.Serving = s.Box, at, time.Time{}
	v.Scanned = at
	if !s.Scanned.IsZero() {
		v.Scanned = bounded(s.Scanned, at.Add(-12*time.Hour), at)
	}
	v.Checklist = []Item{}
	v.move(StateBound, now)
	return OutcomeDone
}

func (v *Visit) decide(s Step) error {
	for i := range v.Checklist {
		item := &v.Checklist[i]
		switch {
		case item.Name != s.Item:
			continue
		case s.Decision == DecideAccept && item.Measured == nil:
			return policies.Problems{{Code: "range", Field: "decision", Detail: "Only what was measured can be accepted."}}
		case item.State == ItemOK && item.Decision == "":
			return nil // it works by now
		}
		item.Decision, item.Reason, item.By = s.Decision, s.Reason, s.By
		return nil
	}
	return policies.Problems{{Code: policies.CodeWord, Field: "item", Detail: "The checklist has no such item."}}
}

// room keeps the newest verdict of each room.
func (v *Visit) room(r Room, at time.Time) error {
	r.At = at
	for i, old := range v.Rooms {
		if old.Name == r.Name {
			if !old.At.After(at) {
				v.Rooms[i] = r
			}
			return nil
		}
	}
	if len(v.Rooms) >= maxKept {
		return full("rooms")
	}
	v.Rooms = append(v.Rooms, r)
	return nil
}

func (v *Visit) giveBack(s Step, at, now time.Time) {
	if !v.tookBack(s.Box) {
		v.TakenBack = append(v.TakenBack, TakenBack{Serial: s.Box, Way: s.Kind, Why: s.Reason, At: at})
	}
	if v.Serial == s.Box { // the one that was brought is broken: another one is bound
		v.Serial, v.Bound, v.Scanned, v.Serving, v.Checklist = "", time.Time{}, time.Time{}, time.Time{}, []Item{}
		v.Line, v.Measuring, v.Fault = nil, nil, ""
		v.move(StateArrived, now)
	}
	if v.Order.Kind == OrderReturn {
		v.move(StateBound, now)
	}
}

// finish asks for a reason where something is missing that a reason makes good.
func (v *Visit) finish(s Step, now time.Time) error {
	if soft := v.soft(); len(soft) > 0 && s.Reason == "" {
		return policies.Problems{{Code: "missing", Field: "reason", Detail: fmt.Sprintf("Say why it ends without this: %v.", soft)}}
	}
	v.Unsigned, v.Finished, v.Measuring = s.Reason, now, nil
	v.move(StateFinished, now)
	return nil
}

// postpone ends a visit where nobody was, and makes the next one of the same order.
func (v *Visit) postpone(s Step, now time.Time) Visit {
	next := planned(v.Order, *s.Slot, v.Technician, now)
	base, n := again(v.Order.Ref)
	next.Order.Ref = fmt.Sprintf("%s/%d", base, n+1)
	next.Home = v.Home
	v.Absent = &Absent{Why: s.Reason, Next: next.ID, Slot: *s.Slot}
	v.Finished = now
	v.move(StateAbsent, now)
	return next
}

// planned is a visit to which nothing has happened.
func planned(o Order, slot Slot, technician string, now time.Time) Visit {
	return Visit{
		ID: uuid.NewString(), Order: o, Slot: slot, State: StatePlanned, Since: now, Technician: technician,
		Present: []string{}, Checklist: []Item{}, Rooms: []Room{}, Photos: []Photo{}, Notes: []Note{}, TakenBack: []TakenBack{},
	}
}

func bounded(at, least, most time.Time) time.Time {
	switch {
	case at.Before(least):
		at = least
	case at.After(most):
		at = most
	}
	return at.UTC().Truncate(time.Millisecond)
}

func full(field string) error {
	return policies.Problems{{Code: policies.CodeTooMany, Field: field, Detail: "A visit has at most 50 of these."}}
}
