package testbed

import (
	"context"
	"fmt"
	"strings"
)

// protect gives the box what a box has before Carebox comes: NAT44 and a firewall that lets nothing new in.
func (h *Home) protect(ctx context.Context, o Options) error {
	backend := o.Backend
	if backend == "" {
		backend = "nft"
	}
	const nat = "*nat\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n"
	const closed = "*filter\n" +
		"-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n" +
		"-A FORWARD -i br-lan -j ACCEPT\n" +
		"-A FORWARD -i wan -j DROP\n" +
		"COMMIT\n"
	// The hook must be there even where nothing is dropped, so that the box's backend can be told.
	const open = "*filter\n-A FORWARD -i br-lan -j ACCEPT\nCOMMIT\n"
	six := closed
	if o.OpenIPv6 {
		six = open
	}
	if err := h.restore(ctx, "iptables-"+backend+"-restore", nat+closed); err != nil {
		return err
	}
	return h.restore(ctx, "ip6tables-"+backend+"-restore", six)
}

func (h *Home) restore(ctx context.Context, program, rules string) error {
	cmd := h.Box.Command(ctx, program, "--noflush")
	cmd.Stdin = strings.NewReader(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s in the box: %w: %s", program, err, out)
	}
	return nil
}
