package testbed

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/vishvananda/netlink"
)

// wire lays the cables: the internet to the box, and each device to the box's bridge.
func (h *Home) wire() error {
	err := h.Box.Do(func() error {
		if err := forward(); err != nil {
			return err
		}
		if err := addBridge(LAN, "02:00:00:00:01:03"); err != nil {
			return err
		}
		return address(LAN, netip.PrefixFrom(BoxIPv4, 24), netip.PrefixFrom(BoxIPv6, 64))
	})
	if err != nil {
		return err
	}
	if err := h.connect(); err != nil {
		return fmt.Errorf("connecting the line: %w", err)
	}
	if err := h.Box.Do(func() error {
		return address(WAN, netip.PrefixFrom(boxWANIPv4, 24), netip.PrefixFrom(boxWANIPv6, 64))
	}); err != nil {
		return err
	}
	if err := h.Internet.Do(func() error {
		if err := address("eth0", netip.PrefixFrom(InternetIPv4, 24), netip.PrefixFrom(InternetIPv6, 64)); err != nil {
			return err
		}
		return route("2001:db8:7::/64", boxWANIPv6)
	}); err != nil {
		return err
	}
	for _, d := range h.Devices() {
		if err := h.plug(d); err != nil {
			return fmt.Errorf("plugging %q in: %w", d.Name, err)
		}
	}
	return nil
}

// forward makes the box a router that tells of every refusal, so that a test can see each.
func forward() error {
	for _, s := range [][2]string{
		{"net/ipv4/ip_forward", "1"}, {"net/ipv6/conf/all/forwarding", "1"},
		{"net/ipv4/icmp_ratelimit", "0"}, {"net/ipv6/icmp/ratelimit", "0"},
	} {
		if err := setting(s[0], s[1]); err != nil {
			return err
		}
	}
	return nil
}

// plug connects a device to the bridge, with both addresses and default routes.
func (h *Home) plug(d *Node) error {
	port := "lan-" + d.Name[strings.LastIndex(d.Name, "-")+1:]
	err := h.Box.Do(func() error {
		if err := addCable(port, "", d, "eth0"); err != nil {
			return err
		}
		l, err := netlink.LinkByName(port)
		if err != nil {
			return err
		}
		bridge, err := netlink.LinkByName(LAN)
		if err != nil {
			return err
		}
		return netlink.LinkSetMaster(l, bridge)
	})
	if err != nil {
		return err
	}
	return d.Do(func() error {
		if err := address("eth0", netip.PrefixFrom(d.IPv4, 24), netip.PrefixFrom(d.IPv6, 64)); err != nil {
			return err
		}
		if err := route("0.0.0.0/0", BoxIPv4); err != nil {
			return err
		}
		return route("::/0", BoxIPv6)
	})
}

func addBridge(name, mac string) error {
	hw, err := net.ParseMAC(mac)
	if err != nil {
		return err
	}
	a := netlink.NewLinkAttrs()
	a.Name, a.HardwareAddr = name, hw
	if err := netlink.LinkAdd(&netlink.Bridge{LinkAttrs: a}); err != nil {
		return fmt.Errorf("adding bridge %q: %w", name, err)
	}
	return up(name)
}

// addCable makes a veth from here to a link of the peer, whose MAC is the peer node's own.
func addCable(name, mac string, peer *Node, there string) error {
	a := netlink.NewLinkAttrs()
	a.Name = name
	if mac != "" {
		hw, err := net.ParseMAC(mac)
		if err != nil {
			return err
		}
		a.HardwareAddr = hw
	}
	hw, err := net.ParseMAC(string(peer.MAC))
	if err != nil {
		return err
	}
	veth := &netlink.Veth{LinkAttrs: a, PeerName: there, PeerHardwareAddr: hw, PeerNamespace: netlink.NsFd(peer.ns)}
	if err := netlink.LinkAdd(veth); err != nil {
		return fmt.Errorf("adding cable %q: %w", name, err)
	}
	if err := up(name); err != nil {
		return err
	}
	return peer.Do(func() error { return up(there) })
}

func address(link string, prefixes ...netip.Prefix) error {
	l, err := netlink.LinkByName(link)
	if err != nil {
		return fmt.Errorf("finding link %q: %w", link, err)
	}
	for _, p := range prefixes {
		a, err := netlink.ParseAddr(p.String())
		if err != nil {
			return err
		}
		if err := netlink.AddrAdd(l, a); err != nil {
			return fmt.Errorf("adding %s to %q: %w", p, link, err)
		}
	}
	return nil
}

func route(to string, via netip.Addr) error {
	_, dst, err := net.ParseCIDR(to)
	if err != nil {
		return err
	}
	if err := netlink.RouteAdd(&netlink.Route{Dst: dst, Gw: via.AsSlice()}); err != nil {
		return fmt.Errorf("adding a route to %s via %s: %w", to, via, err)
	}
	return nil
}
