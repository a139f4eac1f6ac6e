// Package portal is the box's own page: what a device that is offline sees instead of any plain-HTTP page, and where
// more time can be asked for. Whoever helps the family at present is told there, to every device of the home, and can be
// sent away.
//
// The firewall leads port 80 of such devices here; HTTPS it refuses, and nobody intercepts it. The page is one HTML
// document without script, font or cookie, in French or English. Who is looking is known by the address alone: of a
// device's neighbours none is shown, and nothing is kept but what was asked for ([Book]).
//
// It decides nothing. What holds for a device comes from [Home], what it asks goes to the family.
package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
)

// home knows what holds for a device; false before the box has any policy.
type home interface {
	Look(policies.MAC) (Visitor, bool)
}

// Parts are what a portal works with.
type Parts struct {
	Home      home
	Find      func(netip.Addr) (policies.MAC, error) // who has an address of the LAN
	Listen    func(context.Context) (net.Listener, error)
	Now       func() time.Time
	Reachable func() bool // the cloud is
	Asked     func()      // the book has another ask; returns at once

	Helpers func() []Helper         // who may do something on this box at present; nil for nobody ever
	End     func(grant string) bool // ends one of them
}

// Server serves the page.
type Server struct {
	parts Parts
	book  *Book
	gate  *gate
	log   *slog.Logger

	mu      sync.Mutex
	trouble string
}

// New makes a server that writes into a book.
func New(parts Parts, book *Book, log *slog.Logger) *Server {
	return &Server{parts: parts, book: book, gate: newGate(), log: log}
}

// Limitations says that the page cannot be served, and why.
func (s *Server) Limitations() []wire.Limitation {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trouble == "" {
		return nil
	}
	return []wire.Limitation{{Code: "no-page", Detail: "the page of offline devices is not served: " + s.trouble}}
}

// Run serves until ctx ends. A LAN that is not there yet is waited for: the page is worth nothing that enforcing would
// have to stop for.
func (s *Server) Run(ctx context.Context) error {
	wait := firstRetry
	for ctx.Err() == nil {
		listener, err := s.parts.Listen(ctx)
		if err == nil {
			wait = firstRetry
			s.complain(nil)
			err = s.serve(ctx, listener)
		}
		if ctx.Err() != nil {
			break
		}
		s.complain(err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, lastRetry)
	}
	return nil
}

// complain logs a trouble when it begins and when it has ended.
func (s *Server) complain(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	s.mu.Lock()
	before := s.trouble
	s.trouble = text
	s.mu.Unlock()
	switch {
	case text != "" && text != before:
		s.log.Warn("page could not be served", "error", err)
	case text == "" && before != "":
		s.log.Info("page can be served again")
	}
}

// serve answers connections, several at once, and waits for the last of them.
func (s *Server) serve(ctx context.Context, listener net.Listener) error {
	var wait sync.WaitGroup
	defer wait.Wait()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	defer listener.Close()
	for {
		conn, err := listener.Accept()
		var again net.Error
		switch {
		case err == nil:
		case errors.As(err, &again) && again.Timeout():
			continue
		default:
			return fmt.Errorf("accepting: %w", err)
		}
		peer, ok := address(conn.RemoteAddr())
		if !ok || !s.gate.enter(peer.Addr(), time.Now()) {
			conn.Close()
			continue
		}
		wait.Go(func() {
			defer s.gate.leave()
			defer conn.Close()
			_ = s.converse(conn, peer.Addr()) // whoever asked has gone
		})
	}
}

// address is an IPv4 or IPv6 address as others write it, without what makes it an IPv6 one.
func address(a net.Addr) (netip.AddrPort, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}, false
	}
	full := tcp.AddrPort()
	return netip.AddrPortFrom(full.Addr().Unmap(), full.Port()), true
}
