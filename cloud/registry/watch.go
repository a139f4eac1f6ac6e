package registry

import (
	"context"
	"sync"
)

// watchers are the callers on this replica that want to know when to look again.
type watchers struct {
	mu   sync.Mutex
	home map[string]map[chan struct{}]struct{}
}

func newWatchers() *watchers { return &watchers{home: map[string]map[chan struct{}]struct{}{}} }

// Watch says "look again" whenever the state of a home may have changed: another revision, another Reported, another
// presence. Looks are coalesced: one is kept for a reader that is busy. The channel closes when ctx ends.
func (r *Registry) Watch(ctx context.Context, home string) (<-chan struct{}, error) {
	look := make(chan struct{}, 1)
	r.watchers.add(home, look)
	context.AfterFunc(ctx, func() { r.watchers.remove(home, look) })
	return look, nil
}

func (w *watchers) add(home string, look chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.home[home] == nil {
		w.home[home] = map[chan struct{}]struct{}{}
	}
	w.home[home][look] = struct{}{}
}

func (w *watchers) remove(home string, look chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.home[home], look)
	if len(w.home[home]) == 0 {
		delete(w.home, home)
	}
	close(look) // under the lock, so that nobody looks into a closed channel
}

func (w *watchers) look(home string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for look := range w.home[home] {
		select {
		case look <- struct{}{}:
		default: // one is waiting there already
		}
	}
}

func (w *watchers) any() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.home) > 0
}
