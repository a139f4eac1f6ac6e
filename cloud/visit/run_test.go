package visit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/visit"
)

// A phone that is out of reach while the box comes up costs the box no minute.
func TestABoxIsInServiceThoughNoPhoneLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.office.Now = time.Now
		w.now = time.Now()
		old := w.plan(visit.Line{Order: visit.Order{Ref: "OLD"}, Slot: visit.Slot{Day: "1999-06-01", From: "09:00", To: "11:00"}}).ID
		id := w.bound(visit.Order{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.office.Run(ctx) }()
		time.Sleep(time.Minute)
		w.boots("cb-1", id, well())
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if w.items["cb-1"] != enrolment.StateServing {
			t.Errorf("the box is %s", w.items["cb-1"])
		}
		v, err := w.office.Look(t.Context(), id, tech)
		if err != nil || v.Seconds() < 60 || v.Seconds() > 70 {
			t.Errorf("%d s, %v", v.Seconds(), err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if _, err := w.office.Look(t.Context(), old, boss); !errors.Is(err, visit.ErrNotFound) {
			t.Errorf("what came to nothing is kept for ever: %v", err)
		}
		if _, err := w.office.Look(t.Context(), id, boss); err != nil {
			t.Errorf("what is of a home has gone: %v", err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// What could not be brought up is left with its certificate, if it has one, and the report says that it does not serve.
func TestAVisitMayEndWithoutABoxInService(t *testing.T) {
	w := newTown(t)
	id := w.bound(visit.Order{})
	w.items["cb-1"] = enrolment.StateClaimed
	v, err := w.office.Look(t.Context(), id, tech)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range v.Checklist {
		if i.State != visit.ItemOK {
			w.must(id, visit.Step{Kind: visit.KindDecide, Item: i.Name, Decision: visit.DecideSkip, Reason: "the line comes tomorrow"})
		}
	}
	w.must(id, visit.Step{Kind: visit.KindFinish, Reason: "the line comes tomorrow"})
	file, err := w.office.ReportOf(t.Context(), id, tech)
	if err != nil {
		t.Fatal(err)
	}
	report, err := visit.Verify(w.public(), file)
	if err != nil || report.Seconds != 0 || w.items["cb-1"] != enrolment.StateServing {
		t.Errorf("%d s, box %s, %v", report.Seconds, w.items["cb-1"], err)
	}
}
