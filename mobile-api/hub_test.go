package mobileapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
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

func (h *hub) breaks(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fail = err
}

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

// Undo takes the newest revision back; of an older one it says that the home's zone stands against it.
func (h *hub) Undo(ctx context.Context, home string, base, revision int64, actor registry.Actor) (registry.State, error) {
	h.mu.Lock()
	state, err := h.state(home)
	docs := h.homes[home]
	h.mu.Unlock()
	switch {
	case err != nil:
		return state, err
	case state.Asked.Revision != base:
		return registry.State{}, &registry.Stale{State: state}
	case revision < 2 || revision > base:
		return registry.State{}, registry.ErrNotFound
	case revision != base:
		return registry.State{}, &registry.Conflict{State: state, Fields: []string{"zone"}}
	}
	what := registry.Change{Code: registry.CodeUndo, Subject: fmt.Sprint(revision)}
	return h.Change(ctx, home, base, registry.Edit{Actor: actor, Change: what, Apply: func(p *policies.Policy) error {
		*p = docs[base-2].Policy
		return nil
	}})
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
