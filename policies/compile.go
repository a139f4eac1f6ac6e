package policies

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"time"
)

// Compile turns the wall-clock rules of a valid policy into instants. It is the only place where that happens.
//
// An instant is inside a window if and only if the home's wall clock then shows a time inside it, so a start in a
// gap begins at the gap's end and a repeated hour is judged by the clock both times. A budget that is used up in usage
// cuts from the last counted minute to the end of its date; time that has not been used yet cannot cut.
//
// It fails on a range that is empty or leaves the years 1900 to 2200, and on what Validate would have refused. The
// cost grows with the range: whoever lets strangers choose it sets a limit. Devices that are judged alike share their
// list of spans.
func Compile(p Policy, usage Usage, from, to time.Time) (Timeline, error) {
	c, err := newCompiler(p, usage, from, to)
	if err != nil {
		return Timeline{}, fmt.Errorf("compiling policy: %w", err)
	}
	t := Timeline{From: from.UTC(), To: to.UTC(), Devices: make(map[string][]Span, len(p.Devices))}
	shared := map[string][]Span{} // by person; "" for all who have no rule of their own
	for _, d := range p.Devices {
		owner := d.Person
		if !c.ruled[Target{Person: owner}] {
			owner = ""
		}
		alike := !d.Refused && !c.ruled[Target{Device: d.ID}]
		spans, known := shared[owner]
		if !alike || !known {
			spans = c.device(d)
		}
		if alike {
			shared[owner] = spans
		}
		t.Devices[d.ID] = spans
	}
	t.Unknown = c.unknown(p.Unknown)
	return t, nil
}

// compiler holds the opinions of all rules over a range, found once, and makes from them the spans of each device.
type compiler struct {
	wall     wall
	from, to int64
	pieces   map[Target][]piece
	replaced map[dated]bool  // the dates that have an exception, whether in the range or not
	ruled    map[Target]bool // those that a rule names and that reach into the range
	mine     []*piece        // scratch
	live     pieceHeap       // scratch
}

// dated is a date of one target.
type dated struct {
	target Target
	day    int64
}

func newCompiler(p Policy, usage Usage, from, to time.Time) (*compiler, error) {
	if !from.Before(to) {
		return nil, fmt.Errorf("the end %v is not after the start %v", to, from)
	}
	if !countable(from) || !countable(to) {
		return nil, fmt.Errorf("%v to %v leaves the years 1900 to 2200", from, to)
	}
	loc, err := Location(p.Zone)
	if err != nil {
		return nil, err
	}
	c := &compiler{
		wall: newWall(loc, from, to), from: from.UnixNano(), to: to.UnixNano(),
		pieces: map[Target][]piece{}, replaced: map[dated]bool{}, ruled: map[Target]bool{},
	}
	return c, c.collect(p, usage)
}

// countable reports whether an instant and its neighbourhood fit into 64 bits of nanoseconds.
func countable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1900 && year <= 2200
}

// device is the whole timeline of a device of the policy.
func (c *compiler) device(d Device) []Span {
	if d.Refused {
		return []Span{c.span(c.from, c.to, false, Reason{KindRefused, d.ID})}
	}
	return c.sweep(d, piece{online: true, reason: Reason{Kind: KindAllowed}})
}

// unknown is the whole timeline of a device that nobody has named.
func (c *compiler) unknown(rule UnknownRule) []Span {
	return c.sweep(Device{}, piece{online: rule != UnknownQuarantine && rule != UnknownRefuse, reason: Reason{Kind: KindUnknown}})
}

// sweep goes through the instants at which the deciding rule can change; otherwise decides where no rule does.
func (c *compiler) sweep(d Device, otherwise piece) []Span {
	c.choose(d)
	c.live = c.live[:0]
	var spans []Span
	next := 0
	for at := c.from; at < c.to; {
		for next < len(c.mine) && c.mine[next].from <= at {
			heap.Push(&c.live, c.mine[next])
			next++
		}
		for len(c.live) > 0 && c.live[0].to <= at {
			heap.Pop(&c.live)
		}
		best, until := &otherwise, c.to
		if len(c.live) > 0 {
			best = c.live[0]
			until = min(until, best.to)
		}
		if next < len(c.mine) {
			until = min(until, c.mine[next].from)
		}
		spans = c.extend(spans, c.span(at, until, best.online, best.reason))
		at = until
	}
	return spans
}

// choose lists the pieces that count for a device by their start.
func (c *compiler) choose(d Device) {
	c.mine = c.mine[:0]
	for _, t := range d.targets() {
		list := c.pieces[t]
		for i := range list {
			if !c.overruled(&list[i], d) {
				c.mine = append(c.mine, &list[i])
			}
		}
	}
	slices.SortFunc(c.mine, func(p, q *piece) int { return cmp.Compare(p.from, q.from) })
}

// overruled reports whether the date on which a window starts has an exception that replaces it for a device: any for
// a schedule, a narrower one for an exception.
func (c *compiler) overruled(p *piece, d Device) bool {
	if len(c.replaced) == 0 || p.layer != layerSchedule && p.layer != layerException {
		return false
	}
	for _, t := range d.targets() {
		if p.layer == layerException && t == p.target {
			return false
		}
		if c.replaced[dated{t, p.day}] {
			return true
		}
	}
	return false
}

func (c *compiler) span(from, to int64, online bool, reason Reason) Span {
	return Span{time.Unix(0, from).UTC(), time.Unix(0, to).UTC(), online, reason}
}

// extend appends a span, merged with the one before it where only the time differs.
func (c *compiler) extend(spans []Span, s Span) []Span {
	if n := len(spans); n > 0 && spans[n-1].Online == s.Online && spans[n-1].Reason == s.Reason {
		spans[n-1].To = s.To
		return spans
	}
	return append(spans, s)
}
