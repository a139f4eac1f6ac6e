// Package devices knows who is in the home: the neighbours and the bridge's forwarding table of the LAN, and the names and addresses
// that dnsmasq gave.
//
// It reports the whole current set, whenever it has become another one. A device is known by its MAC; the box's own addresses and
// multicast are none. At most [MaxSightings] are tracked, and those that came first keep their place, so that a flood of
// made-up addresses does not push the family out.
//
// It never changes anything, and never judges.
package devices

import (
	"net/netip"

	"github.com/carebox-project/carebox/policies"
)

// MaxSightings is how many devices are tracked at most; MaxAddrs how many addresses of each.
const (
	MaxSightings = 1024
	MaxAddrs     = 32
)

// Sighting is one device that the box sees in the LAN, or has seen and still holds a lease for.
type Sighting struct {
	MAC      policies.MAC
	Addrs    []netip.Addr // sorted; link-local ones included
	Hostname string       // as the device calls itself: untrusted, printable, at most 63 bytes
	Present  bool         // seen in the LAN now
}
