package registry

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// street hears all that is told.
type street struct {
	mu   sync.Mutex
	told []Event
}

func (s *street) Tell(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, e)
}

// take is what was told since it was asked last.
func (s *street) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := []string{}
	for _, e := range s.told {
		parts := []string{string(e.Kind), e.Word, e.Person, e.Member, e.But, e.Name, e.Whose}
		if e.Count > 0 {
			parts = append(parts, fmt.Sprint(e.Count))
		}
		lines = append(lines, strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " "))
	}
	s.told = nil
	return lines
}

func (s *street) hears(t *testing.T, when string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), s.take()); diff != "" {
		t.Errorf("%s: %s", when, diff)
	}
}

func town(t *testing.T) (*Registry, *memory, *air, *street) {
	t.Helper()
	r, m, a := still(t)
	s := &street{}
	r.Herald = s
	return r, m, a, s
}

// live is a box that beats for a while, or is silent for it.
func live(t *testing.T, a *air, alive bool, span time.Duration) {
	t.Helper()
	for range int(span / (20 * time.Second)) {
		if alive {
			say(t, a, wire.UpHeartbeat, wire.Heartbeat{Revision: 1})
		}
		time.Sleep(20 * time.Second)
	}
	synctest.Wait()
}

func TestABoxThatIsGoneIsToldOnceAndThatItIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, a, s := town(t)
		run(t, r)
		synctest.Wait()
		live(t, a, true, 5*time.Minute)
		live(t, a, false, 9*time.Minute)
		live(t, a, true, 5*time.Minute)
		s.hears(t, "after nine minutes")
		live(t, a, false, 11*time.Minute)
		s.hears(t, "after eleven minutes", "box gone")
		live(t, a, false, 2*time.Hour)
		s.hears(t, "after two hours")
		live(t, a, true, 2*time.Minute)
		s.hears(t, "when it is back", "box back")
		live(t, a, true, 20*time.Minute)
		s.hears(t, "later")
	})
}

// TestACloudThatWasAwayCallsNoBoxGone: boxes come back within a minute of its start.
func TestACloudThatWasAwayCallsNoBoxGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m, a, s := town(t)
		m.record.Box.Seen = time.Now().Add(-2 * time.Hour)
		run(t, r)
		live(t, a, false, 40*time.Second)
		live(t, a, true, 10*time.Minute)
		s.hears(t, "after a restart")
		m.set(true)
		time.Sleep(15 * time.Minute)
		m.set(false)
		live(t, a, true, 10*time.Minute)
		s.hears(t, "after the database was away")
	})
}

