package enrol

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/smallstep/pkcs7"
)

const maxAnswer = 64 << 10

// busyError asks to wait.
type busyError struct{ after time.Duration }

func (b *busyError) Error() string { return fmt.Sprintf("the cloud asks to wait for %s", b.after) }

// caller asks the cloud, as a box that has its claim code or its certificate.
type caller struct {
	cfg  Config
	code string            // claim code, "" for none
	own  *x509.Certificate // nil: it has none yet
	key  *ecdsa.PrivateKey
}

// certificate asks for one by an operation of EST.
func (c *caller) certificate(ctx context.Context, operation string, request []byte) (*x509.Certificate, error) {
	body := []byte(base64.StdEncoding.EncodeToString(request))
	answer, err := c.ask(ctx, http.MethodPost, "/.well-known/est/"+operation, body)
	if err != nil {
		return nil, err
	}
	return readCertificate(answer)
}

// readCertificate reads the first certificate of an EST answer.
func readCertificate(answer []byte) (*x509.Certificate, error) {
	der, err := base64.StdEncoding.DecodeString(string(answer)) // which passes over line breaks
	if err != nil {
		return nil, errors.New("the answer is not base64")
	}
	bag, err := pkcs7.Parse(der)
	if err != nil {
		return nil, fmt.Errorf("the answer is no PKCS #7: %w", err)
	}
	if len(bag.Certificates) == 0 {
		return nil, errors.New("the answer has no certificate")
	}
	return bag.Certificates[0], nil
}

// operator asks for the key that signs what boxes do, PEM.
func (c *caller) operator(ctx context.Context) ([]byte, error) {
	answer, err := c.ask(ctx, http.MethodGet, "/.well-known/carebox/operator", nil)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(answer)
	if block == nil {
		return nil, errors.New("the answer is not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("the answer is no public key: %w", err)
	}
	if _, ok := key.(ed25519.PublicKey); !ok {
		return nil, errors.New("the answer is no Ed25519 key")
	}
	return pem.EncodeToMemory(block), nil
}

// ask asks once. A box whose clock has just started in 1970 believes a cloud whose certificate began later than that: the
// certificate's own beginning is then the earliest that it can be.
func (c *caller) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	now := c.cfg.Now()
	answer, err := c.askAt(ctx, now, method, path, body)
	var early x509.CertificateInvalidError
	if !c.cfg.Sure() && errors.As(err, &early) && early.Reason == x509.Expired && early.Cert.NotBefore.After(now) {
		return c.askAt(ctx, early.Cert.NotBefore, method, path, body)
	}
	return answer, err
}

// askAt is one request on one connection. The standard library's client would do more and bring half a megabyte with it.
func (c *caller) askAt(ctx context.Context, now time.Time, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.cfg.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("asking the cloud: %w", err)
	}
	request.Close = true
	if body != nil {
		request.Header.Set("Content-Type", "application/pkcs10")
		request.Header.Set("Content-Transfer-Encoding", "base64")
	}
	if c.code != "" {
		request.SetBasicAuth(c.cfg.Box, c.code)
	}
	conn, err := c.dial(ctx, request.URL, now)
	if err != nil {
		return nil, fmt.Errorf("asking the cloud: %w", err)
	}
	defer func() { _ = conn.Close() }() // all that was wanted has been read
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	if err := request.Write(conn); err != nil {
		return nil, fmt.Errorf("asking the cloud: %w", err)
	}
	// As much as an answer may be, its headers included.
	response, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, 2*maxAnswer)), request)
	if err != nil {
		return nil, fmt.Errorf("reading the cloud's answer: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("reading the cloud's answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return nil, fmt.Errorf("the cloud's answer is longer than %d bytes", maxAnswer)
	}
	return answer, judge(response, answer)
}

// judge turns a refusal into an error.
func judge(r *http.Response, answer []byte) error {
	if r.StatusCode == http.StatusOK {
		return nil
	}
	seconds, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err == nil && seconds > 0 && (r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable) {
		return &busyError{after: time.Duration(min(seconds, 3600)) * time.Second}
	}
	return fmt.Errorf("the cloud answered %d: %.200q", r.StatusCode, bytes.TrimSpace(answer))
}

// dial proves the cloud by the authority's certificates, and the box by its own if it has one.
func (c *caller) dial(ctx context.Context, to *url.URL, now time.Time) (net.Conn, error) {
	roots := x509.NewCertPool()
	authority, err := readFile(c.cfg.Authority)
	if err != nil {
		return nil, fmt.Errorf("reading the authority: %w", err)
	}
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("reading the authority: no certificate in it")
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: to.Hostname(), Time: func() time.Time { return now },
	}
	if c.own != nil {
		config.Certificates = []tls.Certificate{{Certificate: [][]byte{c.own.Raw}, PrivateKey: c.key, Leaf: c.own}}
	}
	return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", net.JoinHostPort(to.Hostname(), cmp.Or(to.Port(), "443")))
}
