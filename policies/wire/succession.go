package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// MaxSuccession is how long a succession's message is at most, in bytes.
const MaxSuccession = 1 << 10

// Succession is a letter by which the operator's key names the one that follows it. It is the same for all boxes. A box that
// believes the old key believes both from then on, and the new one alone as soon as it has seen a letter signed with that.
type Succession struct {
	Old    string            `json:"old"`    // [Fingerprint] of the key that signs
	New    ed25519.PublicKey `json:"new"`    // base64
	Issued time.Time         `json:"issued"` // a later one takes the place of an earlier one
}

// successionContext keeps a signature over a succession from standing for anything else that the operator's key signs.
var successionContext = []byte("carebox succession 1\n")

// Fingerprint is by what a public key of the operator's is called: the SHA-256 of its 32 bytes, hex.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

// ValidFingerprint reports whether a text is a [Fingerprint].
func ValidFingerprint(text string) bool {
	return len(text) == 2*sha256.Size && strings.Trim(text, "0123456789abcdef") == ""
}

// SignSuccession is the message by which a key names the next one.
func SignSuccession(key ed25519.PrivateKey, next ed25519.PublicKey, issued time.Time) ([]byte, error) {
	s := Succession{Old: Fingerprint(key.Public().(ed25519.PublicKey)), New: next, Issued: issued.UTC()}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("signing succession: %w", err)
	}
	message, err := seal(key, successionContext, s, MaxSuccession)
	if err != nil {
		return nil, fmt.Errorf("signing succession: %w", err)
	}
	return message, nil
}

// OpenSuccession reads a succession that a key has signed. Errors wrap [ErrSize], [ErrSignature] or [ErrDocument].
func OpenSuccession(message []byte, key ed25519.PublicKey) (Succession, error) {
	doc, err := unseal(message, key, successionContext, MaxSuccession)
	if err != nil {
		return Succession{}, err
	}
	var s Succession
	if err := json.Unmarshal(doc, &s); err != nil || !object(doc) {
		return Succession{}, fmt.Errorf("%w: %v", ErrDocument, err)
	}
	if err := s.check(); err != nil {
		return Succession{}, err
	}
	if s.Old != Fingerprint(key) {
		return Succession{}, fmt.Errorf("%w: it is another key's", ErrDocument)
	}
	return s, nil
}

func (s Succession) check() error {
	switch {
	case len(s.New) != ed25519.PublicKeySize || bytes.Equal(s.New, make([]byte, ed25519.PublicKeySize)):
		return fmt.Errorf("%w: the next key is none", ErrDocument)
	case s.Old == Fingerprint(s.New):
		return fmt.Errorf("%w: the next key is the same", ErrDocument)
	case s.Issued.IsZero():
		return fmt.Errorf("%w: it has no time of issue", ErrDocument)
	}
	return nil
}