// weekday is a policy in which Léo has a phone and a console that go offline at 21:00, the console alone at 20:00.
func weekday(t *testing.T) policies.Policy {
	t.Helper()
	p := policies.NewPolicy("Europe/Paris")
	p.People = []policies.Person{{ID: "leo", Name: "Léo"}, {ID: "mia", Name: "Mia"}}
	p.Devices = []policies.Device{
		{ID: "phone", Name: "Phone", Kind: "phone", MACs: []policies.MAC{"02:00:00:00:00:0a"}, Person: "leo"},
		{ID: "console", Name: "Console", Kind: "console", MACs: []policies.MAC{"02:00:00:00:00:0b"}, Person: "leo"},
	}
	all := []policies.Day{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	p.Schedules = []policies.Schedule{
		{ID: "night", For: policies.Target{Person: "leo"}, Days: all, Start: "21:00", Duration: 36000},
		{ID: "early", For: policies.Target{Device: "console"}, Days: all, Start: "20:00", Duration: 3600},
	}
	return policies.Canonical(p)
}

func there(ids ...string) wire.Reported {
	said := wire.Reported{Box: "box-1", InForce: 1}
	for _, id := range ids {
		said.Devices = append(said.Devices, wire.DeviceState{ID: id, Present: true})
	}
	return said
}

func TestACutIsForeseenAmongTheDevicesThatAreThere(t *testing.T) {
	paris, err := policies.Location("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 21, hour, minute, 0, 0, paris) }
	budget := policies.Budget{ID: "b", For: policies.Target{Person: "leo"}, Days: []policies.Day{"Saturday"}, Amount: 3600}
	for name, c := range map[string]struct {
		change func(*policies.Policy)
		said   wire.Reported
		now    time.Time
		want   string
	}{
		"both go offline":            {nil, there("phone", "console"), at(20, 51), "21:00 "},
		"it is far":                  {nil, there("phone"), at(20, 49), ""},
		"it is too near":             {nil, there("phone"), at(20, 59), ""},
		"one goes on":                {nil, there("phone", "console"), at(19, 52), "20:00 Console"},
		"the one that is there":      {nil, there("console"), at(19, 52), "20:00 "},
		"nothing is there":           {nil, there(), at(20, 51), ""},
		"offline already":            {nil, there("phone"), at(21, 30), ""},
		"more time was given":        {func(p *policies.Policy) { p.Overrides = bonus(at(20, 40), at(21, 30)) }, there("phone"), at(20, 51), ""},
		"and that ends":              {func(p *policies.Policy) { p.Overrides = bonus(at(20, 40), at(21, 30)) }, there("phone"), at(21, 21), "21:30 "},
		"a budget is nearly used up": {func(p *policies.Policy) { p.Budgets = []policies.Budget{budget} }, used(there("phone"), 54), at(15, 0), "15:06 budget"},
		"a budget has an hour left":  {func(p *policies.Policy) { p.Budgets = []policies.Budget{budget} }, used(there("phone"), 0), at(15, 0), ""},
		"a budget of another day": {func(p *policies.Policy) {
			budget := budget
			budget.Days = []policies.Day{"Sunday"}
			p.Budgets = []policies.Budget{budget}
		}, used(there("phone"), 54), at(15, 0), ""},
		"a budget that is used up is": {func(p *policies.Policy) { p.Budgets = []policies.Budget{budget} }, used(there("phone"), 60), at(15, 0), ""},
	} {
		p := weekday(t)
		if c.change != nil {
			c.change(&p)
		}
		got := ""
		n, found, err := nextCut(p, c.said, "leo", c.now)
		if err != nil {
			t.Fatal(err)
		}
		if found {
			got = n.at.In(paris).Format("15:04 ") + n.device
			if n.reason.Kind == policies.KindBudget {
				got += "budget"
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func bonus(from, to time.Time) []policies.Override {
	return []policies.Override{{ID: "o", For: policies.Target{Person: "leo"}, Mode: policies.ModeBonus, At: from, Until: &to}}
}

func used(said wire.Reported, minutes int) wire.Reported {
	said.Usage = []wire.Used{{Person: "leo", Date: "2026-11-21", Minutes: minutes}}
	return said
}

func TestAChildIsWarnedOnceOfACut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is midnight in UTC, one o'clock in Paris
		r, m, _, s := town(t)
		p := weekday(t)
		p.Schedules[0].Start, p.Schedules[1].Start = "01:30", "12:00"
		m.record.Asked.Policy, m.children = p, []Child{{Home: "h1", Person: "leo"}}
		data, err := json.Marshal(there("phone", "console"))
		if err != nil {
			t.Fatal(err)
		}
		m.record.Box.Reported = data
		run(t, r)
		time.Sleep(19 * time.Minute)
		s.hears(t, "at 01:19")
		time.Sleep(2 * time.Minute)
		s.hears(t, "at 01:21", "cut leo")
		time.Sleep(20 * time.Minute)
		s.hears(t, "at 01:41")
	})
}

func TestAnUnnamedDeviceIsToldOnce(t *testing.T) {
	r, m, _, s := town(t)
	m.record.Asked.Policy = weekday(t)
	report := func(devices ...wire.DeviceState) {
		t.Helper()
		body, err := json.Marshal(wire.Reported{Box: "box-1", Devices: devices})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.take(t.Context(), message{box: "box-1", what: wire.UpReported, body: body, at: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	galaxy := wire.DeviceState{MAC: "02:00:00:00:00:0c", Hostname: "Galaxy-A54", Present: true}
	away := wire.DeviceState{MAC: "02:00:00:00:00:0d"}
	named := wire.DeviceState{MAC: "02:00:00:00:00:0a", Present: true} // the box has not taken its name yet
	report(away, named)
	s.hears(t, "nobody new")
	report(galaxy, away, named)
	s.hears(t, "one", "device Galaxy-A54 1")
	report(galaxy, away)
	s.hears(t, "again")
	away.Present = true
	report(away, wire.DeviceState{MAC: "02:00:00:00:00:0e", Present: true})
	s.hears(t, "two more", "device 2")
}

func TestWhoAskedIsToldWhenItIsInForceLate(t *testing.T) {
	r, _, _, s := town(t)
	now := time.Now()
	err := r.tellApplied(t.Context(), Heard{Home: "h1", Applied: []Applied{
		{Revision: 2, Actor: Actor{Member: "ana"}, Asked: now.Add(-time.Hour)},
		{Revision: 3, Actor: Actor{Member: "sam"}, Asked: now.Add(-2 * time.Hour)},
		{Revision: 4, Actor: itself(), Asked: now.Add(-time.Hour)},
		{Revision: 5, Actor: Actor{Member: "ana"}, Asked: now.Add(-time.Hour)},
		{Revision: 6, Actor: Actor{Member: "kim"}, Asked: now.Add(-2 * time.Second)},
	}}, now)
	if err != nil {
		t.Fatal(err)
	}
	s.hears(t, "late", "box applied ana", "box applied sam")
}

func TestOtherAdultsAreToldOfChangedHours(t *testing.T) {
	r, m, _, s := town(t)
	m.record.Asked.Policy = weekday(t)
	revision := int64(1)
	change := func(apply func(*policies.Policy)) {
		t.Helper()
		state, err := r.Change(t.Context(), "h1", revision, Edit{Actor: Actor{Member: "sam", Name: "Sam"}, Apply: func(p *policies.Policy) error {
			apply(p)
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		revision = state.Asked.Revision
	}
	change(func(p *policies.Policy) { p.Schedules[1].Start = "20:30" })
	s.hears(t, "one rule of one person", "hours sam Sam Léo")
	change(func(p *policies.Policy) {
		p.Schedules = p.Schedules[:1]
		p.Schedules[0].For = policies.Target{Home: true}
	})
	s.hears(t, "two rules", "hours sam Sam")
	change(func(p *policies.Policy) { p.People[0].Name = "Leo" })
	s.hears(t, "a name")
}
