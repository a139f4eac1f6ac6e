package radio

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

const (
	tv     = policies.MAC("02:00:00:00:00:0c")
	phone  = policies.MAC("02:00:00:00:00:0a")
	laptop = policies.MAC("02:00:00:00:00:0b")
	guest  = policies.MAC("a6:00:00:00:00:0d")
)

var everybody = []policies.MAC{tv, phone, laptop, guest}

// network of a hostapd as its lists work: the accept list is read first, then the deny list, then the mode counts.
type fakeLists struct {
	accept, deny list
	closed       bool
	joined       []policies.MAC
}

func (f *fakeLists) String() string {
	return fmt.Sprintf("accept %v, deny %v, closed %t, joined %v", f.accept, f.deny, f.closed, f.joined)
}

func (f *fakeLists) lets(mac policies.MAC) bool {
	if f.accept.has(mac) {
		return true
	}
	return !f.deny.has(mac) && !f.closed
}

func (f *fakeLists) arrive() {
	for _, mac := range everybody {
		if f.lets(mac) && !slices.Contains(f.joined, mac) {
			f.joined = append(f.joined, mac)
		}
	}
}

// do obeys a command of ours as hostapd 2.10 does.
func (f *fakeLists) do(command string) bool {
	words := strings.Fields(command)
	put := func(mac policies.MAC) {
		f.joined = slices.DeleteFunc(f.joined, func(m policies.MAC) bool { return m == mac })
	}
	switch {
	case len(words) < 2:
		return false
	case words[0] == "DEAUTHENTICATE":
		put(policies.MAC(words[1]))
	case words[0] == "SET" && len(words) == 3 && words[1] == "macaddr_acl":
		f.closed = words[2] == "1"
	case len(words) > 2 && (words[0] == "ACCEPT_ACL" || words[0] == "DENY_ACL"):
		l := map[string]list{"ACCEPT_ACL": f.accept, "DENY_ACL": f.deny}[words[0]]
		mac, ok := parseAddress(words[2])
		if !ok {
			return false
		}
		if words[1] == "DEL_MAC" {
			delete(l, mac)
			if words[0] == "ACCEPT_ACL" && f.closed {
				put(mac)
			}
			return true
		}
		l[mac] = 0
		if len(words) > 3 {
			l[mac] = number(strings.TrimPrefix(words[3], "VLAN_ID="))
		}
		if words[0] == "DENY_ACL" {
			put(mac)
		}
	default:
		return false
	}
	return true
}

func (f *fakeLists) door() door {
	return door{accept: maps.Clone(f.accept), deny: maps.Clone(f.deny), whole: true, joined: slices.Clone(f.joined)}
}

// settle applies until nothing is left to do; the commands of one round are whole.
func (f *fakeLists) settle(t *testing.T, g guests) {
	t.Helper()
	for range 6 {
		f.arrive()
		commands := f.door().commands(g)
		if len(commands) == 0 {
			return
		}
		for _, c := range commands {
			if !f.do(c) {
				t.Fatalf("no such command: %q", c)
			}
		}
	}
	t.Fatalf("never done: %v still wants %q for %+v", f, f.door().commands(g), g)
}

func TestRefusedLeavesTheAcceptListAndComesBack(t *testing.T) {
	f := &fakeLists{accept: list{phone: 7, laptop: 0}, deny: list{}, closed: true}
	f.settle(t, guests{refused: []policies.MAC{phone}})
	if f.lets(phone) || !f.lets(laptop) || f.accept.has(phone) || !f.deny.has(phone) {
		t.Errorf("refused: %v", f)
	}
	f.settle(t, guests{})
	if diff := cmp.Diff(list{phone: 7, laptop: 0}, f.accept); diff != "" || len(f.deny) != 0 || !f.closed {
		t.Errorf("let back: %v %s", f, diff)
	}
}

