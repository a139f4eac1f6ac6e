package visit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// item finds a line of the checklist as it is now.
func (w *town) item(id, name string) visit.Item {
	w.t.Helper()
	v, err := w.office.Look(w.t.Context(), id, tech)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, i := range v.Checklist {
		if i.Name == name {
			return i
		}
	}
	w.t.Fatalf("no item %s in %+v", name, v.Checklist)
	return visit.Item{}
}

// bound is a visit whose box has been bound.
func (w *town) bound(o visit.Order) string {
	id := w.plan(visit.Line{Order: o}).ID
	w.must(id, arrive(), bind("cb-1"))
	return id
}

func (w *town) summary(id string) string {
	w.t.Helper()
	v, err := w.office.Look(w.t.Context(), id, tech)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, i := range v.Checklist {
		word := i.Name + "=" + string(i.State)
		for _, more := range []string{i.After, i.Code} {
			if more != "" {
				word += "/" + more
			}
		}
		all = append(all, word)
	}
	return strings.Join(all, " ")
}

func TestTheChecklistIsWhatTheBoxSays(t *testing.T) {
	ordered := visit.Order{Down: 300_000_000, Up: 50_000_000, TV: true}
	is := func(name, want string, prepare func(*town, string)) {
		t.Helper()
		w := newTown(t)
		id := w.bound(ordered)
		prepare(w, id)
		if got := w.summary(id); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	is("in its carton", "claimed=waiting/power-and-cable certificate=waiting/claimed cloud=waiting/certificate clock=waiting/cloud wan=waiting/cloud "+
		"ipv6=waiting/cloud radios=waiting/cloud line-down=waiting/cloud line-up=waiting/cloud tv=waiting/cloud", func(*town, string) {})
	said := well()
	said.Reservations = []wire.ReservationState{{ID: "tv", State: wire.HoldInForce}}
	is("all is well", "claimed=ok certificate=ok cloud=ok clock=ok wan=ok ipv6=ok radios=ok line-down=ok line-up=ok tv=ok",
		func(w *town, id string) { w.boots("cb-1", id, said) })
	poor := wire.Reported{
		WAN: &wire.WAN{Link: true, IPv4: true}, Line: &policies.Line{Down: 182_000_000, Up: 60_000_000, Source: policies.LineMeasured},
		Reservations: []wire.ReservationState{{ID: "tv", State: wire.HoldRefused}},
		Radios:       []policies.Radio{{Name: "wlan0", State: policies.RadioUp}, {Name: "wlan1", State: policies.RadioCheck}},
	}
	is("much is not", "claimed=ok certificate=ok cloud=ok clock=waiting/time-servers wan=ok ipv6=waiting/ipv6-of-the-line radios=waiting/radar-check "+
		"line-down=failed/line-slow line-up=ok tv=failed/tv-not-kept", func(w *town, id string) { w.boots("cb-1", id, poor) })
	bare := well()
	bare.Radios, bare.Line, bare.WAN = nil, &policies.Line{Down: 1e9, Up: 1e9, Source: policies.LineConfigured}, nil
	is("no radios are a fact; what is configured was not measured", "claimed=ok certificate=ok cloud=ok clock=ok wan=waiting/fibre-light-and-plug "+
		"ipv6=waiting/ipv6-of-the-line radios=ok/no-radios line-down=waiting/measure line-up=waiting/measure tv=waiting/tv-not-reserved",
		func(w *town, id string) { w.boots("cb-1", id, bare) })
}

func TestWhatWaitsTooLongHasFailedAndMayStillWork(t *testing.T) {
	w := newTown(t)
	id := w.bound(visit.Order{})
	begun := w.clock()
	if i := w.item(id, visit.ItemClaimed); i.State != visit.ItemWaiting || !i.Since.Equal(begun) || i.Usual == 0 {
		t.Errorf("%+v", i)
	}
	w.pass(4*time.Minute + time.Second)
	if i := w.item(id, visit.ItemClaimed); i.State != visit.ItemFailed || !i.Since.Equal(begun) || i.Code != "power-and-cable" {
		t.Errorf("%+v", i)
	}
	if i := w.item(id, visit.ItemClock); i.State != visit.ItemWaiting || i.After != visit.ItemCloud {
		t.Errorf("what could not begin has not failed: %+v", i)
	}
	said := well()
	said.WAN = nil
	w.boots("cb-1", id, said)
	if i := w.item(id, visit.ItemClaimed); i.State != visit.ItemOK || !i.Since.Equal(w.clock()) {
		t.Errorf("%+v", i)
	}
	if i := w.item(id, visit.ItemWAN); i.State != visit.ItemWaiting || !i.Since.Equal(w.clock()) {
		t.Errorf("it waits since it could begin: %+v", i)
	}
}

func TestADecisionStandsUntilItIsNotNeeded(t *testing.T) {
	w := newTown(t)
	id := w.bound(visit.Order{Down: 300_000_000})
	said := well()
	said.Line.Down, said.WAN.IPv6 = 182_000_000, false
	w.boots("cb-1", id, said)
	decide := func(item, decision string) visit.Step {
		return visit.Step{Kind: visit.KindDecide, Item: item, Decision: decision, Reason: "no other socket"}
	}
	if _, _, err := w.step(id, decide(visit.ItemIPv6, visit.DecideAccept)); err == nil {
		t.Error("accepted what was not measured")
	}
	if _, _, err := w.step(id, decide("cat", visit.DecideSkip)); err == nil {
		t.Error("skipped what is not there")
	}
	w.must(id, decide(visit.ItemDown, visit.DecideAccept), decide(visit.ItemIPv6, visit.DecideSkip))
	i, v6 := w.item(id, visit.ItemDown), w.item(id, visit.ItemIPv6)
	if i.State != visit.ItemOK || i.Reason != "no other socket" || i.By != "Théo" || *i.Measured != 182_000_000 || *i.Expected != 300_000_000 {
		t.Errorf("%+v", i)
	}
	if v6.State != visit.ItemSkipped {
		t.Errorf("%+v", v6)
	}
	v, _ := w.office.Look(t.Context(), id, boss)
	if got := v.View().Exceptions; len(got) != 2 {
		t.Errorf("the supervisor sees %+v", got)
	}
	w.boots("cb-1", id, well())
	if i := w.item(id, visit.ItemDown); i.State != visit.ItemOK || i.Decision != "" {
		t.Errorf("a decision on what works: %+v", i)
	}
}
