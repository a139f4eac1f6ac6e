package firewall

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Our chains. A device's own chains carry its number: CAREBOX-UP-7, CAREBOX-DOWN-7.
const (
	prefix    = "CAREBOX"
	chainUp   = prefix + "-UP"   // from the home: by MAC to the device's chain
	chainDown = prefix + "-DOWN" // to the home: by mark to the chain of a device that has windows
	chainCut  = prefix + "-CUT"  // refuses, so that programs notice at once
)

func ours(chain string) bool { return strings.HasPrefix(chain, prefix) }

// ruleset is our chains: name → rules in exactly the form of iptables-save, without "-A name ". Both backends print
// it alike (seen with 1.8.9).
type ruleset map[string][]string

// render is the chains of one family for a wanted state.
//
// Marking comes before refusing: an inbound flow that no rule could match by MAC is marked as soon as the device
// answers on it, an ICMP error included, and refused both ways from then on.
func render(w Wanted, m *marks, six bool) (ruleset, error) {
	rs := ruleset{chainUp: nil, chainDown: nil, chainCut: refuse(six)}
	devices := slices.SortedStableFunc(slices.Values(w.Devices), func(a, b Device) int { return cmp.Compare(m.of[a.ID], m.of[b.ID]) })
	for _, d := range devices {
		n := m.of[d.ID]
		if n == 0 {
			return nil, fmt.Errorf("rendering device %q: it has no number", d.ID)
		}
		for _, mac := range d.MACs {
			if hw, err := net.ParseMAC(string(mac)); err != nil || len(hw) != 6 || hw.String() != string(mac) {
				return nil, fmt.Errorf("rendering device %q: %q is no MAC in lower case with colons", d.ID, mac)
			}
			rs[chainUp] = append(rs[chainUp],
				fmt.Sprintf("-m mac --mac-source %s -m comment --comment %s -g %s", mac, encodeID(d.ID), up(n)))
		}
		rs.add(n, m, d.Windows)
	}
	rs[chainUp] = append(rs[chainUp], "-g "+up(unknownNumber))
	rs.add(unknownNumber, m, w.Unknown)
	return rs, nil
}

// add renders the chains of one number.
func (rs ruleset) add(n uint32, m *marks, windows []Window) {
	rs[up(n)] = []string{"-j CONNMARK --set-xmark " + m.field(n)}
	var matches []string
	for _, w := range windows {
		if match, some := match(w); some {
			matches = append(matches, match)
		}
	}
	if len(matches) == 0 {
		return
	}
	// Before the first window one rule tells, instead of one for each.
	if first := windows[0].From; len(matches) > 1 && first.Unix() > 1 {
		guard := "-m time --datestop " + stamp(first.Unix()-1) + " -j RETURN"
		rs[up(n)] = append(rs[up(n)], guard)
		rs[down(n)] = append(rs[down(n)], guard)
	}
	for _, match := range matches {
		rs[up(n)] = append(rs[up(n)], match+"-g "+chainCut)
		rs[down(n)] = append(rs[down(n)], match+"-j DROP")
	}
	rs[chainDown] = append(rs[chainDown], "-m connmark --mark "+m.field(n)+" -g "+down(n))
}

func up(n uint32) string   { return chainUp + "-" + strconv.FormatUint(uint64(n), 10) }
func down(n uint32) string { return chainDown + "-" + strconv.FormatUint(uint64(n), 10) }

// refuse answers at once: without tcp-reset an IPv6 connect waits a second, without any answer more than ten.
func refuse(six bool) []string {
	other := "icmp-admin-prohibited"
	if six {
		other = "icmp6-adm-prohibited"
	}
	return []string{"-p tcp -j REJECT --reject-with tcp-reset", "-j REJECT --reject-with " + other}
}

// lastDate is the newest date that iptables takes and the kernel's 32 bits hold: 2038-01-19T03:14:07. It is also what
// iptables-save prints for a date that was left out.
const lastDate = 1<<31 - 1

// match is the condition for a window, with a blank after it, or "" for always; some is false for a window that
// never comes. The kernel takes absolute dates for UTC, and datestop is inclusive.
func match(w Window) (match string, some bool) {
	start, stop := int64(0), int64(lastDate)
	if !w.From.IsZero() {
		start = max(0, w.From.Unix())
	}
	if !w.To.IsZero() {
		end := w.To
		if end.Nanosecond() > 0 {
			end = end.Add(time.Second) // never a part of a second too early
		}
		stop = min(lastDate, end.Unix()-1)
	}
	switch {
	case stop <= 0 || start >= lastDate || stop < start:
		return "", false
	case start == 0 && stop == lastDate:
		return "", true
	case start == 0:
		return "-m time --datestop " + stamp(stop) + " ", true
	}
	return "-m time --datestart " + stamp(start) + " --datestop " + stamp(stop) + " ", true
}

func stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02T15:04:05") }

// restore is the input of iptables-restore --noflush that turns the chains seen into rs, "" where they are equal.
func (rs ruleset) restore(seen ruleset) string {
	declared, removed, rules := rs.changes(seen)
	if declared == "" {
		return ""
	}
	return "*filter\n" + declared + removed + rules + "COMMIT\n"
}

// changes are the lines that turn the chains seen into rs: chains declared, those no longer wanted removed, rules. A
// declared chain is emptied; only what differs is declared, so that other devices' counters go on.
func (rs ruleset) changes(seen ruleset) (string, string, string) {
	var declared, removed, rules strings.Builder
	for _, name := range slices.Sorted(maps.Keys(rs)) {
		if old, had := seen[name]; had && slices.Equal(old, rs[name]) {
			continue
		}
		fmt.Fprintf(&declared, ":%s - [0:0]\n", name)
		for _, rule := range rs[name] {
			fmt.Fprintf(&rules, "-A %s %s\n", name, rule)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if _, stays := rs[name]; !stays {
			fmt.Fprintf(&declared, ":%s - [0:0]\n", name)
			fmt.Fprintf(&removed, "-X %s\n", name)
		}
	}
	return declared.String(), removed.String(), rules.String()
}
