package firewall

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

func mustStart(t *testing.T, k *kernel) *Firewall {
	t.Helper()
	f, err := k.start()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustApply(t *testing.T, f *Firewall, w Wanted) {
	t.Helper()
	if err := f.Apply(t.Context(), w); err != nil {
		t.Fatal(err)
	}
}

func mustProve(t *testing.T, f *Firewall, now time.Time, hosts map[string][]netip.Addr) Proof {
	t.Helper()
	p, err := f.Prove(t.Context(), now, hosts)
	if err != nil {
		t.Fatal(err)
	}
	for id, s := range p.Devices {
		if !s.InForce {
			t.Fatalf("device %q is not in force: %s", id, s.Why)
		}
	}
	if !p.Unknown.InForce {
		t.Fatalf("unknown devices are not in force: %s", p.Unknown.Why)
	}
	return p
}

// A walk between random wanted states: whatever came before, every packet of every minute gets what the windows say.
func TestWalk(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			k := newKernel(t)
			f := mustStart(t, k)
			for step := range 10 {
				w := randomWanted(random)
				if random.IntN(4) == 0 {
					f = mustStart(t, k) // the agent starts again
				}
				mustApply(t, f, w)
				mustProve(t, f, at(21, 0, 0), nil)
				for _, stem := range []string{"iptables-nft", "ip6tables-nft"} {
					compare(t, k.tables[stem]["filter"], f, w, fmt.Sprintf("step %d, %s", step, stem))
				}
			}
		})
	}
}

func randomWanted(random *rand.Rand) Wanted {
	w := Wanted{Unknown: randomWindows(random)}
	for i := range 6 {
		if random.IntN(3) == 0 {
			continue
		}
		d := Device{ID: fmt.Sprint("d", i), Windows: randomWindows(random)}
		for j := range 1 + random.IntN(2) {
			d.MACs = append(d.MACs, policies.MAC(fmt.Sprintf("02:00:00:00:%02x:%02x", j, i)))
		}
		w.Devices = append(w.Devices, d)
	}
	random.Shuffle(len(w.Devices), func(i, j int) { w.Devices[i], w.Devices[j] = w.Devices[j], w.Devices[i] })
	return w
}

func randomWindows(random *rand.Rand) []Window {
	var all []Window
	minute := random.IntN(60)
	for range random.IntN(4) {
		from := minute + random.IntN(60)
		minute = from + 1 + random.IntN(60)
		all = append(all, Window{From: at(21, 0, from), To: at(21, 0, minute)})
	}
	if len(all) > 0 && random.IntN(3) == 0 {
		all[0].From = time.Time{}
	}
	if len(all) > 0 && random.IntN(3) == 0 {
		all[len(all)-1].To = time.Time{}
	}
	return all
}

// compare sends packets both ways for every MAC at every edge of four hours and just before it.
func compare(t *testing.T, filter table, f *Firewall, w Wanted, where string) {
	t.Helper()
	tr := newTracer(t, filter)
	type owner struct {
		windows []Window
		number  uint32
	}
	owners := map[string]owner{"02:00:00:00:99:99": {w.Unknown, unknownNumber}}
	for _, d := range w.Devices {
		for _, mac := range d.MACs {
			owners[string(mac)] = owner{d.Windows, f.marks.of[d.ID]}
		}
	}
	const others = 0xc00fffff // bits of the mark that are not ours
	for mac, o := range owners {
		for half := range 2 * 4 * 60 {
			now := at(21, 0, half/2).Add(time.Duration(half%2) * 59 * time.Second)
			for _, proto := range []string{"tcp", "udp"} {
				word, mark := tr.trace(packet{in: "br-lan", out: "wan", mac: mac, proto: proto, state: "NEW", mark: 0x2ab12345, at: now})
				want := "ACCEPT"
				if offline(o.windows, now) {
					want = map[string]string{"tcp": "tcp-reset"}[proto]
				}
				if word != want && (want != "" || !strings.Contains(word, "prohibited")) {
					t.Fatalf("%s: %s from %s at %s: %s, not %s", where, proto, mac, now, word, want)
				}
				if mark != 0x2ab12345&others|f.marks.value(o.number) {
					t.Fatalf("%s: mark %#x for number %d", where, mark, o.number)
				}
				word, _ = tr.trace(packet{in: "wan", out: "br-lan", proto: proto, state: "ESTABLISHED", mark: mark, at: now})
				if (word == "DROP") != offline(o.windows, now) {
					t.Fatalf("%s: %s to %s at %s: %s", where, proto, mac, now, word)
				}
			}
		}
		inside := packet{in: "br-lan", out: "br-lan", mac: mac, proto: "udp", state: "NEW", at: at(21, 0, 30)}
		if word, mark := tr.trace(inside); word != "ACCEPT" || mark != 0 {
			t.Fatalf("%s: a packet within the LAN: %s, mark %#x", where, word, mark)
		}
	}
}

