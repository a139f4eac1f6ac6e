package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/agent/assist"
	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/diagnose"
	"github.com/carebox-project/carebox/agent/radio"
	"github.com/carebox-project/carebox/agent/reconcile"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// inbox is where the cloud's messages go: what the family has decided to the one, what support is about to the other.
type inbox struct {
	*reconcile.Reconciler
	*assist.Desk
}

// doctor measures, with eyes of its own for the radios: those of who changes them are for one goroutine.
type doctor struct {
	*diagnose.Doctor
	eyes *radio.Radios // nil for a box without radios

	mu sync.Mutex // of the eyes
}

func (c config) doctor(box kernel, home *reconcile.Reconciler, written *diagnose.Log) (*doctor, error) {
	d := &doctor{}
	parts := diagnose.Parts{
		LAN: c.lan, Gateways: devices.Gateways, Neighbours: devices.Neighbours, Firewall: box.filter.Text, Shaper: box.queues.Text, Log: written,
		About: func() any { return about(home.Reported()) },
	}
	if c.enrol != "" {
		site, err := url.Parse(c.enrol)
		if err != nil {
			return nil, err
		}
		port := site.Port()
		if port == "" {
			port = "443"
		}
		parts.Host, parts.Cloud = site.Host, c.dial(net.JoinHostPort(site.Hostname(), port), home.Sure)
	}
	if c.hostapd != "" {
		var err error
		where := radio.Config{Control: []string{c.hostapd}, Folder: c.control + ".look"}
		if d.eyes, err = radio.New(where, slog.New(slog.DiscardHandler)); err != nil {
			return nil, err
		}
		parts.Radios = d.look
	}
	d.Doctor = diagnose.New(parts)
	return d, nil
}

func (d *doctor) look(ctx context.Context) ([]policies.Radio, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.eyes.Look(ctx)
}

func (d *doctor) close() error {
	if d.eyes == nil {
		return nil
	}
	return d.eyes.Close()
}

// about is the box in general, without who is in the home and what they do.
func about(r wire.Reported) any {
	r.Devices, r.Usage, r.Cut = nil, nil, nil
	return struct {
		Version string `json:"version"`
		wire.Reported
	}{agentVersion(), r}
}

// bootID is the kernel's name for its life since it was started. Where it tells none, each process takes itself for another life.
func bootID() string {
	text, err := readLimited("/proc/sys/kernel/random/boot_id", 64)
	if err != nil {
		return rand.Text()
	}
	return strings.TrimSpace(string(text))
}

// sinceBoot counts sleep, too, and nobody can set it.
func sinceBoot() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Duration(1<<63 - 1) // all deadlines have passed
	}
	return time.Duration(t.Nano())
}
