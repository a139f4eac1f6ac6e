package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/policies/wire"
)

// trips sends a document as long as the home's own from a broker of our own to a box and takes the time until it is
// there and its receipt is back: a broker with nobody else on it and no database behind it.
func (h *House) trips(ctx context.Context) ([]time.Duration, error) {
	state, err := h.Client.State(ctx)
	if err != nil {
		return nil, err
	}
	document, err := json.Marshal(state.Policy)
	if err != nil {
		return nil, err
	}
	b, err := h.ownBroker(ctx)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	receipts := make(chan struct{}, 1)
	if err := b.Receive(func(_, what string, _ []byte) {
		if what == wire.UpReported {
			receipts <- struct{}{}
		}
	}); err != nil {
		return nil, err
	}
	link, stop, err := h.echo(ctx, b.Addr())
	if err != nil {
		return nil, err
	}
	defer stop()
	if err := poll(ctx, "the echo to connect", func() error {
		if s := link.Connection(); !s.Connected {
			return fmt.Errorf("connection is %+v", s)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	times := make([]time.Duration, 0, pauses)
	for range pauses {
		begun := time.Now()
		if err := b.Send(h.Access.Box, wire.DownDesired, document); err != nil {
			return nil, err
		}
		select {
		case <-receipts:
		case <-time.After(within):
			return nil, fmt.Errorf("no receipt came back")
		}
		times = append(times, time.Since(begun))
	}
	return times, nil
}

func (h *House) ownBroker(ctx context.Context) (*broker.Broker, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(h.dir, "server.pem"), filepath.Join(h.dir, "server.key"))
	if err != nil {
		return nil, err
	}
	roots, err := h.authority()
	if err != nil {
		return nil, err
	}
	return broker.Open(ctx, broker.Config{Revoked: func(string) bool { return false },
		Listen: "127.0.0.1:0", Certificate: pair, Authority: roots,
		Folder: filepath.Join(h.dir, "bare"), Log: slog.New(slog.DiscardHandler),
	})
}

// echo connects a box that answers each document with a receipt.
func (h *House) echo(ctx context.Context, address string) (*uplink.Uplink, func(), error) {
	dial, err := h.identity(h.Access.Box, func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	})
	if err != nil {
		return nil, nil, err
	}
	inbox := &receipt{}
	inbox.link = uplink.New(uplink.Config{Box: h.Access.Box, Version: "echo", Now: time.Now, Dial: dial}, inbox, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- inbox.link.Run(ctx) }()
	return inbox.link, func() { cancel(); <-done }, nil
}

// receipt answers whatever comes.
type receipt struct {
	link *uplink.Uplink
	n    int64
}

func (r *receipt) Receive([]byte) {
	r.n++
	r.link.Report(wire.Reported{Accepted: r.n})
}

func (r *receipt) Oversize(int) {}
func (r *receipt) Grant([]byte) {}
func (r *receipt) Query([]byte) {}
