package reconcile

import (
	"fmt"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// clocks remembers one reading of both clocks.
type clocks struct{ wall, mono time.Time }

// now judges the clocks.
func (r *Reconciler) now() Moment {
	m := r.trust.judge(r.parts.Clock.Now(), r.parts.Clock.Synchronised(), time.Now())
	r.publish()
	return m
}

// learn takes an instant that has passed for certain.
func (r *Reconciler) learn(firm time.Time) {
	r.trust.learn(firm, time.Now())
	r.publish()
}

func (r *Reconciler) publish() {
	known := r.trust
	r.known.Store(&known)
}

// stepped logs when the wall clock and the monotonic one went apart within a minute. Whatever it finds, a pass follows: this is for the
// reader of the log.
func (r *Reconciler) stepped() {
	now := clocks{wall: r.parts.Clock.Now().Round(0), mono: time.Now()}
	if before := r.clocks; !before.mono.IsZero() {
		step := now.wall.Sub(before.wall) - now.mono.Sub(before.mono)
		if step.Abs() > 2*time.Second {
			r.log.Info("clock stepped", "by", step.Round(time.Second))
		}
	}
	r.clocks = now
}

// complain logs a trouble when it begins and when it has ended.
func (r *Reconciler) complain(what string, err error) {
	before, had := r.troubles[what]
	switch {
	case err != nil && before != err.Error():
		r.troubles[what] = err.Error()
		r.log.Error("failed", "at", what, "error", err)
	case err == nil && had:
		delete(r.troubles, what)
		r.log.Info("works again", "at", what)
	}
}

func errOversize(bytes int) error { return fmt.Errorf("%w: %d bytes", wire.ErrSize, bytes) }
