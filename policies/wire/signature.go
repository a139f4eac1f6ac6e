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
	message, err := seal(key, context, d, MaxDesired)
	if err != nil {
		return nil, fmt.Errorf("signing desired %d for box %q: %w", d.Revision, d.Box, err)
	}
	return message, nil
}

// Open reads a signed Desired for a box. Size, signature, form, schema and box are checked in this order; the error
// wraps the reason. The revision and the policy are the caller's to judge.
func Open(message []byte, key ed25519.PublicKey, box string) (Desired, error) {
	doc, err := unseal(message, key, context, MaxDesired)
	if err != nil {
		return Desired{}, err
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

// seal signs a document in its context, which is not sent: both sides know it.
func seal(key ed25519.PrivateKey, context []byte, document any, most int) ([]byte, error) {
	doc, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("encoding it: %w", err)
	}
	if len(doc)+ed25519.SignatureSize > most {
		return nil, ErrSize
	}
	return append(ed25519.Sign(key, append(bytes.Clone(context), doc...)), doc...), nil
}

// unseal is the document of a message whose size and signature are right.
func unseal(message []byte, key ed25519.PublicKey, context []byte, most int) ([]byte, error) {
	if len(message) > most {
		return nil, fmt.Errorf("%w: %d bytes", ErrSize, len(message))
	}
	if len(message) < ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%w: %d bytes", ErrSignature, len(message))
	}
	sig, doc := message[:ed25519.SignatureSize], message[ed25519.SignatureSize:]
	if !ed25519.Verify(key, append(bytes.Clone(context), doc...), sig) {
		return nil, ErrSignature
	}
	return doc, nil
}
