package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Disguise takes the phone off the network and back under another address of its card, with a lease of its own and the
// name that it had. It keeps its old IPv4 address beside the new one: a probe that runs goes on asking from there.
func (h *House) Disguise(ctx context.Context, mac string) error {
	former, err := h.Phone.Command(ctx, "cat", "/sys/class/net/eth0/address").Output()
	if err != nil {
		return fmt.Errorf("reading the phone's address: %w", err)
	}
	for _, line := range []string{
		"sysctl -q -w net.ipv4.conf.eth0.arp_notify=1", // says at once to the box who has the address now
		"ip link set eth0 down",
	} {
		if err := h.onPhone(ctx, line); err != nil {
			return err
		}
	}
	if err := h.forgets(ctx, strings.TrimSpace(string(former))); err != nil {
		return err
	}
	for _, line := range []string{
		"ip link set eth0 address " + mac,
		"ip link set eth0 up",
		"ip -6 addr replace " + h.Phone.IPv6.String() + "/64 dev eth0",
		"ip -6 route replace default via " + testbed.BoxIPv6.String(),
		"busybox udhcpc -i eth0 -f -q -n -t 10 -T 1 -s " + filepath.Join(h.dir, "client.sh") + " -x hostname:phone",
		"ip addr replace " + h.Phone.IPv4.String() + "/24 dev eth0",
	} {
		if err := h.onPhone(ctx, line); err != nil {
			return err
		}
	}
	return nil
}

func (h *House) onPhone(ctx context.Context, line string) error {
	words := strings.Fields(line)
	return h.Phone.Run(ctx, words[0], words[1:]...)
}

// forgets waits until the box's bridge knows nobody under an address any more. It hears a while later that a link is down;
// if that is up again by then, it keeps the address for minutes, and the phone would be in the home twice.
func (h *House) forgets(ctx context.Context, mac string) error {
	return poll(ctx, "the bridge to forget "+mac, func() error {
		known, err := h.Box.Command(ctx, "bridge", "fdb", "show", "br", testbed.LAN).Output()
		if err != nil {
			return fmt.Errorf("reading the bridge's addresses: %w", err)
		}
		if strings.Contains(string(known), mac) {
			return fmt.Errorf("it knows %s", known)
		}
		return nil
	})
}
