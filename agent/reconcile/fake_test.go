package reconcile

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const box = "box-1"

// Bubbles of synctest begin at this instant, a Saturday.
var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// turn orders what a test does to its fakes before whatever the loop finds afterwards: the loop's timers order nothing.
type turn struct{ sync.Mutex }

func (t *turn) pass() {
	t.Lock()
	defer t.Unlock()
}

// fakeFirewall is a kernel: it holds what was applied, and flows that live until a proof ends them.
type fakeFirewall struct {
	*turn
	wanted  firewall.Wanted
	applied int // restores that changed something
	proofs  int
	flows   map[string]int
	moved   map[string]uint64
	fail    error // of each call
	broken  bool  // somebody flushed our chains
}

func (f *fakeFirewall) String() string { return describe(f.wanted) }

func describe(w firewall.Wanted) string {
	var out strings.Builder
	line := func(id string, windows []firewall.Window) {
		if len(windows) == 0 {
			return
		}
		fmt.Fprintf(&out, "%s", id)
		for _, w := range windows {
			fmt.Fprintf(&out, " %s–%s", instant(w.From, "now"), instant(w.To, "ever"))
		}
		out.WriteString("; ")
	}
	for _, d := range w.Devices {
		line(d.ID, d.Windows)
	}
	line("others", w.Unknown)
	return strings.TrimSuffix(out.String(), "; ")
}

func instant(t time.Time, zero string) string {
	if t.IsZero() {
		return zero
	}
	return t.Format("02T15:04:05")
}

func (f *fakeFirewall) Apply(_ context.Context, w firewall.Wanted) error {
	f.pass()
	if f.fail != nil {
		return f.fail
	}
	if f.applied == 0 || describe(w) != describe(f.wanted) || f.broken {
		f.applied++
	}
	f.wanted, f.broken = w, false
	return nil
}

func (f *fakeFirewall) Prove(_ context.Context, now time.Time, _ map[string][]netip.Addr) (firewall.Proof, error) {
	f.pass()
	f.proofs++
	if f.fail != nil {
		return firewall.Proof{}, f.fail
	}
	p := firewall.Proof{Devices: map[string]firewall.State{}}
	judge := func(id string, windows []firewall.Window) firewall.State {
		for _, w := range windows {
			if !w.From.After(now) && (w.To.IsZero() || w.To.After(now)) {
				ended := f.flows[id]
				f.flows[id] = 0
				return firewall.State{InForce: true, Flows: ended}
			}
		}
		return firewall.State{InForce: true}
	}
	for _, d := range f.wanted.Devices {
		p.Devices[d.ID] = judge(d.ID, d.Windows)
	}
	p.Unknown = judge("", f.wanted.Unknown)
	return p, nil
}

func (f *fakeFirewall) Traffic(context.Context) (map[string]uint64, error) {
	f.pass()
	out := map[string]uint64{}
	for id, n := range f.moved {
		out[id] = n
	}
	return out, f.fail
}

// fakeStore is a disk.
type fakeStore struct {
	*turn
	desired []byte
	notes   state.Notes
	writes  int
	fail    error
}

func (s *fakeStore) Load(check func([]byte) error) ([]byte, state.Notes, error) {
	if s.desired != nil && check(s.desired) != nil {
		return nil, s.notes, nil
	}
	return s.desired, s.notes, nil
}

func (s *fakeStore) SaveDesired(message []byte) error {
	s.pass()
	s.writes++
	if s.fail == nil {
		s.desired = message
	}
	return s.fail
}

func (s *fakeStore) SaveNotes(n state.Notes) error {
	s.pass()
	s.writes++
	if s.fail == nil {
		s.notes = n
	}
	return s.fail
}

// fakeAsks is a book of asks.
type fakeAsks struct {
	*turn
	open    []wire.Ask
	answers [][]wire.Answer // each time that something was said
}

func (a *fakeAsks) Recall(asks []wire.Ask) {
	a.pass()
	a.open = asks
}

func (a *fakeAsks) Answered(answers []wire.Answer) {
	a.pass()
	a.answers = append(a.answers, answers)
}

func (a *fakeAsks) Open(time.Time) []wire.Ask {
	a.pass()
	return a.open
}

// fakeClock is the bubble's clock, set wrong by an offset.
type fakeClock struct {
	*turn
	offset time.Duration
	free   bool // not synchronised
}

func (c *fakeClock) Now() time.Time {
	c.pass()
	return time.Now().Round(0).Add(c.offset)
}

func (c *fakeClock) Synchronised() bool {
	c.pass()
	return !c.free
}

// oneKey is an operator's key that nothing follows.
type oneKey struct{ ed25519.PublicKey }

func (k oneKey) Try(open func(ed25519.PublicKey) error) error    { return open(k.PublicKey) }
func (k oneKey) Recall(open func(ed25519.PublicKey) error) error { return open(k.PublicKey) }

// home is a reconciler in a bubble with fakes around it.
type home struct {
	*testing.T
	*Reconciler
	turn     *turn
	firewall *fakeFirewall
	store    *fakeStore
	clock    *fakeClock
	reports  []wire.Reported
	asks     *fakeAsks
	shaper   *fakeShaper
	radio    *fakeRadio // nil: a box without
	line     policies.Line
	log      bytes.Buffer
	key      ed25519.PrivateKey
	end      func()
}

