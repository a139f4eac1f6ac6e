package devices

import (
	"fmt"
	"net"

	"github.com/vishvananda/netlink"

	"github.com/carebox-project/carebox/policies/wire"
)

// WayOut is what the kernel knows of the way to the internet: whether the link is up, and for each family whether the home has an
// address and a default route through it. Of IPv6 the address may be the LAN's, where a provider delegates a prefix and no more.
func WayOut(wan, lan string) (wire.WAN, error) {
	link, err := netlink.LinkByName(wan)
	if err != nil {
		return wire.WAN{}, fmt.Errorf("finding link %q: %w", wan, err)
	}
	flags, state := link.Attrs().Flags, link.Attrs().OperState
	out := wire.WAN{Link: flags&net.FlagUp != 0 && (state == netlink.OperUp || state == netlink.OperUnknown)} // PPP says unknown
	for family, has := range map[int]*bool{netlink.FAMILY_V4: &out.IPv4, netlink.FAMILY_V6: &out.IPv6} {
		routed, err := routed(link, family)
		if err != nil {
			return out, err
		}
		if !routed {
			continue
		}
		if *has, err = addressed(link, family); err != nil {
			return out, err
		}
		if *has || family == netlink.FAMILY_V4 {
			continue
		}
		home, err := netlink.LinkByName(lan)
		if err != nil {
			return out, fmt.Errorf("finding link %q: %w", lan, err)
		}
		if *has, err = addressed(home, family); err != nil {
			return out, err
		}
	}
	return out, nil
}

// routed reports whether a default route of the main table leads through a link.
func routed(link netlink.Link, family int) (bool, error) {
	list, err := netlink.RouteList(link, family)
	if err != nil {
		return false, fmt.Errorf("listing routes of %q: %w", link.Attrs().Name, err)
	}
	for _, r := range list {
		if r.Dst == nil {
			return true, nil
		}
		if ones, _ := r.Dst.Mask.Size(); ones == 0 {
			return true, nil
		}
	}
	return false, nil
}

// addressed reports whether a link has an address that others can answer to; in IPv4 one behind a provider's NAT is one.
func addressed(link netlink.Link, family int) (bool, error) {
	list, err := netlink.AddrList(link, family)
	if err != nil {
		return false, fmt.Errorf("listing addresses of %q: %w", link.Attrs().Name, err)
	}
	for _, a := range list {
		if a.IP.IsGlobalUnicast() && (family == netlink.FAMILY_V4 || !a.IP.IsPrivate()) {
			return true, nil
		}
	}
	return false, nil
}
