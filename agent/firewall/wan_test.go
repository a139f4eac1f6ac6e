package firewall

import (
	"strings"
	"testing"
)

// filterOf is a filter table with rules in FORWARD and in a chain called zone.
func filterOf(t *testing.T, policy string, rules ...string) save {
	t.Helper()
	return parsed(t, "*filter\n:FORWARD "+policy+" [0:0]\n:zone - [0:0]\n:CAREBOX-DOWN - [0:0]\n"+strings.Join(rules, "\n")+"\nCOMMIT\n")
}

func TestClosed(t *testing.T) {
	const established = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
	for _, c := range []struct {
		name   string
		policy string
		rules  []string
		want   bool
	}{
		{"policy drops", "DROP", []string{established, "-A FORWARD -i br-lan -j ACCEPT"}, true},
		{"policy accepts", "ACCEPT", []string{established}, false},
		{"a rule drops", "ACCEPT", []string{established, "-A FORWARD -i wan -o br-lan -j DROP"}, true},
		{"a rule rejects", "ACCEPT", []string{"-A FORWARD ! -i br-lan -j REJECT --reject-with icmp-port-unreachable"}, true},
		{"wildcard link", "ACCEPT", []string{"-A FORWARD -i wa+ -j DROP"}, true},
		{"another link", "ACCEPT", []string{"-A FORWARD -i wan0 -j DROP"}, false},
		{"drops new ones", "ACCEPT", []string{"-A FORWARD -i wan -m conntrack --ctstate NEW,INVALID -j DROP"}, true},
		{"drops all but known ones", "ACCEPT", []string{"-A FORWARD -i wan -m state ! --state RELATED,ESTABLISHED -j DROP"}, true},
		{"drops invalid only", "ACCEPT", []string{"-A FORWARD -m conntrack --ctstate INVALID -j DROP"}, false},
		{"drops TCP only", "ACCEPT", []string{"-A FORWARD -i wan -p tcp -j DROP"}, false},
		{"drops some", "ACCEPT", []string{"-A FORWARD -i wan -m limit --limit 3/sec -j DROP"}, false},
		{"accepts some", "DROP", []string{"-A FORWARD -i wan -p udp -m udp --dport 7 -j ACCEPT"}, false},
		{"accepts forwarded ports", "DROP", []string{"-A FORWARD -i wan -m conntrack --ctstate DNAT -j ACCEPT"}, false},
		{"accepts after the drop", "DROP", []string{"-A FORWARD -i wan -j DROP", "-A FORWARD -j ACCEPT"}, true},
		{"accepts new ones", "DROP", []string{"-A FORWARD -m conntrack --ctstate NEW -j ACCEPT"}, false},
		{"logs", "DROP", []string{`-A FORWARD -i wan -j LOG --log-prefix "x -j ACCEPT "`}, true},
		{"an unknown target", "DROP", []string{"-A FORWARD -j NFQUEUE --queue-num 1"}, false},
		{"a comment like a target", "DROP", []string{`-A FORWARD -i guest -m comment --comment "-j" -j ACCEPT`}, true},
		{"our own jump", "DROP", []string{"-A FORWARD ! -i br-lan -o br-lan -j CAREBOX-DOWN"}, true},
		{"a chain drops", "ACCEPT", []string{"-A FORWARD -i wan -j zone", "-A zone -j DROP"}, true},
		{"a chain returns", "ACCEPT", []string{"-A FORWARD -i wan -j zone", "-A zone -j RETURN", "-A zone -j DROP"}, false},
		{"a chain returns sometimes", "ACCEPT", []string{"-A FORWARD -i wan -j zone", "-A zone -p udp -j RETURN", "-A zone -j DROP"}, false},
		{"a chain accepts", "DROP", []string{"-A FORWARD -j zone", "-A zone -s 198.51.100.0/24 -j ACCEPT"}, false},
		{"not its chain", "DROP", []string{"-A FORWARD -i br-lan -j zone", "-A zone -j ACCEPT"}, true},
		{"goes to a chain and ends", "DROP", []string{"-A FORWARD -g zone", "-A FORWARD -j ACCEPT"}, true},
		{"goes sometimes", "ACCEPT", []string{"-A FORWARD -p tcp -g zone", "-A FORWARD -j DROP"}, false},
		{"goes round in circles", "DROP", []string{"-A FORWARD -j zone", "-A zone -j zone"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := closed(filterOf(t, c.policy, c.rules...)["filter"], Config{LAN: "br-lan", WAN: "wan"}); got != c.want {
				t.Errorf("closed: %v", got)
			}
		})
	}
	if closed(nil, Config{}) {
		t.Error("no table is no protection")
	}
}

func TestForeignMark(t *testing.T) {
	for rule, want := range map[string]bool{
		"-A zone -j CONNMARK --set-xmark 0x1/0xff":                               false,
		"-A zone -j CONNMARK --set-xmark 0x1/0xffffffff":                         true,
		"-A zone -j CONNMARK --set-xmark 0x100000/0x0":                           true,
		"-A zone -m connmark --mark 0x1 -j DROP":                                 true,
		"-A zone -m connmark --mark 0x1/0xff -j DROP":                            false,
		"-A zone -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff":            false,
		"-A zone -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xffffffff":   true,
		"-A zone -m mark --mark 0x100000/0x3ff00000 -j MARK --set-xmark 0x1/0x1": false, // the packet's mark is another
		"-A CAREBOX-DOWN -m connmark --mark 0x100000/0x3ff00000 -j DROP":         false,
		"-A zone -j CONNMARK --set-xmark what":                                   true,
	} {
		if got := foreignMark(filterOf(t, "DROP", rule), 0x3ff00000) != ""; got != want {
			t.Errorf("%s: conflict %v", rule, got)
		}
	}
}

func TestLimitations(t *testing.T) {
	k := newKernel(t)
	k.tables["iptables-nft"] = parsed(t, "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -j FLOWOFFLOAD\nCOMMIT\n"+
		"*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n"+
		"*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -j CONNMARK --set-xmark 0x1/0xffffffff\nCOMMIT\n")
	f := mustStart(t, k)
	codes := ""
	for _, l := range f.Limitations() {
		codes += l.Code + " "
	}
	if codes != "flow-offload mark-conflict " { // IPv4 is open, but nobody outside can address the home
		t.Errorf("limitations are %q", codes)
	}
}