// inHome runs a test in a bubble in which a reconciler runs.
func inHome(t *testing.T, f func(*home)) {
	t.Helper()
	inHomeWith(t, func(*home) {}, f)
}

// inHomeWith runs a test in a bubble in which a reconciler runs in a home that was prepared before.
func inHomeWith(t *testing.T, prepare, f func(*home)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		at := &turn{}
		h := &home{
			T: t, shaper: &fakeShaper{turn: at}, turn: at, firewall: &fakeFirewall{turn: at, flows: map[string]int{}, moved: map[string]uint64{}},
			asks: &fakeAsks{turn: at}, store: &fakeStore{turn: at}, clock: &fakeClock{turn: at},
			key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		}
		prepare(h)
		h.boot()
		defer func() { h.end() }()
		f(h)
	})
}

// boot starts the agent on the home's disk and kernel.
func (h *home) boot() {
	h.Helper()
	cfg := Config{Box: box, Keys: oneKey{h.key.Public().(ed25519.PublicKey)}, Line: h.line}
	parts := Parts{
		Firewall: h.firewall, Store: h.store, Clock: h.clock,
		Report: func(r wire.Reported) {
			h.turn.pass()
			h.reports = append(h.reports, r)
		},
		Asks:      h.asks,
		Shaper:    h.shaper,
		Marks:     func() map[string]uint32 { return map[string]uint32{"phone": 2, "tv": 3} },
		Reachable: func() bool { return true },
	}
	if h.radio != nil {
		parts.Radio, parts.Look, parts.KeptOff = h.radio, h.radio.Look, h.radio.KeptOff
	}
	h.Reconciler = New(cfg, parts, slog.New(slog.NewTextHandler(&h.log, nil)))
	ctx, cancel := context.WithCancel(h.Context())
	if err := h.Start(ctx); err != nil {
		h.Fatal(err)
	}
	done := make(chan struct{})
	r := h.Reconciler
	go func() {
		defer close(done)
		if err := r.Run(ctx); err != nil {
			h.Error(err)
		}
	}()
	h.end = func() {
		cancel()
		<-done
	}
	h.settle()
}

func (h *home) settle() { synctest.Wait() }

// after lets time pass.
func (h *home) after(d time.Duration) {
	h.turn.pass()
	time.Sleep(d)
	h.settle()
}

// send hands over a policy as the cloud would, issued now by a clock that is right.
func (h *home) send(revision int64, p policies.Policy) {
	h.Helper()
	h.Receive(h.signed(wire.Desired{Box: box, Revision: revision}, p))
	h.settle()
}

func (h *home) signed(d wire.Desired, p policies.Policy) []byte {
	h.Helper()
	data, err := policies.Marshal(p)
	if err != nil {
		h.Fatal(err)
	}
	d.Schema, d.Policy = wire.Schema, data
	if d.Issued.IsZero() {
		d.Issued = time.Now()
	}
	message, err := wire.Sign(h.key, d)
	if err != nil {
		h.Fatal(err)
	}
	return message
}

func (h *home) kernel(want string) {
	h.Helper()
	if got := h.firewall.String(); got != want {
		h.Errorf("kernel at %s: %q, want %q", h.clock.Now().Format(time.RFC3339), got, want)
	}
}

func (h *home) revisions(accepted, inForce int64) {
	h.Helper()
	if r := h.Reported(); r.Accepted != accepted || r.InForce != inForce {
		h.Errorf("accepted %d, in force %d; want %d, %d", r.Accepted, r.InForce, accepted, inForce)
	}
}

func (h *home) device(id string) wire.DeviceState {
	h.Helper()
	for _, d := range h.Reported().Devices {
		if d.ID == id {
			return d
		}
	}
	h.Fatalf("device %q is not reported", id)
	return wire.DeviceState{}
}

// family is a policy with one person, a phone of theirs and a TV of the home.
func family(change ...func(*policies.Policy)) policies.Policy {
	p := policies.NewPolicy("Europe/Paris")
	p.People = []policies.Person{{ID: "leo", Name: "Léo"}}
	p.Devices = []policies.Device{
		{ID: "phone", Name: "Phone", Kind: "phone", MACs: []policies.MAC{"02:00:00:00:00:0a"}, Person: "leo"},
		{ID: "tv", Name: "TV", Kind: "tv", MACs: []policies.MAC{"02:00:00:00:00:0c"}},
	}
	for _, f := range change {
		f(&p)
	}
	return p
}

var everyDay = []policies.Day{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

func nights(start string, duration time.Duration) func(*policies.Policy) {
	return func(p *policies.Policy) {
		p.Schedules = append(p.Schedules, policies.Schedule{
			ID: "nights", For: policies.Target{Person: "leo"}, Days: everyDay, Start: start, Duration: int(duration.Seconds()),
		})
	}
}

func pause(device string, at time.Time, length time.Duration) func(*policies.Policy) {
	return func(p *policies.Policy) {
		o := policies.Override{ID: "o" + device, For: policies.Target{Device: device}, Mode: policies.ModePause, At: at}
		if length > 0 {
			until := at.Add(length)
			o.Until = &until
		}
		p.Overrides = append(p.Overrides, o)
	}
}

var errKernel = errors.New("kernel says no")

func pretty(v any) string {
	b, _ := json.MarshalIndent(v, "", " ")
	return string(b)
}
