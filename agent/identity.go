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
	"os"
	"time"

	"github.com/carebox-project/carebox/agent/enrol"
	"github.com/carebox-project/carebox/agent/uplink"
)

// dial reads the box's identity anew each time: one that is renewed counts at once, and one that is broken keeps nobody from enforcing.
func (c config) dial(address string, now func() time.Time) uplink.Dial {
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
		return uplink.DialTLS(ctx, address, id, now)
	}
}

// enroller looks after the box's identity.
func (c config) enroller(clock wallClock, log *slog.Logger) *enrol.Enroller {
	return enrol.New(enrol.Config{
		URL: c.enrol, Box: c.box, Claim: c.claim, Authority: c.authority, Certificate: c.certificate, Key: c.key, Operator: c.operatorKey,
		Now: func() time.Time { return c.certain(clock) }, Sure: clock.Synchronised,
	}, log)
}

// join waits for an identity where the box has no operator to believe yet: there is nothing that it could enforce.
func (c config) join(ctx context.Context, identity *enrol.Enroller) error {
	if _, err := os.Stat(c.operatorKey); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return identity.Join(ctx)
}

// certain is the latest instant that has certainly passed, as far as can be known before any document is read.
func (c config) certain(clock wallClock) time.Time {
	now, begun := clock.Now(), c.begun()
	if now.After(begun) {
		return now
	}
	return begun
}

// begun is a bound on the true time: the program was built, and the box's certificate began, before now.
func (c config) begun() time.Time {
	built := builtAt()
	data, err := readLimited(c.certificate, maxConfig)
	if err != nil {
		return built
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return built
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || cert.NotBefore.Before(built) {
		return built
	}
	return cert.NotBefore
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
