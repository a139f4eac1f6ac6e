// Package enrol gives a box its identity and keeps it fresh.
//
// At its first start a box makes a P-256 key that never leaves it, shows the cloud its serial and the claim code of its label
// over TLS that proves the cloud (EST, RFC 7030), and gets a certificate and the operator's key, which it believes from then
// on. From two thirds of the certificate's life it asks for the next one, with the certificate itself; one that has ended is
// good for that, too. Each step is one whole file on disk, so that a power cut at any moment is gone on from.
package enrol

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	callTimeout = 30 * time.Second // of one question to the cloud: its answer is signed there
	firstWait   = 2 * time.Second
	longestWait = 5 * time.Minute // while there is no identity: somebody stands before the box
	renewWait   = time.Hour       // between tries to renew
	lookEvery   = 6 * time.Hour   // at the certificate, if nothing else is due sooner
)

// Config is where a box's identity comes from and where it is kept.
type Config struct {
	URL         string // of the cloud's EST: https://host[:port]; "" where somebody else looks after the files
	Box         string // serial
	Claim       string // file with the claim code
	Authority   string // file of the certificates that the cloud is known by, PEM
	Certificate string // file, written here
	Key         string // file, written here
	Operator    string // file of the key that signs what the box does, written here
	// Now is the latest instant that has certainly passed; Sure is whether the clock is synchronised.
	Now  func() time.Time
	Sure func() bool
}

// Enroller looks after the identity of one box. Join and Run are for one goroutine.
type Enroller struct {
	cfg     Config
	log     *slog.Logger
	trouble atomic.Pointer[string]
}

// New makes an enroller.
func New(cfg Config, log *slog.Logger) *Enroller { return &Enroller{cfg: cfg, log: log} }

// Limitations says why the identity cannot be renewed.
func (e *Enroller) Limitations() []wire.Limitation {
	if why := e.trouble.Load(); why != nil {
		return []wire.Limitation{{Code: "identity-not-renewed", Detail: *why}}
	}
	return nil
}

// Join returns when the box has an identity: at once if it has one, else as soon as the cloud gives it one.
func (e *Enroller) Join(ctx context.Context) error {
	if e.cfg.URL == "" {
		return nil
	}
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		err := e.join(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		pause := wait/2 + rand.N(wait/2)
		var busy *busyError
		if errors.As(err, &busy) {
			pause = max(pause, min(busy.after, longestWait))
		}
		e.log.Warn("has no identity yet", "error", err, "again", pause.Round(time.Second))
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// join takes the steps that are missing. The certificate is the last one: where it is, all is.
func (e *Enroller) join(ctx context.Context) error {
	key, err := loadKey(e.cfg.Key)
	if errors.Is(err, os.ErrNotExist) {
		key, err = makeKey(e.cfg.Key)
	}
	if err != nil {
		return err
	}
	if cert, err := loadCertificate(e.cfg.Certificate); err == nil {
		return e.check(cert, key)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	code, err := readFile(e.cfg.Claim)
	if err != nil {
		return fmt.Errorf("reading the claim code: %w", err)
	}
	cloud := &caller{cfg: e.cfg}
	if _, err := os.Stat(e.cfg.Operator); errors.Is(err, os.ErrNotExist) {
		if err := e.pin(ctx, cloud); err != nil {
			return err
		}
	}
	request, err := makeRequest(key, e.cfg.Box)
	if err != nil {
		return err
	}
	cloud.code = strings.TrimSpace(string(code))
	cert, err := cloud.certificate(ctx, "simpleenroll", request)
	if err != nil {
		return fmt.Errorf("enrolling: %w", err)
	}
	if err := e.keep(cert, key); err != nil {
		return err
	}
	e.log.Info("has an identity", "box", e.cfg.Box, "until", cert.NotAfter)
	return nil
}

// pin keeps the operator's key that the cloud shows at enrolment. A key that is there is never replaced this way.
func (e *Enroller) pin(ctx context.Context, cloud *caller) error {
	pem, err := cloud.operator(ctx)
	if err != nil {
		return fmt.Errorf("asking for the operator's key: %w", err)
	}
	return writeFile(e.cfg.Operator, pem)
}

// Run gets the box an identity if it has none, and renews its certificate in time, until ctx ends. A new one counts from the
// next connection.
func (e *Enroller) Run(ctx context.Context) error {
	if e.cfg.URL == "" || e.Join(ctx) != nil {
		return nil
	}
	for {
		wait, err := e.renewIfDue(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			why := err.Error()
			e.trouble.Store(&why)
			e.log.Warn("could not renew the certificate", "error", err)
		}
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// renewIfDue renews the certificate if two thirds of its life are over, and returns when to look again.
func (e *Enroller) renewIfDue(ctx context.Context) (time.Duration, error) {
	retry := renewWait/2 + rand.N(renewWait/2)
	cert, err := loadCertificate(e.cfg.Certificate)
	if err != nil {
		return retry, err
	}
	if left := due(cert).Sub(e.cfg.Now()); left > 0 {
		e.trouble.Store(nil)
		return min(left+rand.N(renewWait), lookEvery), nil
	}
	key, err := loadKey(e.cfg.Key)
	if err != nil {
		return retry, err
	}
	request, err := makeRequest(key, e.cfg.Box)
	if err != nil {
		return retry, err
	}
	next, err := (&caller{cfg: e.cfg, own: cert, key: key}).certificate(ctx, "simplereenroll", request)
	if err != nil {
		return retry, fmt.Errorf("renewing: %w", err)
	}
	if err := e.keep(next, key); err != nil {
		return retry, err
	}
	e.trouble.Store(nil)
	e.log.Info("renewed its certificate", "until", next.NotAfter)
	return lookEvery, nil
}

// due is when a certificate is to be renewed: after two thirds of its life.
func due(c *x509.Certificate) time.Time { return c.NotBefore.Add(c.NotAfter.Sub(c.NotBefore) / 3 * 2) }

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
