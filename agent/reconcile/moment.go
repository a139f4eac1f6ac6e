package reconcile

import "time"

const (
	tolerance   = 2 * time.Minute  // how far a good clock may be behind what is known to have passed
	doubtPeriod = 10 * time.Minute // after which the kernel's word outweighs the agent's own memory
)

// Moment is the instant at which a policy is judged, and what it is worth.
type Moment struct {
	Instant      time.Time
	Synchronised bool
	Passed       time.Time // has passed for certain: what ends before it has ended. Instant, while synchronised
}

// trust is what the agent knows about time without its clock. Instants come in three strengths: firm ones (the build, the time of
// issue of a document that the operator signed), those that a synchronised clock has shown, and the clock's own word.
type trust struct {
	firm   time.Time // newest of the build and all times of issue
	shown  time.Time // newest judged on a synchronised clock
	floor  time.Time // newest of both when it was learned …
	since  time.Time // … at this reading of the monotonic clock
	doubts time.Time // monotonic; since when the kernel calls a clock synchronised that only our memory contradicts
}

// learn takes an instant that has passed for certain.
func (t *trust) learn(firm, mono time.Time) {
	t.firm = latest(t.firm, firm)
	t.raise(firm, mono)
}

// recall takes the instant that was saved in an earlier life.
func (t *trust) recall(shown, mono time.Time) {
	t.shown = latest(t.shown, shown)
	t.raise(shown, mono)
}

func (t *trust) raise(to, mono time.Time) {
	if to.After(t.passed(mono)) {
		t.floor, t.since = to, mono
	}
}

// passed is the newest floor plus the time since: it has passed, whatever the clock says.
func (t *trust) passed(mono time.Time) time.Time {
	if t.floor.IsZero() {
		return t.floor
	}
	return t.floor.Add(mono.Sub(t.since))
}

// bound is the newest instant known for certain.
func (t *trust) bound() time.Time { return latest(t.firm, t.shown) }

// judge says which moment it is. A clock is believed if the kernel calls it synchronised and it is not behind the bound by more than
// the tolerance; being behind by less, it is judged at the bound, so that a pause issued "now" by a cloud that is ahead is live at once.
//
// A clock that once ran ahead would leave a bound in the future. Our own memory therefore yields when a synchronised clock has
// contradicted it for a while; a firm bound never does.
func (t *trust) judge(wall time.Time, synchronised bool, mono time.Time) Moment {
	wall = wall.Round(0).UTC()
	contradicted := synchronised && wall.Before(t.shown.Add(-tolerance)) && !wall.Before(t.firm.Add(-tolerance))
	switch {
	case !contradicted:
		t.doubts = time.Time{}
	case t.doubts.IsZero():
		t.doubts = mono
	case mono.Sub(t.doubts) >= doubtPeriod:
		t.shown, t.floor, t.since = wall, latest(t.firm, wall), mono
	}
	if !synchronised || wall.Before(t.bound().Add(-tolerance)) {
		return Moment{Instant: t.bound(), Passed: latest(t.bound(), t.passed(mono))}
	}
	now := latest(wall, t.bound())
	t.recall(now, mono)
	return Moment{Instant: now, Synchronised: true, Passed: now}
}

// sure is the latest of a clock's reading and what has passed for certain: the time for TLS.
func (t *trust) sure(wall, mono time.Time) time.Time { return latest(wall, t.passed(mono)) }

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
