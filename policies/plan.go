package policies

import "time"

// ChannelPlan is where one radio has to be, and for whom.
type ChannelPlan struct {
	Radio        string     `json:"radio"`
	Channel      int        `json:"channel"`
	Width        int        `json:"width"`
	Reservations []string   `json:"reservations"`      // ids that share the radio, in the policy's order
	Exclusive    bool       `json:"exclusive"`         // one of them is exclusive: only Devices may join
	Devices      []string   `json:"devices"`           // ids, of all of them
	Why          Selection  `json:"why"`               // Reservation, or Auto_DFS on a fallback
	Check        bool       `json:"check"`             // a radar check precedes: the radio will be silent for a minute or more
	Now          bool       `json:"now"`               // the check need not wait until the radio is idle
	Returns      *time.Time `json:"returns,omitempty"` // on a fallback: when the channel asked for may be used again
}

// PlanRadios is where the radios have to be at an instant for the reservations that hold then: one plan for each radio
// that one of them wants, none for the others.
func PlanRadios(p Policy, radios []Radio, now time.Time) []ChannelPlan {
	return nil
}
