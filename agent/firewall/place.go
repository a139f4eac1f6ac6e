package firewall

import (
	"fmt"

	"net/netip"

	"github.com/vishvananda/netlink"
)

// readPlaces asks the kernel for the box's addresses and the LAN's networks.
func readPlaces(lan string) (places, error) {
	var p places
	link, err := netlink.LinkByName(lan)
	if err != nil {
		return p, fmt.Errorf("finding link %q: %w", lan, err)
	}
	addrs, err := netlink.AddrList(nil, netlink.FAMILY_ALL)
	if err != nil {
		return p, fmt.Errorf("listing addresses: %w", err)
	}
	for _, a := range addrs {
		own, ok := netip.AddrFromSlice(a.IP)
		if !ok {
			continue
		}
		own = own.Unmap()
		p.own = append(p.own, own)
		if ones, _ := a.Mask.Size(); a.LinkIndex == link.Attrs().Index && ones > 0 {
			p.lan = append(p.lan, netip.PrefixFrom(own, ones).Masked())
		}
	}
	return p, nil
}
