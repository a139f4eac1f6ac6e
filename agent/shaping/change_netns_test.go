package shaping

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

const foreignMangle = "*mangle\n:qos - [0:0]\n-A FORWARD -o wan -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu\n" +
	"-A FORWARD -j qos\n-A POSTROUTING -o wan -j qos\n-A qos -m connmark --mark 0x1/0xff -j MARK --set-xmark 0x1/0xff\nCOMMIT\n"

// stranger gives the box mangle rules of somebody else.
func (l *lab) stranger() {
	l.t.Helper()
	for _, stem := range []string{"iptables", "ip6tables"} {
		cmd := l.Box.Command(l.t.Context(), stem+"-"+l.backend+"-restore", "--noflush")
		cmd.Stdin = strings.NewReader(foreignMangle)
		if out, err := cmd.CombinedOutput(); err != nil {
			l.t.Fatalf("%v: %s", err, out)
		}
	}
}

// TestReturn: whatever queued on the WAN before is there again afterwards, with the same process or another, and rules of
// others have never changed.
func TestReturn(t *testing.T) {
	before := map[string][]string{
		"the kernel's own":  nil,
		"a bucket":          {"qdisc add dev wan root handle 7: tbf rate 100mbit burst 20k latency 50ms"},
		"a number of bytes": {"qdisc add dev wan root bfifo limit 12345"},
		"a tree": {
			"qdisc add dev wan root handle 1: htb default 20 r2q 7",
			"class add dev wan parent 1: classid 1:1 htb rate 90mbit ceil 90mbit burst 20k",
			"class add dev wan parent 1:1 classid 1:20 htb rate 50mbit ceil 90mbit prio 3",
			"class add dev wan parent 1:1 classid 1:10 htb rate 9mbit ceil 20mbit prio 1",
			"qdisc add dev wan parent 1:10 handle 10: pfifo limit 77",
			"qdisc add dev wan parent 1:20 handle 20: tbf rate 80mbit burst 20k latency 50ms",
		},
	}
	eachBackend(t, func(t *testing.T, l *lab) {
		l.stranger()
		for name, commands := range before {
			t.Run(name, func(t *testing.T) {
				for _, c := range commands {
					l.run("tc", strings.Fields(c)...)
				}
				queues, rules := l.queues(), l.rules()
				for _, again := range []bool{false, true} {
					l.apply(l.tv())
					l.holds()
					if now := ourLines.ReplaceAllString(l.rules(), ""); now != rules {
						t.Fatalf("others' rules became\n%s\nfrom\n%s", now, rules)
					}
					if again {
						l.restart()
						l.in(func() error { return l.s.Clear(t.Context()) })
					} else {
						l.apply(Wanted{})
					}
					if now := l.queues(); now != queues {
						t.Fatalf("queues are\n%s\nand were\n%s", now, queues)
					}
					if now := l.rules(); now != rules {
						t.Fatalf("rules are\n%s\nand were\n%s", now, rules)
					}
					if lim := l.s.Limitations(); len(lim) > 1 { // no fq_codel, perhaps
						t.Fatalf("limitations: %v", lim)
					}
				}
				if commands != nil {
					l.run("tc", "qdisc", "del", "dev", "wan", "root")
				}
			})
		}
	})
}

