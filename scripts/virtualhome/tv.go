package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// What the story's line carries, and what is kept of it for the TV, in bit/s.
const (
	lineDown  = 40_000_000
	lineUp    = 10_000_000
	floorDown = 20_000_000
	floorUp   = 2_000_000
)

// tvStory is a place that is kept for the TV: an evening on which somebody fills the line.
func tvStory() []step {
	return []step{
		{"idle", tellIdle},
		{"crowded", tellCrowded},
		{"reserved", tellReserved},
		{"borrowed", tellBorrowed},
		{"refused", tellRefused},
		{"removed", tellRemoved},
	}
}

// onLine gives a house the line of the story, with a modem whose queues are far too long, and flows as fast as it goes.
func onLine(o Options) Options {
	o.Home.Down, o.Home.Up, o.Rate = lineDown, lineUp, unlimited
	return o
}

// tellIdle measures the TV while it is alone, and remembers what the box's queues and marks are like.
func tellIdle(ctx context.Context, t *telling) (f figures, err error) {
	if t.pristine, err = t.traffic(ctx); err != nil {
		return nil, err
	}
	m, err := t.measure(ctx, func(m measured) error {
		if m.tv < 0.8*lineDown {
			return errors.New("alone, the TV does not get the line")
		}
		return nil
	})
	return m.figures(), err
}

// tellCrowded fills the line with eight flows of the phone: the TV gets what they leave, and waits in the modem's queue.
func tellCrowded(ctx context.Context, t *telling) (figures, error) {
	t.flows = map[string]*testbed.Flow{}
	for family, to := range families() {
		for i := range 4 {
			f, err := t.Phone.Start(ctx, testbed.Download, to)
			if err != nil {
				return nil, err
			}
			t.flows[fmt.Sprintf("%s-%d", family, i)] = f
		}
	}
	var err error
	t.crowded, err = t.measure(ctx, func(m measured) error {
		if m.tv > 0.9*floorDown {
			return errors.New("without a reservation the TV has its floor all the same")
		}
		return nil
	})
	return t.crowded.figures(), err
}

// tellReserved asks for the floor, waits until the box says that it is in force, and measures it.
func tellReserved(ctx context.Context, t *telling) (figures, error) {
	at, _, err := t.change(ctx, http.MethodPut, "/reservations/film", film())
	if err != nil {
		return nil, err
	}
	s, err := t.Client.Await(ctx, "the reservation to be in force", filmInForce)
	if err != nil {
		return nil, err
	}
	shown := time.Since(at)
	if r := s.Reservation("film"); r.FloorDown != floorDown || r.FloorUp != floorUp || r.Why != "" {
		return nil, fmt.Errorf("the reservation is shown as %+v", r)
	}
	m, err := t.measure(ctx, func(m measured) error {
		if m.tv < 0.9*floorDown || m.ping > t.crowded.ping {
			return errors.New("the TV has less than nine tenths of its floor, or waits as long as without")
		}
		return nil
	})
	f := m.figures()
	f["inForceMs"], f["floorMbit"] = milliseconds(shown), megabits(floorDown)
	return f, err
}

// tellBorrowed shows that what the TV does not use is not lost.
func tellBorrowed(ctx context.Context, t *telling) (figures, error) {
	var rate float64
	for range tries {
		var err error
		if rate, err = t.measurePhone(ctx); err != nil {
			return nil, err
		}
		if rate >= 0.8*lineDown {
			return figures{"phoneMbit": megabits(rate)}, nil
		}
	}
	return nil, fmt.Errorf("while the TV is off the phone gets %.1f Mbit/s of a line of %.1f", rate/1e6, lineDown/1e6)
}

// tellRefused asks for more than the line carries: nothing moves.
func tellRefused(ctx context.Context, t *telling) (figures, error) {
	before, err := t.Client.State(ctx)
	if err != nil {
		return nil, err
	}
	work := film()
	work.ID, work.Devices, work.FloorDown = "work", []string{"laptop"}, lineDown*policies.LineShare/100
	_, err = t.Client.Change(ctx, http.MethodPut, "/reservations/work", work)
	if err == nil || !strings.Contains(err.Error(), policies.CodeFloorsTooHigh) {
		return nil, fmt.Errorf("floors of more than %d %% of the line were answered by: %v", policies.LineShare, err)
	}
	after, err := t.Client.State(ctx)
	if err == nil && (after.Asked.Revision != before.Asked.Revision || filmInForce(after) != nil) {
		err = fmt.Errorf("something was changed: %+v", after.Reservations)
	}
	return figures{"code": policies.CodeFloorsTooHigh}, err
}

// tellRemoved takes the reservation away: queues and marks are as they were before it. What the TV gets then is between
// its flow and the phone's, which have learned to share, so it is told and not judged.
func tellRemoved(ctx context.Context, t *telling) (figures, error) {
	at, _, err := t.change(ctx, http.MethodDelete, "/reservations/film", nil)
	if err != nil {
		return nil, err
	}
	if err := poll(ctx, "queues and marks to be as before", func() error {
		now, err := t.traffic(ctx)
		if err == nil && now != t.pristine {
			err = fmt.Errorf("before:\n%s\nnow:\n%s", t.pristine, now)
		}
		return err
	}); err != nil {
		return nil, err
	}
	restored := time.Since(at)
	m, err := t.measureOnce(ctx)
	f := m.figures()
	f["restoredMs"] = milliseconds(restored)
	t.end()
	return f, err
}

// film is the story's reservation. The virtual home has no radios: it is of bandwidth alone.
func film() policies.Reservation {
	return policies.Reservation{
		ID: "film", Name: "Film", Devices: []string{"tv"}, FloorDown: floorDown, FloorUp: floorUp, Windows: []policies.WeekWindow{},
	}
}

func filmInForce(s State) error {
	if r := s.Reservation("film"); r.State != wire.HoldInForce {
		return fmt.Errorf("it is shown as %+v", r)
	}
	return nil
}
