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
