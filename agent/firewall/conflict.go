package firewall

import (
	"fmt"
	"strconv"
	"strings"
)

// judge draws the limitations from what was just read: saves[i] is nil where family i could not be read.
func (f *Firewall) judge(saves []save) {
	conflict, offload, open := "", "", ""
	for i, s := range saves {
		fam := f.families[i]
		if s == nil {
			continue
		}
		if rule := foreignMark(s, f.marks.mask); rule != "" && conflict == "" {
			conflict = fmt.Sprintf("another tool uses bits of mark %#x (%s): %s", f.marks.mask, fam, rule)
		}
		if rule := offloads(s); rule != "" && offload == "" {
			offload = fmt.Sprintf("a rule lets flows pass by the firewall (%s): %s", fam, rule)
		}
		if fam.known && !fam.closed && fam.routed {
			open += ", " + fam.String()
		}
	}
	if offload == "" && f.offload() {
		offload = "a flow table lets flows pass by the firewall"
	}
	if open != "" {
		open = "new connections from the WAN may be accepted: " + strings.TrimPrefix(open, ", ")
	}
	f.limit("mark-conflict", conflict)
	f.limit("flow-offload", offload)
	f.limit("wan-open", open)
}

// foreignMark is a rule of somebody else that reads or writes bits of the conntrack mark within a mask. The packet
// mark is another field, and we use none of it.
func foreignMark(s save, mask uint32) string {
	for _, t := range s {
		for name, c := range t {
			if ours(name) {
				continue
			}
			for _, r := range c.rules {
				if connmarkBits(options(r.text))&mask != 0 {
					return r.text
				}
			}
		}
	}
	return ""
}

// connmarkBits are the bits of the conntrack mark that a rule reads or writes.
func connmarkBits(rule []option) uint32 {
	var bits uint32
	module := ""
	for _, o := range rule {
		switch {
		case o.name == "-m":
			module = o.value()
		case o.name == "-j":
			module = o.value()
		case module == "connmark" && o.name == "--mark":
			value, mask := valueMask(o.value())
			bits |= value | mask
		case module == "CONNMARK" && (o.name == "--set-xmark" || o.name == "--set-mark"):
			value, mask := valueMask(o.value())
			bits |= value | mask
		case module == "CONNMARK" && o.name == "--ctmask":
			mask, _ := valueMask(o.value())
			bits |= mask
		}
	}
	return bits
}

// valueMask reads "0x1/0xff"; all bits count where no mask is given or something cannot be read.
func valueMask(text string) (value, mask uint32) {
	v, m, masked := strings.Cut(text, "/")
	n, err := strconv.ParseUint(v, 0, 32)
	if err != nil {
		return ^uint32(0), ^uint32(0)
	}
	if !masked {
		return uint32(n), ^uint32(0)
	}
	k, err := strconv.ParseUint(m, 0, 32)
	if err != nil {
		return ^uint32(0), ^uint32(0)
	}
	return uint32(n), uint32(k)
}

func offloads(s save) string {
	for _, t := range s {
		for _, c := range t {
			for _, r := range c.rules {
				if to, _ := target(options(r.text)); to == "FLOWOFFLOAD" {
					return r.text
				}
			}
		}
	}
	return ""
}
