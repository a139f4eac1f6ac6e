package main

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"

	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/agent/assist"
	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/diagnose"
	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/agent/reconcile"
	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies/wire"
)

// A box has little memory and nothing to hurry for: collect early, and strain to stay below what it was promised.
const (
	gcPercent   = 40
	memoryLimit = 14 << 20 // of Go's heap and stacks; the program itself comes on top
)

// run builds the parts in order, enforces what is on disk, and only then looks for a network.
func run(ctx context.Context, cfg config, log *slog.Logger) (err error) {
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryLimit)
	written := &diagnose.Log{}
	log = slog.New(written.Handler(log.Handler()))
	part := func(name string) *slog.Logger { return log.With("part", name) }

	clock := wallClock{trusted: cfg.clockTrusted}
	identity := cfg.enroller(clock, part("enrol"))
	if err := cfg.join(ctx, identity); err != nil {
		return err
	}
	key, err := readOperatorKey(cfg.operatorKey)
	if err != nil {
		return err
	}
	store, err := state.Open(cfg.state)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	var cloud *uplink.Uplink
	pins, err := store.Pins(key, func() { cloud.Greet() })
	if err != nil {
		return err
	}
	box, err := cfg.kernel(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.close()) }()
	var page *portal.Server
	asks := &portal.Book{}
	parts := box.parts()
	parts.Store, parts.Clock, parts.Asks = store, clock, asks
	parts.WAN = func() (wire.WAN, error) { return devices.WayOut(cfg.wan, cfg.lan) }
	parts.Page = cfg.ownPage
	parts.Report, parts.Reachable = func(r wire.Reported) { cloud.Report(r) }, func() bool { return cloud.Connection().Connected }
	open := func() []wire.Limitation { return page.Limitations() }
	parts.Limitations = append(parts.Limitations, store.Limitations, pins.Limitations, identity.Limitations, open)
	reconciler := reconcile.New(reconcile.Config{Box: cfg.box, Keys: pins, Built: cfg.begun(), Line: cfg.line()}, parts, part("reconcile"))
	doctor, err := cfg.doctor(box, reconciler, written)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, doctor.close()) }()
	desk, err := assist.Open(assist.Config{Box: cfg.box, Keys: pins, Boot: bootID()}, assist.Parts{
		Store: store, Now: clock.Now, Sure: reconciler.Trusted, Since: sinceBoot, Measure: doctor.Measure,
		Say: func(ctx context.Context, r wire.Result) error { return cloud.Say(ctx, r) }, Ended: func() { cloud.Ended() },
	}, part("assist"))
	if err != nil {
		return err
	}
	cloud = uplink.New(uplink.Config{
		Box: cfg.box, Version: agentVersion(), Capabilities: cfg.capabilities(), Now: clock.Now, Asks: asks.Open, Ended: desk.Untold, Pins: pins,
		Dial: cfg.dial(cfg.broker, reconciler.Sure),
	}, inbox{reconciler, desk}, part("uplink"))
	page = cfg.page(hall{reconciler, cloud, desk}, asks, part("portal"))
	watcher := devices.New(cfg.lan, cfg.leases, part("devices"))
	socket := cfg.socket(reconciler, cloud)

	if err := reconciler.Start(ctx); err != nil {
		return err
	}
	log.Info("started", "box", cfg.box, "version", agentVersion(), "revision", reconciler.Reported().Accepted)

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return reconciler.Run(ctx) })
	group.Go(func() error { return watcher.Run(ctx, reconciler.Seen) })
	group.Go(func() error { return box.filter.Watch(ctx, reconciler.Damaged) })
	group.Go(func() error { return box.watch(ctx, reconciler.Tuned) })
	group.Go(func() error { return watchClock(ctx, reconciler.Stepped) })
	group.Go(func() error { return cloud.Run(ctx) })
	group.Go(func() error { return desk.Run(ctx) })
	group.Go(func() error { return identity.Run(ctx) })
	group.Go(func() error { return page.Run(ctx) })
	group.Go(func() error { return socket.Run(ctx) })
	err = group.Wait()
	log.Info("stopped", "rules", "stay armed")
	return err
}
