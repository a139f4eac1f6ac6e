package uplink

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"time"
)

// Identity is what a box proves itself with and whom it believes, as PEM.
type Identity struct {
	Authority, Certificate, Key []byte
}

// DialTLS connects to a broker ("host:port") with mutual TLS. now is the instant at which certificates are judged: a box whose clock has
// just started in 1970 must not refuse them all, so it is the latest of all instants that are known to have passed.
func DialTLS(ctx context.Context, address string, id Identity, now func() time.Time) (net.Conn, error) {
	pair, err := tls.X509KeyPair(id.Certificate, id.Key)
	if err != nil {
		return nil, fmt.Errorf("reading the box's certificate and key: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(id.Authority) {
		return nil, errors.New("reading the authority: no certificate in it")
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("reading the broker's address: %w", err)
	}
	config := &tls.Config{
		MinVersion:   tls.VersionTLS12,
		ServerName:   host,
		RootCAs:      roots,
		Certificates: []tls.Certificate{pair},
		Time:         now,
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
}

// CheckBox refuses a certificate (PEM) that the broker would not let speak for the box: its common name is another one.
func CheckBox(certificate []byte, box string) error {
	block, _ := pem.Decode(certificate)
	if block == nil {
		return errors.New("reading the box's certificate: no PEM in it")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fmt.Errorf("reading the box's certificate: %w", err)
	}
	if leaf.Subject.CommonName != box {
		return fmt.Errorf("certificate is for box %q, not for %q", leaf.Subject.CommonName, box)
	}
	return nil
}
