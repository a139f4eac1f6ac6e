package main

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/agent/reconcile"
	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// realBox is a box of the testbed with the kernel's real rules and queues, and a loop that is told what to do by the test.
type realBox struct {
	*testing.T
	*testbed.Home
	loop     *reconcile.Reconciler
	folder   string
	key      ed25519.PrivateKey
	revision int64
}

func newRealBox(t *testing.T, backend string) *realBox {
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
	home, err := testbed.New(t.Context(), testbed.Options{Backend: backend})
	if err != nil {
		t.Fatal(err)
	}
	b := &realBox{T: t, Home: home, folder: t.TempDir(), key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
	ctx, stop := context.WithCancel(t.Context())
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() { ended <- home.Box.Do(func() error { return b.run(ctx, started) }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	return b
}

// run is the part of the agent's own run that changes the box; it ends by taking everything away.
func (b *realBox) run(ctx context.Context, started chan<- error) error {
	cfg := config{box: "box-1", lan: testbed.LAN, wan: testbed.WAN, mark: 0x3ff00000, lineDown: 40e6, lineUp: 10e6}
	kernel, err := cfg.kernel(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		started <- err
		return nil
	}
	store, err := state.Open(b.folder)
	if err != nil {
		started <- err
		return nil
	}
	parts := kernel.parts()
	parts.Store, parts.Clock, parts.Asks = store, wallClock{trusted: true}, &portal.Book{}
	parts.Report, parts.Reachable = func(wire.Reported) {}, func() bool { return true }
	own := reconcile.Config{Box: cfg.box, Keys: oneKey{b.key.Public().(ed25519.PublicKey)}, Line: cfg.line()}
	b.loop = reconcile.New(own, parts, slog.New(slog.DiscardHandler))
	err = b.loop.Start(ctx)
	started <- err
	if err != nil {
		return nil
	}
	if err := b.loop.Run(ctx); err != nil {
		return err
	}
	if err := kernel.clear(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	return store.Close()
}

// decide hands over what the family has decided and waits until all of it is reported as it should be.
func (b *realBox) decide(p policies.Policy, ok func(wire.Reported) bool) {
	b.Helper()
	data, err := policies.Marshal(p)
	if err != nil {
		b.Fatal(err)
	}
	b.revision++
	message, err := wire.Sign(b.key, wire.Desired{Box: "box-1", Schema: wire.Schema, Revision: b.revision, Issued: time.Now(), Policy: data})
	if err != nil {
		b.Fatal(err)
	}
	b.loop.Receive(message)
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		now := b.loop.Reported()
		if now.InForce == b.revision && ok(now) {
			return
		}
		if time.Now().After(end) {
			b.Fatalf("reported %+v", now)
		}
	}
}

// queues are those of the box's two links.
func (b *realBox) queues() string {
	b.Helper()
	var all strings.Builder
	for _, link := range []string{testbed.LAN, testbed.WAN} {
		out, err := b.Box.Command(b.Context(), "tc", "qdisc", "show", "dev", link).CombinedOutput()
		if err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		all.Write(out)
	}
	return all.String()
}

// TestFloorsAndCutsInOneLoop: floors come and go beside cuts, each is reported as the kernel has it, and nothing is left over.
func TestFloorsAndCutsInOneLoop(t *testing.T) {
	for _, backend := range []string{"nft", "legacy"} {
		t.Run(backend, func(t *testing.T) {
			b := newRealBox(t, backend)
			before := b.queues()
			home := policies.NewPolicy("Europe/Paris")
			home.Devices = []policies.Device{
				{ID: "phone", Name: "Phone", Kind: "phone", MACs: []policies.MAC{b.Phone.MAC}},
				{ID: "tv", Name: "TV", Kind: "tv", MACs: []policies.MAC{b.TV.MAC}},
			}
			kept := func(down int64) func(wire.Reported) bool {
				return func(now wire.Reported) bool {
					r := now.Reservations
					return len(r) == 1 && r[0].State == wire.HoldInForce && r[0].FloorDown == down
				}
			}
			for _, down := range []int64{20e6, 30e6, 10e6} {
				evening := home
				evening.Reservations = []policies.Reservation{{ID: "film", Devices: []string{"tv"}, FloorDown: down, FloorUp: 2e6}}
				b.decide(evening, kept(down))
				evening.Overrides = []policies.Override{{ID: "o", For: policies.Target{Device: "phone"}, Mode: policies.ModePause, At: time.Now()}}
				b.decide(evening, kept(down))
				if now := b.queues(); strings.Count(now, "htb") != 2 {
					t.Errorf("queues with a floor of %d bit/s:\n%s", down, now)
				}
			}
			greedy := home
			greedy.Reservations = []policies.Reservation{{ID: "film", Devices: []string{"tv"}, FloorDown: 33e6}}
			b.decide(greedy, func(now wire.Reported) bool {
				return len(now.Reservations) == 1 && now.Reservations[0].Why == policies.CodeFloorsTooHigh
			})
			b.decide(home, func(now wire.Reported) bool { return len(now.Reservations) == 0 })
			for end := time.Now().Add(time.Minute); b.queues() != before; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("queues before:\n%s\nafter the last floor:\n%s", before, b.queues())
				}
			}
		})
	}
}

// oneKey is an operator's key that nothing follows.
type oneKey struct{ ed25519.PublicKey }

func (k oneKey) Try(open func(ed25519.PublicKey) error) error    { return open(k.PublicKey) }
func (k oneKey) Recall(open func(ed25519.PublicKey) error) error { return open(k.PublicKey) }