// TestChange: a hundred changes leave one tree on each link, and a new process takes all over as it is. While there is
// some floor no ping is lost; the kernel itself drops what comes in the moment when the first one or none is left.
func TestChange(t *testing.T) {
	eachBackend(t, func(t *testing.T, l *lab) {
		l.apply(l.tv())
		done := make(chan string)
		for _, to := range families {
			go func() {
				out, _ := l.TV.Command(t.Context(), "ping", "-q", "-i", "0.01", "-c", "500", "-W", "5", to.String()).CombinedOutput()
				done <- string(out)
			}()
		}
		for range 60 {
			l.change(1 + rand.IntN(3))
		}
		for range families {
			if out := <-done; !strings.Contains(out, " 0% packet loss") {
				t.Errorf("pings while all changed: %s", out)
			}
		}
		for range 40 {
			l.change(rand.IntN(3))
		}
		l.apply(l.tv())
		l.sane(l.tv())
		l.holds()
		queues, rules := l.queues(), l.rules()
		l.restart()
		l.log.Reset()
		l.apply(l.tv())
		l.holds()
		if now := l.queues(); now != queues {
			t.Errorf("after a restart queues are\n%s\nand were\n%s", now, queues)
		}
		if now := l.rules(); now != rules {
			t.Errorf("after a restart rules are\n%s\nand were\n%s", now, rules)
		}
		if said := l.log.String(); said != "" {
			t.Errorf("after a restart: %s", said)
		}
	})
}

// change applies some floors for somebody.
func (l *lab) change(floors int) {
	l.t.Helper()
	w := wanted()
	for _, n := range rand.Perm(4)[:floors] {
		device := []string{"tv", "phone", "laptop"}[rand.IntN(3)]
		w.Floors = append(w.Floors, l.floor(fmt.Sprintf("floor %d", n), rand.Int64N(20e6), rand.Int64N(10e6), device))
	}
	l.apply(w)
	l.sane(w)
}

// sane wants as many disciplines and classes as there are floors, and no sum above the line.
func (l *lab) sane(w Wanted) {
	l.t.Helper()
	for _, link := range []string{testbed.LAN, testbed.WAN} {
		qdiscs, classes := l.run("tc", "qdisc", "show", "dev", link), l.run("tc", "class", "show", "dev", link)
		wantQ, wantC := 2+len(w.Floors), 2+len(w.Floors)
		if len(w.Floors) == 0 {
			wantQ, wantC = 1, 0
		}
		if strings.Count(qdiscs, "qdisc ") != wantQ || strings.Count(classes, "class htb ") != wantC {
			l.t.Fatalf("%s with %d floors:\n%s%s", link, len(w.Floors), qdiscs, classes)
		}
	}
}

var remembered = regexp.MustCompile(`(?m)^-A ` + chainWas + `.*\n`)

// TestHeal: what another tool breaks is told, and mended by the next Apply.
func TestHeal(t *testing.T) {
	eachBackend(t, func(t *testing.T, l *lab) {
		iptables := "iptables-" + l.backend
		for what, c := range map[string]struct{ why, command string }{
			"takes the discipline away":  {NoClass, "tc qdisc del dev wan root"},
			"puts its own in the place":  {NoClass, "tc qdisc replace dev br-lan root handle 5: bfifo limit 99999"},
			"deletes the floor's queue":  {NoClass, "tc qdisc del dev br-lan parent cb1:10"},
			"lowers the floor":           {NoClass, "tc class change dev br-lan parent cb1:1 classid cb1:10 htb rate 1mbit ceil 2mbit"},
			"lowers the line":            {NoClass, "tc class change dev wan classid cb2:1 htb rate 1mbit ceil 1mbit"},
			"flushes the mangle table":   {NoRule, iptables + " -t mangle -F"},
			"takes a jump away":          {NoRule, "ip6tables-" + l.backend + " -t mangle -D FORWARD -i br-lan -o wan -j CAREBOX-SHAPE-UP"},
			"makes a class and a queue":  {"", "tc class add dev wan parent cb2:1 classid cb2:99 htb rate 1mbit"},
			"empties a chain":            {NoRule, iptables + " -t mangle -F CAREBOX-SHAPE-DOWN"},
			"takes the link down and up": {"", "ip link set br-lan down"},
		} {
			t.Run(what, func(t *testing.T) {
				l.apply(l.tv())
				l.holds()
				queues, rules := l.queues(), l.rules()
				l.run(strings.Fields(c.command)[0], strings.Fields(c.command)[1:]...)
				if s := l.state()[0]; s.Why != c.why || s.InForce != (c.why == "") || !s.InForce && s.Detail == "" {
					t.Fatalf("state is %+v", s)
				}
				l.apply(l.tv())
				l.holds()
				if now := l.rules(); remembered.ReplaceAllString(now, "") != remembered.ReplaceAllString(rules, "") {
					t.Errorf("rules are\n%s\nand were\n%s", now, rules)
				}
				if strings.HasPrefix(c.command, "ip link") {
					l.run("ip", "link", "set", "br-lan", "up")
				}
				if now := l.queues(); now != queues {
					t.Errorf("queues are\n%s\nand were\n%s", now, queues)
				}
			})
		}
	})
}

