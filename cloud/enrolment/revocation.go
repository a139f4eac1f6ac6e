package enrolment

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// lookEvery is how long a certificate that was taken back on another replica, or by a command, may still connect here.
const lookEvery = 2 * time.Second

// Revoked is a certificate that was taken back.
type Revoked struct {
	Serial string // hex
	Box    string
}

// listing is what revocations need of the store.
type listing interface {
	Revoked(ctx context.Context, now time.Time) ([]Revoked, error)
}

// Revocations is all certificates that were taken back, as this replica knows them: a herd of boxes that comes back asks no
// database. What is known stays known while the database is away.
type Revocations struct {
	store listing
	now   func() time.Time
	log   *slog.Logger
	bell  chan struct{}

	mu  sync.RWMutex
	set map[string]struct{} // serials
}

// OpenRevocations reads the list.
func OpenRevocations(ctx context.Context, s listing, now func() time.Time, log *slog.Logger) (*Revocations, error) {
	r := &Revocations{store: s, now: now, log: log, bell: make(chan struct{}, 1), set: map[string]struct{}{}}
	_, err := r.look(ctx)
	return r, err
}

// Has reports whether a certificate was taken back.
func (r *Revocations) Has(serial string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, has := r.set[serial]
	return has
}

// Ring has the list read at once.
func (r *Revocations) Ring() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

// Run keeps the list, and cuts each box of a new entry off, until ctx ends.
func (r *Revocations) Run(ctx context.Context, cut func(box string)) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	known := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-r.bell:
		}
		boxes, err := r.look(ctx)
		if (err == nil) != known && ctx.Err() == nil {
			known = err == nil
			r.log.Warn("list of revoked certificates", "read", known, "error", err)
		}
		for _, box := range boxes {
			cut(box)
		}
	}
}

// look reads the list and returns the boxes of what is new on it.
func (r *Revocations) look(ctx context.Context) ([]string, error) {
	list, err := r.store.Revoked(ctx, r.now())
	if err != nil {
		return nil, fmt.Errorf("reading revoked certificates: %w", err)
	}
	next, boxes := make(map[string]struct{}, len(list)), []string(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, entry := range list {
		if _, has := r.set[entry.Serial]; !has {
			boxes = append(boxes, entry.Box)
		}
		next[entry.Serial] = struct{}{}
	}
	r.set = next
	return boxes, nil
}
