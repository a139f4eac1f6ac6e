package reconcile

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	resetPeriod = 200 * time.Millisecond // what a reset needs to get out before its flow is ended
	firstRetry  = 200 * time.Millisecond
	lastRetry   = 5 * time.Second
)

// evidence is what has been proved about the kernel, and what still is to be. Devices go by id, "" stands for the unnamed ones.
type evidence struct {
	state    map[string]firewall.State
	offline  map[string]bool      // as last planned; nil before the first plan
	open     map[string]bool      // flipped since they were last proved
	cuts     map[string]time.Time // not proved yet: when the rules were in the kernel, zero if they are not
	newest   *wire.Cut
	why      string // why nothing can be said now, "" if it can
	revision int64  // newest that was proved whole
	since    time.Time
}

func newEvidence() evidence {
	return evidence{state: map[string]firewall.State{}, open: map[string]bool{}, cuts: map[string]time.Time{}}
}

// plan takes over who is to be offline.
func (e *evidence) plan(offline map[string]bool) {
	for id, off := range offline {
		was, known := e.offline[id]
		if known && was == off {
			continue
		}
		e.open[id] = true
		delete(e.cuts, id)
		// What was offline before this process began was cut by another one.
		if off && e.offline != nil {
			e.cuts[id] = time.Time{}
		}
	}
	for id := range e.offline {
		if _, still := offline[id]; !still {
			delete(e.cuts, id)
			delete(e.open, id)
			delete(e.state, id)
		}
	}
	e.offline = offline
}

// ruled notes that the rules are in the kernel, and reports whether that cut somebody.
func (e *evidence) ruled(at time.Time) bool {
	cut := false
	for id, since := range e.cuts {
		if since.IsZero() {
			e.cuts[id], cut = at, true
		}
	}
	return cut
}

// proved takes over a proof of a revision and reports whether everything is in force.
func (e *evidence) proved(p firewall.Proof, revision int64, at time.Time) bool {
	e.why = ""
	all := true
	for id := range e.offline {
		state := p.Devices[id]
		if id == "" {
			state = p.Unknown
		}
		e.state[id] = state
		delete(e.open, id)
		all = all && state.InForce
	}
	if all && e.revision != revision {
		e.revision, e.since = revision, at
	}
	return all
}

// cut makes the newest proved cut; name says how the unnamed ones are called. Of several at once the one that ended most is told.
func (e *evidence) cut(revision int64, at time.Time, name func() string) bool {
	var newest *wire.Cut
	for _, id := range ids(e.cuts) {
		ruled, state := e.cuts[id], e.state[id]
		if ruled.IsZero() || !state.InForce || e.open[id] {
			continue
		}
		delete(e.cuts, id)
		c := &wire.Cut{Device: id, Revision: revision, Ruled: ruled, Proved: at, Flows: state.Flows, Refusals: state.Refusals}
		if id == "" {
			c.Device = name()
		}
		if c.Device != "" && (newest == nil || c.Ruled.After(newest.Ruled) || c.Ruled.Equal(newest.Ruled) && c.Flows > newest.Flows) {
			newest = c
		}
	}
	if newest != nil {
		e.newest = newest
	}
	return newest != nil
}

func ids(cuts map[string]time.Time) []string {
	var out []string
	for id := range cuts {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// inForce says whether the kernel was seen to agree about a device, and why it was not.
func (e *evidence) inForce(id string) (bool, string) {
	state, ok := e.state[id]
	switch {
	case e.why != "":
		return false, e.why
	case e.open[id] || !ok:
		return false, "it is being applied"
	case !state.InForce:
		return false, state.Why
	}
	return true, ""
}

// hosts are the addresses seen of each device of the policy; those of the unnamed ones under "".
func hosts(p policies.Policy, seen []devices.Sighting) map[string][]netip.Addr {
	owner := map[policies.MAC]string{}
	for _, d := range p.Devices {
		for _, mac := range d.MACs {
			owner[mac] = d.ID
		}
	}
	out := map[string][]netip.Addr{}
	for _, s := range seen {
		if len(s.Addrs) > 0 {
			out[owner[s.MAC]] = append(out[owner[s.MAC]], s.Addrs...)
		}
	}
	return out
}

// prove asks the kernel whether the plan is in force. A document that arrives meanwhile goes first.
func (r *Reconciler) prove(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	r.mail.interruptible(cancel, letter.document)
	proof, err := r.parts.Firewall.Prove(ctx, r.moment.Instant, hosts(r.doc.policy, r.seen))
	r.mail.interruptible(func() {}, letter.document)
	if err != nil && context.Cause(ctx) == context.Canceled {
		r.proveAt = time.Now().Add(resetPeriod)
		return
	}
	r.complain("proving", err)
	if err != nil {
		r.evidence.why = "the rules could not be read back: " + err.Error()
		r.again()
		return
	}
	at := r.parts.Clock.Now().UTC()
	all := r.evidence.proved(proof, r.doc.revision, at)
	if r.evidence.cut(r.doc.revision, at, r.unnamed) {
		r.notes.momentChanged = true
	}
	if !all {
		r.again()
		return
	}
	r.attempts, r.proveAt = 0, time.Time{}
}

// again plans another pass with growing waits.
func (r *Reconciler) again() {
	r.proveAt = time.Now().Add(min(firstRetry<<min(r.attempts, 10), lastRetry))
	r.attempts++
}

// unnamed is a device that nobody has named and that is in the home now, "" for none.
func (r *Reconciler) unnamed() string {
	named := map[policies.MAC]bool{}
	for _, d := range r.doc.policy.Devices {
		for _, mac := range d.MACs {
			named[mac] = true
		}
	}
	for _, s := range r.seen {
		if s.Present && !named[s.MAC] {
			return string(s.MAC)
		}
	}
	return ""
}
