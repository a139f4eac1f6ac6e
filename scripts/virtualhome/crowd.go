package main

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/agent/uplink"
	"github.com/carebox-project/carebox/policies/wire"
)

// crowd is many simulated boxes: each with its own identity and a real uplink, but no kernel behind it.
type crowd struct {
	links []*uplink.Uplink
	wait  sync.WaitGroup
	stop  context.CancelFunc
}

// simulated is the inbox of a box without a kernel: it takes what it is told, and says so.
type simulated struct {
	box  string
	key  ed25519.PublicKey // of the operator
	link *uplink.Uplink
}

func (s *simulated) Receive(message []byte) {
	d, err := wire.Open(message, s.key, s.box)
	if err != nil {
		return // the cloud will see that the revision is not taken
	}
	now := time.Now()
	s.link.Report(wire.Reported{Box: s.box, At: now, Accepted: d.Revision, InForce: d.Revision, Since: now})
}

func (s *simulated) Oversize(int) {}
func (s *simulated) Grant([]byte) {}
func (s *simulated) Query([]byte) {}

// newCrowd connects n simulated boxes, a few at a time, and returns when all are there.
func newCrowd(ctx context.Context, h *House, n int) (*crowd, error) {
	key, err := h.operatorKey()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	c := &crowd{stop: stop}
	for i := range n {
		box := fmt.Sprintf("box-%05d", i+1)
		dial, err := h.dialAs(box)
		if err != nil {
			c.Close()
			return nil, err
		}
		inbox := &simulated{box: box, key: key}
		inbox.link = uplink.New(uplink.Config{Box: box, Version: "simulated", Now: time.Now, Dial: dial}, inbox, slog.New(slog.DiscardHandler))
		c.links = append(c.links, inbox.link)
		c.wait.Go(func() { _ = inbox.link.Run(ctx) }) // ends with ctx, without an error of its own
		if err := rest(ctx, 2*time.Millisecond); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, c.arrive(ctx)
}

func (c *crowd) arrive(ctx context.Context) error {
	for end := time.Now().Add(5 * time.Minute); ; {
		missing := 0
		for _, l := range c.links {
			if !l.Connection().Connected {
				missing++
			}
		}
		if missing == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d simulated boxes did not connect", missing)
		}
		if err := rest(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

// Close ends the boxes.
func (c *crowd) Close() {
	c.stop()
	c.wait.Wait()
}

func (h *House) operatorKey() (ed25519.PublicKey, error) {
	data, err := os.ReadFile(filepath.Join(h.dir, "operator.pub"))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("reading the operator's key: no PEM in it")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading the operator's key: %w", err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("reading the operator's key: it is a %T", key)
	}
	return public, nil
}

// dialAs dials the cloud's broker from the virtual internet with the identity of a box.
func (h *House) dialAs(box string) (uplink.Dial, error) {
	broker := net.JoinHostPort(testbed.InternetIPv4.String(), "8883")
	return h.identity(box, func(ctx context.Context) (net.Conn, error) { return h.Internet.Dial(ctx, "tcp", broker) })
}

// identity adds mutual TLS in the name of a box to a way to a broker.
func (h *House) identity(box string, dial uplink.Dial) (uplink.Dial, error) {
	dir := filepath.Join(h.dir, "boxes", box)
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "box.pem"), filepath.Join(dir, "box.key"))
	if err != nil {
		return nil, err
	}
	roots, err := h.authority()
	if err != nil {
		return nil, err
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, ServerName: testbed.InternetIPv4.String(),
		RootCAs: roots, Certificates: []tls.Certificate{pair},
	}
	return func(ctx context.Context) (net.Conn, error) {
		raw, err := dial(ctx)
		if err != nil {
			return nil, err
		}
		conn := tls.Client(raw, config)
		if err := conn.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
		return conn, nil
	}, nil
}

func (h *House) authority() (*x509.CertPool, error) {
	data, err := os.ReadFile(filepath.Join(h.dir, "ca.pem"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data) {
		return nil, errors.New("reading the authority: no certificate in it")
	}
	return roots, nil
}
