package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"github.com/carebox-project/carebox/cloud/throttle"
)

// Reasons why a provider's word lets nobody in. Callers use errors.Is.
var (
	ErrProviderAway = errors.New("provider does not answer")
	ErrDeparture    = errors.New("sign-in was not begun in this browser, or has ended")
	ErrDenied       = errors.New("provider let nobody in")
	ErrToken        = errors.New("what the provider said is wrong")
	ErrWeak         = errors.New("provider does not say that the sign-in was as strong as the operator demands")
	ErrUnverified   = errors.New("provider has not verified the email")
	ErrOutsider     = errors.New("not one of the staff")
)

const (
	departureLives = 10 * time.Minute
	departure      = "oidc"          // in place of a ceremony's member: no member has this id
	clockSkew      = 2 * time.Minute // between the provider's clock and ours
	lookAgain      = time.Hour       // at what the provider says of itself
	lookFailed     = 2 * time.Second // before it is asked again
	providerAnswer = 8 * time.Second // the longest wait for one answer of the provider
	maxProvider    = 1 << 20         // bytes of one answer of it
)

// ProviderConfig is where staff sign in (OpenID Connect Core 1.0, authorization code flow).
type ProviderConfig struct {
	Issuer         string // exactly as the provider writes it
	Client, Secret string
	Scopes         []string // "openid" included
	// Claim names the claim whose values Roles makes roles of; both empty where the provider gives none. "realm.roles" is
	// roles in realm, where no claim has the name itself.
	Claim string
	Roles map[string]StaffRole
	// ACR and AMR are what the provider must say of a sign-in (Core 2, RFC 8176), one of each list that is not empty.
	ACR, AMR []string
	// Return is our address where the provider sends people back.
	Return string
}

// Provider lets staff in on the word of the operator's OpenID provider. It is asked what it can do only when somebody wants
// to sign in: one that is away keeps nothing else from working.
type Provider struct {
	accounts *Accounts
	cfg      ProviderConfig
	client   *http.Client

	mu    sync.Mutex
	known *provider
	asked time.Time // when it was last asked
	why   error     // the last time failed
}

// provider is what it says of itself.
type provider struct {
	*oidc.Provider
	oauth oauth2.Config
}

// NewProvider asks nothing yet.
func NewProvider(accounts *Accounts, c ProviderConfig) *Provider {
	return &Provider{accounts: accounts, cfg: c, client: &http.Client{
		Timeout:       providerAnswer,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // none is to come
		Transport:     bounded{},
	}}
}

// bounded keeps an answer short. The connections are everybody's.
type bounded struct{}

func (bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		response.Body = http.MaxBytesReader(nil, response.Body, maxProvider)
	}
	return response, err
}

// Departure is somebody on their way to the provider.
type Departure struct {
	Address string // of the provider, where the browser goes
	Browser string // a secret that the same browser shows when it is back
}

// Return is what a browser brings back from the provider.
type Return struct {
	State, Code, Error, Issuer string // as the address had it
	Browser                    string
}

