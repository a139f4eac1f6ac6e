package reconcile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	phone    = policies.MAC("02:00:00:00:00:0a")
	stranger = policies.MAC("02:00:00:00:00:ff")
)

// issue hands over an issue of a policy with answers, as the cloud does after each ask.
func (h *home) issue(revision int64, at time.Time, p policies.Policy, asks ...wire.Answer) {
	h.Helper()
	h.Receive(h.signed(wire.Desired{Box: box, Revision: revision, Issued: at, Asks: asks}, p))
	h.settle()
}

func (h *home) answered(want ...string) {
	h.Helper()
	var got []string
	for _, list := range h.asks.answers {
		said := ""
		for _, a := range list {
			said += a.ID + " " + string(a.State) + ";"
		}
		got = append(got, said)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.Errorf("answers: -want +got\n%s", diff)
	}
}

// Answers come with the document that is in force, and change nothing of it.
func TestAnswersAreTakenOver(t *testing.T) {
	inHome(t, func(h *home) {
		paused := family(pause("phone", time.Now(), 0))
		sent, seen := wire.Answer{ID: "a", State: wire.AskSent}, wire.Answer{ID: "a", State: wire.AskSeen}
		h.issue(1, time.Now(), paused)
		h.after(time.Second)
		h.issue(1, time.Now(), paused, sent)
		restores, writes := h.firewall.applied, h.store.writes
		h.after(time.Second)
		first := time.Now()
		h.issue(1, first, paused, seen)
		h.issue(1, first.Add(-time.Second), paused, sent) // comes late
		h.issue(1, time.Now(), paused, seen)              // says the same
		h.answered("", "a sent;", "a seen;")
		h.revisions(1, 1)
		if h.firewall.applied != restores || h.store.writes != writes+1 {
			t.Errorf("an answer made %d restores and %d writes", h.firewall.applied-restores, h.store.writes-writes)
		}
		if r := h.Reported().Refused; r != nil {
			t.Errorf("refused %s", pretty(r))
		}
		// They outlive a restart, and go with the next revision.
		h.end()
		h.boot()
		h.answered("", "a sent;", "a seen;", "a seen;")
		h.issue(2, time.Now(), family())
		h.answered("", "a sent;", "a seen;", "a seen;", "")
	})
}

// An ask is on disk at once, and comes back with the agent.
func TestAsksOutliveTheAgent(t *testing.T) {
	inHome(t, func(h *home) {
		h.send(1, family())
		h.after(time.Second)
		h.asks.open = []wire.Ask{{ID: "a", Device: "phone"}}
		h.Asked()
		h.settle()
		if saved := h.store.notes.Asks; len(saved) != 1 || saved[0].ID != "a" {
			t.Errorf("on disk: %+v", saved)
		}
		h.end()
		h.asks.open = nil
		h.boot()
		if open := h.asks.open; len(open) != 1 || open[0].ID != "a" {
			t.Errorf("after a restart: %+v", open)
		}
	})
}

func TestMoreAnswersThanThereMayBeAreCut(t *testing.T) {
	inHome(t, func(h *home) {
		h.issue(1, time.Now(), family(), make([]wire.Answer, wire.MaxAsks+10)...)
		if n := len(h.asks.answers[0]); n != wire.MaxAsks {
			t.Errorf("%d answers were taken", n)
		}
	})
}

// What the page tells is what holds at this very second.
func TestVisitorIsOfThisSecond(t *testing.T) {
	inHome(t, func(h *home) {
		if _, known := h.Look(phone); known {
			t.Error("somebody is known without a document")
		}
		until := time.Now().Add(10 * time.Minute)
		p := family(pause("phone", time.Now(), 10*time.Minute))
		p.Overrides[0].By = "Camille"
		h.send(1, p)
		h.after(30 * time.Second)
		v, known := h.Look(phone)
		if !known || v.Device != "phone" || v.Verdict.Online || v.By != "Camille" || !v.Sure || !v.Now.Equal(time.Now()) ||
			v.Verdict.Changes == nil || !v.Verdict.Changes.Equal(until) {
			t.Errorf("visitor %s", pretty(v))
		}
		if v, _ := h.Look(stranger); v.Device != "" || !v.Verdict.Online || v.Verdict.Reason.ID != string(stranger) {
			t.Errorf("stranger %s", pretty(v))
		}
		h.after(9*time.Minute + 30*time.Second)
		if v, _ := h.Look(phone); !v.Verdict.Online {
			t.Errorf("visitor %s", pretty(v))
		}
	})
}

// An instant at half past nine in the evening of a Saturday in Paris.
var saturday = time.Date(2026, 11, 21, 20, 30, 0, 0, time.UTC)

func TestWordsOfTheFamily(t *testing.T) {
	p := family(nights("21:30", 8*time.Hour), budget(2*time.Hour))
	p.Schedules[0].Name = "School nights"
	p.Budgets = append(p.Budgets,
		policies.Budget{ID: "less", For: policies.Target{Person: "leo"}, Days: []policies.Day{"Saturday"}, Amount: 3600},
		policies.Budget{ID: "Sunday's", For: policies.Target{Person: "leo"}, Days: []policies.Day{"Sunday"}, Amount: 60})
	usage := policies.Usage{"leo": {"2026-11-21": {Minutes: 42, Last: saturday.Add(-time.Hour)}}}
	sure := Moment{Instant: saturday, Synchronised: true, Passed: saturday}
	tell := func(p policies.Policy, m Moment) portal.Visitor {
		t.Helper()
		v, known := Describe(p, usage, phone, m)
		if !known {
			t.Fatal("nobody")
		}
		return v
	}
	if v := tell(p, sure); v.Rule != "School nights" || v.Budget != time.Hour || v.Used != 42*time.Minute || v.Verdict.Online {
		t.Errorf("visitor %s", pretty(v))
	}
	e := p
	e.Exceptions = []policies.Exception{{ID: "e", Name: "Party", For: policies.Target{Home: true}, Date: "2026-11-21",
		Windows: []policies.Window{{Start: "21:00", Duration: 3600}}}}
	if v := tell(e, sure); v.Rule != "Party" || v.Verdict.Reason.Kind != policies.KindException {
		t.Errorf("visitor %s", pretty(v))
	}
	until := saturday.Add(time.Hour)
	e.Overrides = []policies.Override{
		{ID: "b", For: policies.Target{Person: "leo"}, Mode: policies.ModeBonus, At: saturday, Until: &until, By: "Sam"},
	}
	if v := tell(e, sure); v.By != "Sam" || v.Rule != "" || !v.Verdict.Online {
		t.Errorf("visitor %s", pretty(v))
	}
	// Without a clock nothing is promised.
	if v := tell(p, Moment{Instant: saturday, Passed: saturday}); v.Sure || v.Verdict.Changes != nil || v.Verdict.Until != nil {
		t.Errorf("visitor %s", pretty(v))
	}
	p.Zone = "Mars"
	if _, known := Describe(p, usage, phone, sure); known {
		t.Error("a visitor on Mars")
	}
}
