package firewall

import (
	"fmt"
	"strconv"
	"strings"
)

// save is the output of iptables-save: tables by name, chains by name.
type save map[string]table

type table map[string]*chain

type chain struct {
	policy string // of a built-in chain: ACCEPT | DROP; "-" of any other
	rules  []rule
}

// rule is one rule as printed, without counters and "-A chain ".
type rule struct {
	text    string
	packets uint64
}

func (c *chain) texts() []string {
	all := make([]string, len(c.rules))
	for i, r := range c.rules {
		all[i] = r.text
	}
	return all
}

// refused is how many packets the rules of a device's chain have refused.
func (c *chain) refused() uint64 {
	var n uint64
	for _, r := range c.rules {
		if strings.HasSuffix(r.text, "-g "+chainCut) || strings.HasSuffix(r.text, "-j DROP") {
			n += r.packets
		}
	}
	return n
}

// parseSave reads what iptables-save printed, with or without counters. Anything that it does not understand, an
// output cut short included, is an error: a proof rests on it.
func parseSave(text string) (save, error) {
	s := save{}
	var t table
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		var err error
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '*' && t == nil:
			t = table{}
			s[line[1:]] = t
		case t == nil:
			err = fmt.Errorf("line outside of a table")
		case line == "COMMIT":
			t = nil
		case line[0] == ':':
			err = t.declare(line[1:])
		default:
			err = t.append(line)
		}
		if err != nil {
			return nil, fmt.Errorf("parsing %q: %w", line, err)
		}
	}
	if t != nil {
		return nil, fmt.Errorf("parsing saved rules: the last table does not end")
	}
	return s, nil
}

// declare reads "NAME POLICY [packets:bytes]".
func (t table) declare(line string) error {
	part := strings.Fields(line)
	if len(part) < 2 {
		return fmt.Errorf("chain without a policy")
	}
	if t[part[0]] != nil {
		return fmt.Errorf("chain declared twice")
	}
	t[part[0]] = &chain{policy: part[1]}
	return nil
}

// append reads "[packets:bytes] -A CHAIN rule".
func (t table) append(line string) error {
	var r rule
	if line[0] == '[' {
		counters, rest, ok := strings.Cut(line[1:], "] ")
		packets, _, colon := strings.Cut(counters, ":")
		n, err := strconv.ParseUint(packets, 10, 64)
		if !ok || !colon || err != nil {
			return fmt.Errorf("counters cannot be read")
		}
		r.packets, line = n, rest
	}
	rest, ok := strings.CutPrefix(line, "-A ")
	if !ok {
		return fmt.Errorf("no rule")
	}
	name, text, _ := strings.Cut(rest, " ")
	c := t[name]
	if c == nil {
		return fmt.Errorf("chain %q is not declared", name)
	}
	r.text = text
	c.rules = append(c.rules, r)
	return nil
}
