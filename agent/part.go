package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"

	"github.com/carebox-project/carebox/agent/assist"
	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/agent/radio"
	"github.com/carebox-project/carebox/agent/reconcile"
	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func (c config) firewall() firewall.Config {
	return firewall.Config{LAN: c.lan, WAN: c.wan, Mark: c.mark, Backend: c.backend, Portal: c.portal}
}

// shaping puts its rules where the firewall found that the box has its own.
func (c config) shaping(backend string) shaping.Config {
	return shaping.Config{LAN: c.lan, WAN: c.wan, Mark: c.mark, Backend: backend}
}

// line is what the configuration says of the line, nothing if it says nothing.
func (c config) line() policies.Line {
	if c.lineDown == 0 && c.lineUp == 0 {
		return policies.Line{}
	}
	return policies.Line{Down: c.lineDown, Up: c.lineUp, Source: policies.LineConfigured}
}

// capabilities are what this box can do, for its Hello.
func (c config) capabilities() []string {
	all := []string{"firewall", "shaping", "diagnose"}
	if c.hostapd != "" {
		all = append(all, "radio")
	}
	return all
}

// kernel is what changes this box: packets, queues, radios.
type kernel struct {
	filter *firewall.Firewall
	queues *shaping.Shaper
	air    *radio.Radios // nil where hostapd is not configured: a box without radios
}

func (c config) kernel(ctx context.Context, log *slog.Logger) (kernel, error) {
	var k kernel
	var err error
	if k.filter, err = firewall.New(ctx, c.firewall(), log); err != nil {
		return k, err
	}
	if k.queues, err = shaping.New(ctx, c.shaping(k.filter.Backend()), log); err != nil {
		return k, err
	}
	if c.hostapd != "" {
		// hostapd answers to a socket of ours: beside the other one.
		where := radio.Config{Control: []string{c.hostapd}, Folder: c.control + ".radio"}
		k.air, err = radio.New(where, log.With("part", "radio"))
	}
	return k, err
}

// parts are what the reconciler has of all this.
func (k kernel) parts() reconcile.Parts {
	p := reconcile.Parts{
		Firewall: k.filter, Marks: k.filter.Marks, Shaper: k.queues,
		Limitations: []func() []wire.Limitation{k.filter.Limitations, k.queues.Limitations},
	}
	if k.air != nil {
		p.Radio, p.Look, p.KeptOff = k.air, k.air.Look, k.air.Kept
		p.Limitations = append(p.Limitations, k.air.Limitations)
	}
	return p
}

// watch rings when something happens on the radios.
func (k kernel) watch(ctx context.Context, changed func()) error {
	if k.air == nil {
		return nil
	}
	return k.air.Watch(ctx, changed)
}

// close takes away what only a running agent needs. Rules, queues and lists stay.
func (k kernel) close() error {
	if k.air == nil {
		return nil
	}
	return k.air.Close()
}

// clear goes on where something fails: what can be taken away is.
func (k kernel) clear(ctx context.Context) error {
	var errs []error
	clear := func(what string, f func(context.Context) error) {
		if err := f(ctx); err != nil {
			errs = append(errs, fmt.Errorf("clearing the %s: %w", what, err))
		}
	}
	clear("queues", k.queues.Clear)
	clear("firewall", k.filter.Clear)
	if k.air != nil {
		clear("radios", k.air.Clear)
	}
	return errors.Join(errs...)
}

// socket answers who asks for the status.
func (c config) socket(home *reconcile.Reconciler, cloud *uplink.Uplink) *control {
	return &control{path: c.control, ask: func() status {
		return status{Reported: home.Reported(), Version: agentVersion(), Connection: cloud.Connection()}
	}}
}

// hall is what the box's own page is about.
type hall struct {
	home  *reconcile.Reconciler
	cloud *uplink.Uplink
	desk  *assist.Desk
}

// page is what offline devices see. Where no port is configured nobody is led to it, and it serves nothing.
func (c config) page(h hall, asks *portal.Book, log *slog.Logger) *portal.Server {
	return portal.New(portal.Parts{
		Home: h.home,
		Find: func(addr netip.Addr) (policies.MAC, error) { return devices.Find(c.lan, addr) },
		Listen: func(ctx context.Context) (net.Listener, error) {
			if c.portal == 0 {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return portal.Listen(ctx, c.lan, c.portal)
		},
		Now:       h.home.Now,
		Reachable: func() bool { return h.cloud.Connection().Connected },
		Asked: func() {
			h.home.Asked()
			h.cloud.Asked()
		},
		Helpers: h.helpers,
		End:     h.desk.End,
	}, asks, log)
}

// ownPage is where a device of the home opens it, "" where it cannot.
func (c config) ownPage() string {
	if addr := devices.Own(c.lan); c.portal != 0 && addr.IsValid() {
		return "http://" + netip.AddrPortFrom(addr, c.portal).String() + "/"
	}
	return ""
}

// helpers are those who may do something here, as the page knows them.
func (h hall) helpers() []portal.Helper {
	var all []portal.Helper
	for _, l := range h.desk.Live() {
		all = append(all, portal.Helper(l))
	}
	return all
}
