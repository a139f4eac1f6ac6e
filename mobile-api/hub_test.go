package mobileapi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// hub is a registry that holds real state in memory and prints itself.
type hub struct {
	now      func() time.Time
	mu       sync.Mutex
	fail     error
	panics   bool
	hangs    bool // a database that answers nobody
	homes    map[string][]registry.Document
	boxes    map[string]*registry.Box
	watchers map[chan struct{}]string
	asks     []registry.Ask
}

func newHub(now func() time.Time) *hub {
	return &hub{
		now: now, homes: map[string][]registry.Document{}, boxes: map[string]*registry.Box{}, watchers: map[chan struct{}]string{},
	}
}

// String is the revisions of each home.
func (h *hub) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprint(h.homes)
}

func (h *hub) add(home string, p policies.Policy) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.homes[home] = []registry.Document{{
		Home: home, Revision: 1, Policy: policies.Canonical(p), At: h.now(),
		Actor: registry.Actor{Name: "Carebox", From: "cloud"}, Change: registry.Change{Code: registry.CodeCreate},
	}}
}

// says is the box being heard.
func (h *hub) says(home string, box *registry.Box) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.boxes[home] = box
	h.announce(home)
}

// applied is the box saying that a revision is in force.
func (h *hub) applied(home string, revision int64, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, d := range h.homes[home] {
		if d.Revision <= revision && d.Applied.IsZero() {
			h.homes[home][i].Applied, h.homes[home][i].Superseded = at, d.Revision < revision
		}
	}
}

func (h *hub) breaks(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fail = err
}

func (h *hub) Announce(home string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.announce(home)
}

// announce is called with the lock held.
func (h *hub) announce(home string) {
	for look, of := range h.watchers {
		if of == home {
			select {
			case look <- struct{}{}:
			default:
			}
		}
	}
}

// state is called with the lock held.
func (h *hub) state(home string) (registry.State, error) {
	if h.panics {
		panic("hub is broken")
	}
	if h.fail != nil {
		return registry.State{}, h.fail
	}
	docs := h.homes[home]
	if docs == nil {
		return registry.State{}, fmt.Errorf("reading home %q: %w", home, registry.ErrNotFound)
	}
	return registry.State{Home: registry.Home{ID: home, Name: "City"}, Asked: docs[len(docs)-1], Box: h.boxes[home]}, nil
}

func (h *hub) State(ctx context.Context, home string) (registry.State, error) {
	if h.hangs {
		<-ctx.Done()
		return registry.State{}, fmt.Errorf("reading home: %w", ctx.Err())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state(home)
}

func (h *hub) Change(_ context.Context, home string, base int64, by registry.Edit) (registry.State, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	state, err := h.state(home)
	if err != nil {
		return state, err
	}
	if state.Asked.Revision != base {
		return registry.State{}, &registry.Stale{State: state}
	}
	next := policies.Canonical(state.Asked.Policy)
	if err := by.Apply(&next); err != nil {
		return registry.State{}, err
	}
	before, errBefore := policies.Marshal(state.Asked.Policy)
	after, errAfter := policies.Marshal(next)
	if err := errors.Join(errBefore, errAfter); err != nil || bytes.Equal(before, after) {
		return state, err
	}
	if next, err = policies.Parse(after); err != nil {
		return registry.State{}, err
	}
	h.homes[home] = append(h.homes[home], registry.Document{
		Home: home, Revision: base + 1, Policy: next, Actor: by.Actor, Change: by.Change, At: h.now(),
	})
	h.announce(home)
	return h.state(home)
}

func (h *hub) History(_ context.Context, home string, before int64, limit int) ([]registry.Document, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []registry.Document
	docs := h.homes[home]
	for i := len(docs) - 1; i >= 0 && len(found) < limit; i-- {
		if before == 0 || docs[i].Revision < before {
			found = append(found, docs[i])
		}
	}
	return found, h.fail
}

// Undo takes the newest revision back, and a session; of an older revision it says that what came later stands against it.
func (h *hub) Undo(ctx context.Context, u registry.Undoing, actor registry.Actor) (registry.State, error) {
	step, err := h.Step(ctx, u.Home, u.Revision)
	what := registry.Change{Code: registry.CodeUndo, Subject: fmt.Sprint(u.Revision)}
	if u.Session != "" {
		var steps []registry.Step
		if steps, err = h.ChangesOf(ctx, u.Home, u.Session); err == nil && len(steps) == 0 {
			err = registry.ErrNotFound
		}
		if err == nil {
			step = steps[len(steps)-1]
		}
		what = registry.Change{Code: registry.CodeVisit, Subject: u.Session}
	}
	state, away := h.State(ctx, u.Home)
	switch {
	case away != nil:
		return registry.State{}, away
	case state.Asked.Revision != u.Base:
		return registry.State{}, &registry.Stale{State: state}
	case err != nil:
		return registry.State{}, err
	case u.Session == "" && u.Revision != u.Base && !u.Anyway:
		return registry.State{}, &registry.Conflict{State: state, Fields: []string{"zone"}, Would: step.Before.Policy}
	}
	return h.Change(ctx, u.Home, u.Base, registry.Edit{Actor: actor, Change: what, Apply: func(p *policies.Policy) error {
		*p = step.Before.Policy
		return nil
	}})
}

func (h *hub) Step(_ context.Context, home string, revision int64) (registry.Step, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	docs := h.homes[home]
	if revision < 2 || revision > int64(len(docs)) {
		return registry.Step{}, registry.ErrNotFound
	}
	return registry.Step{Before: docs[revision-2], After: docs[revision-1]}, nil
}

func (h *hub) Try(_ context.Context, home string, base int64, apply func(*policies.Policy) error) (before, after policies.Policy, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	state, err := h.state(home)
	if err == nil && state.Asked.Revision != base {
		err = &registry.Stale{State: state}
	}
	if err != nil {
		return before, after, err
	}
	before, after = state.Asked.Policy, policies.Canonical(state.Asked.Policy)
	if err := apply(&after); err != nil {
		return before, after, err
	}
	return before, policies.Canonical(after), nil
}

func (h *hub) ChangesOf(_ context.Context, home, session string) ([]registry.Step, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var steps []registry.Step
	docs := h.homes[home]
	for i := len(docs) - 1; i > 0; i-- {
		if docs[i].Actor.Act.Session == session {
			steps = append(steps, registry.Step{Before: docs[i-1], After: docs[i]})
		}
	}
	return steps, h.fail
}

func (h *hub) Watch(ctx context.Context, home string) (<-chan struct{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fail != nil {
		return nil, h.fail
	}
	look := make(chan struct{}, 1)
	h.watchers[look] = home
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, look)
		close(look)
	})
	return look, nil
}

