package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"

	"github.com/carebox-project/carebox/cloud/broker"
	"github.com/carebox-project/carebox/cloud/enrolment"
)

// serveEST gives boxes their certificates until ctx ends, if this cloud does. The listener asks for a client certificate and
// takes any, an ended one too: the office decides.
func (c config) serveEST(ctx context.Context, office *enrolment.Office, log *slog.Logger) error {
	if c.issuer == nil {
		return nil
	}
	operator, err := x509.MarshalPKIXPublicKey(c.operator.Public())
	if err != nil {
		return fmt.Errorf("encoding the operator's key: %w", err)
	}
	l, err := net.Listen("tcp", c.enrol)
	if err != nil {
		return fmt.Errorf("listening on %q: %w", c.enrol, err)
	}
	est := &enrolment.EST{
		Office: office, Roots: c.roots, Log: log, Operator: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: operator}),
	}
	l = tls.NewListener(l, &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{c.certificate}, ClientAuth: tls.RequestClientCert,
		NextProtos: []string{"http/1.1"},
	})
	return serveOn(ctx, l, est.Handler(), log)
}

// cut ends the connections of a box whose certificate was taken back.
func cut(messages *broker.Broker, log *slog.Logger) func(box string) {
	return func(box string) {
		if err := messages.Cut(box); err != nil {
			log.Error("could not cut a box off", "box", box, "error", err)
		}
	}
}
