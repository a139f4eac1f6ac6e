package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Disguise takes the phone off the network and back under another address of its card, with a lease of its own and the
// name that it had. It keeps its old IPv4 address beside the new one: a probe that runs goes on asking from there.
func (h *House) Disguise(ctx context.Context, mac string) error {
	for _, line := range []string{
		"sysctl -q -w net.ipv4.conf.eth0.arp_notify=1", // says at once to the box who has the address now
		"ip link set eth0 down",
		"ip link set eth0 address " + mac,
		"ip link set eth0 up",
		"ip -6 addr replace " + h.Phone.IPv6.String() + "/64 dev eth0",
		"ip -6 route replace default via " + testbed.BoxIPv6.String(),
		"busybox udhcpc -i eth0 -f -q -n -t 10 -T 1 -s " + filepath.Join(h.dir, "client.sh") + " -x hostname:phone",
		"ip addr replace " + h.Phone.IPv4.String() + "/24 dev eth0",
	} {
		words := strings.Fields(line)
		if err := h.Phone.Run(ctx, words[0], words[1:]...); err != nil {
			return err
		}
	}
	return nil
}
