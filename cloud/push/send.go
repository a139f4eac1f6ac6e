package push

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/cloud/registry"
)

const (
	patience = 10 * time.Second // for one push service
	tries    = 3
	atOnce   = 8
	lives    = 2 * time.Hour // as long as an ask
)

// errGone is a browser that does not want to be woken any more.
var errGone = errors.New("subscription has ended")

// Run sends what was told until ctx ends.
func (p *Push) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-p.events:
			p.spread(ctx, e)
		}
	}
}

// spread sends an event to everybody whom it concerns.
func (p *Push) spread(ctx context.Context, e registry.Event) {
	kind, person := KindAsk, ""
	if !e.Ask.Open() {
		if kind, person = KindAnswer, e.Ask.Person; person == "" {
			return // a device of the home has no child with a phone
		}
	}
	rows, err := p.Store.Audience(ctx, e.Ask.Home, person, kind)
	if err != nil {
		p.Log.Warn("could not find whom to notify", "home", e.Ask.Home, "error", err)
		return
	}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, r := range rows {
		group.Go(func() error {
			p.deliver(ctx, r, words(e, kind, r.Locale))
			return nil
		})
	}
	_ = group.Wait() // each has said in the log what went wrong
}

func (p *Push) deliver(ctx context.Context, r row, m message) {
	body, err := json.Marshal(m)
	for try := 1; err == nil; try++ {
		err = p.once(ctx, r, m, body)
		if err == nil || errors.Is(err, errGone) || try == tries {
			break
		}
		err = nil
		select {
		case <-ctx.Done():
			return
		case <-time.After(p.pause):
		}
	}
	if errors.Is(err, errGone) {
		_, err = p.Store.DropPush(ctx, "", r.ID)
	}
	if err != nil {
		p.Log.Info("could not notify", "subscription", r.ID, "error", err)
	}
}

func (p *Push) once(ctx context.Context, r row, m message, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	topic := sha256.Sum256([]byte(m.Tag)) // a newer one takes its place (RFC 8030 5.4)
	answer, err := webpush.SendNotificationWithContext(ctx, body, &webpush.Subscription{
		Endpoint: r.Endpoint, Keys: webpush.Keys{Auth: r.Auth, P256dh: r.P256dh},
	}, &webpush.Options{
		HTTPClient: p.client, Subscriber: p.URL, VAPIDPublicKey: p.public, VAPIDPrivateKey: p.private,
		TTL: int(lives.Seconds()), Urgency: webpush.UrgencyHigh, Topic: base64.RawURLEncoding.EncodeToString(topic[:24]),
	})
	if err != nil {
		return errors.New("no push service answered") // the error has the endpoint in it, which is a secret
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 4<<10)) // so that the connection can be used again
	switch {
	case answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone:
		return errGone
	case answer.StatusCode/100 != 2:
		return fmt.Errorf("the push service answered %d", answer.StatusCode)
	}
	return nil
}

// newClient reaches public addresses only, whatever a name says when it is looked up, and goes nowhere else from there.
func newClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: patience}
	if !private {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !public(at.Addr()) {
				return errors.New("not a public address")
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: patience, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: atOnce,
			IdleConnTimeout: time.Minute,
		},
	}
}

// public reports whether an address is on the internet (RFC 6890).
func public(a netip.Addr) bool {
	a = a.Unmap()
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
	} {
		if netip.MustParsePrefix(text).Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}
