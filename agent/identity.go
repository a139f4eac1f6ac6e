package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"time"

	"github.com/carebox-project/carebox/agent/uplink"
)

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