func (h *hub) Ask(_ context.Context, ask registry.Ask) (registry.Ask, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := h.state(ask.Home); err != nil {
		return ask, err
	}
	if ask.Person == "" || ask.Minutes != 30 {
		return ask, policies.Problems{{Code: "minutes", Field: "minutes", Detail: "Minutes are 30 here."}}
	}
	ask.ID, ask.At, ask.Answer.State = fmt.Sprintf("ask-%d", len(h.asks)+1), h.now(), wire.AskSent
	h.asks = append(h.asks, ask)
	h.announce(ask.Home)
	return ask, nil
}

func (h *hub) Asks(_ context.Context, home string) ([]registry.Ask, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(h.asks), func(a registry.Ask) bool { return a.Home != home }), h.fail
}

func (h *hub) one(home, id string) (*registry.Ask, error) {
	for i, a := range h.asks {
		if a.Home == home && a.ID == id {
			return &h.asks[i], h.fail
		}
	}
	return nil, errors.Join(registry.ErrNotFound, h.fail)
}

func (h *hub) See(_ context.Context, home, id string, by registry.Actor) (registry.Ask, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ask, err := h.one(home, id)
	if err != nil {
		return registry.Ask{}, err
	}
	ask.Answer = registry.AskAnswer{State: wire.AskSeen, By: by, At: h.now()}
	return *ask, nil
}

func (h *hub) Refuse(_ context.Context, home, id string, by registry.Actor) (registry.Ask, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ask, err := h.one(home, id)
	switch {
	case err != nil:
		return registry.Ask{}, err
	case !ask.Open():
		return registry.Ask{}, &registry.Answered{Ask: *ask}
	}
	ask.Answer = registry.AskAnswer{State: wire.AskRefused, By: by, At: h.now()}
	return *ask, nil
}

func (h *hub) Grant(ctx context.Context, home, id string, by registry.Grant) (registry.State, error) {
	h.mu.Lock()
	ask, err := h.one(home, id)
	state, failed := h.state(home)
	h.mu.Unlock()
	switch {
	case failed != nil:
		return registry.State{}, failed
	case err != nil:
		return registry.State{}, err
	case !ask.Open():
		return registry.State{}, &registry.Answered{Ask: *ask}
	}
	answer := registry.AskAnswer{State: wire.AskGranted, By: by.Actor, Minutes: cmp.Or(by.Minutes, ask.Minutes), At: h.now()}
	asked := *ask
	asked.Answer = answer
	edit := registry.Edit{Actor: by.Actor, Change: by.Change(asked), Apply: func(p *policies.Policy) (err error) {
		answer.Until, err = by.Apply(p, state, asked)
		return err
	}}
	next, err := h.Change(ctx, home, state.Asked.Revision, edit)
	if err == nil {
		ask.Answer = answer
	}
	return next, err
}

func (h *hub) Rename(_ context.Context, home, name string) (registry.State, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	state, err := h.state(home)
	state.Home.Name = name
	return state, err
}

func (h *hub) Assign(_ context.Context, home, box string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if box == "box-other" {
		return registry.ErrTaken
	}
	_, err := h.state(home)
	return err
}

func (h *hub) Delete(_ context.Context, home string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.homes, home)
	return h.fail
}

// Online is forty minutes on the day of the tests, at six.
func (h *hub) Online(_ context.Context, home, person string, _ policies.Date) ([]registry.Online, error) {
	return []registry.Online{{Person: person, Date: "2026-11-21", Hour: 18, Minutes: 40}}, h.fail
}
