package wire

import (
	"time"

	"github.com/carebox-project/carebox/policies"
)

// Hold says how far a reservation is kept.
type Hold string

const (
	HoldIdle       Hold = "idle"        // outside its windows
	HoldInForce    Hold = "in-force"    // as asked
	HoldMoved      Hold = "moved"       // on a fallback
	HoldApplying   Hold = "applying"    // on its way there
	HoldDelayed    Hold = "delayed"     // its radar check waits until the radio is idle
	HoldChecking   Hold = "checking"    // the radar check goes on: the radio is silent
	HoldRolledBack Hold = "rolled-back" // the TV or the cloud was lost: everything is as it was before
	HoldRefused    Hold = "refused"     // policies.Refusals names the problem
	HoldPartly     Hold = "partly"      // the channel or a floor is missing
)

// ReservationState is what is true of one reservation.
type ReservationState struct {
	ID        string     `json:"id"`
	State     Hold       `json:"state"`
	Why       string     `json:"why,omitempty"`     // a code: radar, tv-lost, cloud-lost, or that of a problem; "" if all is as asked
	Detail    string     `json:"detail,omitempty"`  // one sentence, for people who help
	Radio     string     `json:"radio,omitempty"`   // that it is on
	Channel   int        `json:"channel,omitempty"` // in force, as all that follows
	Width     int        `json:"width,omitempty"`
	Exclusive bool       `json:"exclusive,omitempty"`
	FloorDown int64      `json:"floorDown,omitempty"` // bit/s
	FloorUp   int64      `json:"floorUp,omitempty"`
	Since     time.Time  `json:"since"`             // of this state
	Returns   *time.Time `json:"returns,omitempty"` // when the channel asked for is tried again
	Before    *Figures   `json:"before,omitempty"`  // of its first device, before the reservation came into force
	After     *Figures   `json:"after,omitempty"`   // and since then, the newest
}

// Figures are how well a device is received.
type Figures struct {
	Signal  int       `json:"signal"`  // dBm
	Retries int       `json:"retries"` // % of the frames to the device, -1: not known
	Rate    int64     `json:"rate"`    // bit/s to the device
	At      time.Time `json:"at"`
}

// Facts are those that policies.Admit judges by; a box without radios and without a known line has none but zeroes.
func (r Reported) Facts() policies.Facts {
	f := policies.Facts{Radios: r.Radios}
	if r.Line != nil {
		f.Line = *r.Line
	}
	return f
}
