package visit_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/policies"
)

func TestAVisitGoesFromPlannedToInService(t *testing.T) {
	w := newTown(t)
	id := w.plan(visit.Line{Order: visit.Order{Down: 300_000_000, Rooms: []string{"Salon"}}}).ID
	w.early(id, "arrive", bind("cb-1"))
	w.must(id, visit.Step{Kind: visit.KindWay}, arrive())
	w.early(id, "bind", sign())
	scanned := w.clock()
	w.pass(time.Minute)
	v := w.must(id, visit.Step{Kind: visit.KindBind, Box: "carebox:CB-1:AAAA-BBBB", Scanned: scanned})
	if v.State != visit.StateBound || v.Serial != "cb-1" || v.Home != v.ID || !v.Scanned.Equal(scanned) || v.Seconds() != 0 {
		t.Fatalf("bound %+v", v)
	}
	w.early(id, "items", sign())
	w.boots("cb-1", id, well())
	w.pass(3 * time.Minute)
	v, err := w.office.Look(t.Context(), id, tech)
	if err != nil || v.Seconds() != 240 || w.items["cb-1"] != enrolment.StateServing {
		t.Fatalf("%d s, box %s, %v", v.Seconds(), w.items["cb-1"], err)
	}
	w.photo(id)
	w.must(id, visit.Step{Kind: visit.KindRoom, Room: &visit.Room{Name: "Salon", Verdict: "good", Rate: 200_000_000, Signal: -50}})
	if live, err := w.office.Live(t.Context(), "tech"); err != nil || len(live) != 1 || live[0] != id || w.told[0] != "staff-tech" {
		t.Errorf("live %v, told %v, %v", live, w.told, err)
	}
	v = w.must(id, visit.Step{Kind: visit.KindNote, Text: "deux\nlignes"})
	if missing := v.Missing(); len(missing) != 1 || missing[0] != "sign" {
		t.Errorf("missing %q", missing)
	}
	v = w.must(id, sign(), visit.Step{Kind: visit.KindFinish})
	if v.State != visit.StateFinished || v.Finished.IsZero() || w.serve != 1 {
		t.Errorf("finished %+v, served %d times", v, w.serve)
	}
	if live, err := w.office.Live(t.Context(), "tech"); err != nil || len(live) != 0 {
		t.Errorf("live after the end: %v, %v", live, err)
	}
	file, err := w.office.ReportOf(t.Context(), id, tech)
	if err != nil {
		t.Fatal(err)
	}
	report, err := visit.Verify(w.public(), file)
	if err != nil || report.Seconds != 240 || report.By != "Théo" || len(report.Drawing) == 0 || report.Visit.Order.Customer != "Zoé Été" {
		t.Errorf("report %+v, %v", report, err)
	}
}

