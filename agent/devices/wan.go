package devices

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

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
	routes, err := defaultRoutes()
	if err != nil {
		return out, err
	}
	for family, has := range map[int]*bool{netlink.FAMILY_V4: &out.IPv4, netlink.FAMILY_V6: &out.IPv6} {
		if !routed(routes, wan, family) {
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

// Own is the first IPv4 address of a link that others can answer to, the zero one where it has none.
func Own(name string) netip.Addr {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return netip.Addr{}
	}
	list, _ := netlink.AddrList(link, netlink.FAMILY_V4) // none where it fails
	for _, a := range list {
		if addr, _ := netip.AddrFromSlice(a.IP); a.IP.IsGlobalUnicast() {
			return addr.Unmap()
		}
	}
	return netip.Addr{}
}

// routed reports whether a default route leads through a link.
func routed(routes []route, link string, family int) bool {
	return slices.ContainsFunc(routes, func(r route) bool { return r.link == link && r.via.Is6() == (family == netlink.FAMILY_V6) })
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