func TestExclusiveOnAnOpenNetwork(t *testing.T) {
	f := &fakeLists{accept: list{}, deny: list{}}
	f.settle(t, guests{closed: true, members: []policies.MAC{tv}})
	if !f.lets(tv) || f.lets(phone) || !f.closed || !slices.Equal(f.joined, []policies.MAC{tv}) {
		t.Errorf("exclusive: %v", f)
	}
	f.closed = false // behind our back
	f.settle(t, guests{closed: true, members: []policies.MAC{tv}})
	if f.lets(phone) {
		t.Errorf("exclusive again: %v", f)
	}
	f.settle(t, guests{closed: true, members: []policies.MAC{tv}, refused: []policies.MAC{tv}})
	if f.lets(tv) {
		t.Errorf("the TV is refused: %v", f)
	}
	f.settle(t, guests{})
	if f.closed || len(f.accept)+len(f.deny) > 0 || len(f.joined) != len(everybody) {
		t.Errorf("afterwards: %v", f)
	}
}

// A closed network whose list is empty is never opened: that it is open is only known once somebody has joined it.
func TestClosedNetworkStaysClosed(t *testing.T) {
	f := &fakeLists{accept: list{}, deny: list{}, closed: true}
	f.settle(t, guests{closed: true, members: []policies.MAC{tv}})
	if !f.lets(tv) {
		t.Errorf("exclusive: %v", f)
	}
	f.settle(t, guests{})
	if !f.closed || len(f.accept)+len(f.deny)+len(f.joined) > 0 {
		t.Errorf("afterwards: %v", f)
	}
}

// Whatever was wanted on the way, by however many agents, what counts is what is wanted now, and nothing of ours stays.
func TestRandomWalkBetweenWishes(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		some := func() (out []policies.MAC) {
			for _, mac := range everybody {
				if r.IntN(3) == 0 {
					out = append(out, mac)
				}
			}
			return out
		}
		f := &fakeLists{accept: list{}, deny: list{}, closed: r.IntN(2) == 0}
		for i, mac := range some() {
			f.accept[mac] = i
		}
		if !f.closed {
			f.accept = list{}
		}
		for _, mac := range some() {
			if !f.accept.has(mac) {
				f.deny[mac] = 0
			}
		}
		before := &fakeLists{accept: maps.Clone(f.accept), deny: maps.Clone(f.deny), closed: f.closed}
		for range 8 {
			g := guests{closed: r.IntN(2) == 0, members: some(), refused: some()}
			f.settle(t, g)
			for _, mac := range everybody {
				member := slices.Contains(g.members, mac)
				in := slices.Contains(f.joined, mac)
				if slices.Contains(g.refused, mac) && in || g.closed && in && !member || g.closed && member && !in && !slices.Contains(g.refused, mac) {
					t.Fatalf("seed %d: %s with %+v: %v", seed, mac, g, f)
				}
				if !g.closed && !slices.Contains(g.refused, mac) && in != before.lets(mac) {
					t.Fatalf("seed %d: %s was free to join before: %v", seed, mac, f)
				}
			}
		}
		f.settle(t, guests{})
		if !maps.Equal(f.accept, before.accept) || !maps.Equal(f.deny, before.deny) || f.closed != before.closed {
			t.Fatalf("seed %d: left %v, was %v", seed, f, before)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add("02:00:00:00:00:0a VLAN_ID=0\n03:00:00:00:00:0a VLAN_ID=0\n")
	f.Add("02:00:00:00:00:0A\nFAIL\n03:63:61:72:65:62 VLAN_ID=9999999999\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, _ := parseList(text)
		for mac := range l {
			if base := baseOf(mac); isNote(base) || noteOf(base) != noteOf(mac) || baseOf(noteOf(mac)) != base {
				t.Errorf("%s, note %s, base %s", mac, noteOf(mac), base)
			}
		}
		d := door{accept: l, deny: l, whole: true}
		for _, c := range d.commands(guests{refused: []policies.MAC{phone}}) {
			if strings.ContainsAny(c, "\n\r") {
				t.Errorf("%q", c)
			}
		}
	})
}
