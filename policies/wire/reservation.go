package wire

import (
	"fmt"
	"slices"
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

// Facts are those that policies.Refusals judges by; a box without radios and without a known line has none but zeroes.
func (r Reported) Facts() policies.Facts {
	f := policies.Facts{Radios: r.Radios}
	if r.Line != nil {
		f.Line = *r.Line
	}
	return f
}

// Limits of what a box may say of its radios and reservations, beside MaxReported.
const (
	MaxRadios       = 8
	MaxChannels     = 96                           // of one radio; also its radar detections
	MaxBSSes        = 32                           // of one radio
	MaxStations     = 512                          // of one radio
	MaxReservations = 2 * policies.MaxReservations // those that were taken back and are still in force included
)

// air checks what would harm whoever shows or reckons with it. Words that are not known pass: a newer box may say them.
func (r Reported) air() error {
	if len(r.Radios) > MaxRadios || len(r.Reservations) > MaxReservations {
		return fmt.Errorf("%w: %d radios, %d reservations", ErrDocument, len(r.Radios), len(r.Reservations))
	}
	for i, radio := range r.Radios {
		if !radioFits(radio) {
			return fmt.Errorf("%w: radio %d is out of bounds", ErrDocument, i)
		}
	}
	if r.Line != nil && !(rates(r.Line.Down, r.Line.Up) && words(string(r.Line.Source))) {
		return fmt.Errorf("%w: the line is out of bounds", ErrDocument)
	}
	for i, s := range r.Reservations {
		if !s.fits() {
			return fmt.Errorf("%w: reservation %d is out of bounds", ErrDocument, i)
		}
	}
	return nil
}

func radioFits(r policies.Radio) bool {
	fit := r.Name != "" && words(r.Name, string(r.Band), r.Country, string(r.State), string(r.Why)) &&
		figures(r.Channel, r.Width, r.Load) && len(r.Channels) <= MaxChannels && len(r.Radar) <= MaxChannels &&
		len(r.BSSes) <= MaxBSSes && len(r.Stations) <= MaxStations
	for _, c := range r.Channels {
		fit = fit && figures(c.Number, c.Frequency, c.Power, c.Busy, c.Noise) && figures(c.Widths...) && len(c.Widths) <= maxWidths
	}
	for _, b := range r.BSSes {
		fit = fit && words(b.Interface, string(b.BSSID), b.SSID)
	}
	for _, s := range r.Stations {
		fit = fit && words(string(s.MAC), s.Interface) && figures(s.Signal) && rates(s.TxRate, s.RxRate)
	}
	for _, hit := range r.Radar {
		fit = fit && figures(hit.Channel)
	}
	return fit
}

func (s ReservationState) fits() bool {
	fit := s.ID != "" && words(s.ID, string(s.State), s.Why, s.Radio) && len(s.Detail) <= 4*maxWord && figures(s.Channel, s.Width) &&
		rates(s.FloorDown, s.FloorUp)
	for _, f := range []*Figures{s.Before, s.After} {
		fit = fit && (f == nil || figures(f.Signal, f.Retries) && rates(f.Rate))
	}
	return fit
}

const (
	maxWidths = 8                 // of one channel
	maxWord   = 128               // bytes: an SSID of 32 that is no text is written as 96
	maxFigure = 100_000           // MHz, dBm, %
	maxRate   = 1_000_000_000_000 // bit/s
)

func words(list ...string) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return len(s) > maxWord })
}

func figures(list ...int) bool {
	return !slices.ContainsFunc(list, func(n int) bool { return n < -maxFigure || n > maxFigure })
}

func rates(list ...int64) bool {
	return !slices.ContainsFunc(list, func(n int64) bool { return n < 0 || n > maxRate })
}
