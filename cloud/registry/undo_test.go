package registry_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

func people(p policies.Policy) []string {
	var ids []string
	for _, person := range p.People {
		ids = append(ids, person.ID)
	}
	return ids
}

func TestUndoTakesBackOneRevision(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		ctx, ana := t.Context(), registry.Actor{Member: "m1", Name: "Ana", From: "app"}
		for i, id := range []string{"leo", "mia", "noa"} {
			_, err := c.registry.Change(ctx, "h1", int64(i+1), named(id))
			must(t, err)
		}
		state, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 4, Revision: 3}, ana) // mia
		must(t, err)
		if got := people(state.Asked.Policy); !slices.Equal(got, []string{"leo", "noa"}) || state.Asked.Revision != 5 {
			t.Errorf("revision %d has %v", state.Asked.Revision, got)
		}
		if state.Asked.Change != (registry.Change{Code: registry.CodeUndo, Subject: "3"}) || state.Asked.Actor != ana {
			t.Errorf("asked: %+v", state.Asked)
		}
		state, err = c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 5, Revision: 5}, ana) // the undo itself
		must(t, err)
		if got := people(state.Asked.Policy); len(got) != 3 {
			t.Errorf("undone twice: %v", got)
		}
	})
}

func TestUndoIsRefusedWhereItWouldTakeBackMore(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		ctx := t.Context()
		_, err := c.registry.Change(ctx, "h1", 1, named("leo"))
		must(t, err)
		_, err = c.registry.Change(ctx, "h1", 2, registry.Edit{Apply: func(p *policies.Policy) error {
			p.People[0].Name = "Leonard"
			return nil
		}})
		must(t, err)
		var conflict *registry.Conflict
		if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 3, Revision: 2}, registry.Actor{}); !errors.As(err, &conflict) || len(conflict.Fields) == 0 ||
			conflict.State.Asked.Revision != 3 {
			t.Errorf("touched since: %v", err)
		}
		if got := conflict.Would.People; conflict.State.Asked.Policy.People[0].Name != "Leonard" || len(got) != 0 {
			t.Errorf("would leave %v", got)
		}
		var stale *registry.Stale
		if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 2, Revision: 3}, registry.Actor{}); !errors.As(err, &stale) {
			t.Errorf("stale base: %v", err)
		}
		for _, revision := range []int64{-1, 0, 1, 4} {
			if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 3, Revision: revision}, registry.Actor{}); !errors.Is(err, registry.ErrNotFound) {
				t.Errorf("revision %d: %v", revision, err)
			}
		}
		if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h9", Base: 3, Revision: 2}, registry.Actor{}); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("no home: %v", err)
		}
	})
}

// Who has seen what it comes to may take back what was touched since, as it is seen: not from an older revision.
func TestUndoAnywayTakesBackWhatWasTouchedSince(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		ctx := t.Context()
		for base, name := range []string{"Leo", "Leonard", "Leonie"} {
			_, err := c.registry.Change(ctx, "h1", int64(base+1), registry.Edit{Apply: func(p *policies.Policy) error {
				p.People = []policies.Person{{ID: "leo", Name: name}}
				return nil
			}})
			must(t, err)
		}
		what := registry.Undoing{Home: "h1", Base: 4, Revision: 3}
		var conflict *registry.Conflict
		if _, err := c.registry.Undo(ctx, what, registry.Actor{}); !errors.As(err, &conflict) || conflict.Would.People[0].Name != "Leo" {
			t.Fatalf("before asking: %v, would %+v", err, conflict)
		}
		what.Anyway = true
		var stale *registry.Stale
		if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 3, Revision: 3, Anyway: true}, registry.Actor{}); !errors.As(err, &stale) {
			t.Errorf("from what is not asked any more: %v", err)
		}
		state, err := c.registry.Undo(ctx, what, registry.Actor{})
		must(t, err)
		if got := state.Asked.Policy.People[0].Name; got != "Leo" {
			t.Errorf("taken back to %q", got)
		}
	})
}

// An agent takes nobody away, not by an undo either: unless the same session brought them.
func TestAnAgentUndoesNobodyAway(t *testing.T) {
	both(t, func(t *testing.T, c *cloud) {
		ctx, agent := t.Context(), registry.Actor{Name: "Ana", From: "app", Act: registry.Act{Staff: "julie", Session: "s1"}}
		for base, id := range []string{"leo", "mia"} {
			edit := named(id)
			_, err := c.registry.Change(ctx, "h1", int64(base+1), edit)
			must(t, err)
		}
		if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 3, Revision: 2}, agent); !errors.Is(err, registry.ErrApproval) {
			t.Errorf("a person of the family: %v", err)
		}
		other := agent
		other.Act.Session = "s2"
		if _, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 3, Revision: 3}, other); !errors.Is(err, registry.ErrApproval) {
			t.Errorf("of another session: %v", err)
		}
		_, err := c.registry.Undo(ctx, registry.Undoing{Home: "h1", Base: 3, Revision: 2}, registry.Actor{Member: "m1"})
		must(t, err)
	})
}
