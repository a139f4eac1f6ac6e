package policies

import "time"

// Span is a stretch of time in which one rule decides about a device: From ≤ t < To, in UTC.
type Span struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Online bool      `json:"online"`
	Reason Reason    `json:"reason"`
}

// Timeline covers [From, To) for each device of a policy, by device id, without holes or overlaps;
// neighbours with equal Online and Reason are merged. Unknown holds the same for any device that nobody has named,
// with an empty reason id where the rule for unknown devices decides (the MAC goes there).
type Timeline struct {
	From, To time.Time
	Devices  map[string][]Span
	Unknown  []Span
}

// Compile turns the wall-clock rules of a valid policy into instants. It is the only place where that happens.
//
// An instant is inside a window if and only if the home's wall clock then shows a time inside it, so a start in a
// gap begins at the gap's end and a repeated hour is judged by the clock both times. A budget that is used up in usage
// cuts from the last counted minute to the end of its date; time that has not been used yet cannot cut.
func Compile(p Policy, usage Usage, from, to time.Time) (Timeline, error) { panic("not written") }
