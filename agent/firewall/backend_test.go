package firewall

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBackend(t *testing.T) {
	const theirs, our = foreignRules, "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:CAREBOX-UP - [0:0]\n" +
		"-A FORWARD -i br-lan ! -o br-lan -j CAREBOX-UP\n-A CAREBOX-UP -j DROP\nCOMMIT\n"
	for _, c := range []struct{ name, nft, legacy, plain, want string }{
		{"rules in nft", theirs, "", "iptables v1.8.9 (legacy)", "nft"},
		{"rules in legacy", "", theirs, "iptables v1.8.9 (nf_tables)", "legacy"},
		{"ours do not count", our, theirs, "iptables v1.8.9 (nf_tables)", "legacy"},
		{"both: the plain one", theirs, theirs, "iptables v1.8.9 (legacy)", "legacy"},
		{"none: the plain one", "", "", "iptables v1.8.9 (nf_tables)", "nft"},
		{"before there were two", "", "", "iptables v1.6.1", "legacy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKernel(t)
			k.plain = c.plain
			for _, stem := range []string{"iptables-", "ip6tables-"} {
				k.tables[stem+"nft"], k.tables[stem+"legacy"] = parsed(t, c.nft), parsed(t, c.legacy)
			}
			f := mustStart(t, k)
			if got := f.families[0].tool.backend; got != c.want || len(f.families) != 2 {
				t.Errorf("%s with %d families", got, len(f.families))
			}
		})
	}
}

// What an earlier run left in the other backend goes once our rules are in the one that is used.
func TestOtherBackendIsSwept(t *testing.T) {
	k := newKernel(t)
	k.tables["iptables-legacy"] = parsed(t, "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:CAREBOX-OLD - [0:0]\n:CAREBOX_2 - [0:0]\n"+
		"-A FORWARD -j CAREBOX-OLD\n-A CAREBOX-OLD -j CAREBOX_2\nCOMMIT\n")
	f := mustStart(t, k)
	mustApply(t, f, sample())
	if diff := cmp.Diff("*filter\n:FORWARD ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\nCOMMIT\n", k.tables["iptables-legacy"].String()); diff != "" {
		t.Errorf("the other backend (-want +got):\n%s", diff)
	}
}

func TestWithoutPrograms(t *testing.T) {
	k := newKernel(t)
	without := func(stem string) (*Firewall, error) {
		f, _ := k.start()
		f = &Firewall{cfg: f.cfg, log: f.log, shell: k, flows: k, own: f.own, offload: f.offload, places: f.places, inserter: f.inserter}
		f.look = func(program string) (string, error) {
			if strings.HasPrefix(program, stem) {
				return "", exec.ErrNotFound
			}
			return program, nil
		}
		return f, f.start(t.Context())
	}
	f, err := without("ip6tables")
	if err != nil {
		t.Fatal(err)
	}
	if l := f.Limitations(); len(l) != 1 || l[0].Code != "no-ip6tables" {
		t.Errorf("limitations are %v", l)
	}
	mustApply(t, f, sample())
	mustProve(t, f, at(21, 18, 0), nil)
	if _, err := without("ip"); err == nil {
		t.Error("a box without iptables has a firewall")
	}
}

// Without conntrack the rules are there and nothing is claimed of flows.
func TestWithoutConntrack(t *testing.T) {
	k := newKernel(t)
	f := mustStart(t, k)
	f.flows = noConntrack{}
	mustApply(t, f, sample())
	p, err := f.Prove(t.Context(), at(21, 18, 0), nil)
	if err == nil || p.Devices["paused"].InForce || !p.Devices["tv"].InForce {
		t.Errorf("%v, %+v", err, p)
	}
	if l := f.Limitations(); len(l) != 1 || l[0].Code != "no-conntrack" {
		t.Errorf("limitations are %v", l)
	}
}

type noConntrack struct{ conntrack }

func (noConntrack) Walk(bool, func(*flow)) error { return errors.New("protocol not supported") }

func TestConfig(t *testing.T) {
	for _, cfg := range []Config{
		{LAN: "br-lan", WAN: "wan", Mark: 1},
		{LAN: "br-lan", WAN: "br-lan", Mark: 0x3ff},
		{LAN: "br lan -j ACCEPT", WAN: "wan", Mark: 0x3ff},
		{LAN: "br+", WAN: "wan", Mark: 0x3ff},
		{WAN: "wan", Mark: 0x3ff},
		{LAN: "br-lan", WAN: "wan", Mark: 0x3ff, Backend: "pf"},
	} {
		f, err := newKernel(t).start()
		if err != nil {
			t.Fatal(err)
		}
		f.cfg, f.families = cfg, nil
		if err := f.start(t.Context()); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
}

// Clear takes away what is half-built or of another version, wherever it is, and nothing else.
func TestClear(t *testing.T) {
	k := newKernel(t)
	before := k.String()
	k.tables["ip6tables-nft"].change("*filter\n:CAREBOX-HALF - [0:0]\n-A FORWARD -j CAREBOX-HALF\n-A guests -j CAREBOX-HALF\nCOMMIT\n")
	k.tables["iptables-legacy"]["mangle"] = table{
		"CAREBOX_MARK": {policy: "-"}, "FORWARD": {policy: "ACCEPT", rules: []rule{{text: "-j CAREBOX_MARK"}}},
	}
	f := mustStart(t, k)
	k.flows = []*flow{natted(1, "192.168.7.13", 0x40000a)}
	for range 2 {
		if err := f.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	delete(k.tables["iptables-legacy"], "mangle")
	if diff := cmp.Diff(before, k.String()); diff != "" {
		t.Errorf("after clear (-before +after):\n%s", diff)
	}
	if k.flows[0].mark != 0xa {
		t.Errorf("mark %#x is left", k.flows[0].mark)
	}
}
