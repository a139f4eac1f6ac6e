// Package push wakes people's phones by Web Push (RFC 8030, 8291, 8292) when something waits for their decision,
// or when it tells them that they need not wait.
//
// An endpoint is an address that a browser gave us, so somebody could have made it up: it is https on a public address,
// checked when the connection is made, redirects are not followed, and nothing of an answer is shown. A message has first
// names and no reasons: it lies on a lock screen.
//
// An ask, its answer and the warning of a cut are sent at once by the replica that was told of them. All else goes into the
// store first, because it may have to wait for the morning; one replica takes it from there. So nothing is sent twice; what
// a process was about to send when it died is lost, and the app shows it anyway.
package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

type row = struct {
	ID, Session, Member, Endpoint, P256dh, Auth string
	Locale                                      string
	Created                                     time.Time
}

// store keeps who wants to be woken, for what, when, and what waits for it.
type store interface {
	VAPID(ctx context.Context, public, private string) (string, string, error)
	keeper
	chooser
	outbox
}

type keeper interface {
	AddPush(ctx context.Context, row row) error
	DropPush(ctx context.Context, member, id string) (bool, error)
	PushesOf(ctx context.Context, member string) ([]row, error)
}

// Config is what it stands on.
type Config struct {
	Store   store
	URL     string // of the app: who we are to push services
	Private bool   // endpoints may be http and private: for tests and the demo
	Log     *slog.Logger
}

// Push wakes phones. Its methods may be called at once from many goroutines.
type Push struct {
	Config
	public, private string // VAPID
	client          *http.Client
	events          chan registry.Event
	pause           time.Duration // between tries
	posted          chan struct{} // holds one while something new may be due
	sending         errgroup.Group
}

// waiting is how many events wait at most.
const waiting = 256

// Open makes it, with the keys that all replicas share: made at the first start.
func Open(ctx context.Context, c Config) (*Push, error) {
	private, public, err := webpush.GenerateVAPIDKeys()
	if err != nil {
		return nil, fmt.Errorf("making push keys: %w", err)
	}
	if public, private, err = c.Store.VAPID(ctx, public, private); err != nil {
		return nil, err
	}
	p := &Push{
		Config: c, public: public, private: private, client: newClient(c.Private),
		events: make(chan registry.Event, waiting), pause: 2 * time.Second, posted: make(chan struct{}, 1),
	}
	p.sending.SetLimit(atOnce)
	return p, nil
}

// Key is our public key, for the browser's subscribe().
func (p *Push) Key() string { return p.public }

// Subscription is a browser that wants to be woken.
type Subscription struct {
	ID                     string
	Session, Member        string
	Endpoint, P256dh, Auth string
	Created                time.Time
}

// Subscribe keeps where a session's browser is woken, in place of what it said before. policies.Problems.
func (p *Push) Subscribe(ctx context.Context, s Subscription) (Subscription, error) {
	if found := p.check(s); found != nil {
		return Subscription{}, found
	}
	s.ID, s.Created = uuid.NewString(), time.Now().UTC().Truncate(time.Microsecond)
	err := p.Store.AddPush(ctx, row{
		ID: s.ID, Session: s.Session, Member: s.Member, Endpoint: s.Endpoint, P256dh: s.P256dh, Auth: s.Auth, Created: s.Created,
	})
	return s, err
}

func (p *Push) check(s Subscription) policies.Problems {
	var found policies.Problems
	u, err := url.Parse(s.Endpoint)
	secure := err == nil && u.Scheme == "https" && (u.Port() == "" || u.Port() == "443")
	if err != nil || u.Host == "" || u.User != nil || len(s.Endpoint) > 1000 || !secure && !(p.Private && u.Scheme == "http") {
		found = append(found, policies.Problem{Code: "endpoint", Field: "endpoint", Detail: "This is no address of a push service."})
	}
	if key, err := decode(s.P256dh); err != nil || !onCurve(key) {
		found = append(found, policies.Problem{Code: "key", Field: "p256dh", Detail: "This is no P-256 key."})
	}
	if secret, err := decode(s.Auth); err != nil || len(secret) != 16 {
		found = append(found, policies.Problem{Code: "key", Field: "auth", Detail: "This has not 16 bytes."})
	}
	return found
}

func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}

func onCurve(key []byte) bool {
	_, err := ecdh.P256().NewPublicKey(key)
	return err == nil
}

// Unsubscribe forgets one of a member. registry.ErrNotFound.
func (p *Push) Unsubscribe(ctx context.Context, member, id string) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return registry.ErrNotFound
	}
	dropped, err := p.Store.DropPush(ctx, member, parsed.String())
	if err == nil && !dropped {
		err = registry.ErrNotFound
	}
	return err
}

// Subscriptions is a member's, newest first.
func (p *Push) Subscriptions(ctx context.Context, member string) ([]Subscription, error) {
	rows, err := p.Store.PushesOf(ctx, member)
	list := make([]Subscription, len(rows))
	for i, r := range rows {
		list[i] = Subscription{ID: r.ID, Session: r.Session, Member: r.Member, Endpoint: r.Endpoint, Created: r.Created}
	}
	return list, err
}

// Tell hands an event over.
func (p *Push) Tell(e registry.Event) {
	select {
	case p.events <- e:
	default:
		p.Log.Warn("lost a notification: too many wait")
	}
}
