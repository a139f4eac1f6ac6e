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
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
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
	NoLink        = "no-link"         // the LAN's or the WAN's link is not there
	NoHTB         = "no-htb"          // the kernel has no such queueing discipline
	NoRule        = "no-rule"         // the rules that tell the devices' packets apart are not in the kernel
	NoClass       = "no-class"        // the queues are not as wanted: somebody else has changed them
	LineUnknown   = "line-unknown"    // a floor is asked in a direction whose rate nobody knows
	FloorsTooHigh = "floors-too-high" // together they are more than 80 % of the line: each is kept in part
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
	cfg     Config
	log     *slog.Logger
	control control

	mu       sync.Mutex
	families []*family
	wanted   Wanted
	minors   map[string]uint32 // by floor
	shares   [2]share          // down, up
	was      memory            // of the links that are ours now
	leaf     string            // kind of discipline that holds a class's packets
	marking  bool              // the kernel takes rules that set a DSCP
	lost     [2]error          // why a link cannot be looked at
	limits   map[string]string // code → detail
}

var linkName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$`)

// New finds what the kernel has and what an earlier process left in it. It changes nothing. Only a configuration that
// is none is an error: what the box lacks is a limitation.
func New(ctx context.Context, cfg Config, log *slog.Logger) (*Shaper, error) {
	s := &Shaper{cfg: cfg, log: log.With("part", "shaping"), control: kernel{}}
	if err := s.start(ctx); err != nil {
		return nil, fmt.Errorf("starting the shaper: %w", err)
	}
	return s, nil
}

func (s *Shaper) start(ctx context.Context) error {
	switch cfg := s.cfg; {
	case !linkName.MatchString(cfg.LAN) || !linkName.MatchString(cfg.WAN) || cfg.LAN == cfg.WAN:
		return fmt.Errorf("links %q and %q are no names of two links", cfg.LAN, cfg.WAN)
	case cfg.Mark == 0:
		return errors.New("no bits of the conntrack mark are given")
	case cfg.Backend != "nft" && cfg.Backend != "legacy":
		return fmt.Errorf("backend %q is neither nft nor legacy", cfg.Backend)
	}
	s.was, s.limits, s.leaf, s.marking = memory{}, map[string]string{}, fqCodel, true
	for _, six := range []bool{false, true} {
		fam, err := findFamily(ctx, s.cfg.Backend, six)
		switch {
		case err == nil:
			s.families = append(s.families, fam)
		case ctx.Err() != nil:
			return err
		case six:
			s.limit(limitFour, "ip6tables does not work, floors hold for IPv4 only: "+err.Error())
		default:
			s.limit(limitRules, "iptables does not work, no floor can be kept: "+err.Error())
			return nil // with IPv6 alone nothing is right
		}
	}
	s.minors = adopt(s.families[0].seen)
	var err error
	if s.was, err = recall(s.families[0].seen.chains[chainWas]); err != nil {
		s.log.Warn("what was there before cannot be recalled: links will get the kernel's default", "reason", err)
	}
	for _, d := range s.directions() {
		s.take(d)
	}
	return nil
}

// take goes on with the queues of an earlier process, if there are some.
func (s *Shaper) take(d direction) {
	t := s.tree(d)
	if !ours(t, d) {
		return
	}
	if _, known := s.was[d.link]; !known {
		s.was[d.link] = nil
	}
	if n, there := t.under(d.class(minorOthers)); there && n.Kind == fifo {
		s.simplify()
	}
}

// simplify does without the better discipline.
func (s *Shaper) simplify() {
	s.leaf = fifo
	s.limit(limitQueue, "the kernel has no fq_codel: flows of one device delay each other")
}

func (s *Shaper) directions() [2]direction {
	return [2]direction{{up: false, link: s.cfg.LAN}, {up: true, link: s.cfg.WAN}}
}

// tree reads a link, and notes why it cannot.
func (s *Shaper) tree(d direction) tree {
	t, err := s.control.Tree(d.link)
	s.lost[d.index()] = err
	return t
}

// Codes of limitations.
const (
	limitHTB     = "no-htb"             // floors cannot be kept
	limitRules   = "no-mangle"          // packets cannot be told apart, so neither
	limitFour    = "shaping-ipv4-only"  // IPv6 goes past the floors
	limitMarking = "no-dscp"            // floors hold on the line, but Wi-Fi does not put their packets first
	limitQueue   = "no-fq-codel"        // first in, first out: the flows of one device delay each other
	limitRival   = "shaping-conflict"   // another tool gives packets a class or a DSCP as well
	limitReturn  = "queue-not-restored" // what was there before us could not be put back as it was
)

// Limitations are what the kernel lacks or what works against the floors, as last seen, by code.
func (s *Shaper) Limitations() []wire.Limitation {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []wire.Limitation
	for _, code := range slices.Sorted(maps.Keys(s.limits)) {
		all = append(all, wire.Limitation{Code: code, Detail: s.limits[code]})
	}
	return all
}

// limit notes a limitation, or that it is gone when detail is "".
func (s *Shaper) limit(code, detail string) {
	old, had := s.limits[code]
	switch {
	case detail == "" && had:
		delete(s.limits, code)
		s.log.Info("limitation gone", "code", code)
	case detail != "" && old != detail:
		s.limits[code] = detail
		s.log.Warn("limitation found", "code", code, "detail", detail)
	}
}