// TestCrossing: only what crosses the line is in a class on its way into the home, by the floor of its device.
func TestCrossing(t *testing.T) {
	eachBackend(t, func(t *testing.T, l *lab) {
		offline, unmarked := Floor{ID: "offline", Down: 1e6, Marks: []uint32{0x3f000000}}, Floor{ID: "unmarked", Down: 1e6, Marks: []uint32{0}}
		l.apply(wanted(l.floor("video", floorDown, floorUp, "tv", "laptop"), offline, unmarked))
		if s := l.state(); !s[0].InForce || !s[1].InForce || s[2].Why != NoRule {
			t.Errorf("states are %+v", s)
		}
		for _, n := range []*testbed.Node{l.TV, l.Laptop, l.Phone} {
			for _, local := range []netip.Addr{testbed.BoxIPv4, testbed.BoxIPv6, l.Phone.IPv4, l.TV.IPv6} {
				down, up := l.sent(testbed.LAN), l.sent(testbed.WAN)
				l.pings(n, local)
				now, other := l.sent(testbed.LAN), l.sent(testbed.WAN)
				if !maps.Equal(now, down) || other["cb2:1"] > up["cb2:1"]+5_000 { // the box itself says a word at times
					t.Errorf("%s to %s: classes had sent %v and %v, now %v and %v", n.Name, local, down, up, now, other)
				}
			}
			class := "10"
			if n == l.Phone {
				class = "2"
			}
			for _, to := range families {
				down, up := l.sent(testbed.LAN)["cb1:"+class], l.sent(testbed.WAN)["cb2:"+class]
				l.pings(n, to)
				if l.sent(testbed.LAN)["cb1:"+class] < down+19_000 || l.sent(testbed.WAN)["cb2:"+class] < up+19_000 {
					t.Errorf("%s to %s: not in class %s: %v %v", n.Name, to, class, l.sent(testbed.LAN), l.sent(testbed.WAN))
				}
			}
		}
	})
}

// pings sends 20,000 bytes and gets them back.
func (l *lab) pings(n *testbed.Node, to netip.Addr) {
	l.t.Helper()
	if err := n.Run(l.t.Context(), "ping", "-q", "-i", "0.01", "-c", "20", "-s", "1000", to.String()); err != nil {
		l.t.Fatal(err)
	}
}

var sentBytes = regexp.MustCompile(`class htb (\S+) [^\n]*\n Sent (\d+) bytes`)

// sent is what each class of a link has sent, in bytes.
func (l *lab) sent(link string) map[string]int {
	l.t.Helper()
	all := map[string]int{}
	for _, m := range sentBytes.FindAllStringSubmatch(l.run("tc", "-s", "class", "show", "dev", link), -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			l.t.Fatal(err)
		}
		all[m[1]] = n
	}
	return all
}

