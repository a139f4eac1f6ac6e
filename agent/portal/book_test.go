package portal

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(minutes float64) time.Time { return noon.Add(time.Duration(minutes * float64(time.Minute))) }

var leo, mia = Visitor{Device: "leo", MAC: "02:00:00:00:00:0a"}, Visitor{Device: "mia", MAC: "02:00:00:00:00:0b"}

func mustAsk(t *testing.T, b *Book, v Visitor, now time.Time) wire.Ask {
	t.Helper()
	if err := b.ask(v, 30, wire.WhyGame, now); err != nil {
		t.Fatal(err)
	}
	open := b.Open(now)
	return open[len(open)-1]
}

func (b *Book) expect(t *testing.T, now time.Time, want phase) asking {
	t.Helper()
	a := b.status("leo", now)
	if a.phase != want {
		t.Errorf("at %s: %q, want %q", now.Format("15:04"), a.phase, want)
	}
	return a
}

// One ask of a device is open at a time; those of others do not matter.
func TestOneAskAtATime(t *testing.T) {
	b := &Book{}
	first := mustAsk(t, b, leo, at(0))
	want := wire.Ask{ID: first.ID, Device: "leo", MAC: "02:00:00:00:00:0a", Minutes: 30, Why: wire.WhyGame, At: at(0)}
	if first != want || first.ID == "" {
		t.Errorf("asked %+v", first)
	}
	mustAsk(t, b, mia, at(1))
	for _, minute := range []float64{0, 1, 10, 14.9} {
		if err := b.ask(leo, 15, "", at(minute)); !errors.Is(err, errTooSoon) {
			t.Errorf("minute %v: %v", minute, err)
		}
	}
	if a := b.expect(t, at(14), phaseLeaving); !a.again.Equal(at(15)) {
		t.Errorf("again at %s", a.again)
	}
	// Nobody has answered for a quarter of an hour: another one takes its place.
	b.expect(t, at(15), phaseUnheard)
	second := mustAsk(t, b, leo, at(15))
	if open := b.Open(at(15)); len(open) != 2 || open[1].ID != second.ID || second.ID == first.ID {
		t.Errorf("open %+v", open)
	}
}

// What nobody receives is said again for an hour, and then forgotten.
func TestAsksEnd(t *testing.T) {
	b := &Book{}
	mustAsk(t, b, leo, at(0))
	if n := len(b.Open(at(59))); n != 1 {
		t.Errorf("%d are open", n)
	}
	if n := len(b.Open(at(60))); n != 0 {
		t.Errorf("%d are open", n)
	}
	b.expect(t, at(60), phaseNone)
}

// An ask outlives the agent, and is not asked for twice.
func TestAsksAreRecalled(t *testing.T) {
	before, after := &Book{}, &Book{}
	ask := mustAsk(t, before, leo, at(0))
	after.Recall(before.Open(at(1)))
	after.expect(t, at(1), phaseLeaving)
	if open := after.Open(at(1)); len(open) != 1 || open[0] != ask {
		t.Errorf("open %+v", open)
	}
	if err := after.ask(leo, 15, "", at(1)); !errors.Is(err, errTooSoon) {
		t.Error("asked twice")
	}
}

func TestAnswers(t *testing.T) {
	b := &Book{}
	ask := mustAsk(t, b, leo, at(0))
	answer := func(state wire.AskState, minute float64) {
		until := at(minute + 30)
		b.Answered([]wire.Answer{
			{ID: "older", Device: "leo", State: wire.AskRefused, At: at(-60)},
			{ID: ask.ID, Device: "leo", State: state, By: "Camille", Until: &until, Asked: ask.At, At: at(minute)},
			{ID: "hers", Device: "mia", State: wire.AskGranted, At: at(9), Until: &until},
		})
	}
	answer(wire.AskSent, 0.1)
	if open := b.Open(at(1)); len(open) != 0 {
		t.Errorf("open although it was received: %v", open)
	}
	b.expect(t, at(1), phaseSent)
	answer(wire.AskSeen, 2)
	if a := b.expect(t, at(3), phaseSeen); a.by != "Camille" {
		t.Errorf("seen by %q", a.by)
	}
	b.expect(t, at(10), phaseSilence)
	b.expect(t, at(15), phaseUnheard)
	b.expect(t, at(60), phaseNone)

	answer(wire.AskGranted, 5)
	if a := b.expect(t, at(5.5), phaseGranted); !a.fresh || !a.until.Equal(at(35)) {
		t.Errorf("granted %+v", a)
	}
	if a := b.expect(t, at(6), phaseGranted); a.fresh {
		t.Error("a grant is on its way for ever")
	}
	b.expect(t, at(35), phaseNone)

	answer(wire.AskExpired, 20)
	b.expect(t, at(20), phaseUnheard)

	answer(wire.AskRefused, 5)
	if a := b.expect(t, at(6), phaseRefused); !a.again.Equal(at(20)) {
		t.Errorf("again at %s", a.again)
	}
	if err := b.ask(leo, 60, "", at(19.9)); !errors.Is(err, errTooSoon) {
		t.Error("asked within a quarter of an hour of a refusal")
	}
	b.expect(t, at(20), phaseNone)
	mustAsk(t, b, leo, at(20))
	b.expect(t, at(21), phaseLeaving)
}

// A clock that was set back does not make anybody wait for what it had dreamt.
func TestClockSetBack(t *testing.T) {
	b := &Book{}
	mustAsk(t, b, leo, at(60*24*365))
	b.expect(t, at(0), phaseNone)
	mustAsk(t, b, leo, at(0))
	b.Answered([]wire.Answer{{ID: "x", Device: "leo", State: wire.AskRefused, At: at(60 * 24)}})
	b.expect(t, at(1), phaseNone)
	// The cloud's clock may be a little ahead.
	b.Answered([]wire.Answer{{ID: "x", Device: "leo", State: wire.AskRefused, At: at(2)}})
	b.expect(t, at(1), phaseRefused)
}

func TestGate(t *testing.T) {
	g := newGate()
	phone, tv := mustAddr("192.168.7.10"), mustAddr("2001:db8:7::c")
	for i := range maxVisits {
		if !g.enter(phone, noon) {
			t.Fatalf("visit %d was turned away", i)
		}
	}
	if g.enter(tv, noon) {
		t.Error("more came in than there is room for")
	}
	g.leave()
	if !g.enter(tv, noon) {
		t.Error("nobody came in although there is room")
	}
	for g.inside > 0 {
		g.leave()
	}
	in := 0
	for range 1000 {
		if g.enter(phone, noon) {
			g.leave()
			in++
		}
	}
	if in != maxRequests-maxVisits {
		t.Errorf("%d requests of one address", in+maxVisits)
	}
	if !g.enter(phone, noon.Add(gatePeriod)) {
		t.Error("turned away for ever")
	}
	for i := range 10 * maxPeers {
		if g.enter(mustAddr(fmt.Sprintf("2001:db8::%x:%x", i>>12, i&0xfff)), noon.Add(gatePeriod)) {
			g.leave()
		}
	}
	if n := len(g.counts); n > maxPeers {
		t.Errorf("%d addresses are remembered", n)
	}
}
