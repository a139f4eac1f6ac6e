package portal

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	askPath     = "/ask"
	captivePath = "/captive" // the API of RFC 8908
)

// answer is the reply to a request: of the box's own address the page, of any other what leads there.
func (s *Server) answer(r request) reply {
	visitor, known := s.visitor(r.peer)
	if !r.own() {
		return s.astray(r, known && visitor.Verdict.Online)
	}
	look := r.method == http.MethodGet || r.method == http.MethodHead
	switch {
	case r.path == "/" && look:
		return s.page(r, visitor, known)
	case r.path == captivePath && look:
		return captive(r, visitor, known)
	case r.path == askPath && r.method == http.MethodPost:
		return s.ask(r, visitor, known)
	case r.path == endPath && r.method == http.MethodPost:
		return s.end(r)
	case look && (r.path == askPath || r.path == endPath):
		return reply{status: http.StatusSeeOther, location: "/"}
	case r.path == "/" || r.path == captivePath || r.path == askPath || r.path == endPath:
		return reply{status: http.StatusMethodNotAllowed}
	}
	return reply{status: http.StatusNotFound}
}

// visitor is who has an address, and what holds for them.
func (s *Server) visitor(peer netip.Addr) (Visitor, bool) {
	mac, err := s.parts.Find(peer)
	if err != nil {
		return Visitor{}, false // the page says so
	}
	return s.parts.Home.Look(mac)
}

// own reports whether a request is for the box itself. A link-local address cannot stand in a URL: whatever arrives
// there is taken for the box's.
func (r request) own() bool {
	if r.self.Addr().IsLinkLocalUnicast() && r.self.Addr().Is6() {
		return true
	}
	host, err := netip.ParseAddrPort(r.host)
	return err == nil && host.Addr().Unmap() == r.self.Addr() && host.Port() == r.self.Port()
}

// astray answers a request for somebody else. Only what asks for a document is led to the page: programs that send
// something are told (RFC 6585, clause 6) that they are not who they should talk to.
func (s *Server) astray(r request, online bool) reply {
	if p, is := findProbe(r.path); is && online {
		return reply{status: p.status, kind: p.kind, body: []byte(p.body)}
	}
	if r.method != http.MethodGet && r.method != http.MethodHead {
		return reply{status: http.StatusNetworkAuthenticationRequired}
	}
	return reply{status: http.StatusFound, location: "http://" + r.self.String() + "/"}
}

func (s *Server) page(r request, v Visitor, known bool) reply {
	l := choose(r.language)
	p := nobody(l)
	if known {
		p = compose(l, v, s.book.status(v.Device, s.parts.Now()), s.parts.Reachable())
	}
	p.helpers, p.ended = s.helpers(l, v), r.ended
	return reply{status: http.StatusOK, kind: "text/html; charset=utf-8", body: p.html()}
}

// ask opens an ask. Whatever came of it, the page tells: also that it was too soon.
func (s *Server) ask(r request, v Visitor, known bool) reply {
	if !r.ours() {
		return reply{status: http.StatusForbidden}
	}
	minutes, err := strconv.Atoi(r.form.Get("minutes"))
	why := wire.Why(r.form.Get("why"))
	if err != nil || !slices.Contains(wire.AskMinutes[:], minutes) || !slices.Contains(wire.AskWhys[:], why) {
		return reply{status: http.StatusBadRequest}
	}
	if known && v.mayAsk() && s.book.ask(v, minutes, why, s.parts.Now()) == nil {
		s.log.Info("more time asked for", "device", v.Device, "minutes", minutes)
		s.parts.Asked()
	}
	return reply{status: http.StatusSeeOther, location: "/"}
}

// ours reports whether a form was sent from the box's own page, not from one of somebody else's.
func (r request) ours() bool {
	origin, err := url.Parse(r.origin)
	return r.origin == "" || err == nil && origin.Host == r.host
}

// captive is the state of the network as RFC 8908 (clause 5) writes it.
func captive(r request, v Visitor, known bool) reply {
	state := map[string]any{"captive": known && !v.Verdict.Online, "user-portal-url": "http://" + r.self.String() + "/"}
	if known && v.Sure && v.Verdict.Online && v.Verdict.Changes != nil {
		state["seconds-remaining"] = int(v.Verdict.Changes.Sub(v.Now).Seconds())
	}
	body, err := json.Marshal(state)
	if err != nil {
		return reply{status: http.StatusInternalServerError}
	}
	return reply{status: http.StatusOK, kind: "application/captive+json", body: body}
}
