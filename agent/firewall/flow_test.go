package firewall

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flowsLeft proves the sample at a time when "paused" and the unknown devices are offline, and returns what is left.
func flowsLeft(t *testing.T, k *kernel, hosts map[string][]netip.Addr) (map[uint32]uint32, Proof, *Firewall) {
	t.Helper()
	f := mustStart(t, k)
	w, _ := paused()
	mustApply(t, f, w)
	p := mustProve(t, f, at(21, 19, 30), hosts)
	left := map[uint32]uint32{}
	for _, one := range k.flows {
		left[one.id] = one.mark
	}
	return left, p, f
}

func open(t *testing.T, k *kernel) {
	t.Helper()
	k.tables["ip6tables-nft"] = parsed(t, "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n")
}

func TestFlowsEnd(t *testing.T) {
	k := newKernel(t)
	addFlows(k)
	_, hosts := paused()
	left, p, f := flowsLeft(t, k, hosts)
	if diff := cmp.Diff(map[uint32]uint32{2: 0x300000, 5: 0, 6: 0, 7: 0}, left); diff != "" {
		t.Errorf("flows left (-want +got):\n%s", diff)
	}
	if got := p.Devices["paused"].Flows; got != 4 {
		t.Errorf("%d flows ended, not 4", got)
	}
	if got := f.Limitations(); got != nil {
		t.Errorf("limitations of a sound box: %v", got)
	}
}

// Where the WAN could open a deleted flow again its entry is kept, under the mark that the rules refuse.
func TestFlowsKeptWhereOpen(t *testing.T) {
	k := newKernel(t)
	open(t, k)
	addFlows(k)
	_, hosts := paused()
	left, p, f := flowsLeft(t, k, hosts)
	want := map[uint32]uint32{2: 0x300000, 4: 0x400000, 5: 0, 6: 0, 7: 0, 8: 0x400005}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("flows left (-want +got):\n%s", diff)
	}
	if got := p.Devices["paused"].Flows; got != 4 {
		t.Errorf("%d flows ended, not 4", got)
	}
	again := mustProve(t, f, at(21, 19, 30), hosts)
	if got := again.Devices["paused"].Flows; got != 4 {
		t.Errorf("%d flows ended after a second look, not 4", got)
	}
	if l := f.Limitations(); len(l) != 1 || l[0].Code != "wan-open" {
		t.Errorf("limitations are %v", l)
	}
}

// An offloaded flow does not meet the rules: only deleting its entry ends it.
func TestOffloadedFlowIsDeleted(t *testing.T) {
	k := newKernel(t)
	open(t, k)
	k.flows = []*flow{plain(1, "2001:db8:7::d", "2001:db8:1::1", 0x400000)}
	k.flows[0].offloaded = true
	left, _, _ := flowsLeft(t, k, nil)
	if len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestWhoseFlow(t *testing.T) {
	const tv, phone = "192.168.7.12", "192.168.7.13"
	for name, c := range map[string]struct {
		flow  *flow
		hosts map[string][]netip.Addr
		ends  bool
	}{
		"unknown device, by mark":              {natted(1, "192.168.7.50", 0x100000), nil, true},
		"unknown device, by address":           {natted(1, "192.168.7.50", 0), addrs("", "192.168.7.50"), true},
		"nobody's":                             {natted(1, "192.168.7.60", 0), addrs("", "192.168.7.50"), false},
		"marked when it was unknown":           {natted(1, phone, 0x100000), addrs("paused", phone), true},
		"address that went to an online one":   {natted(1, tv, 0x300000), both(tv), false},
		"address of an online one, marked":     {natted(1, tv, 0x400000), both(tv), true},
		"from before the MAC changed hands":    {natted(1, phone, 0x300000), addrs("paused", phone), true},
		"unknown, and named just now":          {natted(1, tv, 0x100000), addrs("tv", tv), false},
		"to the box":                           {plain(1, phone, "192.168.7.1", 0), addrs("paused", phone), false},
		"to multicast":                         {plain(1, phone, "224.0.0.251", 0), addrs("paused", phone), false},
		"forwarded port":                       {forwarded(phone), addrs("paused", phone), true},
		"another tool's mark beside our field": {natted(1, tv, 0xc0000001), addrs("paused", phone), false},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKernel(t)
			k.flows = []*flow{c.flow}
			left, _, _ := flowsLeft(t, k, c.hosts)
			if ended := len(left) == 0; ended != c.ends {
				t.Errorf("ended: %v", ended)
			}
		})
	}
}

func addrs(id, addr string) map[string][]netip.Addr {
	return map[string][]netip.Addr{id: {netip.MustParseAddr(addr)}}
}