// paused is a home in which one device has flows when its pause comes.
func paused() (Wanted, map[string][]netip.Addr) {
	w := sample()
	return w, map[string][]netip.Addr{
		"paused": {netip.MustParseAddr("192.168.7.13"), netip.MustParseAddr("2001:db8:7::d")},
		"tv":     {netip.MustParseAddr("192.168.7.12"), netip.MustParseAddr("2001:db8:7::c")},
	}
}

func addFlows(k *kernel) {
	k.flows = []*flow{
		natted(1, "192.168.7.13", 0), natted(2, "192.168.7.12", 0x300000), natted(3, "192.168.7.13", 0x40000a),
		plain(4, "2001:db8:7::d", "2001:db8:1::1", 0), plain(5, "2001:db8:7::c", "2001:db8:1::1", 0),
		plain(6, "192.168.7.13", "192.168.7.1", 0), // to the box itself
		plain(7, "192.168.7.13", "192.168.7.12", 0),
		plain(8, "2001:db8:1::1", "2001:db8:7::d", 0x5), // from the WAN
	}
}

func plain(id uint32, from, to string, mark uint32) *flow {
	src, dst := netip.MustParseAddr(from), netip.MustParseAddr(to)
	return &flow{id: id, six: src.Is6(), orig: ends{src, dst}, reply: ends{dst, src}, mark: mark, tuple: []byte{byte(id)}}
}

func natted(id uint32, from string, mark uint32) *flow {
	f := plain(id, from, "203.0.113.1", mark)
	f.reply.dst = netip.MustParseAddr("203.0.113.2")
	return f
}

// Whatever step fails, and whether or not it took effect, the next Apply and Prove converge.
func TestEveryStepFails(t *testing.T) {
	for variant := range 4 {
		late, blind := variant&1 != 0, variant&2 != 0 // blind: nothing is proved before the next Apply
		for n := 1; ; n++ {
			k := newKernel(t)
			addFlows(k)
			before := k.String()
			w, hosts := paused()
			f, err := k.start()
			if err != nil {
				t.Fatal(err)
			}
			k.steps, k.failAt, k.late = 0, n, late
			err = errors.Join(f.Apply(t.Context(), Wanted{}), f.Apply(t.Context(), w))
			var p Proof
			if !blind {
				var proveErr error
				p, proveErr = f.Prove(t.Context(), at(21, 18, 0), hosts)
				err = errors.Join(err, proveErr)
			}
			if k.steps < n {
				break // every step has failed once
			}
			if !errors.Is(err, errStep) {
				t.Fatalf("step %d failed and nobody said so: %v", n, err)
			}
			if s := p.Devices["paused"]; s.InForce && !converged(k) {
				t.Fatalf("step %d (variant %d): not in force, but proved", n, variant)
			}
			mustApply(t, f, w)
			if forward := k.tables["ip6tables-nft"]["filter"]["FORWARD"]; !anchored(forward.texts(), "br-lan") {
				t.Fatalf("step %d (variant %d): not anchored after the next Apply", n, variant)
			}
			p = mustProve(t, f, at(21, 18, 0), hosts)
			if !converged(k) || p.Devices["paused"].Flows == 0 {
				t.Fatalf("step %d (variant %d): %+v\n%s", n, variant, p, k)
			}
			if err := f.Clear(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, k.String()); diff != "" {
				t.Fatalf("step %d: after clear (-before +after):\n%s", n, diff)
			}
		}
	}
}

// converged says whether the rules are whole and only flows that must stay are there.
func converged(k *kernel) bool {
	var ids []uint32
	for _, f := range k.flows {
		ids = append(ids, f.id)
	}
	filter := k.tables["iptables-nft"]["filter"]
	return cmp.Equal(ids, []uint32{2, 5, 6, 7}) && anchored(filter["FORWARD"].texts(), "br-lan") &&
		len(filter["CAREBOX-DOWN-4"].texts()) == 1
}

