package registry_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// asking is home h1 with Léo and his phone.
func asking(t *testing.T, c *cloud) registry.State {
	t.Helper()
	state, err := c.registry.Change(t.Context(), "h1", 1, registry.Edit{Apply: func(p *policies.Policy) error {
		p.People = []policies.Person{{ID: "leo", Name: "Léo"}, {ID: "zoe", Name: "Zoé"}}
		p.Devices = []policies.Device{{ID: "phone", Name: "Phone", Kind: "phone", MACs: []policies.MAC{"02:00:00:00:00:01"}, Person: "leo"}}
		return nil
	}})
	must(t, err)
	return state
}

func yes(name string) registry.Grant {
	return registry.Grant{
		Actor:  registry.Actor{Member: name, Name: name, From: "app"},
		Change: func(registry.Ask) registry.Change { return registry.Change{Code: "bonus"} },
		Apply: func(p *policies.Policy, _ registry.State, ask registry.Ask) (time.Time, error) {
			until := time.Now().UTC().Truncate(time.Second).Add(time.Duration(ask.Answer.Minutes) * time.Minute)
			p.Overrides = append(p.Overrides, policies.Override{
				ID: uuid.NewString(), For: ask.Target(), Mode: policies.ModeBonus, At: time.Now().UTC(), Until: &until, By: name,
			})
			return until, nil
		},
	}
}

func TestAnAskTravelsFromTheBoxAndItsAnswerBack(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		asking(t, c)
		b := c.arrive("box-1", 2)
		said := wire.Ask{ID: uuid.NewString(), Device: "phone", MAC: "02:00:00:00:00:01", Minutes: 30, Why: wire.WhyGame, At: time.Now().UTC()}
		answered := func(state wire.AskState) wire.Answer {
			t.Helper()
			for {
				for _, a := range next(t, b.desired).Asks {
					if a.ID == said.ID && a.State == state {
						return a
					}
				}
			}
		}
		for range 2 { // a box says it again until it is answered
			b.say(wire.UpAsk, said)
			answered(wire.AskSent)
		}
		asks, err := c.registry.Asks(t.Context(), "h1")
		must(t, err)
		if len(asks) != 1 || asks[0].Person != "leo" || asks[0].Why != wire.WhyGame {
			t.Fatalf("asks %+v", asks)
		}
		_, err = c.registry.See(t.Context(), "h1", said.ID, registry.Actor{Name: "Camille"})
		must(t, err)
		if a := answered(wire.AskSeen); a.By != "Camille" {
			t.Errorf("seen %+v", a)
		}
		state, err := c.registry.Grant(t.Context(), "h1", said.ID, yes("Camille"))
		must(t, err)
		a := answered(wire.AskGranted)
		if a.By != "Camille" || a.Minutes != 30 || a.Until == nil || !a.Until.Equal(*state.Asked.Policy.Overrides[0].Until) {
			t.Errorf("granted %+v", a)
		}
	})
}

func TestOfManyAnswersAtOnceOneCounts(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		asking(t, c)
		ask, err := c.registry.Ask(t.Context(), registry.Ask{Home: "h1", Person: "leo", Minutes: 15})
		must(t, err)
		var all sync.WaitGroup
		outcome := make([]error, 8)
		for i := range outcome {
			all.Go(func() {
				if i%2 == 0 {
					_, outcome[i] = c.registry.Grant(t.Context(), "h1", ask.ID, yes("Camille"))
				} else {
					_, outcome[i] = c.registry.Refuse(t.Context(), "h1", ask.ID, registry.Actor{Member: "s", Name: "Sam"})
				}
			})
		}
		all.Wait()
		first := 0
		for _, err := range outcome {
			var late *registry.Answered
			switch {
			case err == nil:
				first++
			case !errors.As(err, &late) || late.Ask.Open():
				t.Errorf("%v", err)
			}
		}
		state, err := c.registry.State(t.Context(), "h1")
		must(t, err)
		asks, err := c.registry.Asks(t.Context(), "h1")
		must(t, err)
		granted := asks[0].Answer.State == wire.AskGranted
		if granted != (len(state.Asked.Policy.Overrides) == 1) || len(state.Asked.Policy.Overrides) > 1 || granted && first != 1 {
			t.Errorf("%d were first, %+v, %d overrides", first, asks[0].Answer, len(state.Asked.Policy.Overrides))
		}
	})
}

func TestAsksAreLimitedInWords(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		asking(t, c)
		refuses := func(ask registry.Ask, want ...string) {
			t.Helper()
			ask.Home = "h1"
			_, err := c.registry.Ask(t.Context(), ask)
			var found policies.Problems
			if !errors.As(err, &found) {
				t.Fatalf("%+v: %v", ask, err)
			}
			var got []string
			for _, p := range found {
				got = append(got, p.Code)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v: %q, want %q", ask, got, want)
			}
		}
		refuses(registry.Ask{Person: "eve", Minutes: 31, Why: "boredom"}, "minutes", "word", "reference")
		refuses(registry.Ask{Person: "zoe", Device: "phone", Minutes: 30}, "reference")
		refuses(registry.Ask{Minutes: 30}, "reference")
		ask, err := c.registry.Ask(t.Context(), registry.Ask{Home: "h1", Person: "leo", Minutes: 30})
		must(t, err)
		refuses(registry.Ask{Person: "leo", Device: "phone", Minutes: 30}, "ask-open")
		_, err = c.registry.Refuse(t.Context(), "h1", ask.ID, registry.Actor{Name: "Sam"})
		must(t, err)
		refuses(registry.Ask{Person: "leo", Minutes: 30}, "ask-again")
		_, err = c.registry.Ask(t.Context(), registry.Ask{Home: "h1", Person: "zoe", Minutes: 30})
		must(t, err)
		if _, err = c.registry.Ask(t.Context(), registry.Ask{Home: "h9", Person: "leo", Minutes: 30}); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("in no home: %v", err)
		}
		if _, err = c.registry.See(t.Context(), "h2", ask.ID, registry.Actor{}); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("from another home: %v", err)
		}
	})
}

func TestADeviceThatIsNoLongerNamedIsAnsweredAtOnce(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		asking(t, c)
		b := c.arrive("box-1", 2)
		said := wire.Ask{ID: "a-1", Device: "gone", MAC: "02:00:00:00:00:09", Minutes: 15, At: time.Now().UTC()}
		b.say(wire.UpAsk, said)
		if got := next(t, b.desired).Asks; len(got) != 1 || got[0].State != wire.AskExpired {
			t.Errorf("answered %+v", got)
		}
		if _, err := c.registry.Grant(t.Context(), "h1", "a-1", yes("Camille")); err == nil {
			t.Error("granted to nobody")
		}
	})
}
