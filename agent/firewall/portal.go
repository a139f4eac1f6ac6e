package firewall

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

const (
	hookPortal  = "PREROUTING"
	chainPortal = prefix + "-PORTAL" // plain HTTP from the home: by MAC to the chain of a device that has windows
)

// portal is our part of one family's nat table: it leads the plain HTTP of offline devices to the box's own page. Only
// the first packet of a connection comes there. Nothing that is cut depends on it.
type portal struct {
	want, seen ruleset
	hook       []string // rules of PREROUTING when last read
	failed     string   // what could not be restored since then
}

func (p *portal) takeIn(nat table) {
	p.seen, p.hook, p.failed = ruleset{}, nil, ""
	for name, c := range nat {
		if ours(name) {
			p.seen[name] = c.texts()
		}
	}
	if c := nat[hookPortal]; c != nil {
		p.hook = c.texts()
	}
}

// renderPortal is the nat chains of one family for a wanted state, none where there is no page.
//
// What goes to the LAN itself is left alone: the box's other pages, and neighbours where the bridge hands its packets
// to iptables. Where the LAN's networks are not known nothing is led astray.
func (f *Firewall) renderPortal(w Wanted, six bool) ruleset {
	if f.cfg.Portal == 0 {
		return nil
	}
	var near []string
	for _, n := range f.networks {
		if n.Addr().Is6() == six {
			near = append(near, "-d "+n.String()+" -j RETURN")
		}
	}
	rs := ruleset{chainPortal: near}
	if near == nil {
		return rs
	}
	others := f.addPortal(rs, unknownNumber, w.Unknown)
	for _, d := range w.Devices {
		n := f.marks.of[d.ID]
		to := "-j RETURN"
		if f.addPortal(rs, n, d.Windows) {
			to = "-g " + door(n)
		} else if !others {
			continue
		}
		for _, mac := range d.MACs {
			rs[chainPortal] = append(rs[chainPortal], fmt.Sprintf("-m mac --mac-source %s %s", mac, to))
		}
	}
	if others {
		rs[chainPortal] = append(rs[chainPortal], "-g "+door(unknownNumber))
	}
	return rs
}

func door(n uint32) string { return fmt.Sprintf("%s-%d", chainPortal, n) }

// addPortal renders the chain of one number, and reports whether there is one: some window that may come.
func (f *Firewall) addPortal(rs ruleset, n uint32, windows []Window) bool {
	for _, w := range windows {
		if match, some := match(w); some {
			rs[door(n)] = append(rs[door(n)], fmt.Sprintf("-p tcp %s-j REDIRECT --to-ports %d", match, f.cfg.Portal))
		}
	}
	return rs[door(n)] != nil
}

// restore is the input of iptables-restore --noflush that makes the nat table what is wanted, "" if it is. The jump goes
// to the top, and may then stand where others have moved it: who else leads plain HTTP astray knows why.
func (p *portal) restore(lan string) string {
	var jumps []string
	for _, rule := range p.hook {
		if leadsToUs(rule) {
			jumps = append(jumps, rule)
		}
	}
	var wanted []string
	if p.want != nil {
		wanted = []string{jumpPortal(lan)}
	}
	away, back := "", ""
	if !slices.Equal(jumps, wanted) {
		for _, rule := range jumps {
			away += "-D " + hookPortal + " " + rule + "\n"
		}
		for _, rule := range wanted {
			back += "-I " + hookPortal + " 1 " + rule + "\n"
		}
	}
	declared, removed, rules := p.want.changes(p.seen)
	if declared+away+back == "" {
		return ""
	}
	return "*nat\n" + declared + away + removed + rules + back + "COMMIT\n"
}

func jumpPortal(lan string) string {
	return "-i " + lan + " -p tcp -m tcp --dport 80 -j " + chainPortal
}

// restored takes over what a restore has done.
func (p *portal) restored(lan string) {
	p.seen, p.hook = p.want, nil
	if p.want != nil {
		p.hook = []string{jumpPortal(lan)}
	}
}

// lead makes the nat tables what is wanted. A kernel that cannot is a limitation: devices are cut all the same.
func (f *Firewall) lead(ctx context.Context) {
	var changing []*family
	var cmds []command
	for _, fam := range f.families {
		text := fam.portal.restore(f.cfg.LAN)
		if !fam.known || text == "" || text == fam.portal.failed {
			continue
		}
		changing = append(changing, fam)
		cmds = append(cmds, restoring(fam.tool, text))
	}
	for i, r := range f.shell.Run(ctx, cmds) {
		p := &changing[i].portal
		if r.err != nil {
			p.failed = cmds[i].stdin
			changing[i].known = changing[i].known && ctx.Err() == nil
			continue
		}
		p.restored(f.cfg.LAN)
	}
	f.limitPortal()
}

func (f *Firewall) limitPortal() {
	var failed []string
	for _, fam := range f.families {
		if fam.portal.failed != "" {
			failed = append(failed, fam.String())
		}
	}
	detail := ""
	if len(failed) > 0 {
		detail = "offline devices are not led to the box's page: no nat rules for " + strings.Join(failed, ", ")
	}
	f.limit("no-portal", detail)
}
