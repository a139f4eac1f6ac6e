package mobileapi

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// gate is a provider that lets a member in, or fails.
type gate struct {
	fail   error
	member accounts.Member
	back   accounts.Return
}

func (g *gate) Begin(context.Context, netip.Addr) (accounts.Departure, error) {
	return accounts.Departure{Address: "https://provider.example/auth?state=s", Browser: "browser-secret"}, g.fail
}

func (g *gate) Finish(_ context.Context, r accounts.Return, c accounts.Credentials) (accounts.Session, string, error) {
	g.back = r
	return accounts.Session{ID: "s", Member: g.member, Kind: c.Kind, Proof: accounts.ProofOIDC}, "session-secret", g.fail
}

func TestABrowserGoesToTheProviderAndComesBackToAPageOfOurs(t *testing.T) {
	w := newWorld(t)
	g := &gate{}
	w.rebuild(func(c *Config) { c.Provider = g })
	a := w.nobody().with("X-Forwarded-Proto", "https").from("203.0.113.9:1").do("POST", "/api/sessions/oidc", "").is(http.StatusOK)
	var to Departure
	a.decode(&to)
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"carebox-oidc=browser-secret", "HttpOnly", "SameSite=Lax", "Path=/api/sessions/oidc", "Max-Age=600", "Secure"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %s without %s", cookie, want)
		}
	}
	if to.Address != "https://provider.example/auth?state=s" {
		t.Errorf("sent to %q", to.Address)
	}
	const way = "/api/sessions/oidc/callback?state=s&code=code-secret&iss=i&to=https://evil.example&session_state=x"
	a = w.nobody().with("Cookie", "carebox-oidc=browser-secret").with("Sec-Fetch-Site", "cross-site").do("GET", way, "").is(http.StatusSeeOther)
	if want := (accounts.Return{State: "s", Code: "code-secret", Issuer: "i", Browser: "browser-secret"}); g.back != want {
		t.Errorf("back with %+v", g.back)
	}
	if a.header.Get("Location") != "/" || a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("landed with %v", a.header)
	}
	set := strings.Join(a.header.Values("Set-Cookie"), "\n")
	for _, want := range []string{"carebox=session-secret; Path=/;", "SameSite=Strict", "carebox-oidc=; Path=/api/sessions/oidc; Max-Age=0"} {
		if !strings.Contains(set, want) {
			t.Errorf("cookies %s without %s", set, want)
		}
	}
	if strings.Contains(w.log.String(), "-secret") {
		t.Errorf("log %s", w.log)
	}
}

func TestWhoComesBackInVainLearnsWhyAtTheSignInScreen(t *testing.T) {
	w := newWorld(t)
	g := &gate{}
	w.rebuild(func(c *Config) { c.Provider = g })
	for err, want := range map[error]string{
		accounts.ErrDeparture: "departure", accounts.ErrDenied: "denied", accounts.ErrProviderAway: "away", accounts.ErrToken: "token",
		accounts.ErrWeak: "weak", accounts.ErrUnverified: "unverified", accounts.ErrOutsider: "outsider", registry.ErrUnavailable: "away", errors.New("x"): "failed",
	} {
		g.fail = err
		a := w.nobody().do("GET", "/api/sessions/oidc/callback?error=x&code=code-secret", "").is(http.StatusSeeOther)
		if to := a.header.Get("Location"); to != "/sign-in?provider="+want {
			t.Errorf("%v: to %s", err, to)
		}
		if strings.Contains(strings.Join(a.header.Values("Set-Cookie"), ""), "carebox=") {
			t.Errorf("%v: a session", err)
		}
	}
	g.fail = accounts.ErrProviderAway
	w.nobody().do("POST", "/api/sessions/oidc", "").refuses(http.StatusServiceUnavailable, codeProviderAway)
	w.nobody().with("Sec-Fetch-Site", "cross-site").do("POST", "/api/sessions/oidc", "").refuses(http.StatusForbidden, codeOrigin)
	if strings.Contains(w.log.String(), "code-secret") {
		t.Errorf("log %s", w.log)
	}
}

func TestASessionOfTheProviderOpensStaffPages(t *testing.T) {
	w := newWorld(t)
	if _, err := w.accounts.Employ(t.Context(), "adult@example.org", accounts.StaffAdmin, audit.Entry{}); err != nil {
		t.Fatal(err)
	}
	w.by(accounts.ProofOIDC, "adult").do("GET", "/api/staff/members", "").is(http.StatusOK)
	w.as("adult").do("GET", "/api/staff/members", "").refuses(http.StatusForbidden, codeFactor)
}
