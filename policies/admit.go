package policies

// LineShare is the part of the line, in percent, that floors may take together at any one time.
const LineShare = 80

// Admit reports what a box cannot keep of a valid policy's reservations, nil if it can keep all. The facts are those
// that the box reported last.
//
// Reservations are admitted in their order: where the floors of all are too high together, those that come first keep
// theirs. Fields are those of Validate, such as reservations[0].fallback[1].
func Admit(p Policy, f Facts) Problems { return nil }

// Refusals is Admit by the id of the reservation, for a box that keeps the others.
func Refusals(p Policy, f Facts) map[string]Problems { return map[string]Problems{} }
