package registry

import (
	"errors"
	"fmt"
	"strings"

	"github.com/carebox-project/carebox/policies"
)

// Reasons why the registry could not answer. Callers use errors.Is.
var (
	ErrNotFound    = errors.New("not found")               // no such home, revision or box
	ErrTaken       = errors.New("already taken")           // the id of a home exists, or a box belongs to another home
	ErrUnavailable = errors.New("temporarily unavailable") // the database did not answer in time; worth another try
	ErrMoved       = errors.New("revision has moved on")   // only between store and registry: becomes *Stale
)

// Stale refuses a change made from a revision that is not the asked one. Nothing was stored.
type Stale struct {
	State State // as it is now
}

func (s *Stale) Error() string {
	return fmt.Sprintf("home %q is at revision %d", s.State.Home.ID, s.State.Asked.Revision)
}

// Conflict refuses an undo: what the revision changed has been changed again since. Nothing was stored.
type Conflict struct {
	State  State           // as it is now
	Fields []string        // what stands against it, as field paths: devices/tv, zone
	Would  policies.Policy // what the home's would be if it were taken back all the same
}

func (c *Conflict) Error() string {
	return "changed again since: " + strings.Join(c.Fields, ", ")
}
