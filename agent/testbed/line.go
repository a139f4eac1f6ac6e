package testbed

import (
	"fmt"
	"time"

	"github.com/vishvananda/netlink"
)

// connect lays the line from the internet to the box, through a modem where it has a rate.
func (h *Home) connect() error {
	if h.modem == nil {
		return h.Box.Do(func() error { return addCable(WAN, string(h.Box.MAC), h.Internet, "eth0") })
	}
	err := h.modem.Do(func() error {
		if err := addBridge("line", string(h.modem.MAC)); err != nil {
			return err
		}
		if err := h.port("box", h.Box, WAN, h.options.Down); err != nil {
			return err
		}
		return h.port("internet", h.Internet, "eth0", h.options.Up)
	})
	if err != nil {
		return err
	}
	for _, n := range append(h.Devices(), h.Internet) {
		// Over a real distance TCP sends little at once. Here the way is so short that it would hand over 64 KB in one
		// piece, which a slow line takes tens of milliseconds to carry.
		if err := n.Do(func() error { return setting("net/ipv4/tcp_tso_rtt_log", "0") }); err != nil {
			return err
		}
	}
	return nil
}

// port connects a node to the modem. Packets to it leave at the line's rate, after a queue as long as those that make
// homes complain.
func (h *Home) port(name string, peer *Node, there string, rate int64) error {
	if err := addCable(name, "", peer, there); err != nil {
		return err
	}
	bridge, err := netlink.LinkByName("line")
	if err != nil {
		return err
	}
	l, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	if err := netlink.LinkSetMaster(l, bridge); err != nil {
		return err
	}
	const atOnce, queue = 2 * time.Millisecond, 100 * time.Millisecond
	of := func(d time.Duration) uint32 { return uint32(rate / 8 * int64(d) / int64(time.Second)) }
	tbf := &netlink.Tbf{
		QdiscAttrs: netlink.QdiscAttrs{LinkIndex: l.Attrs().Index, Parent: netlink.HANDLE_ROOT, Handle: netlink.MakeHandle(1, 0)},
		Rate:       uint64(rate / 8), Limit: max(of(queue), 20_000),
		Buffer: netlink.Xmittime(uint64(rate/8), max(of(atOnce), 4_000)),
	}
	if err := netlink.QdiscAdd(tbf); err != nil {
		return fmt.Errorf("limiting %q to %d bit/s: %w", name, rate, err)
	}
	return nil
}
