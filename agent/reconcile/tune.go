package reconcile

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/agent/radio"
	"github.com/carebox-project/carebox/policies"
)

// tune asks of the radios what the reservations want of them, and to keep off who is to have no Wi-Fi.
func (r *Reconciler) tune(ctx context.Context) {
	if r.parts.Radio == nil {
		return
	}
	w := r.wantedOfRadios()
	now := time.Now()
	next := r.nextOfRadios()
	if !r.kept.tuned.due(w, now) && !r.air.fresh && (next.IsZero() || now.Before(next)) {
		return
	}
	r.kept.tunedAt = now
	ctx, cancel := context.WithTimeout(ctx, tuneTimeout)
	defer cancel()
	err := r.parts.Radio.Apply(ctx, w, now)
	if context.Cause(ctx) == context.Canceled {
		r.kept.tuned.again = now // once what was more urgent is done
		return
	}
	r.complain("tuning the radios", err)
	r.air.fresh, r.kept.untuned = false, ""
	if err != nil {
		r.kept.untuned = err.Error()
	}
	r.kept.tuned.ended(w, err, len(w.Plans)+len(w.Refused) == 0)
}

// nextOfRadios is when the radios need another step, zero: not foreseen. However hurried they are, others get their turn.
func (r *Reconciler) nextOfRadios() time.Time {
	if r.parts.Radio == nil || r.doc == nil {
		return time.Time{}
	}
	next := r.parts.Radio.Next()
	if next.IsZero() {
		return next
	}
	return latest(next, r.kept.tunedAt.Add(hearPause))
}

func (r *Reconciler) wantedOfRadios() radio.Wanted {
	p := r.doc.policy
	if !refusesStrangers(p, r.plan.Offline) {
		r.kept.outsiders = nil
	} else {
		r.kept.outsiders = strangers(r.kept.outsiders, p, r.seen, r.air.radios)
	}
	w := radio.Wanted{Plans: r.kept.keeping.Plans, MACs: map[string][]policies.MAC{}, Refused: r.unwelcome(), Cloud: r.parts.Reachable()}
	for _, d := range p.Devices {
		w.MACs[d.ID] = d.MACs
	}
	return w
}

// unwelcome are all addresses that are to be kept off the radios.
func (r *Reconciler) unwelcome() []policies.MAC {
	return append(Unwelcome(r.doc.policy, r.plan.Offline), r.kept.outsiders...)
}

// joinable are the devices that are not kept off as they should be. Without radios nobody can be: that is a limitation.
func (r *Reconciler) joinable() map[string]bool {
	if r.parts.Radio == nil || len(r.air.radios) == 0 {
		return nil
	}
	return joinable(r.doc.policy, r.unwelcome(), r.parts.KeptOff())
}