// An equal state runs nothing, a pause one program per family.
func TestApplyRunsLittle(t *testing.T) {
	k := newKernel(t)
	f := mustStart(t, k)
	w := sample()
	mustApply(t, f, w)
	steps := k.steps
	mustApply(t, f, w)
	if k.steps != steps {
		t.Errorf("an equal state took %d steps", k.steps-steps)
	}
	w.Devices[1].Windows = []Window{{}}
	k.log = nil
	mustApply(t, f, w)
	if diff := cmp.Diff([]string{"iptables-nft", "ip6tables-nft"}, k.log); diff != "" || k.steps != steps+2 {
		t.Errorf("a pause took %d steps (-want +got):\n%s", k.steps-steps, diff)
	}
}

// A proof that is interrupted proves nothing and spoils nothing: the next Apply still runs one program per family.
func TestInterruptedProof(t *testing.T) {
	k := newKernel(t)
	f := mustStart(t, k)
	w := sample()
	mustApply(t, f, w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	k.steps, k.failAt = 0, 1
	if p, err := f.Prove(ctx, at(21, 18, 0), nil); err == nil || p.Devices["tv"].InForce {
		t.Errorf("%v, %+v", err, p)
	}
	w.Devices[1].Windows = []Window{{}}
	k.steps, k.failAt = 0, 0
	mustApply(t, f, w)
	if k.steps != 2 {
		t.Errorf("the pause after it took %d steps", k.steps)
	}
}

func TestMarksSurviveRestart(t *testing.T) {
	k := newKernel(t)
	f := mustStart(t, k)
	w := sample()
	mustApply(t, f, w)
	w.Devices = append(w.Devices[1:], Device{ID: "new", MACs: []policies.MAC{"02:00:00:00:00:77"}})
	again := mustStart(t, k)
	mustApply(t, again, w)
	want := map[string]uint32{"tv": 3, "paused": 4, w.Devices[2].ID: 5, "later": 6, "new": 7}
	if diff := cmp.Diff(want, again.marks.of); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

// What others do to our rules is seen by Prove and repaired by Apply; their own rules stay.
func TestDamage(t *testing.T) {
	for name, damage := range map[string]func(filter table){
		"forward flushed":    func(t table) { t["FORWARD"].rules = nil },
		"one jump gone":      func(t table) { t["FORWARD"].rules = t["FORWARD"].rules[1:] },
		"a rule before ours": func(t table) { t["FORWARD"].rules = append([]rule{{text: "-j ACCEPT"}}, t["FORWARD"].rules...) },
		"a jump twice":       func(t table) { t["FORWARD"].rules = append(t["FORWARD"].rules, t["FORWARD"].rules[0]) },
		"chain emptied":      func(t table) { t["CAREBOX-UP-4"].rules = nil },
		"dispatch emptied":   func(t table) { t["CAREBOX-UP"].rules = nil },
		"rule added": func(t table) {
			t["CAREBOX-DOWN"].rules = append([]rule{{text: "-j ACCEPT"}}, t["CAREBOX-DOWN"].rules...)
		},
		"everything gone":    func(t table) { clearTable(t) },
		"refusing no longer": func(t table) { t["CAREBOX-CUT"].rules[1].text = "-j ACCEPT" },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKernel(t)
			f := mustStart(t, k)
			w := sample()
			mustApply(t, f, w)
			mustProve(t, f, at(21, 18, 0), nil)
			filter := k.tables["ip6tables-nft"]["filter"]
			filter["FORWARD"].policy = "ACCEPT"
			damage(filter)
			p, err := f.Prove(t.Context(), at(21, 18, 0), nil)
			if err != nil || p.Devices["paused"].InForce || p.Devices["paused"].Why == "" {
				t.Fatalf("damage went unseen: %+v, %v", p, err)
			}
			mustApply(t, f, w)
			mustProve(t, f, at(21, 18, 0), nil)
			compare(t, k.tables["ip6tables-nft"]["filter"], f, w, "repaired")
		})
	}
}

func clearTable(t table) {
	for name := range t {
		if ours(name) {
			delete(t, name)
		}
	}
	t["FORWARD"].rules = nil
}
