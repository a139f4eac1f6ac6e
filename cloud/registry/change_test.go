package registry_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestAChangeReachesTheBox(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.arrive("box-1", 0)
		b.gets(1)
		look, err := c.registry.Watch(t.Context(), "h1")
		must(t, err)
		state, err := c.registry.Change(t.Context(), "h1", 1, named("leo"))
		must(t, err)
		if state.Asked.Revision != 2 || state.Asked.Actor.Name != "Ana" || state.Asked.Change.Subject != "leo" {
			t.Errorf("asked: %+v", state.Asked)
		}
		next(t, look)
		got, err := policies.Parse(b.gets(2).Policy)
		must(t, err)
		if diff := cmp.Diff(state.Asked.Policy, got); diff != "" {
			t.Error(diff)
		}
		again, err := c.registry.State(t.Context(), "h1")
		must(t, err)
		if diff := cmp.Diff(state.Asked, again.Asked); diff != "" {
			t.Errorf("the state after a change is not the one that is stored: %s", diff)
		}
	})
}

func TestChangesThatAreRefusedChangeNothing(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		ctx, mine := t.Context(), errors.New("mine")
		_, err := c.registry.Change(ctx, "h1", 1, named("leo"))
		must(t, err)
		_, err = c.registry.Change(ctx, "h1", 1, named("mia"))
		var stale *registry.Stale
		if !errors.As(err, &stale) || stale.State.Asked.Revision != 2 {
			t.Errorf("stale base: %v", err)
		}
		_, err = c.registry.Change(ctx, "h1", 2, named("leo"))
		var problems policies.Problems
		if !errors.As(err, &problems) {
			t.Errorf("the same person twice: %v", err)
		}
		if _, err := c.registry.Change(ctx, "h9", 1, named("leo")); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("no home: %v", err)
		}
		if _, err := c.registry.Change(ctx, "h1", 2, registry.Edit{Apply: func(*policies.Policy) error { return mine }}); !errors.Is(err, mine) {
			t.Errorf("the edit's own error: %v", err)
		}
		state, err := c.registry.Change(ctx, "h1", 2, registry.Edit{Apply: func(p *policies.Policy) error { p.Schedules = nil; return nil }})
		if err != nil || state.Asked.Revision != 2 {
			t.Errorf("nothing changed: revision %d, %v", state.Asked.Revision, err)
		}
		if err := c.registry.Create(ctx, registry.Home{ID: "h3"}, "Local"); !errors.As(err, &problems) {
			t.Errorf("no zone: %v", err)
		}
		if err := c.registry.Create(ctx, registry.Home{ID: "h1"}, "Europe/Paris"); !errors.Is(err, registry.ErrTaken) {
			t.Errorf("the same home twice: %v", err)
		}
		for box, home := range map[string]string{"box-1": "h2", "box-7": "h9", "Box/7": "h2"} {
			if err := c.registry.Assign(ctx, home, box); err == nil {
				t.Errorf("box %q was assigned to home %q", box, home)
			}
		}
		if s, err := c.registry.State(ctx, "h1"); err != nil || s.Asked.Revision != 2 || len(s.Asked.Policy.People) != 1 {
			t.Errorf("in the end: %+v, %v", s.Asked, err)
		}
	})
}

func TestEightWritersGetEachRevisionOnce(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		var all sync.WaitGroup
		for writer := range 8 {
			all.Go(func() {
				for i := range 5 {
					for base := int64(1); ; {
						state, err := c.registry.Change(t.Context(), "h1", base, named(fmt.Sprintf("p-%d-%d", writer, i)))
						var stale *registry.Stale
						if !errors.As(err, &stale) {
							if err != nil || state.Asked.Revision != base+1 {
								t.Errorf("revision %d from %d, %v", state.Asked.Revision, base, err)
							}
							break
						}
						base = stale.State.Asked.Revision
					}
				}
			})
		}
		all.Wait()
		docs, err := c.registry.History(t.Context(), "h1", 0, 100)
		must(t, err)
		if len(docs) != 41 {
			t.Fatalf("%d revisions, want 41", len(docs))
		}
		for i, doc := range docs {
			if doc.Revision != int64(41-i) || len(doc.Policy.People) != 40-i {
				t.Errorf("place %d: revision %d with %d people", i, doc.Revision, len(doc.Policy.People))
			}
		}
	})
}

func TestOldOverridesGo(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		override := func(id string, ago time.Duration) policies.Override {
			until := time.Now().Add(-ago)
			return policies.Override{ID: id, For: policies.Target{Home: true}, Mode: policies.ModePause, At: until.Add(-time.Hour), Until: &until}
		}
		state, err := c.registry.Change(t.Context(), "h1", 1, registry.Edit{Apply: func(p *policies.Policy) error {
			p.Overrides = append(p.Overrides, override("old", 25*time.Hour), override("young", 23*time.Hour))
			return nil
		}})
		must(t, err)
		if got := state.Asked.Policy.Overrides; len(got) != 1 || got[0].ID != "young" {
			t.Errorf("left: %+v", got)
		}
	})
}

func TestABoxOfAnotherSchemaGetsNothingAndIsShown(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.box("box-1", c.broker.Addr())
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: 2})
		c.until("h1", func(s registry.State) bool { return s.Box.Refused != nil && s.Box.Refused.Code == "schema" })
		_, err := c.registry.Change(t.Context(), "h1", 1, named("leo"))
		must(t, err)
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: 1}) // it has been updated
		if d := next(t, b.desired); d.Revision != 2 {
			t.Errorf("got revision %d before the update", d.Revision)
		}
		c.until("h1", func(s registry.State) bool { return s.Box.Refused == nil })
	})
}

func TestABoxThatIsAheadIsOvertaken(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.arrive("box-1", 40)
		b.gets(41)
		state := c.until("h1", func(s registry.State) bool { return s.Asked.Revision == 41 })
		if state.Asked.Change.Code != registry.CodeRenumber || state.Asked.Actor.From != "cloud" {
			t.Errorf("asked: %+v", state.Asked)
		}
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: 1, Revision: 1 << 60})
		b.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: 1, Revision: 3})
		b.gets(41)
	})
}

func TestABoxOfflineTakesTheChangeLater(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		for i := range 3 {
			_, err := c.registry.Change(t.Context(), "h1", int64(i+1), named(strings.Repeat("p", i+1)))
			must(t, err)
		}
		if d := next(t, c.arrive("box-1", 1).desired); d.Revision != 4 {
			t.Errorf("got revision %d, want only the newest", d.Revision)
		}
	})
}

func TestAHeartbeatRepairsALostDocument(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		b := c.arrive("box-1", 0)
		b.gets(1)
		b.say(wire.UpHeartbeat, wire.Heartbeat{Revision: 0}) // it was lost
		b.gets(1)
		b.say(wire.UpHeartbeat, wire.Heartbeat{Revision: 1})
		c.until("h1", func(s registry.State) bool { return s.Box.Reachable })
		_, err := c.registry.Change(t.Context(), "h1", 1, named("leo"))
		must(t, err)
		b.gets(2)
	})
}
