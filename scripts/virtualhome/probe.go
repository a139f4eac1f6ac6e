package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Probe asks the internet something every millisecond and remembers whether it is answered or refused, and since when.
type Probe struct {
	mu      sync.Mutex
	turned  time.Time // when an answer first followed a refusal, or a refusal an answer
	online  bool
	changed chan struct{}

	conn net.Conn
	wait sync.WaitGroup
}

// NewProbe starts asking from a device; ends with Close.
func NewProbe(ctx context.Context, n *testbed.Node, to netip.Addr) (*Probe, error) {
	c, err := n.Dial(ctx, "udp", netip.AddrPortFrom(to, testbed.PortExchange).String())
	if err != nil {
		return nil, err
	}
	p := &Probe{conn: c, changed: make(chan struct{})}
	p.wait.Go(p.ask)
	p.wait.Go(p.listen)
	return p, nil
}

// Close ends the probe.
func (p *Probe) Close() {
	p.conn.Close()
	p.wait.Wait()
}

func (p *Probe) ask() {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for range t.C {
		_, err := p.conn.Write([]byte("?"))
		if errors.Is(err, net.ErrClosed) {
			return
		}
		p.note(err)
	}
}

func (p *Probe) listen() {
	buf := make([]byte, 16)
	for {
		_, err := p.conn.Read(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			p.turn(true)
		}
		p.note(err)
	}
}

// note takes an ICMP refusal, which the kernel hands to whichever call comes next.
func (p *Probe) note(err error) {
	if errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.ECONNREFUSED) {
		p.turn(false)
	}
}

func (p *Probe) turn(online bool) {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.online != online || p.turned.IsZero() {
		p.online, p.turned = online, now
		close(p.changed)
		p.changed = make(chan struct{})
	}
}

// Await waits until the internet answers (or refuses) and returns when it began to.
func (p *Probe) Await(ctx context.Context, online bool) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		p.mu.Lock()
		is, turned, changed := p.online && !p.turned.IsZero(), p.turned, p.changed
		known := !turned.IsZero()
		p.mu.Unlock()
		if known && is == online {
			return turned, nil
		}
		select {
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		case <-changed:
		}
	}
}

// State says whether the internet answers the device, and since when it does or does not.
func (p *Probe) State() (online bool, since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.online, p.turned
}
