package policies

import "time"

// Kind says which rule decided, in the order of precedence.
type Kind string

const (
	KindRefused   Kind = "refused"
	KindPause     Kind = "pause"
	KindBonus     Kind = "bonus"
	KindException Kind = "exception"
	KindBudget    Kind = "budget"
	KindSchedule  Kind = "schedule"
	KindUnknown   Kind = "unknown"
	KindAllowed   Kind = "allowed"
)

// Reason names the rule that won. ID is that of the override, exception, budget or schedule; the device's id for
// refused, its MAC for unknown, "" for allowed.
type Reason struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// Verdict says whether a device is online at an instant, and why.
type Verdict struct {
	Online  bool       `json:"online"`
	Reason  Reason     `json:"reason"`
	Since   *time.Time `json:"since,omitempty"`   // start of this reason; absent beyond the horizon
	Until   *time.Time `json:"until,omitempty"`   // end of this reason; absent beyond the horizon
	Changes *time.Time `json:"changes,omitempty"` // when Online next flips; absent beyond the horizon
}

// Horizon is how far behind and ahead of now a verdict looks for its bounds: longer than the longest window.
const Horizon = 8 * 24 * time.Hour

// Use is what a person has used of a local date.
type Use struct {
	Minutes int       `json:"minutes"`
	Last    time.Time `json:"last"` // end of the newest counted minute: a budget that is used up ends the time online there
}

// Usage is the online minutes counted so far: person id, then local date. A nil Usage means none.
type Usage map[string]map[Date]Use

// BudgetBytes is how much a device must move within a minute for the minute to count: more than this.
const BudgetBytes = 50_000

// Decide is the verdict at an instant for a device of the policy.
// An id that the policy does not have is judged like an unknown device without an address.
func Decide(p Policy, device string, usage Usage, now time.Time) Verdict { panic("not written") }

// DecideUnknown is the verdict at an instant for a device that nobody has named, by its MAC. The home's own
// overrides, exceptions and schedules hold for it too, in the order of precedence.
func DecideUnknown(p Policy, mac MAC, usage Usage, now time.Time) Verdict { panic("not written") }
