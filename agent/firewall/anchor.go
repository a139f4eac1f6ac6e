package firewall

import (
	"context"
	"fmt"
	"strings"

	"github.com/coreos/go-iptables/iptables"
)

// inserter is what go-iptables does for us.
type inserter interface {
	Insert(table, chain string, pos int, spec ...string) error
}

// newInserter finds go-iptables's own view of a family's program. Its commands wait for the lock no longer than ours;
// it has no other deadline.
func newInserter(fam *family) (inserter, error) {
	protocol := iptables.ProtocolIPv4
	if fam.six {
		protocol = iptables.ProtocolIPv6
	}
	return iptables.New(iptables.IPFamily(protocol), iptables.Path(fam.tool.iptables), iptables.Timeout(5))
}

// anchors are the two jumps to our chains. A packet within the LAN takes neither, also where the bridge hands its
// packets to iptables.
func anchors(lan string) [2]string {
	return [2]string{
		"-i " + lan + " ! -o " + lan + " -j " + chainUp,
		"! -i " + lan + " -o " + lan + " -j " + chainDown,
	}
}

// anchored says whether the anchors are the first rules of FORWARD and nothing else there leads to us.
func anchored(forward []string, lan string) bool {
	for i, want := range anchors(lan) {
		if len(forward) <= i || forward[i] != want {
			return false
		}
	}
	for _, rule := range forward[2:] {
		if leadsToUs(rule) {
			return false
		}
	}
	return true
}

// anchor puts the jumps to the top of FORWARD. Where some of them are there but not first, one transaction moves them:
// a delete by text hits the first of equal rules and one by number may hit a stranger's, and neither may leave a gap.
func (f *Firewall) anchor(ctx context.Context, fam *family) error {
	var stray []string
	for _, rule := range fam.forward {
		if leadsToUs(rule) {
			stray = append(stray, rule)
		}
	}
	if len(stray) > 0 {
		return f.moveAnchors(ctx, fam, stray)
	}
	ipt, err := f.inserter(fam)
	if err != nil {
		return fmt.Errorf("finding the %s program: %w", fam, err)
	}
	for i, rule := range anchors(f.cfg.LAN) {
		if err := ipt.Insert("filter", "FORWARD", i+1, strings.Fields(rule)...); err != nil {
			return fmt.Errorf("inserting the %s jump %q: %w", fam, rule, err)
		}
	}
	return nil
}

func (f *Firewall) moveAnchors(ctx context.Context, fam *family, stray []string) error {
	var text strings.Builder
	text.WriteString("*filter\n")
	for _, rule := range stray {
		fmt.Fprintf(&text, "-D FORWARD %s\n", rule)
	}
	for i, rule := range anchors(f.cfg.LAN) {
		fmt.Fprintf(&text, "-I FORWARD %d %s\n", i+1, rule)
	}
	text.WriteString("COMMIT\n")
	if r := f.shell.Run(ctx, []command{restoring(fam.tool, text.String())})[0]; r.err != nil {
		return fmt.Errorf("moving the %s jumps to the top: %w", fam, r.err)
	}
	return nil
}

// restoring is the command that changes a table in one transaction and leaves all else in it alone.
func restoring(t tool, text string) command {
	return command{path: t.restore, args: []string{"--noflush", "--wait", lockSeconds}, stdin: text}
}
