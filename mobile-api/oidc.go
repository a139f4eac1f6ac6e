package mobileapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

const (
	departureCookie = "carebox-oidc"
	departurePath   = root + "/sessions/oidc"
	departureAge    = 10 * time.Minute
	signInPage      = "/sign-in"
)

// provider lets staff in by the operator's own sign-in.
type provider interface {
	Begin(ctx context.Context, from netip.Addr) (accounts.Departure, error)
	Finish(ctx context.Context, r accounts.Return, c accounts.Credentials) (accounts.Session, string, error)
}

// BeginOidc sends a browser to the provider.
func (s *server) BeginOidc(ctx context.Context, _ BeginOidcRequestObject) (BeginOidcResponseObject, error) {
	if s.Provider == nil {
		return nil, refuse(codeNotFound)
	}
	v := visitOf(ctx)
	to, err := s.Provider.Begin(ctx, v.from)
	if errors.Is(err, accounts.ErrProviderAway) {
		s.Log.Warn("provider does not answer", slog.String("request", v.id), slog.Any("error", err))
	}
	if err != nil {
		return nil, err
	}
	return BeginOidc200JSONResponse{
		Body:    Departure{Address: to.Address},
		Headers: BeginOidc200ResponseHeaders{SetCookie: new(v.departure(to.Browser, int(departureAge.Seconds())))},
	}, nil
}

// departure is the cookie of somebody on their way: Lax, because another site sends the browser back. A negative age takes
// it away.
func (v *visit) departure(secret string, age int) string {
	return (&http.Cookie{
		Name: departureCookie, Value: secret, Path: departurePath, MaxAge: age, HttpOnly: true, Secure: v.secure, SameSite: http.SameSiteLaxMode,
	}).String()
}

// landing is the way to a page of ours, and only there, with the cookies that go with it.
type landing struct {
	page    string
	cookies []string
}

// VisitFinishOidcResponse writes two cookies, for which the generated answer has no room.
func (l landing) VisitFinishOidcResponse(w http.ResponseWriter) error {
	for _, cookie := range l.cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.Header().Set("Location", l.page)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// FinishOidc lets somebody in who comes back from the provider, or leads them to the sign-in screen with the reason why not.
func (s *server) FinishOidc(ctx context.Context, request FinishOidcRequestObject) (FinishOidcResponseObject, error) {
	if s.Provider == nil {
		return nil, refuse(codeNotFound)
	}
	v, said := visitOf(ctx), request.Params
	_, token, err := s.Provider.Finish(ctx, accounts.Return{
		State: said.State, Code: said.Code, Error: said.Error, Issuer: said.Iss, Browser: v.departed,
	}, accounts.Credentials{Kind: accounts.KindBrowser, Client: v.client, From: v.from})
	land := landing{page: "/", cookies: []string{v.departure("", -1)}}
	if err != nil {
		why := returned(err)
		level := slog.LevelInfo
		if why == "failed" {
			level = slog.LevelError
		}
		s.Log.Log(ctx, level, "provider's word let nobody in", slog.String("request", v.id), slog.String("why", why), slog.Any("error", err))
		land.page = signInPage + "?" + url.Values{"provider": {why}}.Encode()
		return land, nil
	}
	land.cookies = append(land.cookies, v.cookie(token, int(accounts.SessionMax.Seconds())))
	return land, nil
}

// returned is the word by which the sign-in screen knows why somebody came back in vain.
func returned(err error) string {
	for _, known := range []struct {
		err  error
		word string
	}{
		{accounts.ErrDeparture, "departure"}, {accounts.ErrDenied, "denied"}, {accounts.ErrProviderAway, "away"},
		{accounts.ErrToken, "token"}, {accounts.ErrWeak, "weak"}, {accounts.ErrUnverified, "unverified"}, {accounts.ErrOutsider, "outsider"},
		{registry.ErrUnavailable, "away"},
	} {
		if errors.Is(err, known.err) {
			return known.word
		}
	}
	return "failed"
}
