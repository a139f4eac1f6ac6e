package reconcile

import (
	"context"
	"reflect"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
)

// Run keeps the box in agreement with its policy until ctx ends; then it saves what is not on disk and leaves the rules armed.
func (r *Reconciler) Run(ctx context.Context) error {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		wake := time.NewTimer(r.sleep())
		select {
		case <-ctx.Done():
			wake.Stop()
			r.notes.momentChanged = true
			r.remember(true)
			return nil
		case <-r.mail.bell:
		case <-wake.C:
		case <-minute.C:
			r.stepped()
			r.minute(ctx)
			r.proveSoon()
		}
		wake.Stop()
		r.pass(ctx)
	}
}

// sleep is how long nothing is foreseen, at most a minute.
func (r *Reconciler) sleep() time.Duration {
	d := time.Minute
	if !r.proveAt.IsZero() {
		d = min(d, time.Until(r.proveAt))
	}
	if at := r.keepAt(); !at.IsZero() {
		d = min(d, time.Until(at))
	}
	for _, next := range []time.Time{r.plan.Next, r.kept.keeping.Next} {
		if r.planned && !next.IsZero() {
			d = min(d, next.Sub(r.reading()))
		}
	}
	return max(d, time.Millisecond) // whatever is foreseen wrongly, the loop does not spin
}

// proveSoon has what was applied looked at again, but leaves the resets of a cut their time.
func (r *Reconciler) proveSoon() {
	if r.planned && r.proveAt.IsZero() {
		r.proveAt = time.Now()
	}
}

// reading is the clock on which the plan's next instant stands.
func (r *Reconciler) reading() time.Time {
	if r.moment.Synchronised {
		return r.parts.Clock.Now()
	}
	return r.trust.passed(time.Now())
}

// pass brings the box from whatever it is to what it should be now.
func (r *Reconciler) pass(ctx context.Context) {
	got := r.mail.take()
	keep := r.receive(got)
	if got.looked {
		r.look(got.seen)
	}
	r.enforce(ctx)
	r.show()
	r.notes.urgent = r.notes.urgent || got.asked
	if got.damaged {
		r.proveSoon()
	}
	r.air.want = r.air.want || got.tuned
	if keep {
		r.saved(r.parts.Store.SaveDesired(got.message))
		r.notes.momentChanged = true
	}
	r.report()
	if !r.proveAt.IsZero() && !time.Now().Before(r.proveAt) {
		r.prove(ctx)
		r.report()
	}
	r.keep(ctx)
	r.report()
	r.remember(false)
}

// receive judges a document and reports whether it is the accepted one from now on, or a later issue of it that says more.
func (r *Reconciler) receive(got letter) bool {
	if got.oversize > 0 {
		r.refuse(document{}, errOversize(got.oversize))
	}
	if got.message == nil {
		return false
	}
	doc, err := r.open(r.cfg.Keys.Try, got.message)
	var next bool
	if err == nil {
		next, err = follow(r.doc, doc)
	}
	if err != nil {
		r.refuse(doc, err)
		return false
	}
	if r.refused != nil && r.refused.Revision <= doc.revision {
		r.refused = nil
	}
	r.learn(doc.issued)
	if next {
		r.doc = &doc
		r.expect()
		r.log.Info("accepted", "revision", doc.revision)
	}
	renewed := r.doc.renew(doc)
	if next || renewed {
		r.parts.Asks.Answered(r.doc.asks)
	}
	return next || renewed
}

// refuse keeps why a document was refused. The same again, as after each heartbeat, is no news.
func (r *Reconciler) refuse(doc document, err error) {
	news := refusal(doc, err, r.parts.Clock.Now().UTC())
	if old := r.refused; old != nil && old.Revision == news.Revision && old.Code == news.Code && old.Detail == news.Detail {
		return
	}
	r.refused = news
	r.log.Warn("refused", "revision", news.Revision, "code", news.Code)
}

// look takes over who is in the home. Addresses matter to the proof: flows are found by them too.
func (r *Reconciler) look(seen []devices.Sighting) {
	if r.doc != nil && !reflect.DeepEqual(hosts(r.doc.policy, r.seen), hosts(r.doc.policy, seen)) {
		r.proveSoon()
	}
	r.seen = seen
}

// enforce plans and applies. Applying what is already there costs nothing: the firewall knows what it last saw.
func (r *Reconciler) enforce(ctx context.Context) {
	r.moment = r.now()
	if r.doc == nil {
		return
	}
	plan, err := Decide(r.doc.policy, r.notes.usage, r.moment)
	r.complain("planning", err)
	if err != nil {
		r.evidence.why = "it could not be planned: " + err.Error()
		r.planned, r.proveAt = false, time.Time{}
		return
	}
	changed := !r.planned || !reflect.DeepEqual(plan.Wanted, r.plan.Wanted)
	if r.planned && !reflect.DeepEqual(plan.Offline, r.plan.Offline) {
		r.notes.momentChanged = true
		r.notes.urgent = r.notes.urgent || r.notes.usageChanged // a budget may have run out: that must outlive a power cut
	}
	r.plan, r.planned = plan, true
	r.evidence.plan(plan.Offline)
	r.apply(ctx, changed)
}

func (r *Reconciler) apply(ctx context.Context, changed bool) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := r.parts.Firewall.Apply(ctx, r.plan.Wanted)
	r.complain("applying", err)
	if err != nil {
		r.evidence.why = "the rules could not be written: " + err.Error()
		if r.proveAt.IsZero() || !time.Now().Before(r.proveAt) || changed {
			r.again()
		}
		return
	}
	now := time.Now()
	cut := r.evidence.ruled(r.parts.Clock.Now().UTC())
	switch {
	case cut:
		r.attempts, r.proveAt = 0, now.Add(resetPeriod)
	case (changed || r.doc.revision != r.evidence.revision) && r.proveAt.IsZero():
		r.attempts, r.proveAt = 0, now
	}
}
