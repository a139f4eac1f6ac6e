// Package mobileapi is the HTTP API of a family's app: who may decide for which home, and what the answer looks like.
//
// openapi.yaml is the contract; types and routing (openapi.gen.go) are made from it. A request is let in by its session, its
// member's role in the home and the revision that it was made from, in this order, before its body is looked at
// (guard.go). Handlers give Go errors; one mapping makes problem documents of them (failure.go).
//
// Three facts are never merged: what is asked, what the box has proved, and whether the box is there (state.go).
package mobileapi

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/push"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

//go:generate go tool -modfile=../scripts/tools.mod oapi-codegen -config oapi-codegen.yaml openapi.yaml

//go:embed openapi.yaml
var document []byte

// homes is the registry as this package uses it.
type homes interface {
	reader
	decider
	asker
	householder
	announcer
}

type reader interface {
	State(ctx context.Context, home string) (registry.State, error)
	History(ctx context.Context, home string, before int64, limit int) ([]registry.Document, error)
	Watch(ctx context.Context, home string) (<-chan struct{}, error)
	Online(ctx context.Context, home, person string, from policies.Date) ([]registry.Online, error)
}

type decider interface {
	Change(ctx context.Context, home string, base int64, by registry.Edit) (registry.State, error)
	Try(ctx context.Context, home string, base int64, apply func(*policies.Policy) error) (before, after policies.Policy, err error)
	undoer
}

// undoer knows what was changed, and the way back.
type undoer interface {
	Undo(ctx context.Context, u registry.Undoing, actor registry.Actor) (registry.State, error)
	Step(ctx context.Context, home string, revision int64) (registry.Step, error)
	ChangesOf(ctx context.Context, home, session string) ([]registry.Step, error)
}

type asker interface {
	Ask(ctx context.Context, ask registry.Ask) (registry.Ask, error)
	Asks(ctx context.Context, home string) ([]registry.Ask, error)
	See(ctx context.Context, home, id string, by registry.Actor) (registry.Ask, error)
	Refuse(ctx context.Context, home, id string, by registry.Actor) (registry.Ask, error)
	Grant(ctx context.Context, home, id string, by registry.Grant) (registry.State, error)
}

// stock is every box that was made.
type stock interface {
	Look(ctx context.Context, box string) (enrolment.Item, []enrolment.Event, error)
	CloneOf(ctx context.Context, box string) (enrolment.Clone, error)
	Serve(ctx context.Context, box, by, detail string) error
	returner
}

// returner takes a box's identity back.
type returner interface {
	Swap(ctx context.Context, box, by, detail string) error
	Retire(ctx context.Context, box, by, detail string) error
	Restock(ctx context.Context, box, by, detail string) (code string, err error)
}

type householder interface {
	Kept(ctx context.Context, home string) (registry.Kept, error)
	Assign(ctx context.Context, home, box string) error
	Rename(ctx context.Context, home, name string) (registry.State, error)
	Delete(ctx context.Context, home string) error
}

// announcer lets everyone who watches a home look again.
type announcer interface{ Announce(home string) }

// carer keeps support sessions.
type carer interface {
	consenter
	sessioner
	querier
	proposer
	witness
	keeper
}

// consenter is the customer's side of them, sessioner the staff's.
type consenter interface {
	Of(ctx context.Context, home string) ([]assist.Session, error)
	Consent(ctx context.Context, a assist.Answer) (assist.Session, error)
	Extend(ctx context.Context, a assist.Answer) (assist.Session, error)
	Refuse(ctx context.Context, home, id string, by assist.Closing) (assist.Session, error)
	End(ctx context.Context, home, id string, by assist.Closing) (assist.Session, error)
	EndHome(ctx context.Context, home string, by assist.Closing) error
}

type sessioner interface {
	Ask(ctx context.Context, a assist.Asking) (assist.Session, error)
	By(ctx context.Context, staff string) ([]assist.Session, error)
	Own(ctx context.Context, id, staff string) (assist.Session, error)
	EndOwn(ctx context.Context, id string, by assist.Closing) (assist.Session, error)
	Check(ctx context.Context, id, staff string, scope wire.Scope) (assist.Session, error)
}

// proposer keeps changes that a customer approves.
type proposer interface {
	Propose(ctx context.Context, p assist.Proposal, staff string) (assist.Proposal, error)
	Proposals(ctx context.Context, session string) ([]assist.Proposal, error)
	Proposal(ctx context.Context, home, session, id, hash string) (assist.Session, assist.Proposal, error)
	Decline(ctx context.Context, home, session, id string, by assist.Closing) error
}

