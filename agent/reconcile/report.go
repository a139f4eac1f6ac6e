package reconcile

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// report builds what is true now and hands it on if it is something else than before.
func (r *Reconciler) report() {
	rep := r.reported()
	rep.At = time.Time{}
	now, err := json.Marshal(rep)
	for err == nil && len(now) > wire.MaxReported-1024 && len(rep.Devices) > 0 {
		// Unnamed devices stand last: a home that is flooded with them still says everything about its own.
		rep.Devices = rep.Devices[:len(rep.Devices)*3/4]
		rep.Limitations = append(r.limitations(), wire.Limitation{Code: "devices-left-out", Detail: "there are more devices than a report holds"})
		now, err = json.Marshal(rep)
	}
	r.complain("reporting", err)
	if err != nil || bytes.Equal(now, r.last) {
		return
	}
	r.last = now
	rep.At = r.parts.Clock.Now().UTC()
	r.current.Store(&rep)
	r.parts.Report(rep)
}

func (r *Reconciler) reported() wire.Reported {
	rep := wire.Reported{
		Box:         r.cfg.Box,
		InForce:     r.evidence.revision,
		Since:       r.evidence.since,
		Refused:     r.refused,
		Devices:     []wire.DeviceState{},
		Clock:       wire.Clock{Synchronised: r.moment.Synchronised, Rule: policies.ClockKeepLast},
		Cut:         r.evidence.newest,
		Limitations: r.limitations(),
		Radios:      r.air.shown,
		WAN:         r.wayOut(),
	}
	rep.Page = r.page // looked at with the way out
	if r.cfg.Line != (policies.Line{}) {
		rep.Line = &r.cfg.Line
	}
	if r.doc == nil {
		return rep
	}
	rep.Accepted = r.doc.revision
	if r.doc.policy.Clock != "" {
		rep.Clock.Rule = r.doc.policy.Clock
	}
	states, err := Judge(r.doc.policy, r.notes.usage, r.seen, r.moment)
	r.complain("judging", err)
	open := r.joinable()
	for _, s := range states {
		s.InForce, s.Why = r.evidence.inForce(s.ID)
		if s.InForce && (open[s.ID] || s.ID == "" && open[s.MAC]) {
			s.InForce, s.Why = false, "it has no internet, but may still join the Wi-Fi"
		}
		rep.Devices = append(rep.Devices, s)
	}
	rep.Reservations = r.reservations()
	rep.Usage = lately(r.doc.policy, r.notes.usage, r.moment.Instant)
	return rep
}

// wayOut is looked at once a second at most: a report is built several times in a pass, and a storm of events makes many passes.
func (r *Reconciler) wayOut() *wire.WAN {
	if r.parts.WAN == nil || !r.lookedOut.IsZero() && time.Since(r.lookedOut) < time.Second {
		return r.out
	}
	wan, err := r.parts.WAN()
	r.complain("looking at the way out", err)
	r.lookedOut, r.out = time.Now(), &wan
	if err != nil {
		r.out = nil
	}
	if r.parts.Page != nil {
		r.page = r.parts.Page()
	}
	return r.out
}

// limitations of every part, and of this one.
func (r *Reconciler) limitations() []wire.Limitation {
	var out []wire.Limitation
	for _, list := range r.parts.Limitations {
		out = append(out, list()...)
	}
	if r.notes.unsaved != "" {
		out = append(out, wire.Limitation{Code: "state-not-saved", Detail: r.notes.unsaved})
	}
	if r.doc != nil && len(r.air.radios) == 0 && wantsRadio(r.doc.policy) {
		out = append(out, wire.Limitation{Code: "no-radio", Detail: "association cannot be refused here: no internet instead"})
	}
	return out
}
