package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/agent/reconcile"
	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies"
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
	part := func(name string) *slog.Logger { return log.With("part", name) }

	key, err := readOperatorKey(cfg.operatorKey)
	if err != nil {
		return err
	}
	store, err := state.Open(cfg.state)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	filter, err := firewall.New(ctx, cfg.firewall(), log)
	if err != nil {
		return err
	}
	clock := wallClock{trusted: cfg.clockTrusted}
	var cloud *uplink.Uplink
	var page *portal.Server
	asks := &portal.Book{}
	reconciler := reconcile.New(reconcile.Config{Box: cfg.box, Key: key, Built: builtAt()}, reconcile.Parts{
		Firewall:    filter,
		Store:       store,
		Clock:       clock,
		Report:      func(r wire.Reported) { cloud.Report(r) },
		Asks:        asks,
		Limitations: []func() []wire.Limitation{filter.Limitations, store.Limitations, func() []wire.Limitation { return page.Limitations() }},
	}, part("reconcile"))
	cloud = uplink.New(uplink.Config{
		Box: cfg.box, Version: agentVersion(), Capabilities: []string{"firewall"}, Now: clock.Now, Asks: asks.Open,
		Dial: cfg.dial(reconciler.Sure),
	}, reconciler, part("uplink"))
	page = cfg.page(reconciler, cloud, asks, part("portal"))
	watcher := devices.New(cfg.lan, cfg.leases, part("devices"))
	socket := &control{path: cfg.control, ask: func() status {
		return status{Reported: reconciler.Reported(), Version: agentVersion(), Connection: cloud.Connection()}
	}}

	if err := reconciler.Start(ctx); err != nil {
		return err
	}
	log.Info("started", "box", cfg.box, "version", agentVersion(), "revision", reconciler.Reported().Accepted)

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return reconciler.Run(ctx) })
	group.Go(func() error { return watcher.Run(ctx, reconciler.Seen) })
	group.Go(func() error { return filter.Watch(ctx, reconciler.Damaged) })
	group.Go(func() error { return watchClock(ctx, reconciler.Stepped) })
	group.Go(func() error { return cloud.Run(ctx) })
	group.Go(func() error { return page.Run(ctx) })
	group.Go(func() error { return socket.Run(ctx) })
	err = group.Wait()
	log.Info("stopped", "rules", "stay armed")
	return err
}

// page is what offline devices see. Where no port is configured nobody is led to it, and it serves nothing.
func (c config) page(home *reconcile.Reconciler, cloud *uplink.Uplink, asks *portal.Book, log *slog.Logger) *portal.Server {
	return portal.New(portal.Parts{
		Home: home,
		Find: func(addr netip.Addr) (policies.MAC, error) { return devices.Find(c.lan, addr) },
		Listen: func(ctx context.Context) (net.Listener, error) {
			if c.portal == 0 {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return portal.Listen(ctx, c.lan, c.portal)
		},
		Now:       home.Now,
		Reachable: func() bool { return cloud.Connection().Connected },
		Asked: func() {
			home.Asked()
			cloud.Asked()
		},
	}, asks, log)
}

func (c config) firewall() firewall.Config {
	return firewall.Config{LAN: c.lan, WAN: c.wan, Mark: c.mark, Backend: c.backend, Portal: c.portal}
}

// dial reads the box's identity anew each time: one that is renewed counts at once, and one that is broken keeps nobody from enforcing.
func (c config) dial(now func() time.Time) uplink.Dial {
	return func(ctx context.Context) (net.Conn, error) {
		var id uplink.Identity
		for path, into := range map[string]*[]byte{c.authority: &id.Authority, c.certificate: &id.Certificate, c.key: &id.Key} {
			data, err := readLimited(path, maxConfig)
			if err != nil {
				return nil, fmt.Errorf("reading identity: %w", err)
			}
			*into = data
		}
		if err := uplink.CheckBox(id.Certificate, c.box); err != nil {
			return nil, err
		}
		return uplink.DialTLS(ctx, c.broker, id, now)
	}
}

// readOperatorKey reads the Ed25519 key (PEM, PKIX) that signs what this box does.
func readOperatorKey(path string) (ed25519.PublicKey, error) {
	data, err := readLimited(path, maxConfig)
	if err != nil {
		return nil, fmt.Errorf("reading the operator's key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("reading the operator's key %q: no PEM in it", path)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading the operator's key %q: %w", path, err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("reading the operator's key %q: it is a %T, not an Ed25519 key", path, key)
	}
	return public, nil
}
