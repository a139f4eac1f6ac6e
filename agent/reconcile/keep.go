package reconcile

import (
	"context"
	"errors"
	"time"

	"github.com/carebox-project/carebox/agent/radio"
	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/policies"
)

var errNotInForce = errors.New("some floor is not in force")

const (
	tuneTimeout  = 2 * time.Second // of all that is asked of the radios in one pass: hostapd may hang
	shapeTimeout = 5 * time.Second
)

// shaper keeps bandwidth floors.
type shaper interface {
	Apply(context.Context, shaping.Wanted) error
	State(context.Context) ([]shaping.FloorState, error)
}

// tuner brings radios to what is wanted of them, a step at a time.
type tuner interface {
	Apply(ctx context.Context, w radio.Wanted, now time.Time) error
	State() []radio.RadioState
	Next() time.Time
}

// kept is what is known of reservations: wanted, and seen to be true.
type kept struct {
	keeping   Keeping
	shaped    effort
	floors    map[string]shaping.FloorState // by reservation, as last read from the kernel
	unshaped  string                        // why the floors could not be read, "" if they could
	tuned     effort
	tunedAt   time.Time // monotonic, of the newest attempt
	untuned   string    // why the radios could not be asked, "" if they could
	records   map[string]record
	outsiders []policies.MAC // unnamed devices that are kept off the radios
}

// keep makes shaper and radios agree with what holds now. It comes after everything that cuts, gives way to what may cut, and is left for
// the next pass while a cut waits for its proof: a radio that hangs costs nobody else any time.
func (r *Reconciler) keep(ctx context.Context) {
	if r.cutting() {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mail.interruptible(cancel, letter.cuts)
	defer r.mail.interruptible(func() {}, letter.cuts)

	r.hear(ctx)
	if r.doc == nil || !r.planned {
		return
	}
	r.kept.keeping = Keep(r.doc.policy, policies.Facts{Radios: r.air.radios, Line: r.cfg.Line}, r.moment)
	r.shape(ctx)
	r.tune(ctx)
	r.record()
}

// cutting reports whether somebody was cut a moment ago and has not been proved to be.
func (r *Reconciler) cutting() bool {
	return len(r.evidence.cuts) > 0 && r.attempts == 0 && !r.proveAt.IsZero()
}

// keepAt is when reservations need another pass at the latest, zero: not before the next minute.
func (r *Reconciler) keepAt() time.Time {
	var at time.Time
	if r.cutting() {
		return at
	}
	for _, t := range []time.Time{r.kept.shaped.again, r.kept.tuned.again, r.air.hearAt(), r.nextOfRadios()} {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

// shape asks for the floors of the reservations that hold, and reads what the kernel made of them.
func (r *Reconciler) shape(ctx context.Context) {
	w := shaping.Wanted{Line: r.cfg.Line, Floors: floors(r.kept.keeping.Live, r.parts.Marks())}
	if !r.kept.shaped.due(w, time.Now()) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, shapeTimeout)
	defer cancel()
	err := r.parts.Shaper.Apply(ctx, w)
	states, unread := r.parts.Shaper.State(ctx)
	if context.Cause(ctx) == context.Canceled {
		return
	}
	r.complain("shaping", err)
	r.complain("reading queues", unread)
	r.kept.floors, r.kept.unshaped = map[string]shaping.FloorState{}, ""
	for _, s := range states {
		r.kept.floors[s.ID] = s
		if !s.InForce && err == nil && unread == nil {
			err = errNotInForce
		}
	}
	if unread != nil {
		err, r.kept.unshaped = unread, unread.Error()
	}
	r.kept.shaped.ended(w, err, len(w.Floors) == 0)
}

// floors of the reservations that hold; the firewall's marks tell their devices' packets.
func floors(live []policies.Reservation, marks map[string]uint32) []shaping.Floor {
	var out []shaping.Floor
	for _, one := range live {
		if one.FloorDown == 0 && one.FloorUp == 0 {
			continue
		}
		f := shaping.Floor{ID: one.ID, Down: one.FloorDown, Up: one.FloorUp}
		for _, id := range one.Devices {
			if mark, ok := marks[id]; ok {
				f.Marks = append(f.Marks, mark)
			}
		}
		out = append(out, f)
	}
	return out
}
