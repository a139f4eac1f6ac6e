package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Scope is what a grant lets somebody do.
type Scope string

// The box enforces ScopeDiagnose; the others are the cloud's to enforce.
const (
	ScopeSee      Scope = "see"      // the customer's screen
	ScopeDiagnose Scope = "diagnose" // queries to the box
	ScopeChange   Scope = "change"   // settings
)

// Limits of a grant, and of what is said of it.
const (
	MaxGrant     = 4 << 10
	MaxGrantLife = 4 * time.Hour // from Issued to Expires
	MaxEnded     = 16            // of one Hello
	maxName      = 128
)

// Grant is a letter of the operator's that lets one person measure one box until it expires. Its keys are named after
// RFC 7519 and RFC 8693. A later revision narrows or ends it; what is wider needs another ID.
type Grant struct {
	ID       string `json:"jti"`
	Home     string `json:"sub"` // home:<id>
	Actor    Actor  `json:"act"`
	Box      string `json:"aud"`
	Scope    string `json:"scope"` // Scopes with a blank between them
	Issued   int64  `json:"iat"`   // Unix seconds, as Expires
	Expires  int64  `json:"exp"`
	Revision int64  `json:"rev"` // from 1, rising
	Ended    bool   `json:"ended,omitempty"`
	Name     string `json:"name,omitempty"` // of the actor, shown on the box's own page
}

// Actor is who acts under a grant.
type Actor struct {
	Sub string `json:"sub"` // staff:<id> | member:<id>
	Iss string `json:"iss"` // who knows them: the cloud, or the operator's provider
}

// Life is how long a grant can be used at most, whatever any clock says.
func (g Grant) Life() time.Duration { return time.Duration(g.Expires-g.Issued) * time.Second }

// Scopes are those of a grant that was opened.
func (g Grant) Scopes() []Scope {
	var all []Scope
	for s := range strings.SplitSeq(g.Scope, " ") {
		all = append(all, Scope(s))
	}
	return all
}

// Allows reports whether a grant has a scope and was not ended. Whether it has expired is for who has a clock to say.
func (g Grant) Allows(s Scope) bool { return !g.Ended && slices.Contains(g.Scopes(), s) }

// grantContext keeps a signature over a grant from standing for anything else that the operator's key signs.
var grantContext = []byte("carebox grant 1\n")

// SignGrant is the message that carries a grant: 64 bytes of Ed25519 signature, then the JSON as signed. A grant that no
// box would take is refused.
func SignGrant(key ed25519.PrivateKey, g Grant) ([]byte, error) {
	err := g.check()
	var message []byte
	if err == nil {
		message, err = seal(key, grantContext, g, MaxGrant)
	}
	if err != nil {
		return nil, fmt.Errorf("signing grant %.64q: %w", g.ID, err)
	}
	return message, nil
}

// OpenGrant reads a signed grant for a box. Size, signature, form and box are checked in this order; the error wraps
// [ErrSize], [ErrSignature], [ErrDocument] or [ErrBox]. What a box does not know of a permission may be what narrows it,
// so unknown keys are refused. Time and revision are the caller's to judge.
func OpenGrant(message []byte, key ed25519.PublicKey, box string) (Grant, error) {
	doc, err := unseal(message, key, grantContext, MaxGrant)
	if err != nil {
		return Grant{}, err
	}
	var g Grant
	in := json.NewDecoder(bytes.NewReader(doc))
	in.DisallowUnknownFields()
	if err := in.Decode(&g); err != nil || !object(doc) {
		return Grant{}, fmt.Errorf("%w: %v", ErrDocument, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return Grant{}, fmt.Errorf("%w: something follows it", ErrDocument)
	}
	if err := g.check(); err != nil {
		return Grant{}, err
	}
	if g.Box != box {
		return Grant{}, ErrBox
	}
	return g, nil
}

func (g Grant) check() error {
	home, isHome := strings.CutPrefix(g.Home, "home:")
	kind, actor, _ := strings.Cut(g.Actor.Sub, ":")
	switch {
	case !validID(g.ID) || !isHome || !validID(home) || !ValidBox(g.Box):
		return fmt.Errorf("%w: its grant, home or box is no id", ErrDocument)
	case kind != "staff" && kind != "member", !validID(actor), !printable(g.Actor.Iss) || g.Actor.Iss == "" || len(g.Actor.Iss) > 2*maxName:
		return fmt.Errorf("%w: its actor is none", ErrDocument)
	case !scopes(g.Scope):
		return fmt.Errorf("%w: its scope is none", ErrDocument)
	case g.Issued < 1 || g.Expires <= g.Issued || g.Expires-g.Issued > int64(MaxGrantLife/time.Second):
		return fmt.Errorf("%w: it is good from %d to %d", ErrDocument, g.Issued, g.Expires)
	case g.Revision < 1:
		return fmt.Errorf("%w: revision %d", ErrDocument, g.Revision)
	case !printable(g.Name) || len(g.Name) > maxName:
		return fmt.Errorf("%w: its name cannot be shown", ErrDocument)
	}
	return nil
}

// scopes reports whether a text is one or more scopes, each once.
func scopes(text string) bool {
	seen := map[string]bool{"": true}
	for s := range strings.SplitSeq(text, " ") {
		if seen[s] || s != string(ScopeSee) && s != string(ScopeDiagnose) && s != string(ScopeChange) {
			return false
		}
		seen[s] = true
	}
	return true
}

// validID reports whether a text can name something in a log, a file and a topic.
func validID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	})
}

func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Ended is a grant that somebody ended at the box itself. The box says it again in each Hello until a letter of the
// cloud's ends the grant, too.
type Ended struct {
	Grant string    `json:"grant"`
	By    string    `json:"by"` // EndedByBox
	At    time.Time `json:"at"` // the box's clock
}

// EndedByBox is who ends a grant on the box's own page: any device of the home's network.
const EndedByBox = "box"

// DecodeEnded reads that a grant was ended. Errors are as those of [DecodeHello].
func DecodeEnded(data []byte) (Ended, error) {
	var e Ended
	err := decode(data, MaxHello, &e)
	if err == nil {
		err = e.check()
	}
	if err != nil {
		return Ended{}, fmt.Errorf("reading ended: %w", err)
	}
	return e, nil
}

func (e Ended) check() error {
	if !validID(e.Grant) || e.By != EndedByBox || e.At.IsZero() {
		return fmt.Errorf("%w: it names no grant, nobody or no time", ErrDocument)
	}
	return nil
}
