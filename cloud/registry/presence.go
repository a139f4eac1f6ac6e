package registry

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	heartbeat = 20 * time.Second  // of an agent
	silence   = heartbeat * 5 / 2 // after this a box is not reachable
	// doubt is how long a will waits for a message that proves it wrong: a box that reconnects at once leaves one too.
	doubt = 2 * time.Second
	// beat is how often signs of life are written, and how often lost boxes are looked for.
	beat = time.Second
)

// Sign is a sign of life of a box, or its will.
type Sign struct {
	Box      string
	Seen     time.Time // zero: only a will
	Gone     time.Time // zero: no will
	Reported time.Time // when an unchanged Reported was said again, else zero
	Revision int64     // that its heartbeat named, -1 without one
}

// Meaning is what signs of life say beside the times.
type Meaning struct {
	Back   []string // homes whose box had not been reachable
	Differ []Sign   // heartbeats that name another revision than the asked one
}

// Between is a stretch of time: From < t ≤ To.
type Between struct{ From, To time.Time }

// Said is a Reported as it came.
type Said struct {
	Box      string
	Document string
	Digest   string
	InForce  int64     // the revision that it proves, 0 for none
	Since    time.Time // the box's clock
	At       time.Time // the cloud's clock
}

// Heard is what became of a Reported.
type Heard struct {
	Home    string
	Changed bool      // false: the one before had the same digest
	Applied []Applied // revisions that are in force since then, the newest last
}

// reachable: the newest message is young, and no will has stood unanswered for longer than doubt.
func (l *Life) reachable(now time.Time) bool {
	if l.Seen.IsZero() || now.Sub(l.Seen) >= silence {
		return false
	}
	return l.Gone.Before(l.Seen) || now.Sub(l.Gone) < doubt
}

// pending are the signs of life that wait for the next write, one a box.
type pending struct {
	mu    sync.Mutex
	signs map[string]Sign
}

func newPending() *pending { return &pending{signs: map[string]Sign{}} }

func (p *pending) add(s Sign) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signs[s.Box] = p.signs[s.Box].with(s)
}

// with is both signs in one: the newest of each.
func (s Sign) with(o Sign) Sign {
	if s.Box == "" {
		return o
	}
	if o.Revision < 0 || (s.Revision >= 0 && o.Seen.Before(s.Seen)) {
		o.Revision = s.Revision
	}
	return Sign{
		Box: s.Box, Seen: later(s.Seen, o.Seen), Gone: later(s.Gone, o.Gone),
		Reported: later(s.Reported, o.Reported), Revision: o.Revision,
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// take empties it. The order is that of the boxes, so that two replicas never wait for each other's rows.
func (p *pending) take() []Sign {
	p.mu.Lock()
	defer p.mu.Unlock()
	signs := slices.SortedFunc(maps.Values(p.signs), func(a, b Sign) int {
		if a.Box < b.Box {
			return -1
		}
		return 1
	})
	clear(p.signs)
	return signs
}

// keepPresence writes signs of life and tells watchers of boxes that come and go.
func (r *Registry) keepPresence(ctx context.Context) error {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	looked := time.Now()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*beat)
			defer cancel()
			r.flush(last)
			return nil
		case now := <-tick.C:
			r.flush(ctx)
			if r.lookForLost(ctx, looked, now) {
				looked = now
			}
		}
	}
}

func (r *Registry) flush(ctx context.Context) {
	signs := r.pending.take()
	if len(signs) == 0 {
		return
	}
	meaning, err := r.Store.Mark(ctx, signs, time.Now().Add(-silence))
	if err != nil {
		for _, s := range signs { // they are not lost: the next beat tries again
			r.pending.add(s)
		}
		r.Log.Warn("could not write signs of life", "boxes", len(signs), "error", err)
		return
	}
	for _, home := range meaning.Back {
		r.Announce(home)
	}
	for _, s := range meaning.Differ {
		r.repair(ctx, s.Box, s.Revision)
	}
}

// lookForLost tells this replica's watchers of the boxes that have become unreachable since it last looked.
func (r *Registry) lookForLost(ctx context.Context, since, now time.Time) bool {
	if !r.watchers.any() {
		return true
	}
	lost, err := r.Store.Lost(ctx,
		Between{since.Add(-silence), now.Add(-silence)}, Between{since.Add(-doubt), now.Add(-doubt)})
	if err != nil {
		r.Log.Warn("could not look for lost boxes", "error", err)
		return false
	}
	for _, home := range lost {
		r.watchers.look(home)
	}
	return true
}
