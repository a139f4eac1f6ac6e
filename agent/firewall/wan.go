package firewall

import (
	"slices"
	"strings"
)

// fate of a new connection from the WAN to the home.
type fate int

const (
	goesOn fate = iota
	dropped
	mayPass
)

// closed says whether new connections from the WAN to the home are certainly dropped by foreign rules of a filter
// table. Whatever it cannot judge counts as open.
//
// A flow may be deleted only then: else its next packet from the WAN would be a new, unmarked and accepted flow.
func closed(t table, cfg Config) bool {
	forward := t["FORWARD"]
	if forward == nil {
		return false
	}
	switch (&judge{table: t, cfg: cfg}).chain("FORWARD", 0) {
	case dropped:
		return true
	case goesOn:
		return forward.policy == "DROP"
	}
	return false
}

type judge struct {
	table table
	cfg   Config
}

// harmless targets neither accept nor drop: the packet goes on to the next rule.
var harmless = []string{"", "LOG", "NFLOG", "MARK", "CONNMARK", "TCPMSS", "DSCP", "TOS", "TTL", "HL", "CLASSIFY", "CT"}

// chain follows a new connection through a chain. Nesting beyond what any box has is not followed.
func (j *judge) chain(name string, depth int) fate {
	c := j.table[name]
	if c == nil || depth > 16 {
		return mayPass
	}
	sure := true // the packet certainly gets to this rule
	for _, r := range c.rules {
		rule := options(r.text)
		applies, always := j.applies(rule)
		to, goes := target(rule)
		if !applies || slices.Contains(harmless, to) || ours(to) {
			continue
		}
		f := j.verdict(to, depth)
		certain := sure && always
		switch {
		case f == mayPass:
			return mayPass
		case certain && f == dropped:
			return dropped
		case f == goesOn && (goes || to == "RETURN"):
			if always {
				return goesOn
			}
			sure = false
		}
	}
	return goesOn
}

func (j *judge) verdict(to string, depth int) fate {
	switch to {
	case "DROP", "REJECT":
		return dropped
	case "RETURN":
		return goesOn
	case "ACCEPT":
		return mayPass
	}
	return j.chain(to, depth+1) // a target that nobody knows is no chain: it may let the packet pass
}

// applies says whether a rule can match a new connection from the WAN to the home, and whether it does always.
func (j *judge) applies(rule []option) (can, always bool) {
	always = true
	for _, o := range rule {
		if o.name == "-j" || o.name == "-g" {
			break
		}
		matches, known := j.matches(o)
		switch {
		case !known:
			always = false
		case matches == o.not:
			return false, false
		}
	}
	return true, always
}

// modules say nothing by themselves: their conditions are judged.
var modules = []string{"conntrack", "state", "comment"}

func (j *judge) matches(o option) (matches, known bool) {
	switch o.name {
	case "-m":
		return true, slices.Contains(modules, o.value())
	case "--comment":
		return true, true
	case "-i":
		return link(o.value(), j.cfg.WAN), true
	case "-o":
		return link(o.value(), j.cfg.LAN), true
	case "--ctstate", "--state":
		return state(strings.Split(o.value(), ","))
	}
	return false, false
}

// state judges a condition on a connection's state: DNAT and the like may go together with NEW.
func state(states []string) (matches, known bool) {
	if slices.Contains(states, "NEW") {
		return true, true
	}
	for _, s := range states {
		if s != "ESTABLISHED" && s != "RELATED" && s != "INVALID" {
			return false, false
		}
	}
	return false, true
}

// link says whether a link's name satisfies a condition, in which a last + stands for anything.
func link(condition, name string) bool {
	if stem, wild := strings.CutSuffix(condition, "+"); wild {
		return strings.HasPrefix(name, stem)
	}
	return condition == name
}

// translates says whether a nat table hides the home's addresses from the WAN.
func translates(t table) bool {
	for _, c := range t {
		for _, r := range c.rules {
			if to, _ := target(options(r.text)); to == "MASQUERADE" || to == "SNAT" {
				return true
			}
		}
	}
	return false
}
