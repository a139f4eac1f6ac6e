package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
)

// Reasons why a Desired is refused before its policy is looked at.
var (
	ErrSize      = errors.New("document is too long")
	ErrSignature = errors.New("signature is wrong")
	ErrBox       = errors.New("document is for another box")
	ErrDocument  = errors.New("document cannot be read")
)

// context keeps a signature over Desired from standing for anything else that the operator's key signs.
var context = []byte("carebox desired 1\n")

// Sign is the message that carries a Desired: 64 bytes of Ed25519 signature, then the JSON as signed.
func Sign(key ed25519.PrivateKey, d Desired) ([]byte, error) {
	doc, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encoding desired %d for box %q: %w", d.Revision, d.Box, err)
	}
	if len(doc)+ed25519.SignatureSize > MaxDesired {
		return nil, fmt.Errorf("signing desired %d for box %q: %w", d.Revision, d.Box, ErrSize)
	}
	return append(ed25519.Sign(key, append(bytes.Clone(context), doc...)), doc...), nil
}

// Open reads a signed Desired for a box. Size, signature, form, schema and box are checked in this order; the error
// wraps the reason. The revision and the policy are the caller's to judge.
func Open(message []byte, key ed25519.PublicKey, box string) (Desired, error) {
	if len(message) > MaxDesired {
		return Desired{}, fmt.Errorf("%w: %d bytes", ErrSize, len(message))
	}
	if len(message) < ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return Desired{}, fmt.Errorf("%w: %d bytes", ErrSignature, len(message))
	}
	sig, doc := message[:ed25519.SignatureSize], message[ed25519.SignatureSize:]
	if !ed25519.Verify(key, append(bytes.Clone(context), doc...), sig) {
		return Desired{}, ErrSignature
	}
	var d Desired
	if err := json.Unmarshal(doc, &d); err != nil {
		return Desired{}, fmt.Errorf("%w: %v", ErrDocument, err)
	}
	if d.Schema != Schema || d.Revision < 1 || d.Issued.IsZero() {
		return d, fmt.Errorf("%w: schema %d, revision %d", ErrDocument, d.Schema, d.Revision)
	}
	if d.Box != box {
		return d, ErrBox
	}
	return d, nil
}
