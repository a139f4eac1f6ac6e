// Package testbed makes a home in network namespaces for tests and the demo: a box with a bridge, NAT and a firewall,
// a phone, a laptop and a TV behind it, and an internet before it. Packets, rules and leases are the kernel's own.
//
// It needs CAP_SYS_ADMIN and CAP_NET_ADMIN over its namespaces: root, or a user namespace with a private mount
// namespace and a writable /run.
package testbed

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// Names of the box's links.
const (
	LAN = "br-lan"
	WAN = "wan"
)

// Addresses of the home's routers.
var (
	InternetIPv4 = netip.MustParseAddr("203.0.113.1")
	InternetIPv6 = netip.MustParseAddr("2001:db8:1::1")
	boxWANIPv4   = netip.MustParseAddr("203.0.113.2")
	boxWANIPv6   = netip.MustParseAddr("2001:db8:1::2")
	BoxIPv4      = netip.MustParseAddr("192.168.7.1")
	BoxIPv6      = netip.MustParseAddr("2001:db8:7::1")
)

// Options of a home. The zero value is a home as most are.
type Options struct {
	Backend  string // of the box's own rules: nft (default) | legacy
	OpenIPv6 bool   // no stateful IPv6 firewall: new connections from the WAN are accepted
	DHCP     string // folder for dnsmasq's files: the devices then get their IPv4 address from it; "" sets it statically
	Down, Up int64  // bit/s of a line with a modem whose queues are far too long; 0: as fast as the machine
	Wireless bool   // phone and TV get no cable: who asks for this gives them radios, and then their addresses
}

// Home is a whole virtual home. Close takes all of it away.
type Home struct {
	Box, Phone, Laptop, TV, Internet *Node

	modem   *Node // nil where the line has no rate
	options Options
	stop    []func() error // in reverse order
}

// New makes a home and returns when every device reaches the internet's addresses by IPv4 and IPv6.
func New(ctx context.Context, o Options) (*Home, error) {
	if o.Backend == "" {
		o.Backend = "nft"
	}
	h := &Home{options: o}
	if err := h.build(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("building the virtual home: %w", err), h.Close())
	}
	return h, nil
}

func (h *Home) build(ctx context.Context) error {
	id := strings.ToLower(rand.Text()[:6])
	var err error
	add := func(name, mac, v4, v6 string) *Node {
		if err != nil {
			return nil
		}
		var n *Node
		n, err = newNode("cb-"+id+"-"+name, mac, v4, v6)
		if n != nil {
			h.stop = append(h.stop, n.close)
		}
		return n
	}
	h.Internet = add("internet", "02:00:00:00:01:01", InternetIPv4.String(), InternetIPv6.String())
	h.Box = add("box", "02:00:00:00:01:02", boxWANIPv4.String(), boxWANIPv6.String())
	if h.options.Down > 0 && h.options.Up > 0 {
		h.modem = add("modem", "02:00:00:00:01:04", "0.0.0.0", "::")
	}
	h.Phone = add("phone", "02:00:00:00:00:0a", "192.168.7.10", "2001:db8:7::a")
	h.Laptop = add("laptop", "02:00:00:00:00:0b", "192.168.7.11", "2001:db8:7::b")
	h.TV = add("tv", "02:00:00:00:00:0c", "192.168.7.12", "2001:db8:7::c")
	if err != nil {
		return err
	}
	if err := h.wire(); err != nil {
		return err
	}
	if err := h.protect(ctx); err != nil {
		return err
	}
	if dir := h.options.DHCP; dir != "" {
		if err := h.lease(ctx, dir); err != nil {
			return err
		}
	}
	return h.reach(ctx)
}

// Devices are the nodes that a cable connects to the box.
func (h *Home) Devices() []*Node {
	if h.options.Wireless {
		return []*Node{h.Laptop}
	}
	return []*Node{h.Phone, h.Laptop, h.TV}
}

// Close stops what the home started and removes its namespaces.
func (h *Home) Close() error {
	var errs []error
	for i := len(h.stop) - 1; i >= 0; i-- {
		errs = append(errs, h.stop[i]())
	}
	h.stop = nil
	return errors.Join(errs...)
}

// reach waits until each device has had an answer from the internet in both families.
func (h *Home) reach(ctx context.Context) error {
	closer, err := h.Internet.Listen(func() (net.Listener, error) { return net.Listen("tcp", ":7") })
	if err != nil {
		return err
	}
	defer closer.Close()
	for _, d := range h.Devices() {
		for _, to := range []netip.Addr{InternetIPv4, InternetIPv6} {
			if err := d.await(ctx, netip.AddrPortFrom(to, 7)); err != nil {
				return err
			}
		}
	}
	return nil
}
