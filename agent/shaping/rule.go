package shaping

import (
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Our chains of the mangle table. A floor's own chains carry its number: CAREBOX-SHAPE-DOWN-16, CAREBOX-SHAPE-UP-16.
const (
	prefix    = "CAREBOX-SHAPE"
	chainDown = prefix + "-DOWN" // from the line to the home
	chainUp   = prefix + "-UP"   // from the home to the line
	chainWas  = prefix + "-WAS"  // nothing leads there: it remembers
	hook      = "FORWARD"
)

// video is the DSCP of a floor's packets on their way into the home: AF41. An access point sends it in the video class
// (WMM AC_VI), with the kernel's old table (the three top bits, 4) as well as with RFC 8325's. EF would go with voice,
// whose short turns in the air hardly aggregate, and CS3 or AF31, which RFC 4594 has for streams, as best effort with
// the old table.
const video = "0x22"

func isOurs(chain string) bool { return strings.HasPrefix(chain, prefix) }

func (d direction) chain() string {
	if d.up {
		return chainUp
	}
	return chainDown
}

// own is the chain of one floor.
func (d direction) own(minor uint32) string { return fmt.Sprintf("%s-%d", d.chain(), minor) }

// ruleset is our chains: name → rules in exactly the form of iptables-save, without "-A name ". Both backends print it
// alike (seen with 1.8.9).
type ruleset map[string][]string

// rules are the chains and the jumps for the directions that are shared, and what is remembered.
func (s *Shaper) rules(remembers bool) (ruleset, []string, error) {
	rs := ruleset{}
	if remembers && len(s.was) > 0 {
		var err error
		if rs[chainWas], err = s.was.rules(); err != nil {
			return nil, nil, err
		}
	}
	var jumps []string
	for i, d := range s.directions() {
		if s.shares[i].line == 0 {
			continue
		}
		from, to := s.cfg.WAN, s.cfg.LAN
		if d.up {
			from, to = to, from
		}
		jumps = append(jumps, fmt.Sprintf("-i %s -o %s -j %s", from, to, d.chain()))
		var all []string
		for _, f := range s.shares[i].floors {
			own := d.own(f.minor)
			rs[own] = []string{classify(d, f.minor)}
			if s.marking && !d.up {
				rs[own] = append(rs[own], "-j DSCP --set-dscp "+video)
			}
			for _, mark := range f.marks {
				all = append(all, s.match(mark, f.id)+own)
			}
		}
		rs[d.chain()] = append(all, classify(d, minorOthers))
	}
	return rs, jumps, nil
}

func classify(d direction, minor uint32) string {
	return fmt.Sprintf("-j CLASSIFY --set-class %04x:%04x", d.major(), minor)
}

func (s *Shaper) match(mark uint32, id string) string {
	return fmt.Sprintf("-m connmark --mark %#x/%#x -m comment --comment %s -g ", mark, s.cfg.Mark, encode(id))
}

// plain is what iptables-save prints in a comment without quotes.
var plain = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)

const coded = "0x"

// encode is an id as a comment in the form of iptables-save.
func encode(id string) string {
	if plain.MatchString(id) && !strings.HasPrefix(id, coded) {
		return id
	}
	return coded + hex.EncodeToString([]byte(id))
}

func decode(comment string) string {
	if digits, is := strings.CutPrefix(comment, coded); is {
		id, _ := hex.DecodeString(digits)
		return string(id)
	}
	return comment
}

var told = regexp.MustCompile(` --comment (\S+) -g ` + prefix + `-(?:DOWN|UP)-(\d+)$`)

// adopt is the numbers that rules in the kernel give to floors, so that a new process leaves them where they are.
func adopt(seen table) map[string]uint32 {
	minors := map[string]uint32{}
	taken := map[uint32]bool{}
	for _, name := range []string{chainDown, chainUp} {
		for _, rule := range seen.chains[name] {
			part := told.FindStringSubmatch(rule)
			if part == nil {
				continue
			}
			id := decode(part[1])
			n, err := strconv.ParseUint(part[2], 10, 32)
			if minor := uint32(n); err == nil && id != "" && minors[id] == 0 && !taken[minor] && minor >= minorFloors && minor <= maxMinor {
				minors[id], taken[minor] = minor, true
			}
		}
	}
	return minors
}

// restore is the input of iptables-restore --noflush that turns the table seen into what is wanted, "" where it is so.
// The jumps come to the top of FORWARD: what we do there ends no packet's way, so strangers' rules all see it as well.
func restore(seen table, rs ruleset, jumps []string) string {
	var declared, removed, rules strings.Builder
	for _, name := range slices.Sorted(maps.Keys(rs)) {
		if old, had := seen.chains[name]; had && slices.Equal(old, rs[name]) {
			continue
		}
		fmt.Fprintf(&declared, ":%s - [0:0]\n", name)
		for _, rule := range rs[name] {
			fmt.Fprintf(&rules, "-A %s %s\n", name, rule)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen.chains)) {
		if _, stays := rs[name]; isOurs(name) && !stays {
			fmt.Fprintf(&declared, ":%s - [0:0]\n", name)
			fmt.Fprintf(&removed, "-X %s\n", name)
		}
	}
	var moved strings.Builder
	if !seen.anchored(jumps) {
		for _, chain := range slices.Sorted(maps.Keys(seen.chains)) {
			for _, rule := range seen.chains[chain] {
				if leadsToUs(rule) && !isOurs(chain) {
					fmt.Fprintf(&moved, "-D %s %s\n", chain, rule)
				}
			}
		}
		for i, jump := range jumps {
			fmt.Fprintf(&moved, "-I %s %d %s\n", hook, i+1, jump)
		}
	}
	if declared.Len()+moved.Len() == 0 {
		return ""
	}
	return "*mangle\n" + declared.String() + moved.String() + removed.String() + rules.String() + "COMMIT\n"
}