func both(addr string) map[string][]netip.Addr {
	a := netip.MustParseAddr(addr)
	return map[string][]netip.Addr{"paused": {a}, "tv": {a}}
}

func forwarded(to string) *flow {
	f := plain(1, "198.51.100.7", "203.0.113.2", 0)
	f.reply.src = netip.MustParseAddr(to)
	return f
}

func TestMeter(t *testing.T) {
	m := newMeter()
	look := func(flows ...*flow) {
		for _, f := range flows {
			m.count(f, map[uint32]string{7: "tv"}[f.mark])
		}
		m.next(false)
	}
	bytes := func(id, mark uint32, n uint64) *flow {
		f := natted(id, "192.168.7.12", mark)
		f.bytes = n
		return f
	}
	m.baseline = true
	look(bytes(1, 7, 1000), bytes(2, 0, 5000))
	m.baseline = false
	for _, step := range []struct {
		name  string
		flows []*flow
		want  uint64
	}{
		{"what moved before does not count", []*flow{bytes(1, 7, 1000), bytes(2, 0, 5000)}, 0},
		{"what moves counts", []*flow{bytes(1, 7, 1500), bytes(2, 0, 6000)}, 500},
		{"marked later: from then on", []*flow{bytes(1, 7, 1500), bytes(2, 7, 6100)}, 600},
		{"a new flow counts whole", []*flow{bytes(1, 7, 1500), bytes(2, 7, 6100), bytes(3, 7, 50)}, 650},
		{"one that a look missed", []*flow{bytes(1, 7, 1500), bytes(3, 7, 50)}, 650},
		{"is not counted twice", []*flow{bytes(1, 7, 1500), bytes(2, 7, 6101), bytes(3, 7, 50)}, 651},
		{"a newcomer under the same id", []*flow{bytes(1, 7, 10)}, 661},
	} {
		if look(step.flows...); m.total["tv"] != step.want {
			t.Fatalf("%s: %d bytes, not %d", step.name, m.total["tv"], step.want)
		}
	}
	for range 3 {
		look()
	}
	if len(m.last) != 0 {
		t.Errorf("%d flows that are gone are remembered", len(m.last))
	}
}

// Bytes are counted before a flow is deleted.
func TestTrafficOfEndedFlows(t *testing.T) {
	k := newKernel(t)
	f := mustStart(t, k)
	w, hosts := paused()
	mustApply(t, f, w)
	k.flows = []*flow{natted(1, "192.168.7.13", 0x400000)}
	k.flows[0].bytes = 70_000
	mustProve(t, f, at(21, 18, 0), hosts)
	got, err := f.Traffic(t.Context())
	if err != nil || got["paused"] != 70_000 || len(k.flows) != 0 {
		t.Errorf("traffic %v, %v; %d flows", got, err, len(k.flows))
	}
}

// Refusals add up over replaced chains, and start anew with each cut.
func TestRefusals(t *testing.T) {
	k := newKernel(t)
	f := mustStart(t, k)
	w := sample()
	mustApply(t, f, w)
	refuse := func(stem, chain string, n uint64) {
		rules := k.tables[stem]["filter"][chain].rules
		rules[len(rules)-1].packets += n
	}
	check := func(now int, want uint64) {
		t.Helper()
		if got := mustProve(t, f, at(21, now, 0), nil).Devices["paused"].Refusals; got != want {
			t.Errorf("%d refusals, not %d", got, want)
		}
	}
	check(1, 0)
	refuse("iptables-nft", "CAREBOX-UP-4", 3)
	refuse("ip6tables-nft", "CAREBOX-DOWN-4", 4)
	check(2, 7)
	w.Devices[2].Windows = []Window{{To: at(21, 5, 0)}}
	mustApply(t, f, w)
	refuse("iptables-nft", "CAREBOX-UP-4", 5)
	check(3, 12)
	k.tables["iptables-nft"]["filter"]["CAREBOX-UP-4"].rules[1].packets = 1 // somebody put the counters to zero
	check(4, 13)
	check(6, 0)
	w.Devices[2].Windows = []Window{{}}
	mustApply(t, f, w)
	refuse("iptables-nft", "CAREBOX-UP-4", 2)
	check(7, 2)
}

func FuzzParseFlow(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 8, 0, 8, 0, 0, 0, 0, 7})
	f.Fuzz(func(t *testing.T, msg []byte) {
		one, ok := parseFlow(msg)
		if ok && (!one.orig.src.IsValid() || !one.reply.dst.IsValid()) {
			t.Error("a flow without addresses")
		}
	})
}
