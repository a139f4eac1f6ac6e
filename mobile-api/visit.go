package mobileapi

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// visit is what is known of a request before its handler runs.
type visit struct {
	id     string // of the request
	from   netip.Addr
	client string // User-Agent
	secure bool   // the browser's side of the connection is TLS
	token  string
	// departed is the secret of a browser that comes back from the provider, "" for none.
	departed string
	session  accounts.Session    // without an id on public paths
	place    accounts.Membership // in the home of the path
	support  *assist.Session     // under which staff acts for a customer, nil for nobody
	base     int64               // revision that a change was made from
}

// actor is who decides: the member, or the customer for whom somebody of the staff does.
func (v *visit) actor() registry.Actor {
	if one := v.support; one != nil {
		return registry.Actor{
			Member: one.Customer, Name: one.CustomerName, From: "support", Act: registry.Act{Staff: one.Staff, Name: one.StaffName, Session: one.ID},
		}
	}
	return registry.Actor{Member: v.session.Member.ID, Name: v.session.Member.Name, From: string(v.session.Kind)}
}

type visitKey struct{}

// visitOf is the visit of a request; observe puts it there for every one.
func visitOf(ctx context.Context) *visit { return ctx.Value(visitKey{}).(*visit) }

func (s *server) newVisit(c echo.Context, id string) *visit {
	from, _ := netip.ParseAddr(c.RealIP()) // none on a Unix socket: all its clients are throttled as one
	v := &visit{id: id, from: from, client: c.Request().UserAgent(), secure: s.secure(c.Request())}
	if cookie, err := c.Request().Cookie(departureCookie); err == nil {
		v.departed = cookie.Value
	}
	return v
}

// secure believes a header only from a proxy that we know.
func (s *server) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	direct, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	from := direct.Addr().Unmap()
	known := slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(from) })
	return known && strings.EqualFold(r.Header.Get(echo.HeaderXForwardedProto), "https")
}

func (s *server) extractor() echo.IPExtractor {
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.Proxies {
		bits := p.Addr().BitLen()
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), bits),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
