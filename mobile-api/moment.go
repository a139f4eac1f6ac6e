package mobileapi

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const maxMinutes = 7 * 24 * 60

// Pause puts a target offline now.
func (s *server) Pause(ctx context.Context, request PauseRequestObject) (PauseResponseObject, error) {
	home, err := s.moment(ctx, request.Home, "pause", request.Body.For, func(p *policies.Policy) error {
		return by(ctx, p, func() error { return pause(p, *request.Body, s.Now()) })
	})
	return Pause200JSONResponse{home}, err
}

// Bonus puts a target online, whatever the schedules say.
func (s *server) Bonus(ctx context.Context, request BonusRequestObject) (BonusResponseObject, error) {
	state, err := s.Homes.State(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	home, err := s.moment(ctx, request.Home, "bonus", request.Body.For, func(p *policies.Policy) error {
		now := s.Now()
		return by(ctx, p, func() error { return bonus(p, *request.Body, registry.UsageOf(*p, reportedOf(state), now), now) })
	})
	return Bonus200JSONResponse{home}, err
}

// Resume ends the pauses of exactly one target.
func (s *server) Resume(ctx context.Context, request ResumeRequestObject) (ResumeResponseObject, error) {
	home, err := s.moment(ctx, request.Home, "resume", request.Body.For, func(p *policies.Policy) error {
		return resume(p, request.Body.For, s.Now())
	})
	return Resume200JSONResponse{home}, err
}

// LiftOverride takes one pause or bonus away.
func (s *server) LiftOverride(ctx context.Context, request LiftOverrideRequestObject) (LiftOverrideResponseObject, error) {
	what := registry.Change{Code: "lift", Subject: request.ID}
	home, err := s.change(ctx, request.Home, what, func(p *policies.Policy) error { return lift(p, request.ID) })
	return LiftOverride200JSONResponse{home}, err
}

func lift(p *policies.Policy, id string) error {
	rest := slices.DeleteFunc(p.Overrides, func(o policies.Override) bool { return o.ID == id })
	if len(rest) == len(p.Overrides) {
		return refuse(codeNotFound)
	}
	p.Overrides = rest
	return nil
}

func (s *server) moment(ctx context.Context, home, word string, target Target, apply func(*policies.Policy) error) (HomeJSONResponse, error) {
	return s.change(ctx, home, registry.Change{Code: word, Subject: subject(target)}, apply)
}

// by writes who decides into the overrides that do makes or moves, for the page of a paused device.
func by(ctx context.Context, p *policies.Policy, do func() error) error {
	before := map[string]policies.Override{}
	for _, o := range p.Overrides {
		before[o.ID] = o
	}
	if err := do(); err != nil {
		return err
	}
	for i, o := range p.Overrides {
		if was, known := before[o.ID]; !known || was.Until != nil && o.Until != nil && !was.Until.Equal(*o.Until) {
			p.Overrides[i].By = visitOf(ctx).session.Member.Name
		}
	}
	return nil
}

// subject names a target in the history.
func subject(t Target) string {
	switch {
	case t.Device != "":
		return "device:" + t.Device
	case t.Person != "":
		return "person:" + t.Person
	}
	return "home"
}

// pause begins now and takes the place of a pause of the same target. The newest override wins, and this one is newer
// than a bonus that waits for the next cut: such a bonus begins before it. That changes nothing else, for its devices
// are online until then anyway.
func pause(p *policies.Policy, m Moment, now time.Time) error {
	until, found := m.end(now)
	if found = append(found, targetProblems(*p, m.For)...); found != nil {
		return found
	}
	at := stamp(*p, now)
	p.Overrides = slices.DeleteFunc(p.Overrides, func(o policies.Override) bool { return stands(o, policies.ModePause, m.For, now) })
	for i, o := range p.Overrides {
		if o.Mode == policies.ModeBonus && !o.At.Before(at) {
			p.Overrides[i].At = at.Add(-time.Millisecond)
		}
	}
	return give(p, policies.Override{For: m.For, Mode: policies.ModePause, At: at, Until: until})
}

func resume(p *policies.Policy, target Target, now time.Time) error {
	if found := targetProblems(*p, target); found != nil {
		return found
	}
	p.Overrides = slices.DeleteFunc(p.Overrides, func(o policies.Override) bool { return stands(o, policies.ModePause, target, now) })
	return nil
}

// bonus to a time begins now and takes the place of a bonus of the same target.
func bonus(p *policies.Policy, m Moment, usage policies.Usage, now time.Time) error {
	until, found := m.end(now)
	if m.Until == nil && m.Minutes == nil {
		found = append(found, policies.Problem{Code: policies.CodeNoUntil, Field: "until", Detail: "A bonus has an end: until or minutes."})
	}
	if found = append(found, targetProblems(*p, m.For)...); found != nil {
		return found
	}
	v, err := viewOf(*p, m.For, usage, now)
	if err != nil {
		return err
	}
	if v.refused {
		return policies.Problems{{Code: string(policies.KindRefused), Field: "for", Detail: "What is refused stays offline with a bonus, too."}}
	}
	if m.Minutes != nil {
		return v.lengthen(p, m.For, until.Sub(now.Truncate(time.Second)), now)
	}
	at := stamp(*p, now)
	p.Overrides = slices.DeleteFunc(p.Overrides, func(o policies.Override) bool { return stands(o, policies.ModeBonus, m.For, now) })
	return give(p, policies.Override{For: m.For, Mode: policies.ModeBonus, At: at, Until: until})
}

// lengthen gives more time online: to the bonus of the same target that works already; else from the next cut among the
// target's devices on, which is now where one of them is offline.
func (v view) lengthen(p *policies.Policy, target Target, by time.Duration, now time.Time) error {
	if prior := v.working(p.Overrides, target, now); prior != nil {
		prior.Until = new(prior.Until.Add(by))
		return nil
	}
	if v.cut == nil {
		return policies.Problems{{Code: "no-cut-ahead", Field: "minutes", Detail: "It is online already, and no cut is ahead."}}
	}
	at, from := *v.cut, *v.cut
	if !at.After(now) {
		at, from = stamp(*p, now), now.UTC().Truncate(time.Second)
	}
	return give(p, policies.Override{For: target, Mode: policies.ModeBonus, At: at, Until: new(from.Add(by))})
}

// give adds an override. Its own problems have their paths from the moment's beginning.
func give(p *policies.Policy, o policies.Override) error {
	o.ID = uuid.NewString()
	p.Overrides = append(p.Overrides, o)
	if found := policies.Validate(*p); found != nil {
		return below(found, fmt.Sprintf("overrides[%d]", len(p.Overrides)-1))
	}
	return nil
}

// end is when a moment ends, nil where it says nothing, or what is wrong with it.
func (m Moment) end(now time.Time) (*time.Time, policies.Problems) {
	switch {
	case m.Until != nil && m.Minutes != nil:
		return nil, policies.Problems{{Code: "until-or-minutes", Field: "minutes", Detail: "Either until or minutes, not both."}}
	case m.Until != nil:
		until := m.Until.UTC().Truncate(time.Second) // the kernel's windows have whole seconds
		if !until.After(now) {
			return nil, policies.Problems{{Code: "past", Field: "until", Detail: "This time has passed."}}
		}
		return &until, nil
	case m.Minutes != nil:
		if *m.Minutes < 1 || *m.Minutes > maxMinutes {
			return nil, policies.Problems{{Code: "range", Field: "minutes", Detail: fmt.Sprintf("Minutes are 1 to %d.", maxMinutes)}}
		}
		return new(now.UTC().Truncate(time.Second).Add(time.Duration(*m.Minutes) * time.Minute)), nil
	}
	return nil, nil
}

// stands reports whether an override of exactly this mode and target has not ended.
func stands(o policies.Override, mode policies.Mode, target Target, now time.Time) bool {
	return o.Mode == mode && o.For == target && (o.Until == nil || o.Until.After(now))
}

// stamp is when a new override begins: now in whole seconds, so that a box whose clock is a little behind obeys at once,
// yet after all that were decided before it, for the newest wins.
func stamp(p policies.Policy, now time.Time) time.Time {
	at := now.UTC().Truncate(time.Second)
	for _, o := range p.Overrides {
		if !o.At.After(now) && !at.After(o.At) {
			at = o.At.Add(time.Millisecond)
		}
	}
	return at
}

// targetProblems judges a target as the policy would.
func targetProblems(p policies.Policy, target Target) policies.Problems {
	probe := policies.Policy{Zone: p.Zone, People: p.People, Devices: p.Devices}
	probe.Overrides = []policies.Override{{ID: "probe", For: target, Mode: policies.ModePause, At: time.Unix(1_700_000_000, 0)}}
	found := policies.Validate(probe)
	if found == nil {
		return nil
	}
	return below(found, "overrides[0]")
}

// view is a target as it is now.
type view struct {
	refused  bool            // it has devices, and all are refused
	cut      *time.Time      // the next one among its devices; now where one is offline; nil where none is known
	deciding map[string]bool // ids of what decides about them now
}

func viewOf(p policies.Policy, target Target, usage policies.Usage, now time.Time) (view, error) {
	line, err := policies.Compile(p, usage, now.Add(-policies.Horizon), now.Add(policies.Horizon))
	if err != nil {
		return view{}, err
	}
	v := view{deciding: map[string]bool{}}
	covered, refused := 0, 0
	for _, d := range p.Devices {
		if !target.Home && target.Device != d.ID && (target.Person == "" || target.Person != d.Person) {
			continue
		}
		covered++
		if d.Refused {
			refused++
			continue
		}
		v.add(line.At(d.ID, now), now)
	}
	if covered == 0 { // a person without devices, a home that has named none
		v.add(line.AtUnknown("", now), now)
	}
	v.refused = covered > 0 && covered == refused
	return v, nil
}

func (v *view) add(verdict policies.Verdict, now time.Time) {
	v.deciding[verdict.Reason.ID] = true
	cut := verdict.Changes
	if !verdict.Online {
		cut = &now
	}
	if cut != nil && (v.cut == nil || cut.Before(*v.cut)) {
		v.cut = cut
	}
}

// working is the bonus of exactly this target that decides now, or will from the next cut on; the one that ends last.
func (v view) working(overrides []policies.Override, target Target, now time.Time) *policies.Override {
	var found *policies.Override
	for i, o := range overrides {
		waits := o.At.After(now) && v.cut != nil && v.cut.After(now)
		if !stands(o, policies.ModeBonus, target, now) || !waits && !v.deciding[o.ID] {
			continue
		}
		if found == nil || o.Until.After(*found.Until) {
			found = &overrides[i]
		}
	}
	return found
}
