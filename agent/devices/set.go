package devices

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/carebox-project/carebox/policies"
)

// view is what the kernel and dnsmasq show at one moment.
type view struct {
	neighbours []neighbour
	bridged    map[policies.MAC]bool // learned by the LAN bridge; nil where the LAN is no bridge
	own        map[policies.MAC]bool // the box's own
	leases     []lease
}

type neighbour struct {
	mac   policies.MAC
	addr  netip.Addr
	alive bool // answered a short while ago
}

// collect makes the current set of a view, sorted by MAC. known are the MACs of the last set: they keep their place.
//
// A bridge forgets who was silent for five minutes, and the neighbour table hardly ever does: so being present means
// being in the forwarding table, and only where there is none, having answered lately.
func collect(v view, known map[policies.MAC]bool) []Sighting {
	set := map[policies.MAC]*Sighting{}
	at := func(mac policies.MAC) *Sighting {
		if set[mac] == nil {
			set[mac] = &Sighting{MAC: mac}
		}
		return set[mac]
	}
	for mac := range v.bridged {
		at(mac).Present = true
	}
	for _, n := range v.neighbours {
		s := at(n.mac)
		s.Addrs = append(s.Addrs, n.addr)
		s.Present = s.Present || v.bridged == nil && n.alive
	}
	for _, l := range v.leases {
		s := at(l.mac)
		s.Addrs = append(s.Addrs, l.addr)
		if l.hostname != "" {
			s.Hostname = l.hostname
		}
	}
	for mac := range v.own {
		delete(set, mac)
	}
	out := make([]Sighting, 0, len(set))
	for _, mac := range choose(set, known) {
		s := *set[mac]
		slices.SortStableFunc(s.Addrs, netip.Addr.Compare)
		s.Addrs = slices.Compact(s.Addrs)
		s.Addrs = s.Addrs[:min(len(s.Addrs), MaxAddrs)]
		out = append(out, s)
	}
	return out
}

// choose returns at most MaxSightings MACs in order, those already known before others, those present before those with a lease only.
func choose(set map[policies.MAC]*Sighting, known map[policies.MAC]bool) []policies.MAC {
	macs := slices.Sorted(maps.Keys(set))
	if len(macs) > MaxSightings {
		rank := func(mac policies.MAC) int {
			r := 0
			if !known[mac] {
				r += 2
			}
			if !set[mac].Present {
				r++
			}
			return r
		}
		slices.SortStableFunc(macs, func(a, b policies.MAC) int { return rank(a) - rank(b) })
		macs = macs[:MaxSightings]
		slices.Sort(macs)
	}
	return macs
}

func equal(a, b []Sighting) bool {
	return slices.EqualFunc(a, b, func(x, y Sighting) bool {
		return x.MAC == y.MAC && x.Hostname == y.Hostname && x.Present == y.Present && slices.Equal(x.Addrs, y.Addrs)
	})
}
