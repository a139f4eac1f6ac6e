package devices

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies"
)

// kernel reads one LAN link and its neighbours in the namespace of the calling thread.
type kernel struct{ lan string }

// view reads the link afresh each time, so a bridge that was made again under another index is found.
func (k kernel) view() (view, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return view{}, fmt.Errorf("listing links: %w", err)
	}
	v := view{own: map[policies.MAC]bool{}}
	var lan netlink.Link
	for _, l := range links {
		if mac, ok := parseMAC(l.Attrs().HardwareAddr.String()); ok {
			v.own[mac] = true
		}
		if l.Attrs().Name == k.lan {
			lan = l
		}
	}
	if lan == nil {
		return view{}, fmt.Errorf("finding link %q: %w", k.lan, errNoLink)
	}
	index := lan.Attrs().Index
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		list, err := netlink.NeighList(index, family)
		if err != nil {
			return view{}, fmt.Errorf("listing neighbours of %q: %w", k.lan, err)
		}
		v.neighbours = append(v.neighbours, neighbours(list)...)
	}
	if lan.Type() == "bridge" {
		v.bridged, err = forwarding(index)
	}
	return v, err
}

// Find is who has an address of a link at this moment, as the kernel knows its neighbours.
func Find(lan string, addr netip.Addr) (policies.MAC, error) {
	link, err := netlink.LinkByName(lan)
	if err != nil {
		return "", fmt.Errorf("finding link %q: %w", lan, err)
	}
	family := unix.AF_INET6
	if addr.Unmap().Is4() {
		family = unix.AF_INET
	}
	list, err := netlink.NeighList(link.Attrs().Index, family)
	if err != nil {
		return "", fmt.Errorf("listing neighbours of %q: %w", lan, err)
	}
	for _, n := range neighbours(list) {
		if n.addr == addr.Unmap().WithZone("") {
			return n.mac, nil
		}
	}
	return "", errNobody
}

var errNobody = errors.New("no neighbour has this address")

var errNoLink = errors.New("there is none")

// neighbours keeps those whose MAC is known to have answered once.
func neighbours(list []netlink.Neigh) []neighbour {
	const unanswered = netlink.NUD_INCOMPLETE | netlink.NUD_FAILED | netlink.NUD_NOARP | netlink.NUD_NONE
	var out []neighbour
	for _, n := range list {
		mac, ok := parseMAC(n.HardwareAddr.String())
		addr, valid := netip.AddrFromSlice(n.IP)
		if !ok || !valid || n.State&unanswered != 0 {
			continue
		}
		alive := n.State&(netlink.NUD_REACHABLE|netlink.NUD_DELAY|netlink.NUD_PROBE) != 0
		out = append(out, neighbour{mac: mac, addr: addr.Unmap(), alive: alive})
	}
	return out
}

// forwarding is what a bridge has learned. Permanent entries are those of its own ports.
func forwarding(bridge int) (map[policies.MAC]bool, error) {
	list, err := netlink.NeighList(0, unix.AF_BRIDGE)
	if err != nil {
		return nil, fmt.Errorf("listing the forwarding table: %w", err)
	}
	out := map[policies.MAC]bool{}
	for _, n := range list {
		mac, ok := parseMAC(strings.ToLower(n.HardwareAddr.String()))
		if ok && n.MasterIndex == bridge && n.State&netlink.NUD_PERMANENT == 0 {
			out[mac] = true
		}
	}
	return out, nil
}

// subscribe rings bell on each change of a neighbour or of a forwarding table. The channel that it returns is closed when the
// subscription broke, as after more events than the socket could hold.
func (k kernel) subscribe(done <-chan struct{}, bell func()) (<-chan struct{}, error) {
	updates := make(chan netlink.NeighUpdate, 16)
	if err := netlink.NeighSubscribe(updates, done); err != nil {
		return nil, fmt.Errorf("subscribing to neighbours: %w", err)
	}
	broken := make(chan struct{})
	go func() {
		defer close(broken)
		for range updates {
			bell()
		}
	}()
	return broken, nil
}
