package mobileapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/mirror"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	socketPath  = root + "/support/socket"
	helloTime   = 5 * time.Second
	statusOver  = websocket.StatusCode(4001) // the session is over, or not one's any more: don't come back
	statusStale = websocket.StatusCode(4002) // come back with another ticket
)

// relay carries messages of support sessions between replicas. It is quick and may lose them.
type relay interface {
	Relay(session, way, word string, message []byte) error
	Follow(session, way string, heard func(word string, message []byte)) (stop func(), err error)
}

// Ways of a message, and words: the picture, texts of the customer's page, gestures, a key frame is wanted, another page has taken over.
const (
	wayUp, wayDown                                        = "up", "down"
	wordPicture, wordText, wordGesture, wordKey, wordTake = "m", "b", "g", "k", "f"
)

// tickets let browsers onto sockets.
type tickets interface {
	Issue(ctx context.Context, t assist.Ticket) (string, error)
	Redeem(ctx context.Context, secret, login string) (assist.Ticket, error)
}

// TicketForScreen makes a ticket for the customer of a session.
func (s *server) TicketForScreen(ctx context.Context, request TicketForScreenRequestObject) (TicketForScreenResponseObject, error) {
	list, err := s.Care.Of(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	me := visitOf(ctx).session.Member.ID
	at := slices.IndexFunc(list, func(one assist.Session) bool { return one.ID == request.Session && one.Customer == me })
	if at < 0 {
		return nil, assist.ErrUnknown
	}
	secret, err := s.ticket(ctx, list[at].Staff, assist.Ticket{Session: request.Session, End: assist.EndScreen})
	return TicketForScreen201JSONResponse{Ticket: secret}, err
}

// TicketForLooker makes one for its agent.
func (s *server) TicketForLooker(ctx context.Context, request TicketForLookerRequestObject) (TicketForLookerResponseObject, error) {
	secret, err := s.ticket(ctx, visitOf(ctx).session.Member.ID, assist.Ticket{Session: request.Session, End: assist.EndLooker})
	return TicketForLooker201JSONResponse{Ticket: secret}, err
}

func (s *server) ticket(ctx context.Context, staff string, t assist.Ticket) (string, error) {
	if _, err := s.Care.Check(ctx, t.Session, staff, wire.ScopeSee); err != nil {
		return "", err
	}
	t.Login = visitOf(ctx).session.ID
	return s.Tickets.Issue(ctx, t)
}

// OpenSocket is the socket of a support session. A browser comes with its cookie, from our own pages; who it is in the
// session says the ticket in its first message.
func (s *server) openSocket(c echo.Context) error {
	r, v := c.Request(), visitOf(c.Request().Context())
	if v.session.Kind != accounts.KindBrowser || !s.ownOrigin(r) {
		return refuse(codeOrigin)
	}
	if r.URL.RawQuery != "" { // nothing of a secret is ever in an address
		return refuse(codeParameter)
	}
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return refuse(codeUpgrade)
	}
	if !s.streams.begin(v.session.ID) {
		return &refusal{code: codeStreams, after: heartbeat}
	}
	defer s.streams.end(v.session.ID)
	conn, err := websocket.Accept(c.Response(), r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // whose page it is was asked above, more strictly
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		s.Log.Debug("a socket did not begin", slog.String("error", err.Error()))
		return nil // it has been answered
	}
	s.metric.sockets.Inc()
	defer s.metric.sockets.Dec()
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context())) // a request's ends with its handler, and has no use before
	defer cancel()
	s.serveSocket(ctx, conn, v)
	return nil
}

// ownOrigin reports whether a browser says that the page is one of ours.
func (s *server) ownOrigin(r *http.Request) bool {
	origin := r.Header.Get(echo.HeaderOrigin)
	u, err := url.Parse(origin)
	if origin == "" || err != nil || u.Host == "" {
		return false
	}
	return strings.EqualFold(u.Host, r.Host) || strings.EqualFold(origin, s.URL)
}

// serveSocket reads who comes, and carries messages until something ends it.
func (s *server) serveSocket(ctx context.Context, conn *websocket.Conn, v *visit) {
	conn.SetReadLimit(mirror.MaxAgent)
	t, build, err := s.greet(ctx, conn, v)
	if err != nil {
		_ = conn.Close(websocket.StatusPolicyViolation, "ticket") // who has none need not know why
		return
	}
	line := &supportLine{
		server: s, visit: v, ticket: t, build: build, conn: conn, queue: mirror.NewQueue(), pace: mirror.NewPace(), tape: mirror.NewTape(),
		now: time.Now,
		log: s.Log.With(slog.String("session", t.Session), slog.String("end", string(t.End))),
	}
	line.serve(ctx)
}

var errTicket = errors.New("no ticket")

// greet reads the first message and takes its ticket; build is the app's at that end, "" where it is not said.
func (s *server) greet(ctx context.Context, conn *websocket.Conn, v *visit) (t assist.Ticket, build string, err error) {
	ctx, cancel := context.WithTimeout(ctx, helloTime)
	defer cancel()
	kind, text, err := conn.Read(ctx)
	if err != nil {
		return assist.Ticket{}, "", err
	}
	m, err := mirror.Parse(mirror.RoleAgent, text)
	if err != nil || kind != websocket.MessageText || m.Type != mirror.WordHello {
		return assist.Ticket{}, "", errTicket
	}
	t, err = s.Tickets.Redeem(ctx, m.Ticket, v.session.ID)
	return t, m.Build, err
}