// witness keeps the account of what was done.
type witness interface {
	All(ctx context.Context, home string) ([]assist.Session, error)
	Audit(ctx context.Context, home string, before int64, limit int) ([]audit.Line, error)
	Session(ctx context.Context, home, id string) (assist.Session, []audit.Line, error)
	Witness(ctx context.Context, e audit.Entry) error
	Look(ctx context.Context, session string, list []assist.Glimpse) error
	Seen(ctx context.Context, home, session string) ([]assist.Seen, error)
}

// keeper keeps what customers let be kept of their screens.
type keeper interface {
	Record(ctx context.Context, by assist.Switch) (assist.Session, error)
	Keep(ctx context.Context, session string, list []assist.Shown) error
	Recordings(ctx context.Context, home, member string) ([]assist.Recording, error)
	Replay(ctx context.Context, home, id, member string) (*assist.Played, error)
	Forget(ctx context.Context, home, id string, by assist.Closing) error
	overseer
}

// overseer is what staff see of it.
type overseer interface {
	RecordingsOf(ctx context.Context, kase string, by assist.Watcher) ([]assist.Recording, []assist.Gone, error)
	Watch(ctx context.Context, kase, id string, by assist.Watcher) (*assist.Played, error)
}

// querier asks boxes.
type querier interface {
	Query(ctx context.Context, letter, actor string, q assist.Query) (assist.Query, error)
	Self(ctx context.Context, l assist.Letter, q assist.Query) (assist.Query, error)
	Results(ctx context.Context, id, actor string, after int) (assist.Query, error)
	Queries(ctx context.Context, letter string) ([]assist.Query, error)
	Cancel(ctx context.Context, id, actor string) (assist.Query, error)
}

// post takes letters, quickly; false: it cannot.
type post interface {
	Send(to, subject, text string) bool
}

// waker wakes phones.
type waker interface {
	subscriber
	chooser
	Key() string
}

type chooser interface {
	Muted(ctx context.Context, member string) ([]string, error)
	Quiet(ctx context.Context, member string) (push.Quiet, error)
	Choose(ctx context.Context, member string, muted []string, quiet *push.Quiet) error
}

type subscriber interface {
	Subscribe(ctx context.Context, s push.Subscription) (push.Subscription, error)
	Unsubscribe(ctx context.Context, member, id string) error
	Subscriptions(ctx context.Context, member string) ([]push.Subscription, error)
}

// Config is what the API stands on.
type Config struct {
	Accounts *accounts.Accounts
	Homes    homes
	Cases    cases
	Care     carer
	Tickets  tickets
	Relay    relay
	Boxes    stock
	Visits   visits
	Mail     post
	Push     waker
	Provider provider // where staff sign in; nil for none
	// URL is where people find the app, for links in letters and invitations: no slash at its end.
	URL     string
	Log     *slog.Logger
	Metrics prometheus.Registerer
	Now     func() time.Time // nil: time.Now
	// Proxies are the networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
	Proxies []netip.Prefix
	// Ending ends the live streams when it closes; a server that shuts down would wait for them for ever.
	Ending <-chan struct{}
}

// root is before all paths of the document.
const root = "/api"

// patience is how long a request may take, its body included. Live streams have none.
const patience = 10 * time.Second

// photoPatience is how long one with a photo may take, from a phone in a cellar.
const photoPatience = 90 * time.Second

// showing is how long a request with a picture may take: who asks for help may have a bad line.
const showing = time.Minute

type server struct {
	Config
	passkeys *accounts.Passkeys
	metric   *metric
	rates    *rates
	streams  *streams
	origin   *http.CrossOriginProtection
}

// New serves the paths of openapi.yaml below /api; everything else is not found.
func New(c Config) (http.Handler, error) {
	if c.Accounts == nil || c.Homes == nil || c.Cases == nil || c.Care == nil || c.Tickets == nil || c.Relay == nil || c.Boxes == nil || c.Visits == nil || c.Mail == nil || c.Push == nil || c.Log == nil || c.Metrics == nil {
		return nil, errors.New("making the API: accounts, homes, cases, care, tickets, relay, boxes, visits, mail, push, log and metrics are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &server{
		Config: c, rates: newRates(c.Now), streams: newStreams(), origin: http.NewCrossOriginProtection(),
	}
	var err error
	if s.passkeys, err = accounts.NewPasskeys(c.Accounts, c.URL); err != nil {
		return nil, err
	}
	if s.metric, err = newMetric(c.Metrics); err != nil {
		return nil, err
	}
	e := echo.New()
	e.Binder = binder{}
	e.IPExtractor = s.extractor()
	e.HTTPErrorHandler = func(err error, c echo.Context) { s.fail(c, err) }
	e.Use(s.observe, s.harden, s.bound, s.enter, s.admit, s.employ)
	RegisterHandlersWithBaseURL(e, NewStrictHandler(s, nil), root)
	e.GET(socketPath, s.openSocket)
	return e, nil
}
