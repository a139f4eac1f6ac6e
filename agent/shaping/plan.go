package shaping

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/vishvananda/netlink"

	"github.com/carebox-project/carebox/policies"
)

// Shares of a line's rate.
const (
	sentDown  = 0.92      // what we let come and go: less than the line takes, so that packets wait here and not in a modem.
	sentUp    = 0.95      // On the way down a queue there can only be starved, which takes the wider margin
	headers   = 17.0 / 16 // of a full packet to what a program gets of it, IPv6 and TCP with timestamps
	answers   = 1.0 / 32  // of a floor, for what goes the other way with it: acknowledgements, requests
	mostAside = 0.05      // what those may come to together
	least     = 1000      // bytes/s, of any class: the kernel knows no rate of zero
)

// Time that a full queue takes to empty at the rate that its class is sure of, where the kernel has no better
// discipline than first in, first out: short where somebody watches; elsewhere as long as the queue in a modem that it
// takes over, for where many flows lose packets in a short one, they fill the modem's instead.
const (
	waitFloor  = 20 * time.Millisecond
	waitOthers = 200 * time.Millisecond
)

// direction is one way through the line.
type direction struct {
	up   bool
	link string // where its packets leave the box
}

func (d direction) String() string {
	if d.up {
		return "up"
	}
	return "down"
}

func (d direction) index() int {
	if d.up {
		return 1
	}
	return 0
}

func (d direction) major() uint32 {
	if d.up {
		return majorUp
	}
	return majorDown
}

func (d direction) class(minor uint32) uint32 { return d.major()<<16 | minor }

// asked is what a floor wants in this direction.
func (d direction) asked(f Floor) int64 {
	if d.up {
		return max(f.Up, 0)
	}
	return max(f.Down, 0)
}

// sent is what we let through of a line's rate.
func (d direction) sent(line int64) float64 {
	if d.up {
		return sentUp * float64(line)
	}
	return sentDown * float64(line)
}

func (d direction) other(f Floor) int64 { return direction{up: !d.up}.asked(f) }

func (d direction) line(w Wanted) int64 {
	if d.up {
		return w.Line.Up
	}
	return w.Line.Down
}

// share is how one direction of the line is divided. The zero value does not divide it at all.
type share struct {
	line   uint64 // bytes/s of all classes together
	others uint64
	floors []portion // in the order that was wanted
	scaled bool      // floors are less than was asked
}

// portion is what a floor is sure of.
type portion struct {
	id    string
	minor uint32
	marks []uint32
	floor int64  // bit/s of what programs get; 0: none was asked
	rate  uint64 // bytes/s on the link
}

// divide gives each floor its portion and the others the rest. Floors that together are too high are cut in the same
// ratio: never may they starve the home, nor promise more than there is.
func divide(w Wanted, d direction, minors map[string]uint32) share {
	line := d.line(w)
	if len(w.Floors) == 0 || line <= 0 {
		return share{}
	}
	var sum float64
	for _, f := range w.Floors {
		sum += float64(d.asked(f))
	}
	ratio := 1.0
	if most := float64(policies.LineShare) / 100 * float64(line); sum > most {
		ratio = most / sum
	}
	left := d.sent(line)
	s := share{line: perSecond(left), scaled: ratio < 1}
	for _, f := range w.Floors {
		kept := math.Floor(ratio * float64(d.asked(f)))
		rate := kept * headers
		if kept == 0 {
			rate = min(answers*float64(d.other(f)), mostAside*float64(line)/float64(len(w.Floors)))
		}
		left -= rate
		s.floors = append(s.floors, portion{id: f.ID, minor: minors[f.ID], marks: f.Marks, floor: int64(kept), rate: perSecond(rate)})
	}
	s.others = perSecond(left)
	return s
}

// perSecond is a rate of bit/s in bytes, as the kernel counts it.
func perSecond(rate float64) uint64 { return uint64(max(rate/8, least)) }

// tree is what the link is to have for a share, parents first: nothing for the zero share.
//
// The line's class is the only limit; a class may borrow all that others leave. Packets that no rule classifies go
// past it on their way down, where they are the box's own and the LAN's, and count as others' on their way up, where
// all is the line's.
func (s share) tree(d direction, kind string) tree {
	if s.line == 0 {
		return nil
	}
	unclassified := uint32(0)
	if d.up {
		unclassified = minorOthers
	}
	whole := newHTB(s.line, s.line, 0)
	whole.quantum = packet // the kernel would pass over a new one: it is no class that sends
	t := tree{htbRoot(d.major(), unclassified), whole.node(d.class(minorLine), netlink.HANDLE_ROOT)}
	class := func(minor uint32, h htb, wait time.Duration) {
		t = append(t, h.node(d.class(minor), d.class(minorLine)), leaf(kind, d.class(minor), room(h.rate, wait, d)))
	}
	class(minorOthers, newHTB(min(s.others, s.line), s.line, 1), waitOthers)
	for _, p := range s.floors {
		class(p.minor, newHTB(min(p.rate, s.line), s.line, 0), waitFloor)
	}
	return t
}

// only is the share as if there were one floor.
func (s share) only(id string) (share, portion) {
	at := slices.IndexFunc(s.floors, func(p portion) bool { return p.id == id })
	s.floors = s.floors[at : at+1]
	return s, s.floors[0]
}

// room is how many packets may wait. On the way up there are many small ones, which acknowledge what came down.
func room(rate uint64, wait time.Duration, d direction) uint32 {
	fewest := uint64(10)
	if d.up {
		fewest = 32
	}
	return uint32(min(max(uint64(float64(rate)*wait.Seconds())/packet, fewest), 1000))
}

// renumber gives each floor a minor: the one it has, else the lowest free, so that its packets stay in their queue.
func renumber(old map[string]uint32, floors []Floor) (map[string]uint32, error) {
	now := make(map[string]uint32, len(floors))
	taken := map[uint32]bool{}
	for _, f := range floors {
		if _, twice := now[f.ID]; twice || f.ID == "" {
			return nil, fmt.Errorf("wanting floor %q: no id, or one twice", f.ID)
		}
		now[f.ID] = old[f.ID]
		taken[old[f.ID]] = true
	}
	next := uint32(minorFloors)
	for _, f := range floors {
		for now[f.ID] == 0 {
			if !taken[next] {
				now[f.ID] = next
			}
			if next++; next > maxMinor {
				return nil, fmt.Errorf("wanting %d floors: there are no numbers for so many", len(floors))
			}
		}
	}
	return now, nil
}
