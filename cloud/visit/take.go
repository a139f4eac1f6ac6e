package visit

import (
	"context"
	"errors"
	"fmt"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
)

// Take moves a visit on by a step. The same step again gives OutcomeAgain and changes nothing. ErrNotFound, ErrDiffers, ErrOver,
// ErrSigned, *Early, *Wrong, policies.Problems, registry.ErrTaken.
func (o *Office) Take(ctx context.Context, id string, s Step, who Who) (Visit, Outcome, error) {
	if err := s.check(); err != nil {
		return Visit{}, "", err
	}
	var err error
	if s.Digest, err = s.digest(); err != nil {
		return Visit{}, "", err
	}
	s.By, s.Member, s.Received = who.Name, who.Member, o.now()
	for range tries {
		v, outcome, err := o.try(ctx, id, s, who)
		if !errors.Is(err, errMoved) {
			return v, outcome, err
		}
	}
	return Visit{}, "", fmt.Errorf("%w: visit %q moves all the time", registry.ErrUnavailable, id)
}

func (o *Office) try(ctx context.Context, id string, s Step, who Who) (Visit, Outcome, error) {
	v, err := o.find(ctx, id, who)
	if err != nil {
		return Visit{}, "", err
	}
	if old, found, err := o.Store.Step(ctx, id, s.ID); err != nil || found {
		if found && old.Digest != s.Digest {
			err = ErrDiffers
		}
		if err != nil {
			return Visit{}, "", err
		}
		_, err = o.refresh(ctx, &v, who)
		return v, OutcomeAgain, err
	}
	if _, err := o.refresh(ctx, &v, who); err != nil {
		return Visit{}, "", err
	}
	if err := o.fits(ctx, &v, s); err != nil {
		return Visit{}, "", err
	}
	outcome, next, err := v.apply(s, s.Received)
	if err != nil {
		return Visit{}, "", err
	}
	if err := o.act(ctx, &v, s, who); err != nil {
		return Visit{}, "", err
	}
	if s.Kind == KindFinish {
		if err := o.seal(ctx, &v, s); err != nil {
			return Visit{}, "", err
		}
	}
	if kept, err := o.Store.KeepVisit(ctx, v, &s, next); err != nil || !kept {
		return Visit{}, "", errors.Join(err, when(!kept && err == nil, errMoved))
	}
	v.Version++
	o.tell(v)
	o.Log.Info("took a step", "visit", v.ID, "kind", string(s.Kind), "state", string(v.State))
	if s.Kind == KindBind {
		return v, outcome, o.again(ctx, &v, who)
	}
	return v, outcome, nil
}

// again is the checklist of a box that has just been bound: it may be up already.
func (o *Office) again(ctx context.Context, v *Visit, who Who) error {
	changed, err := o.refresh(ctx, v, who)
	if err != nil || !changed {
		return err
	}
	kept, err := o.Store.KeepVisit(ctx, *v, nil, nil)
	if kept {
		v.Version++
	}
	return err
}

// act does what a step does beside the visit itself. Doing it twice is as good as once: its answer may be lost.
func (o *Office) act(ctx context.Context, v *Visit, s Step, who Who) error {
	switch s.Kind {
	case KindBind:
		return o.settleIn(ctx, v, s.Box, who)
	case KindFinish:
		return o.leave(ctx, v)
	case KindMeasure:
		return o.measure(ctx, v, who)
	case KindTV:
		return o.reserve(ctx, v, s.MAC, who)
	case KindSwap, KindCollect:
		return o.takeBack(ctx, s.Box, s.Reason+" (order "+v.Order.Ref+")", who)
	}
	return nil
}

// leave puts a box into service that has its certificate, also one that has not been heard: nobody looks at it afterwards.
func (o *Office) leave(ctx context.Context, v *Visit) error {
	if v.Serial == "" {
		return nil
	}
	item, _, err := o.Boxes.Look(ctx, v.Serial)
	if err != nil || item.State != enrolment.StateClaimed {
		return err
	}
	if err := o.Boxes.Serve(ctx, v.Serial, "visit", "order "+v.Order.Ref); !errors.Is(err, enrolment.ErrMove) {
		return err
	}
	return nil
}

// settleIn gives the home the box: the home is made now, and the one that goes is taken back.
func (o *Office) settleIn(ctx context.Context, v *Visit, box string, who Who) error {
	if v.Home == "" {
		err := o.Homes.Create(ctx, registry.Home{ID: v.ID, Name: v.Order.HomeName}, v.Order.Zone)
		if err != nil && !errors.Is(err, registry.ErrTaken) { // taken: by this step, whose answer was lost
			return err
		}
		v.Home = v.ID
	}
	if old := v.Order.Replaces; old != "" && !v.tookBack(old) {
		if err := o.takeBack(ctx, old, "replaced (order "+v.Order.Ref+")", who); err != nil {
			return err
		}
		v.TakenBack = append(v.TakenBack, TakenBack{Serial: old, Way: KindSwap, At: v.Bound})
	}
	return o.Homes.Assign(ctx, v.Home, box)
}

func (v *Visit) tookBack(box string) bool {
	for _, t := range v.TakenBack {
		if t.Serial == box {
			return true
		}
	}
	return false
}

// fits refuses a box that is not this visit's, before anything changes, and to bind one while another is.
func (o *Office) fits(ctx context.Context, v *Visit, s Step) error {
	if v.State.Over() {
		return ErrOver
	}
	if err := v.ready(s.Kind); err != nil {
		return err
	}
	switch {
	case (s.Kind == KindSwap || s.Kind == KindCollect) && s.Box != v.Serial && s.Box != v.Order.Replaces:
		return &Wrong{Verdict: VerdictOther}
	case s.Kind != KindBind || v.Serial == s.Box:
		return nil
	case v.Serial != "":
		return &Early{Needs: "swap"}
	}
	found, err := o.scan(ctx, *v, s.Box)
	if err == nil && found.Verdict != VerdictOurs {
		err = &Wrong{Verdict: found.Verdict}
	}
	return err
}

func (o *Office) takeBack(ctx context.Context, box, why string, who Who) error {
	item, _, err := o.Boxes.Look(ctx, box)
	if err != nil || !item.State.Assignable() {
		return err // it was taken back before
	}
	return o.Boxes.Swap(ctx, box, who.Email, why)
}

func when(is bool, err error) error {
	if is {
		return err
	}
	return nil
}
