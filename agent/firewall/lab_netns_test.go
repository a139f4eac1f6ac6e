package firewall

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// lab is a virtual home with the firewall in its box, on the real kernel.
type lab struct {
	*testbed.Home
	t       testing.TB
	backend string
	portal  uint16
	f       *Firewall
}

var backends = []string{nft, legacy}

// eachBackend runs a test in a home of each backend.
func eachBackend(t *testing.T, o testbed.Options, test func(t *testing.T, l *lab)) {
	kernelRing(t)
	for _, backend := range backends {
		t.Run(backend, func(t *testing.T) {
			o := o
			o.Backend = backend
			test(t, newLab(t, o))
		})
	}
}

func kernelRing(t testing.TB) {
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
}

func newLab(t testing.TB, o testbed.Options) *lab {
	t.Helper()
	h, err := testbed.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lab{Home: h, t: t, backend: o.Backend}
	l.restart()
	return l
}

// restart makes a new firewall, as a new process of the agent would.
func (l *lab) restart() {
	l.t.Helper()
	l.in(func() (err error) {
		cfg := Config{LAN: testbed.LAN, WAN: testbed.WAN, Mark: 0x3ff00000, Portal: l.portal}
		l.f, err = New(l.t.Context(), cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
		return err
	})
}

// in does something inside the box.
func (l *lab) in(do func() error) {
	l.t.Helper()
	if err := l.Box.Do(do); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) apply(w Wanted) {
	l.t.Helper()
	l.in(func() error { return l.f.Apply(l.t.Context(), w) })
}

// prove wants everything to be in force.
func (l *lab) prove() Proof {
	l.t.Helper()
	p := l.look()
	for id, s := range p.Devices {
		if !s.InForce {
			l.t.Fatalf("%q is not in force: %s", id, s.Why)
		}
	}
	if !p.Unknown.InForce {
		l.t.Fatalf("unknown devices are not in force: %s", p.Unknown.Why)
	}
	return p
}

func (l *lab) look() (p Proof) {
	l.t.Helper()
	l.in(func() (err error) {
		p, err = l.f.Prove(l.t.Context(), time.Now(), l.hosts())
		return err
	})
	return p
}

func (l *lab) hosts() map[string][]netip.Addr {
	hosts := map[string][]netip.Addr{}
	for id, n := range map[string]*testbed.Node{"phone": l.Phone, "laptop": l.Laptop, "tv": l.TV} {
		hosts[id] = []netip.Addr{n.IPv4, n.IPv6}
	}
	return hosts
}

// family of three, of whom the phone has windows.
func (l *lab) wanted(phone ...Window) Wanted {
	return Wanted{Devices: []Device{
		{ID: "phone", MACs: []policies.MAC{l.Phone.MAC}, Windows: phone},
		{ID: "laptop", MACs: []policies.MAC{l.Laptop.MAC}},
		{ID: "tv", MACs: []policies.MAC{l.TV.MAC}},
	}}
}

// cut applies, lets the resets get out and proves.
func (l *lab) cut(w Wanted) Proof {
	l.t.Helper()
	l.apply(w)
	time.Sleep(200 * time.Millisecond) // what the agent waits: there is no condition to wait for but time
	return l.prove()
}

// run runs a program inside the box.
func (l *lab) run(name string, args ...string) string {
	l.t.Helper()
	out, err := l.Box.Command(l.t.Context(), name, args...).Output()
	if err != nil {
		l.t.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}

var (
	comments = regexp.MustCompile(`(?m)^#.*\n`)
	counters = regexp.MustCompile(`\[\d+:\d+\]`)
)

// saved is what a family's rules are, without what changes by itself.
func (l *lab) saved(stem string) string {
	l.t.Helper()
	text := comments.ReplaceAllString(l.run(stem+"-"+l.backend+"-save"), "")
	return counters.ReplaceAllString(text, "[0:0]")
}

// await waits until something is so.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// start opens a flow of each kind in both families from a node and waits until all of them arrive.
func (l *lab) start(n *testbed.Node, kinds ...testbed.Kind) []*testbed.Flow {
	l.t.Helper()
	var flows []*testbed.Flow
	for _, to := range []netip.Addr{testbed.InternetIPv4, testbed.InternetIPv6} {
		for _, kind := range kinds {
			f, err := n.Start(l.t.Context(), kind, to)
			if err != nil {
				l.t.Fatal(err)
			}
			l.t.Cleanup(f.Close)
			flows = append(flows, f)
		}
	}
	l.goOn(flows)
	return flows
}

// goOn waits until every flow has moved some more.
func (l *lab) goOn(flows []*testbed.Flow) {
	l.t.Helper()
	for _, f := range flows {
		before := f.Bytes()
		await(l.t, string(f.Kind)+" to "+f.To.String()+" goes on", func() bool { return f.Bytes() > before+20_000 })
	}
}

func (l *lab) serve() {
	l.t.Helper()
	s, err := l.Serve(context.WithoutCancel(l.t.Context()), 400_000)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(s.Close)
}

func bytesOf(flows []*testbed.Flow) []uint64 {
	var all []uint64
	for _, f := range flows {
		all = append(all, f.Bytes())
	}
	return all
}

func withoutOurs(save string) string {
	var kept []string
	for line := range strings.Lines(save) {
		if !strings.Contains(line, prefix) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
