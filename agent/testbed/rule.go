package testbed

import (
	"context"
	"fmt"
	"strings"
)

// protect gives the box what a box has before Carebox comes: NAT44 and a firewall that lets nothing new in.
func (h *Home) protect(ctx context.Context) error {
	const nat = "*nat\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n"
	if err := h.restore(ctx, "iptables", nat); err != nil {
		return err
	}
	return h.filter(ctx)
}

func (h *Home) filter(ctx context.Context) error {
	const closed = "*filter\n" +
		"-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n" +
		"-A FORWARD -i br-lan -j ACCEPT\n" +
		"-A FORWARD -i wan -j DROP\n" +
		"COMMIT\n"
	// Even where nothing is dropped there is a rule, so that the box's backend can be told.
	const open = "*filter\n-A FORWARD -i br-lan -j ACCEPT\nCOMMIT\n"
	six := closed
	if h.options.OpenIPv6 {
		six = open
	}
	if err := h.restore(ctx, "iptables", closed); err != nil {
		return err
	}
	return h.restore(ctx, "ip6tables", six)
}

// Flush empties the box's filter tables of everybody's rules, then loads the box's own again, as a firewall's careless
// restart does.
func (h *Home) Flush(ctx context.Context) error {
	for _, family := range []string{"iptables", "ip6tables"} {
		if err := h.Box.Run(ctx, family+"-"+h.options.Backend, "-F"); err != nil {
			return err
		}
	}
	return h.filter(ctx)
}

// Rules lists the box's IPv4 filter table, as iptables -S prints it.
func (h *Home) Rules(ctx context.Context) (string, error) {
	out, err := h.Box.Command(ctx, "iptables-"+h.options.Backend, "-S").Output()
	if err != nil {
		return "", fmt.Errorf("listing the box's rules: %w", err)
	}
	return string(out), nil
}

func (h *Home) restore(ctx context.Context, family, rules string) error {
	cmd := h.Box.Command(ctx, family+"-"+h.options.Backend+"-restore", "--noflush")
	cmd.Stdin = strings.NewReader(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s in the box: %w: %s", cmd.Args, err, out)
	}
	return nil
}
