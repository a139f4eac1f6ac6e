package accounts

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/policies"
)

const (
	ceremonyLives = 5 * time.Minute
	maxPasskeys   = 20 // of one member
)

// ErrPasskey refuses what an authenticator said, whatever is wrong with it.
var ErrPasskey = errors.New("passkey is not accepted")

// Passkey is a way to sign in without the password.
type Passkey struct {
	ID, Name      string
	Created, Used time.Time // Used: zero for never
}

// Ceremony is a conversation with an authenticator that has begun: its id, and the options for the browser as JSON.
type Ceremony struct {
	ID      string
	Options json.RawMessage
}

// Passkeys is sign-in by WebAuthn (Level 3), for one address of the app.
type Passkeys struct {
	accounts *Accounts
	party    *webauthn.WebAuthn
}

// NewPasskeys makes it for the address at which people find the app. Browsers give passkeys to names only: where the
// address is an IP address they work at localhost on the same port, and nowhere else.
func NewPasskeys(accounts *Accounts, app string) (*Passkeys, error) {
	u, err := url.Parse(app)
	if err != nil {
		return nil, fmt.Errorf("reading address of the app: %w", err)
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		host = "localhost"
	}
	origin := u.Scheme + "://" + host
	if u.Port() != "" {
		origin += ":" + u.Port()
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Carebox", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("preparing passkeys: %w", err)
	}
	return &Passkeys{accounts: accounts, party: party}, nil
}

// holder is a member as the library sees them.
type holder struct {
	member Member
	keys   []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { id := uuid.MustParse(h.member.ID); return id[:] }
func (h holder) WebAuthnName() string                       { return h.member.Email }
func (h holder) WebAuthnDisplayName() string                { return h.member.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// Offer begins to make a passkey, with the member's password: a session that was left open is not to become a key.
// policies.Problems where it is wrong; *throttle.Throttled.
func (p *Passkeys) Offer(ctx context.Context, who Member, password string, from netip.Addr) (Ceremony, error) {
	if err := p.accounts.Confirm(ctx, who, password, from); err != nil {
		return Ceremony{}, err
	}
	h := holder{member: who}
	rows, err := p.accounts.store.PasskeysOf(ctx, who.ID)
	if err != nil {
		return Ceremony{}, fmt.Errorf("reading passkeys of member %q: %w", who.ID, err)
	}
	for _, row := range rows {
		key, err := keyOf(row)
		if err != nil {
			return Ceremony{}, err
		}
		h.keys = append(h.keys, key)
	}
	options, session, err := p.party.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, fmt.Errorf("offering a passkey to member %q: %w", who.ID, err)
	}
	return p.begin(ctx, who.ID, options, session)
}

// Keep ends what Offer began. ErrPasskey, policies.Problems.
func (p *Passkeys) Keep(ctx context.Context, who Member, ceremony, name string, said []byte) (Passkey, error) {
	name, problem := checkName(name)
	if problem != nil {
		return Passkey{}, policies.Problems{*problem}
	}
	session, err := p.take(ctx, ceremony, who.ID)
	if err != nil {
		return Passkey{}, err
	}
	response, err := protocol.ParseCredentialCreationResponseBody(bytes.NewReader(said))
	if err != nil {
		return Passkey{}, ErrPasskey
	}
	key, err := p.party.CreateCredential(holder{member: who}, session, response)
	if err != nil {
		return Passkey{}, ErrPasskey
	}
	data, err := json.Marshal(key)
	if err != nil {
		return Passkey{}, fmt.Errorf("encoding passkey: %w", err)
	}
	row := passkeyRow{
		ID: uuid.NewString(), Credential: name64(key.ID), Member: who.ID, Name: name, Data: string(data), Created: p.accounts.now(),
	}
	added, err := p.accounts.store.AddPasskey(ctx, row, maxPasskeys)
	if err != nil {
		return Passkey{}, fmt.Errorf("keeping passkey of member %q: %w", who.ID, err)
	}
	if !added {
		return Passkey{}, ErrPasskey
	}
	return passkey(row), nil
}

// List is a member's passkeys, newest first.
func (p *Passkeys) List(ctx context.Context, who Member) ([]Passkey, error) {
	rows, err := p.accounts.store.PasskeysOf(ctx, who.ID)
	if err != nil {
		return nil, fmt.Errorf("reading passkeys of member %q: %w", who.ID, err)
	}
	list := make([]Passkey, len(rows))
	for i, row := range rows {
		list[i] = passkey(row)
	}
	return list, nil
}

// Drop takes a passkey away. ErrNobody where the member has no such one.
func (p *Passkeys) Drop(ctx context.Context, who Member, id string) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return ErrNobody
	}
	dropped, err := p.accounts.store.DropPasskey(ctx, who.ID, parsed.String())
	if err != nil {
		return fmt.Errorf("taking away passkey of member %q: %w", who.ID, err)
	}
	if !dropped {
		return ErrNobody
	}
	return nil
}

