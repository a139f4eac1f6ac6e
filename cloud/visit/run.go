package visit

import (
	"context"
	"time"
)

const (
	lookEvery  = 3 * time.Second // at boxes that come up while no phone looks
	sweepEvery = time.Hour
	keptDays   = 90 // of a visit that came to nothing: it is somebody's name and address
)

// Run looks at boxes that come up, so that their checklist has its times though a phone is out of reach, and takes away old visits
// that came to nothing, until ctx ends.
func (o *Office) Run(ctx context.Context) error {
	look, sweep := time.NewTicker(lookEvery), time.NewTicker(sweepEvery)
	defer look.Stop()
	defer sweep.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			err = o.lookAll(ctx)
		case <-sweep.C:
			err = o.Store.SweepVisits(ctx, o.now().AddDate(0, 0, -keptDays).Format(time.DateOnly))
		}
		if err != nil && ctx.Err() == nil {
			o.Log.Warn("could not look after visits", "error", err)
		}
	}
}

// lookAll judges the checklists of boxes that are not in service yet. What another replica has kept meanwhile stays.
func (o *Office) lookAll(ctx context.Context) error {
	list, err := o.Store.Visits(ctx, Filter{State: StateBound, From: o.lately(), Limit: listed})
	if err != nil {
		return err
	}
	for _, v := range list {
		if !v.Serving.IsZero() || v.Serial == "" {
			continue
		}
		changed, err := o.refresh(ctx, &v, Who{})
		if err != nil {
			o.Log.Warn("could not look at a visit", "visit", v.ID, "error", err)
			continue
		}
		if !changed {
			continue
		}
		kept, err := o.Store.KeepVisit(ctx, v, nil, nil)
		if err != nil {
			return err
		}
		if kept {
			o.tell(v)
		}
	}
	return nil
}
