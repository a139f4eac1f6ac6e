package accounts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

const (
	client = "carebox"
	secret = "a secret of our own"
	comeIn = "https://carebox.example/api/sessions/oidc/callback"
)

// idp is an OpenID provider that a test bends. A real one is met by the app's browser tests.
type idp struct {
	d      *desk
	server *httptest.Server
	key    *rsa.PrivateKey

	mu     sync.Mutex
	away   bool
	asked  int                  // times that it said what it can do
	bend   func(map[string]any) // the claims of the next token
	forge  *rsa.PrivateKey      // signs in place of the key that is shown
	more   map[string]any       // what it says when asked who it is
	sub    any                  // of the newest token
	grants map[string]url.Values
}

func newIdp(t *testing.T, d *desk) *idp {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{d: d, key: key, grants: map[string]url.Values{}, bend: func(map[string]any) {}}
	p.server = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(p.server.Close)
	return p
}

func (p *idp) config() accounts.ProviderConfig {
	return accounts.ProviderConfig{
		Issuer: p.server.URL, Client: client, Secret: secret, Scopes: []string{"openid", "email"}, Return: comeIn,
		Claim: "realm.groups", Roles: map[string]accounts.StaffRole{"cb-admin": accounts.StaffAdmin, "cb-help": accounts.StaffSupport},
	}
}

func (p *idp) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *idp) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		http.Error(w, "away", http.StatusBadGateway)
		return
	}
	say := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	at := p.server.URL
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.asked++
		say(http.StatusOK, map[string]any{
			"issuer": at, "authorization_endpoint": at + "/auth", "token_endpoint": at + "/token", "jwks_uri": at + "/keys",
			"userinfo_endpoint": at + "/who", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	case "/keys":
		say(http.StatusOK, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(p.key.E)).Bytes()),
		}}})
	case "/who":
		said := map[string]any{"sub": p.sub}
		maps.Copy(said, p.more)
		say(http.StatusOK, said)
	case "/token":
		token, why := p.redeem(r)
		if why != "" {
			say(http.StatusBadRequest, map[string]any{"error": why})
			return
		}
		say(http.StatusOK, map[string]any{"access_token": "an access token", "token_type": "Bearer", "id_token": token})
	}
}

// redeem takes a code once, from the client that it is for and with the verifier of its challenge.
func (p *idp) redeem(r *http.Request) (token, why string) {
	if err := r.ParseForm(); err != nil {
		return "", "invalid_request"
	}
	grant := p.grants[r.Form.Get("code")]
	delete(p.grants, r.Form.Get("code"))
	who, word, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
	switch {
	case who != client || word != url.QueryEscape(secret):
		return "", "invalid_client"
	case grant == nil, grant.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]), r.Form.Get("redirect_uri") != comeIn:
		return "", "invalid_grant"
	}
	now := p.d.clock()
	said := map[string]any{
		"iss": p.server.URL, "aud": client, "sub": "7", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"nonce": grant.Get("nonce"), "email": "Ada@example.org", "email_verified": true, "name": "Ada",
	}
	p.bend(said)
	p.sub = said["sub"]
	return p.sign(said), ""
}

func (p *idp) sign(said map[string]any) string {
	key := p.key
	if p.forge != nil {
		key = p.forge
	}
	body, err := json.Marshal(said)
	if err != nil {
		panic(err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, 5, sum[:]) // SHA-256
	if err != nil {
		panic(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// visit is what a browser brings back that was sent to an address, by somebody who satisfies the provider.
func (p *idp) visit(t *testing.T, to accounts.Departure) accounts.Return {
	t.Helper()
	u, err := url.Parse(to.Address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("redirect_uri") != comeIn {
		t.Fatalf("sent to %s", to.Address)
	}
	code := rand.Text()
	p.set(func() { p.grants[code] = q })
	return accounts.Return{State: q.Get("state"), Code: code, Issuer: p.server.URL, Browser: to.Browser}
}