// TestVideo: a floor's packets come to the device marked for the video class of Wi-Fi, others do not.
func TestVideo(t *testing.T) {
	kernelRing(t)
	l := newLab(t, "nft")
	l.apply(l.tv())
	for _, n := range []*testbed.Node{l.TV, l.Phone} {
		for stem, to := range map[string]netip.Addr{"iptables-nft": testbed.InternetIPv4, "ip6tables-nft": testbed.InternetIPv6} {
			for _, args := range [][]string{
				{stem, "-t", "mangle", "-A", "INPUT", "-m", "dscp", "--dscp-class", "AF41", "-j", "ACCEPT"},
				{"ping", "-q", "-i", "0.01", "-c", "20", to.String()},
			} {
				if err := n.Run(t.Context(), args[0], args[1:]...); err != nil {
					t.Fatal(err)
				}
			}
			out, err := n.Command(t.Context(), stem+"-save", "-c", "-t", "mangle").Output()
			marked := !strings.Contains(string(out), "[0:0] -A INPUT")
			if err != nil || marked != (n == l.TV) {
				t.Errorf("%s marked to %s: %v, %v\n%s", to, n.Name, marked, err, out)
			}
		}
	}
}

// interrupted applies with no time to do so: nothing is taken for the kernel's fault, and the next try ends well.
func (l *lab) interrupted() {
	l.t.Helper()
	before := l.s.Limitations()
	ended, stop := context.WithCancel(l.t.Context())
	stop()
	l.in(func() error {
		for _, w := range []Wanted{l.tv(), {}} {
			if err := l.s.Apply(ended, w); err == nil {
				l.t.Error("there was no time, and no error")
			}
			_, _ = l.s.State(ended)
			if now := l.s.Limitations(); !slices.Equal(now, before) {
				l.t.Errorf("limitations are %v and were %v", now, before)
			}
			l.apply(w)
			l.holds()
			l.apply(l.tv())
		}
		return nil
	})
}

// TestReason: what cannot be kept says why, and nothing breaks.
func TestReason(t *testing.T) {
	kernelRing(t)
	l := newLab(t, "nft")
	for name, c := range map[string]struct {
		line     policies.Line
		down, up int64
		state    FloorState
	}{
		"nobody knows the line":          {policies.Line{}, floorDown, floorUp, FloorState{Why: LineUnknown}},
		"nobody knows the line's way up": {policies.Line{Down: lineDown}, floorDown, floorUp, FloorState{Why: LineUnknown, Down: floorDown}},
		"nothing is asked there":         {policies.Line{Down: lineDown}, floorDown, 0, FloorState{InForce: true, Down: floorDown}},
		"more than the line":             {policies.Line{Down: 10e6, Up: 10e6}, 20e6, 1e6, FloorState{Why: FloorsTooHigh, Down: 8e6, Up: 1e6}},
		"a very slow line":               {policies.Line{Down: 100, Up: 1}, 50, 1e12, FloorState{Why: FloorsTooHigh, Down: 50}},
		"a very fast line":               {policies.Line{Down: 1e12, Up: 1e12}, 5e11, 1e9, FloorState{InForce: true, Down: 5e11, Up: 1e9}},
	} {
		t.Run(name, func(t *testing.T) {
			l.apply(Wanted{Line: c.line, Floors: []Floor{l.floor("x", c.down, c.up, "tv")}})
			got := l.state()[0]
			if got.Detail == "" != got.InForce {
				t.Errorf("detail is %q", got.Detail)
			}
			if got.ID, got.Detail = "", ""; got != c.state {
				t.Errorf("state is %+v, not %+v", got, c.state)
			}
		})
	}
	l.interrupted()
	l.run("ip", "link", "del", "wan")
	l.in(func() error {
		if err := l.s.Apply(t.Context(), l.tv()); err == nil {
			t.Error("there is no link, and no error")
		}
		got, err := l.s.State(t.Context())
		if err == nil || len(got) != 1 || got[0].Why != NoLink || got[0].Down != floorDown {
			t.Errorf("without a link: %+v, %v", got, err)
		}
		return l.s.Clear(t.Context())
	})
	if rules := l.rules(); strings.Contains(rules, prefix) {
		t.Errorf("left over:\n%s", rules)
	}
}