// trip is what is remembered of a departure.
type trip struct {
	Browser  string `json:"browser"` // digest
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Begin sends somebody to the provider. ErrProviderAway, *throttle.Throttled.
func (p *Provider) Begin(ctx context.Context, from netip.Addr) (Departure, error) {
	if err := p.accounts.sweep(ctx); err != nil {
		return Departure{}, err
	}
	if err := p.accounts.count(ctx, perDeparture, "oidc", throttle.Network(from)); err != nil {
		return Departure{}, err
	}
	known, err := p.discover(ctx)
	if err != nil {
		return Departure{}, err
	}
	browser := rand.Text()
	t := trip{Browser: digest([]byte(browser)), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	data, err := json.Marshal(t)
	if err != nil {
		return Departure{}, fmt.Errorf("encoding departure: %w", err)
	}
	row := ceremonyRow{ID: uuid.NewString(), Member: departure, Data: string(data), Expires: p.accounts.now().Add(departureLives)}
	if err := p.accounts.store.AddCeremony(ctx, row); err != nil {
		return Departure{}, fmt.Errorf("keeping departure: %w", err)
	}
	with := []oauth2.AuthCodeOption{oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)}
	if len(p.cfg.ACR) > 0 {
		with = append(with, oauth2.SetAuthURLParam("acr_values", strings.Join(p.cfg.ACR, " "))) // it may ask for more, then
	}
	to := known.oauth.AuthCodeURL(row.ID, with...)
	return Departure{Address: to, Browser: browser}, nil
}

// Finish ends what Begin began, once. ErrDeparture, ErrDenied, ErrProviderAway, ErrToken, ErrWeak, ErrUnverified, ErrOutsider.
func (p *Provider) Finish(ctx context.Context, r Return, c Credentials) (Session, string, error) {
	t, err := p.take(ctx, r)
	if err != nil {
		return Session{}, "", err
	}
	if r.Issuer != "" && r.Issuer != p.cfg.Issuer { // RFC 9207: another provider's answer
		return Session{}, "", fmt.Errorf("%w: another issuer answered", ErrToken)
	}
	switch r.Error {
	case "":
	case "server_error", "temporarily_unavailable":
		return Session{}, "", ErrProviderAway
	default:
		return Session{}, "", ErrDenied
	}
	said, err := p.redeem(ctx, r.Code, t)
	if err != nil {
		return Session{}, "", err
	}
	who, err := p.admit(ctx, said)
	if err != nil {
		return Session{}, "", err
	}
	return p.accounts.begin(ctx, who, ProofOIDC, c)
}

// take uses a departure up: its state is good once, and in the browser that it was given to.
func (p *Provider) take(ctx context.Context, r Return) (trip, error) {
	var t trip
	id, err := uuid.Parse(r.State)
	if err != nil {
		return t, ErrDeparture
	}
	row, err := p.accounts.store.TakeCeremony(ctx, id.String(), p.accounts.now())
	if err != nil {
		return t, fmt.Errorf("reading departure: %w", err)
	}
	if row.ID == "" || row.Member != departure {
		return t, ErrDeparture
	}
	if err := json.Unmarshal([]byte(row.Data), &t); err != nil {
		return t, fmt.Errorf("reading departure: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(digest([]byte(r.Browser))), []byte(t.Browser)) != 1 {
		return t, ErrDeparture
	}
	return t, nil
}

// redeem gives the code back for what the provider says of somebody.
func (p *Provider) redeem(ctx context.Context, code string, t trip) (claims, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := known.oauth.Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		return nil, fmt.Errorf("%w: code was refused: %.64q", ErrToken, refused.ErrorCode)
	case err != nil:
		return nil, fmt.Errorf("%w: redeeming a code", ErrProviderAway) // the rest may quote it
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := known.Verifier(&oidc.Config{ClientID: p.cfg.Client, Now: func() time.Time {
		return p.accounts.now().Add(-clockSkew)
	}}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	said := claims{}
	if err := id.Claims(&said); err != nil {
		return nil, fmt.Errorf("%w: reading claims", ErrToken)
	}
	if err := p.judge(id, said, t); err != nil {
		return nil, err
	}
	return said, p.complete(ctx, known, token, said)
}

// judge checks what the library leaves to its caller.
func (p *Provider) judge(id *oidc.IDToken, said claims, t trip) error {
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(t.Nonce)) != 1:
		return fmt.Errorf("%w: it is for another sign-in", ErrToken)
	case id.IssuedAt.After(p.accounts.now().Add(clockSkew)):
		return fmt.Errorf("%w: it was made in the future", ErrToken)
	case said.word("azp") != "" && said.word("azp") != p.cfg.Client, len(id.Audience) > 1 && said.word("azp") == "":
		return fmt.Errorf("%w: it was made for another client", ErrToken)
	case !fitSubject(id.Subject):
		return fmt.Errorf("%w: its subject is none", ErrToken)
	case !p.cfg.satisfied(said):
		return ErrWeak
	}
	return nil
}

// satisfied reports whether a token says of the sign-in what is demanded. Only the token itself, which is signed and of this
// sign-in, is asked.
func (c ProviderConfig) satisfied(said claims) bool {
	class := len(c.ACR) == 0 || slices.Contains(c.ACR, said.word("acr"))
	methods, _ := said["amr"].([]any)
	method := len(c.AMR) == 0 || slices.ContainsFunc(methods, func(m any) bool {
		word, is := m.(string)
		return is && slices.Contains(c.AMR, word)
	})
	return class && method
}

// complete asks for claims that the token leaves out, as it may.
func (p *Provider) complete(ctx context.Context, known *provider, token *oauth2.Token, said claims) error {
	enough := said.word("email") != "" && (p.cfg.Claim == "" || said.at(p.cfg.Claim) != nil)
	if enough || known.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := known.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("%w: asking who it is", ErrProviderAway)
	}
	more := claims{}
	if err := info.Claims(&more); err != nil || info.Subject != said.word("sub") { // Core 5.3.2
		return fmt.Errorf("%w: it says more of somebody else", ErrToken)
	}
	if email := said.word("email"); email != "" && email != more.word("email") {
		delete(more, "email_verified") // of the other one
	}
	for name, value := range more {
		if _, has := said[name]; !has {
			said[name] = value
		}
	}
	return nil
}

// discover is what the provider says of itself (OpenID Connect Discovery 1.0), asked anew once in a while.
func (p *Provider) discover(ctx context.Context) (*provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	age := p.accounts.now().Sub(p.asked)
	if p.known != nil && age < lookAgain {
		return p.known, nil
	}
	if p.known == nil && p.why != nil && age < lookFailed {
		return nil, p.why
	}
	// Who goes away takes the answer from nobody else.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer)
	p.asked = p.accounts.now()
	if err != nil {
		p.why = fmt.Errorf("%w: %w", ErrProviderAway, err)
		if p.known == nil {
			return nil, p.why
		}
		return p.known, nil // it has not forgotten us
	}
	p.why, p.known = nil, &provider{Provider: found, oauth: oauth2.Config{
		ClientID: p.cfg.Client, ClientSecret: p.cfg.Secret, RedirectURL: p.cfg.Return, Scopes: p.cfg.Scopes, Endpoint: endpoint(found),
	}}
	return p.known, nil
}

// endpoint says how to show our secret: guessing would send a code twice, and it is good once.
func endpoint(found *oidc.Provider) oauth2.Endpoint {
	at := found.Endpoint()
	at.AuthStyle = oauth2.AuthStyleInHeader // Discovery 3: the default
	var says struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := found.Claims(&says); err == nil && says.Methods != nil && !slices.Contains(says.Methods, "client_secret_basic") {
		at.AuthStyle = oauth2.AuthStyleInParams
	}
	return at
}
