package firewall

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// conntrack is the kernel's table of flows.
type conntrack interface {
	// Walk visits every flow of a family. What it hands over is valid only during the visit, in which nothing else of
	// the table may be called.
	Walk(six bool, visit func(*flow)) error
	// Delete ends a flow; one that is gone already is no error.
	Delete(*flow) error
	// Mark writes the bits of a mask; a flow that is gone is no error.
	Mark(f *flow, value, mask uint32) error
}

// flow is one conntrack entry.
type flow struct {
	six         bool
	orig, reply ends
	mark        uint32
	offloaded   bool
	bytes       uint64 // both ways; 0 where the kernel does not count
	id          uint32
	tuple       []byte // original direction, as the kernel wrote it
	zone        []byte
}

// ends are the addresses of one direction of a flow.
type ends struct{ src, dst netip.Addr }

func (f *flow) clone() *flow {
	c := *f
	c.tuple, c.zone = slices.Clone(f.tuple), slices.Clone(f.zone)
	return &c
}

// places are addresses with which a flow of a device is not forwarded: the box's own and those of the LAN.
type places struct {
	own []netip.Addr
	lan []netip.Prefix
}

func (p places) inside(a netip.Addr) bool {
	if a.IsMulticast() || a.IsLinkLocalUnicast() || a.IsLoopback() || a.IsUnspecified() || slices.Contains(p.own, a) {
		return true
	}
	return slices.ContainsFunc(p.lan, func(n netip.Prefix) bool { return n.Contains(a) })
}

// hunt looks for the flows of devices that are offline.
type hunt struct {
	marks   *marks
	places  places
	cut     map[uint32]string     // number → id, of the offline
	host    map[netip.Addr]string // address → id, of the offline
	holders map[netip.Addr]uint32 // address → number, of the online
	number  map[string]uint32     // id → number, of the offline
}

func (f *Firewall) newHunt(cut []subject, hosts map[string][]netip.Addr) (*hunt, error) {
	p, err := f.places()
	if err != nil {
		return nil, fmt.Errorf("reading the box's addresses: %w", err)
	}
	h := &hunt{
		marks: &f.marks, places: p, cut: map[uint32]string{}, number: map[string]uint32{},
		host: map[netip.Addr]string{}, holders: map[netip.Addr]uint32{},
	}
	for _, s := range cut {
		h.cut[s.number], h.number[s.id] = s.id, s.number
	}
	for id, addrs := range hosts {
		_, hunted := h.number[id]
		for _, a := range addrs {
			if hunted {
				h.host[a.Unmap()] = id
			} else {
				h.holders[a.Unmap()] = f.marks.of[id]
			}
		}
	}
	return h, nil
}

// find is a flow that something has to be done about, or that our rules refuse by its mark.
type find struct {
	*flow
	id      string // of the device that is offline
	refused bool
	rescue  uint32 // number of the online device that the flow has come to
}

// quarry says whether a flow matters to the cut of a device.
func (h *hunt) quarry(f *flow) (find, bool) {
	n := h.marks.number(f.mark)
	device, peer := f.orig.src, f.reply.src
	if !h.knows(device) {
		device, peer = f.reply.src, f.orig.src
	}
	id, hosted := h.host[device]
	holder, held := h.holders[device]
	if cut, is := h.cut[n]; is {
		// A device that has got its name or another's MAC just now still has flows under the number before.
		if held && holder != 0 && (!hosted || id != cut) {
			return find{flow: f, rescue: holder}, true
		}
		return find{flow: f, id: cut, refused: !f.offloaded}, true
	}
	// Not marked, or under a mark from before: the addresses tell. One that has gone to another device may still be in
	// the list of its old one; there the mark knows better.
	if !hosted || h.places.inside(peer) || n != 0 && held && holder == n {
		return find{}, false
	}
	return find{flow: f, id: id}, true
}

func (h *hunt) knows(a netip.Addr) bool {
	_, hosted := h.host[a]
	_, held := h.holders[a]
	return hosted || held
}

// rounds is how often flows are looked for; a flow from the WAN may slip in between a look and a deletion.
const rounds = 4

// endFlows ends the flows that are left of devices whose rules are in force, and returns how many accepted ones
// remain. Where the WAN could open an ended flow anew its entry is kept, under the mark that the rules refuse.
func (f *Firewall) endFlows(ctx context.Context, cut []subject, hosts map[string][]netip.Addr) (map[string]int, error) {
	if len(cut) == 0 {
		return nil, nil
	}
	h, err := f.newHunt(cut, hosts)
	if err != nil {
		return nil, err
	}
	left := map[string]int{}
	for range rounds {
		clear(left)
		for _, s := range cut {
			f.records[s.id].kept = 0
		}
		var found int
		for _, fam := range f.families {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("ending flows: %w", err)
			}
			n, err := f.endFamily(fam, h, left)
			if err != nil {
				return nil, err
			}
			found += n
		}
		if found == 0 {
			return nil, nil
		}
	}
	return left, nil
}

// endFamily is one look at a family. It returns how many flows it had to do something about.
func (f *Firewall) endFamily(fam *family, h *hunt, left map[string]int) (int, error) {
	var finds []find
	err := f.walk(fam.six, func(one *flow) {
		found, is := h.quarry(one)
		switch {
		case !is:
			return
		case found.rescue == 0 && found.refused && !fam.closed:
			f.records[found.id].kept++
			return
		case found.rescue == 0 && !found.refused:
			left[found.id]++
		}
		found.flow = one.clone()
		finds = append(finds, found)
	})
	if err != nil {
		return 0, fmt.Errorf("looking for %s flows: %w", fam, err)
	}
	var errs []error
	for _, one := range finds {
		switch {
		case one.rescue != 0:
			err = f.flows.Mark(one.flow, f.marks.value(one.rescue), f.marks.mask)
		case fam.closed || one.offloaded: // deleting the entry is what ends an offloaded flow
			err = f.flows.Delete(one.flow)
			f.records[one.id].deleted++
		default:
			err = f.flows.Mark(one.flow, f.marks.value(h.number[one.id]), f.marks.mask)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return 0, fmt.Errorf("ending %s flows: %w", fam, err)
	}
	return len(finds), nil
}
