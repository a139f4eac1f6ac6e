package reconcile

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/policies"
)

// Flash wears: what can be lost for a while is written this seldom.
const (
	usageEvery  = 5 * time.Minute
	momentEvery = 10 * time.Minute
	dailyEvery  = 24 * time.Hour // the trusted instant of a box on which nothing happens
)

// notes is what the agent remembers itself, and how much of it is not on disk.
//
// The trusted instant is saved when some verdict has changed, not by the clock: until the next change the home is judged alike
// at any instant, so an idle box need not write to remember.
type notes struct {
	usage         policies.Usage
	usageChanged  bool
	momentChanged bool
	urgent        bool
	savedAt       time.Time // monotonic
	unsaved       string    // why the last save failed, "" if it did not
}

func (n *notes) due(now time.Time) bool {
	age := now.Sub(n.savedAt)
	return n.urgent || n.usageChanged && age >= usageEvery || n.momentChanged && age >= momentEvery || age >= dailyEvery
}

// remember saves the notes if that is due, or at once if now is true and there is something to save.
func (r *Reconciler) remember(now bool) {
	n := &r.notes
	if !n.due(time.Now()) && !(now && (n.usageChanged || n.momentChanged)) {
		return
	}
	n.savedAt = time.Now()
	err := r.parts.Store.SaveNotes(state.Notes{
		Trusted: r.trust.shown, Usage: n.usage, Cut: r.evidence.newest, Asks: r.parts.Asks.Open(r.parts.Clock.Now()),
	})
	r.saved(err)
	if err == nil {
		n.usageChanged, n.momentChanged, n.urgent = false, false, false
	}
}

func (r *Reconciler) saved(err error) {
	r.complain("saving", err)
	r.notes.unsaved = ""
	if err != nil {
		r.notes.unsaved = err.Error()
	}
}

// minute counts what was used of the budgets. Without a trusted clock nobody knows which date that would be.
func (r *Reconciler) minute(ctx context.Context) {
	if r.doc == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	traffic, err := r.parts.Firewall.Traffic(ctx)
	r.complain("reading traffic", err)
	if err != nil {
		return
	}
	moved := since(r.traffic, traffic)
	r.traffic = traffic
	if !r.moment.Synchronised {
		return
	}
	now := r.now()
	usage, changed := count(r.doc.policy, r.notes.usage, moved, now.Instant)
	r.notes.usage = usage
	r.notes.usageChanged = r.notes.usageChanged || changed
}
