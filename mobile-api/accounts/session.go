package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"
)

// How long a session lasts.
const (
	sessionIdle = 30 * 24 * time.Hour  // after its last use
	SessionMax  = 365 * 24 * time.Hour // after sign-in, whatever its use
	sessionDay  = 12 * time.Hour       // after sign-in at the provider, which may know somebody no more tomorrow
	useWritten  = time.Hour            // a use is written down when the one before is this old

	tokenBytes = 32
	maxClient  = 200 // bytes of a client's name that are kept
)

// Reasons why somebody is not let in. Callers use errors.Is.
var (
	ErrCredentials = errors.New("email or password is wrong")
	ErrSignedOut   = errors.New("no such session")
)

// Kind of a session.
type Kind string

const (
	KindBrowser Kind = "browser" // its token is in a cookie
	KindApp     Kind = "app"     // it sends its token itself
)

// Valid reports whether a kind is one of ours.
func (k Kind) Valid() bool { return k == KindBrowser || k == KindApp }

// Proof is how whoever began a session showed who they are.
type Proof string

const (
	ProofPassword Proof = "password"
	ProofTOTP     Proof = "totp"    // the password, and a code of the moment
	ProofPasskey  Proof = "passkey" // which verifies its holder by itself
	ProofOIDC     Proof = "oidc"    // at the operator's provider, which asks for as much as it finds right
	ProofCode     Proof = "code"    // of an invitation, or of a child's new way in
)

// Strong reports whether two factors were shown, or the operator's own provider was satisfied.
func (p Proof) Strong() bool { return p == ProofTOTP || p == ProofPasskey || p == ProofOIDC }

// life is how long a session lasts after its last use, and after sign-in at most.
func (p Proof) life() (idle, most time.Duration) {
	if p == ProofOIDC {
		return sessionDay, sessionDay
	}
	return sessionIdle, SessionMax
}

// Session is somebody signed in somewhere.
type Session struct {
	ID                     string // public: it lets nobody in
	Member                 Member
	Kind                   Kind
	Proof                  Proof
	Client                 string // what it calls itself, ours to show and not to trust
	Created, Used, Expires time.Time
}

// Credentials are what somebody signs in with, and where from.
type Credentials struct {
	Email, Password string
	Code            string // of the moment, "" for none
	Kind            Kind
	Client          string
	From            netip.Addr
}

// SignIn makes a session and its token, which is shown only here. Its error is ErrCredentials for a wrong email and a
// wrong password alike, ErrFactor or ErrFactorWrong where the password is right and the code is not, or *throttle.Throttled.
func (a *Accounts) SignIn(ctx context.Context, c Credentials) (Session, string, error) {
	if err := a.sweep(ctx); err != nil {
		return Session{}, "", err
	}
	email, problem := normaliseEmail(c.Email)
	buckets, err := a.throttle(ctx, email, c.From)
	if err != nil {
		return Session{}, "", err
	}
	var row memberRow
	if problem == nil {
		if row, err = a.store.MemberByEmail(ctx, email); err != nil {
			return Session{}, "", fmt.Errorf("reading member: %w", err)
		}
	}
	password := c.Password
	if checkPassword(password) != nil {
		row.Password, password = "", "" // a megabyte costs no more than a word
	}
	same, err := a.hasher.matches(ctx, row.Password, password)
	if err != nil {
		return Session{}, "", fmt.Errorf("checking password of member %q: %w", row.ID, err)
	}
	if !same {
		return Session{}, "", ErrCredentials
	}
	if err := a.attempts.Drop(ctx, buckets...); err != nil {
		return Session{}, "", fmt.Errorf("forgetting sign-ins of member %q: %w", row.ID, err)
	}
	proof, err := a.second(ctx, row.ID, c.Code)
	if err != nil {
		return Session{}, "", err
	}
	return a.begin(ctx, member(row), proof, c)
}

func (a *Accounts) begin(ctx context.Context, who Member, proof Proof, c Credentials) (Session, string, error) {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails
	now := a.now()
	idle, _ := proof.life()
	row := sessionRow{
		ID: uuid.NewString(), Hash: digest(secret), Member: who.ID, Kind: string(c.Kind), Client: client(c.Client),
		Proof: string(proof), Created: now, Used: now, Expires: now.Add(idle),
	}
	if err := a.store.AddSession(ctx, row); err != nil {
		return Session{}, "", fmt.Errorf("beginning a session of member %q: %w", who.ID, err)
	}
	return session(row, who), base64.RawURLEncoding.EncodeToString(secret), nil
}

// Session is whose token it is, and lengthens the session. ErrSignedOut where it has ended or never was.
func (a *Accounts) Session(ctx context.Context, token string) (Session, error) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(secret) != tokenBytes {
		return Session{}, ErrSignedOut
	}
	now := a.now()
	row, who, err := a.store.SessionByHash(ctx, digest(secret), now)
	if err != nil {
		return Session{}, fmt.Errorf("reading session: %w", err)
	}
	if row.ID == "" {
		return Session{}, ErrSignedOut
	}
	if now.Sub(row.Used) >= useWritten {
		idle, most := Proof(row.Proof).life()
		row.Used, row.Expires = now, earlier(now.Add(idle), row.Created.Add(most))
		if err := a.store.UseSession(ctx, row.ID, row.Used, row.Expires); err != nil {
			return Session{}, fmt.Errorf("lengthening session %q: %w", row.ID, err)
		}
	}
	return session(row, member(who)), nil
}

// Sessions is a member's live sessions, newest use first.
func (a *Accounts) Sessions(ctx context.Context, who Member) ([]Session, error) {
	rows, err := a.store.SessionsOf(ctx, who.ID, a.now())
	if err != nil {
		return nil, fmt.Errorf("reading sessions of member %q: %w", who.ID, err)
	}
	sessions := make([]Session, len(rows))
	for i, row := range rows {
		sessions[i] = session(row, who)
	}
	return sessions, nil
}

// End ends one session of a member. ErrSignedOut where they have no such session.
func (a *Accounts) End(ctx context.Context, member, session string) error {
	id, err := uuid.Parse(session)
	if err != nil {
		return ErrSignedOut
	}
	ended, err := a.store.EndSession(ctx, member, id.String())
	if err != nil {
		return fmt.Errorf("ending session %q: %w", id, err)
	}
	if !ended {
		return ErrSignedOut
	}
	return nil
}

func (a *Accounts) sweep(ctx context.Context) error {
	now := a.now()
	if !a.sweeper.due(now) {
		return nil
	}
	if err := a.store.SweepAccounts(ctx, now); err != nil {
		return fmt.Errorf("taking away old sessions: %w", err)
	}
	return nil
}

func session(row sessionRow, who Member) Session {
	return Session{
		ID: row.ID, Member: who, Kind: Kind(row.Kind), Client: row.Client,
		Proof: Proof(row.Proof), Created: row.Created, Used: row.Used, Expires: row.Expires,
	}
}

// digest needs no salt and no cost: 32 random bytes are not guessed.
func digest(secret []byte) string {
	sum := sha256.Sum256(secret)
	return hex.EncodeToString(sum[:])
}

func client(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name[:min(len(name), maxClient)], ""))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
