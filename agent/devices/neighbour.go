package devices

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies/wire"
)

// Neighbours are the kernel's tables of both families and all links as they stand, for people who help: failed ones too.
func Neighbours() ([]wire.Neighbour, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, fmt.Errorf("listing links: %w", err)
	}
	names := map[int]string{}
	for _, l := range links {
		names[l.Attrs().Index] = l.Attrs().Name
	}
	var all []wire.Neighbour
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		list, err := netlink.NeighList(0, family)
		if err != nil {
			return nil, fmt.Errorf("listing neighbours: %w", err)
		}
		for _, n := range list {
			addr, ok := netip.AddrFromSlice(n.IP)
			if !ok || n.State&unix.NUD_NOARP != 0 {
				continue
			}
			all = append(all, wire.Neighbour{
				Address: addr.Unmap().String(), MAC: strings.ToLower(n.HardwareAddr.String()), State: stateOf(n.State), Link: names[n.LinkIndex],
			})
		}
	}
	return all, nil
}

// stateOf is a neighbour's state in the words of ip-neighbour(8).
func stateOf(state int) string {
	for _, s := range [...]struct {
		bit  int
		word string
	}{
		{unix.NUD_PERMANENT, "permanent"}, {unix.NUD_REACHABLE, "reachable"}, {unix.NUD_STALE, "stale"}, {unix.NUD_DELAY, "delay"},
		{unix.NUD_PROBE, "probe"}, {unix.NUD_INCOMPLETE, "incomplete"}, {unix.NUD_FAILED, "failed"},
	} {
		if state&s.bit != 0 {
			return s.word
		}
	}
	return "none"
}
