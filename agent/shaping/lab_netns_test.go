package shaping

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

// The line of the tests, in bit/s.
const (
	lineDown, lineUp   = 40e6, 20e6
	floorDown, floorUp = 20e6, 8e6
)

// lab is a virtual home on a line with a rate, with firewall and shaper in its box, on the real kernel.
type lab struct {
	*testbed.Home
	t       testing.TB
	backend string
	filter  *firewall.Firewall
	s       *Shaper
	log     *bytes.Buffer
}

// eachBackend runs a test in a home of each backend.
func eachBackend(t *testing.T, test func(t *testing.T, l *lab)) {
	kernelRing(t)
	for _, backend := range []string{"nft", "legacy"} {
		t.Run(backend, func(t *testing.T) { test(t, newLab(t, backend)) })
	}
}

func kernelRing(t testing.TB) {
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
}

func newLab(t testing.TB, backend string) *lab {
	t.Helper()
	return newLabOn(t, testbed.Options{Backend: backend, Down: lineDown, Up: lineUp})
}

func newLabOn(t testing.TB, o testbed.Options) *lab {
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
	l := &lab{Home: h, t: t, backend: o.Backend, log: &bytes.Buffer{}}
	l.in(func() (err error) {
		cfg := firewall.Config{LAN: testbed.LAN, WAN: testbed.WAN, Mark: 0x3ff00000}
		if l.filter, err = firewall.New(t.Context(), cfg, slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
			return err
		}
		return l.filter.Apply(t.Context(), firewall.Wanted{Devices: []firewall.Device{
			{ID: "phone", MACs: []policies.MAC{h.Phone.MAC}}, {ID: "laptop", MACs: []policies.MAC{h.Laptop.MAC}},
			{ID: "tv", MACs: []policies.MAC{h.TV.MAC}},
		}})
	})
	l.restart()
	return l
}

// restart makes a new shaper, as a new process of the agent would.
func (l *lab) restart() {
	l.t.Helper()
	l.in(func() (err error) {
		cfg := Config{LAN: testbed.LAN, WAN: testbed.WAN, Mark: 0x3ff00000, Backend: l.filter.Backend()}
		l.s, err = New(l.t.Context(), cfg, slog.New(slog.NewTextHandler(l.log, nil)))
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
	l.in(func() error { return l.s.Apply(l.t.Context(), w) })
}

func (l *lab) state() (all []FloorState) {
	l.t.Helper()
	l.in(func() (err error) {
		all, err = l.s.State(l.t.Context())
		return err
	})
	return all
}

// holds wants every floor to be in force.
func (l *lab) holds() {
	l.t.Helper()
	for _, f := range l.state() {
		if !f.InForce {
			l.t.Fatalf("floor %q is not in force: %s: %s", f.ID, f.Why, f.Detail)
		}
	}
}

// floor of devices on the line of the tests.
func (l *lab) floor(id string, down, up int64, devices ...string) Floor {
	f := Floor{ID: id, Down: down, Up: up}
	for _, d := range devices {
		f.Marks = append(f.Marks, l.filter.Marks()[d])
	}
	return f
}

func wanted(floors ...Floor) Wanted {
	return Wanted{Line: policies.Line{Down: lineDown, Up: lineUp}, Floors: floors}
}

func (l *lab) tv() Wanted { return wanted(l.floor("tv", floorDown, floorUp, "tv")) }

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
	ourLines = regexp.MustCompile(`(?m)^.*` + prefix + `.*\n`)
	chances  = regexp.MustCompile(`direct_packets_stat \d+ ?|class fq_codel .*\n`) // what is counted, flows that wait
)

// rules are the mangle rules of both families, without what changes by itself.
func (l *lab) rules() string {
	l.t.Helper()
	var all string
	for _, stem := range []string{"iptables", "ip6tables"} {
		all += l.run(stem+"-"+l.backend+"-save", "-t", "mangle")
	}
	return counters.ReplaceAllString(comments.ReplaceAllString(all, ""), "[0:0]")
}

// queues are all disciplines and classes of both links as tc prints them.
func (l *lab) queues() string {
	l.t.Helper()
	var all string
	for _, link := range []string{testbed.LAN, testbed.WAN} {
		for _, what := range []string{"qdisc", "class"} {
			lines := strings.SplitAfter(chances.ReplaceAllString(l.run("tc", "-d", what, "show", "dev", link), ""), "\n")
			slices.Sort(lines)
			all += link + "\n" + strings.Join(lines, "")
		}
	}
	return all
}

func (l *lab) serve() {
	l.t.Helper()
	s, err := l.Serve(context.WithoutCancel(l.t.Context()), 0)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(s.Close)
}

// load is flows that take all that they can get.
type load []*testbed.Flow

func (l *lab) load(n *testbed.Node, kind testbed.Kind, to netip.Addr, flows int) load {
	l.t.Helper()
	var all load
	for range flows {
		f, err := n.Start(l.t.Context(), kind, to)
		if err != nil {
			l.t.Fatal(err)
		}
		l.t.Cleanup(f.Close)
		all = append(all, f)
	}
	return all
}

func (fs load) close() {
	for _, f := range fs {
		f.Close()
	}
}

func (fs load) bytes() uint64 {
	var n uint64
	for _, f := range fs {
		n += f.Bytes()
	}
	return n
}

// rates are what each load gets of payload in bit/s: the median of some looks, so that a moment without a processor
// does not count.
func rates(looks int, loads ...load) []float64 {
	const each = 300 * time.Millisecond
	all := make([][]float64, len(loads))
	before := make([]uint64, len(loads))
	since := time.Now()
	for look := range looks + 1 {
		if look > 0 {
			time.Sleep(each) // a rate is over a time
		}
		passed := time.Since(since).Seconds()
		since = time.Now()
		for i, fs := range loads {
			now := fs.bytes()
			if look > 0 {
				all[i] = append(all[i], float64(now-before[i])*8/passed)
			}
			before[i] = now
		}
	}
	var got []float64
	for _, one := range all {
		got = append(got, median(one))
	}
	return got
}

// eventually tries until something is so: a machine that others use may be late, but not for ever.
func eventually(t testing.TB, so func() (string, bool)) {
	t.Helper()
	begun := time.Now()
	end := begun.Add(90 * time.Second)
	for {
		what, ok := so()
		if ok {
			t.Log(time.Since(begun).Round(time.Second/10), what)
			return
		}
		t.Log(time.Since(begun).Round(time.Second/10), what)
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}
