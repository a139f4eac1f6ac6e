package main

import (
	"context"
	"log/slog"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

// clones are what the broker says of boxes whose identity is used in several places, on the way to the office.
type clones chan enrolment.Clone

func newClones() clones { return make(chan enrolment.Clone, 64) }

// tell is for the broker, which is not kept waiting: what is lost it says again as long as it is true.
func (c clones) tell(one enrolment.Clone) {
	select {
	case c <- one:
	default:
	}
}

// keep has the office note them until ctx ends.
func (c clones) keep(ctx context.Context, office *enrolment.Office, log *slog.Logger) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case one := <-c:
			if err := office.NoteClone(ctx, one); err != nil && ctx.Err() == nil {
				log.Warn("could not keep that a box is cloned", "box", one.Box, "error", err)
			}
		}
	}
}