// A phone that was out of reach sends what it kept, in whatever order, by many ways at once.
func TestAStepTwiceIsOneEffect(t *testing.T) {
	w := newTown(t)
	id := w.plan(visit.Line{}).ID
	w.must(id, arrive())
	var all sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[visit.Outcome]int{}
	s := visit.Step{ID: "n1", Kind: visit.KindNote, Text: "once", At: w.clock()}
	for range 6 {
		all.Go(func() {
			_, outcome, err := w.office.Take(t.Context(), id, s, tech)
			mu.Lock()
			defer mu.Unlock()
			if outcomes[outcome]++; err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	v, _ := w.office.Look(t.Context(), id, tech)
	if outcomes[visit.OutcomeDone] != 1 || outcomes[visit.OutcomeAgain] != 5 || len(v.Notes) != 1 {
		t.Errorf("outcomes %v, notes %v", outcomes, v.Notes)
	}
	s.Text = "twice"
	if _, _, err := w.office.Take(t.Context(), id, s, tech); !errors.Is(err, visit.ErrDiffers) {
		t.Errorf("another step with the same id: %v", err)
	}
	if _, outcome, err := w.step(id, visit.Step{Kind: visit.KindWay}); err != nil || outcome != visit.OutcomeLate {
		t.Errorf("on the way after arriving: %s, %v", outcome, err)
	}
	if v, _, _ := w.step(id, arrive()); v.State != visit.StateArrived {
		t.Errorf("state %s", v.State)
	}
}

func TestTimesOfAPhoneAreTakenWithinBounds(t *testing.T) {
	for name, row := range map[string]struct{ at, scanned, wantScanned time.Duration }{
		"as it was":            {-time.Hour, -2 * time.Hour, -2 * time.Hour},
		"its clock is ahead":   {time.Hour, 2 * time.Hour, 0},
		"its clock is at 1970": {-50 * 365 * 24 * time.Hour, -50 * 365 * 24 * time.Hour, -84 * time.Hour},
		"no time of the scan":  {-time.Minute, 0, -time.Minute},
	} {
		w := newTown(t)
		id := w.plan(visit.Line{}).ID
		w.must(id, arrive())
		s := bind("cb-1")
		s.ID, s.At = "b", noon.Add(row.at)
		if row.scanned != 0 {
			s.Scanned = noon.Add(row.scanned)
		}
		if s.At.Year() < 2000 {
			s.At = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		v, _, err := w.office.Take(t.Context(), id, s, tech)
		if err != nil || !v.Scanned.Equal(noon.Add(row.wantScanned)) {
			t.Errorf("%s: scanned %s, %v", name, v.Scanned, err)
		}
	}
}

func TestAScanSaysWhoseABoxIs(t *testing.T) {
	w := newTown(t)
	w.items["cb-3"], w.items["cb-4"], w.items["cb-5"] = enrolment.StateServing, enrolment.StateSwapped, enrolment.StateMade
	w.store.Settle("cb-3", "another home", noon)
	id := w.plan(visit.Line{}).ID
	w.plan(visit.Line{Order: visit.Order{Ref: "B-2", Serial: "CB-5"}})
	before := w.store.String()
	for text, want := range map[string]visit.Verdict{
		"carebox:cb-1:ABCD": visit.VerdictOurs, " CB-2 ": visit.VerdictOurs, "cb-3": visit.VerdictServing, "cb-4": visit.VerdictGone,
		"cb-5": visit.VerdictOther, "cb-9": visit.VerdictUnknown, "https://example.org": visit.VerdictUnknown, "": visit.VerdictUnknown,
	} {
		if got, err := w.office.Scan(t.Context(), id, text, tech); err != nil || got.Verdict != want {
			t.Errorf("%q is %s, want %s: %v", text, got.Verdict, want, err)
		}
	}
	if w.store.String() != before {
		t.Error("a scan changed something")
	}
	w.must(id, arrive())
	for _, box := range []string{"cb-3", "cb-4", "cb-5", "cb-9"} {
		var wrong *visit.Wrong
		if _, _, err := w.step(id, bind(box)); !errors.As(err, &wrong) {
			t.Errorf("bound %s: %v", box, err)
		}
	}
	w.must(id, bind("cb-1"))
	w.early(id, "swap", bind("cb-2"))
	v := w.must(id, visit.Step{Kind: visit.KindSwap, Box: "cb-1", Reason: "dead on arrival"}, bind("cb-2"))
	if v.Serial != "cb-2" || w.items["cb-1"] != enrolment.StateSwapped || len(v.TakenBack) != 1 {
		t.Errorf("swapped %+v", v)
	}
	var wrong *visit.Wrong
	if _, _, err := w.step(id, visit.Step{Kind: visit.KindCollect, Box: "cb-3", Reason: "x"}); !errors.As(err, &wrong) {
		t.Errorf("took another home's box back: %v", err)
	}
}

func TestASwapTakesTheOldBoxBackByItself(t *testing.T) {
	w := newTown(t)
	first := w.plan(visit.Line{}).ID
	w.must(first, arrive(), bind("cb-1"))
	w.boots("cb-1", first, well())
	w.must(first, sign(), visit.Step{Kind: visit.KindFinish, Reason: "no photo"})
	second := w.plan(visit.Line{Order: visit.Order{Ref: "B-2", Kind: visit.OrderSwap, Replaces: "cb-1"}})
	if second.Home != first {
		t.Fatalf("home %q", second.Home)
	}
	w.must(second.ID, arrive())
	if got, err := w.office.Scan(t.Context(), second.ID, "cb-1", tech); err != nil || got.Verdict != visit.VerdictReplace {
		t.Errorf("the one that goes is %s, %v", got.Verdict, err)
	}
	v := w.must(second.ID, bind("cb-2"))
	if v.Home != first || w.items["cb-1"] != enrolment.StateSwapped || len(v.TakenBack) != 1 || v.TakenBack[0].Serial != "cb-1" {
		t.Errorf("swapped %+v, old box %s", v, w.items["cb-1"])
	}
}

func TestAReturnEndsWithTheBoxTakenBack(t *testing.T) {
	w := newTown(t)
	first := w.plan(visit.Line{}).ID
	w.must(first, arrive(), bind("cb-1"))
	id := w.plan(visit.Line{Order: visit.Order{Ref: "B-2", Kind: visit.OrderReturn, Replaces: "cb-1"}}).ID
	w.must(id, arrive())
	var wrong *visit.Wrong
	if _, _, err := w.step(id, bind("cb-2")); !errors.As(err, &wrong) {
		t.Errorf("bound: %v", err)
	}
	w.early(id, "collect", sign())
	v := w.must(id, visit.Step{Kind: visit.KindCollect, Box: "cb-1", Reason: "moves away"}, sign(), visit.Step{Kind: visit.KindFinish, Reason: "no photo"})
	if v.State != visit.StateFinished || w.items["cb-1"] != enrolment.StateSwapped {
		t.Errorf("%+v, box %s", v, w.items["cb-1"])
	}
}

func TestNobodyThereEndsWithProofAndAnotherVisit(t *testing.T) {
	w := newTown(t)
	id := w.plan(visit.Line{}).ID
	w.must(id, visit.Step{Kind: visit.KindArrive})
	gone := visit.Step{ID: "gone", Kind: visit.KindAbsent, Reason: "closed", Slot: &visit.Slot{Day: "2026-11-25", From: "09:00", To: "11:00"}}
	w.early(id, "photo", gone)
	w.photo(id)
	v := w.must(id, gone)
	if v.State != visit.StateAbsent || v.Absent == nil {
		t.Fatalf("%+v", v)
	}
	if again, outcome, err := w.step(id, gone); err != nil || outcome != visit.OutcomeAgain || again.Absent.Next != v.Absent.Next {
		t.Errorf("again: %s, %v", outcome, err)
	}
	next, err := w.office.Look(t.Context(), v.Absent.Next, tech)
	if err != nil || next.Order.Ref != "A-1/2" || next.State != visit.StatePlanned || next.Slot.Day != "2026-11-25" {
		t.Errorf("next %+v, %v", next, err)
	}
	if _, _, err := w.step(id, visit.Step{Kind: visit.KindNote, Text: "x"}); !errors.Is(err, visit.ErrOver) {
		t.Errorf("after the end: %v", err)
	}
}

func TestWhatWasDoneAfterTheSignatureIsRefused(t *testing.T) {
	w := newTown(t)
	id := w.plan(visit.Line{}).ID
	w.must(id, arrive(), bind("cb-1"))
	w.boots("cb-1", id, well())
	before := visit.Step{ID: "late", Kind: visit.KindNote, Text: "kept on the phone", At: w.clock()}
	w.pass(time.Minute)
	w.must(id, sign())
	w.pass(time.Minute)
	if v, _, err := w.office.Take(t.Context(), id, before, tech); err != nil || len(v.Notes) != 1 {
		t.Errorf("what was done before: %v", err)
	}
	if _, _, err := w.step(id, visit.Step{Kind: visit.KindNote, Text: "added"}); !errors.Is(err, visit.ErrSigned) {
		t.Errorf("what was done after: %v", err)
	}
	p := visit.Picture{ID: "p2", Kind: "box", At: w.clock(), Data: drawing(8, 8)}
	if _, err := w.office.AddPhoto(t.Context(), id, p, tech); !errors.Is(err, visit.ErrSigned) {
		t.Errorf("a photo after: %v", err)
	}
}

func TestATVGetsItsPlaceWhereItIs(t *testing.T) {
	w := newTown(t)
	id := w.plan(visit.Line{Order: visit.Order{TV: true}}).ID
	w.must(id, arrive(), bind("cb-1"))
	said := well()
	said.Radios[0].Band, said.Radios[0].Width = policies.Band5, 80
	said.Radios[0].Stations = []policies.Station{{MAC: "02:00:00:00:00:0c"}}
	w.boots("cb-1", id, said)
	for range 2 {
		w.must(id, visit.Step{Kind: visit.KindTV, MAC: "02-00-00-00-00-0C"})
	}
	p := w.homes[id].Asked.Policy
	if len(p.Reservations) != 1 || len(p.Devices) != 1 || p.Reservations[0].Band != policies.Band5 || p.Reservations[0].Width != 80 ||
		p.Reservations[0].FloorDown != 8_000_000 || p.Reservations[0].Devices[0] != p.Devices[0].ID {
		t.Errorf("policy %+v", p)
	}
}

func TestNobodyElsesVisitIsThere(t *testing.T) {
	w := newTown(t)
	id := w.plan(visit.Line{}).ID
	other := visit.Who{Member: "other"}
	_, look := w.office.Look(t.Context(), id, other)
	_, scan := w.office.Scan(t.Context(), id, "cb-1", other)
	_, _, take := w.office.Take(t.Context(), id, visit.Step{ID: "x", Kind: visit.KindWay, At: noon}, other)
	_, photo := w.office.Photo(t.Context(), id, "p", other)
	_, report := w.office.ReportOf(t.Context(), id, other)
	for _, err := range []error{look, scan, take, photo, report} {
		if !errors.Is(err, visit.ErrNotFound) {
			t.Error(err)
		}
	}
	if list, err := w.office.List(t.Context(), visit.Filter{Technician: "tech"}, other); err != nil || len(list) != 0 {
		t.Errorf("list %v, %v", list, err)
	}
}
