package registry_test

import (
	"errors"
	"testing"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// empty checks that a document lets everybody through.
func empty(t *testing.T, d wire.Desired) {
	t.Helper()
	p, err := policies.Parse(d.Policy)
	must(t, err)
	if len(p.Schedules)+len(p.Overrides)+len(p.People) != 0 || p.Zone != "Europe/Paris" || p.Unknown != policies.UnknownAllow {
		t.Errorf("revision %d: %+v", d.Revision, p)
	}
}

func TestABoxThatWasAwayHearsThatItsHomeHasGone(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		_, err := c.registry.Change(t.Context(), "h1", 1, named("leo"))
		must(t, err)
		must(t, c.registry.Delete(t.Context(), "h1"))
		if _, err := c.registry.State(t.Context(), "h1"); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("the home is there: %v", err)
		}
		b := c.arrive("box-1", 2)
		empty(t, b.gets(3))
		b.say(wire.UpReported, wire.Reported{Box: "box-1", Accepted: 2, InForce: 2}) // it has lost it
		empty(t, b.gets(3))
		b.say(wire.UpReported, wire.Reported{Box: "box-1", Accepted: 3, InForce: 3})
		c.eventually("the farewell ends", func() bool {
			_, err := c.store.Farewell(t.Context(), "box-1")
			return errors.Is(err, registry.ErrNotFound)
		})
		must(t, c.registry.Assign(t.Context(), "h2", "box-1"))
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: wire.Schema, Revision: 3})
		if d := b.gets(4); len(d.Policy) == 0 {
			t.Error("the next home has no policy")
		}
	})
}

func TestABoxThatIsThereHearsAtOnceAndOneAheadAbove(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.arrive("box-1", 1)
		c.until("h1", func(s registry.State) bool { return s.Box.Reachable })
		must(t, c.registry.Delete(t.Context(), "h1"))
		empty(t, b.gets(2))
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: wire.Schema, Revision: 40})
		empty(t, b.gets(41))
		must(t, c.registry.Assign(t.Context(), "h2", "box-1")) // somebody else has it before it has heard
		if _, err := c.store.Farewell(t.Context(), "box-1"); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("farewell: %v", err)
		}
	})
}
