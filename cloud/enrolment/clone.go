package enrolment

import (
	"context"
	"net/netip"
	"time"
)

// Clone is an identity that is used in several places at once: somebody has copied a box.
type Clone struct {
	Box       string
	Since     time.Time // the first time that one came back after the other
	Newest    time.Time
	Takeovers int
	Places    []Place // the first ones
}

// Place is where an identity was used.
type Place struct {
	Address netip.Addr `json:"address"`
	Serial  string     `json:"serial"` // of the certificate, hex
	First   time.Time  `json:"first"`
	Newest  time.Time  `json:"newest"`
}

// NoteClone keeps that a box's identity is used in several places, until the identity is taken back. What was known before
// stays: since when, and how often in all.
func (o *Office) NoteClone(ctx context.Context, c Clone) error {
	fresh, err := o.cfg.Store.KeepClone(ctx, c)
	if err == nil && fresh {
		o.cfg.Log.Warn("a box's identity is used in several places", "box", c.Box, "places", len(c.Places), "takeovers", c.Takeovers)
	}
	return err
}

// CloneOf is the places where a box's identity is used; without any Since where it is not known to be cloned. ErrUnknown.
func (o *Office) CloneOf(ctx context.Context, box string) (Clone, error) {
	return o.cfg.Store.CloneOf(ctx, box)
}
