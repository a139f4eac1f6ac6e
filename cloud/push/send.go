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
)

const (
	patience = 10 * time.Second // for one push service
	tries    = 3
	atOnce   = 16
	look     = 5 * time.Second // how often it is looked for what is due
)

// errGone is a browser that does not want to be woken any more.
var errGone = errors.New("subscription has ended")

// Run sends what was told, and what has become due, until ctx ends.
func (p *Push) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	defer func() { _ = p.sending.Wait() }() // each has said in the log what went wrong
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-p.events:
			p.spread(ctx, e)
		case <-p.posted:
			p.collect(ctx)
		case <-tick.C:
			p.collect(ctx)
		}
	}
}

// wake sends a message to all browsers of a member.
func (p *Push) wake(ctx context.Context, member string, say func(locale string) message) {
	rows, err := p.Store.PushesOf(ctx, member)
	if err != nil {
		p.Log.Warn("could not find what to wake", "member", member, "error", err)
		return
	}
	for _, r := range rows {
		p.sending.Go(func() error {
			p.deliver(ctx, r, say(r.Locale))
			return nil
		})
	}
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
		TTL: int(m.lives.Seconds()), Urgency: m.urgency, Topic: base64.RawURLEncoding.EncodeToString(topic[:24]),
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