// Challenge begins a sign-in by whoever has a passkey. *throttle.Throttled.
func (p *Passkeys) Challenge(ctx context.Context, from netip.Addr) (Ceremony, error) {
	if err := p.accounts.sweep(ctx); err != nil {
		return Ceremony{}, err
	}
	if err := p.accounts.count(ctx, perCode, "passkey", throttle.Network(from)); err != nil {
		return Ceremony{}, err
	}
	options, session, err := p.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Ceremony{}, fmt.Errorf("asking for a passkey: %w", err)
	}
	return p.begin(ctx, "", options, session)
}

// SignIn ends what Challenge began. ErrPasskey.
func (p *Passkeys) SignIn(ctx context.Context, ceremony string, said []byte, c Credentials) (Session, string, error) {
	session, err := p.take(ctx, ceremony, "")
	if err != nil {
		return Session{}, "", err
	}
	response, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader(said))
	if err != nil {
		return Session{}, "", ErrPasskey
	}
	row, who, err := p.accounts.store.PasskeyBy(ctx, name64(response.RawID))
	if err != nil {
		return Session{}, "", fmt.Errorf("reading passkey: %w", err)
	}
	if row.ID == "" {
		return Session{}, "", ErrPasskey
	}
	key, err := keyOf(row)
	if err != nil {
		return Session{}, "", err
	}
	h := holder{member: member(who), keys: []webauthn.Credential{key}}
	used, err := p.party.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
		if !bytes.Equal(handle, h.WebAuthnID()) {
			return nil, ErrPasskey
		}
		return h, nil
	}, session, response)
	if err != nil || used.Authenticator.CloneWarning {
		return Session{}, "", ErrPasskey
	}
	data, err := json.Marshal(used)
	if err != nil {
		return Session{}, "", fmt.Errorf("encoding passkey: %w", err)
	}
	if err := p.accounts.store.UsePasskey(ctx, row.ID, string(data), p.accounts.now()); err != nil {
		return Session{}, "", fmt.Errorf("keeping use of passkey %q: %w", row.ID, err)
	}
	return p.accounts.begin(ctx, h.member, ProofPasskey, c)
}

func (p *Passkeys) begin(ctx context.Context, member string, options any, session *webauthn.SessionData) (Ceremony, error) {
	shown, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, fmt.Errorf("encoding options: %w", err)
	}
	data, err := json.Marshal(session)
	if err != nil {
		return Ceremony{}, fmt.Errorf("encoding ceremony: %w", err)
	}
	row := ceremonyRow{ID: uuid.NewString(), Member: member, Data: string(data), Expires: p.accounts.now().Add(ceremonyLives)}
	if err := p.accounts.store.AddCeremony(ctx, row); err != nil {
		return Ceremony{}, fmt.Errorf("keeping ceremony: %w", err)
	}
	return Ceremony{ID: row.ID, Options: shown}, nil
}

// take uses a ceremony up: what was said to it once is worth nothing again.
func (p *Passkeys) take(ctx context.Context, id, member string) (webauthn.SessionData, error) {
	var session webauthn.SessionData
	parsed, err := uuid.Parse(id)
	if err != nil {
		return session, ErrPasskey
	}
	row, err := p.accounts.store.TakeCeremony(ctx, parsed.String(), p.accounts.now())
	if err != nil {
		return session, fmt.Errorf("reading ceremony: %w", err)
	}
	if row.ID == "" || row.Member != member {
		return session, ErrPasskey
	}
	if err := json.Unmarshal([]byte(row.Data), &session); err != nil {
		return session, fmt.Errorf("reading ceremony: %w", err)
	}
	return session, nil
}

func keyOf(row passkeyRow) (webauthn.Credential, error) {
	var key webauthn.Credential
	if err := json.Unmarshal([]byte(row.Data), &key); err != nil {
		return key, fmt.Errorf("reading passkey %q: %w", row.ID, err)
	}
	return key, nil
}

func passkey(row passkeyRow) Passkey {
	return Passkey{ID: row.ID, Name: row.Name, Created: row.Created, Used: row.Used}
}

func name64(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }
