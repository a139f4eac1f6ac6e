package audit

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// ErrBroken is what every finding wraps.
var ErrBroken = errors.New("the audit was tampered with")

// Verifier reads a chain from its first line.
type Verifier struct {
	last   Head // of the lines so far, unsigned
	anchor Head // an older signed head that the chain must go through; zero: none
	erased int64
}

// NewVerifier verifies a chain that goes through a head that was exported before, if there is one.
func NewVerifier(anchor Head) *Verifier { return &Verifier{anchor: anchor} }

// Next takes the next line. Its error names it.
func (v *Verifier) Next(l Line) error {
	switch {
	case l.Seq > v.last.Seq+1:
		return fmt.Errorf("%w: line %d is missing", ErrBroken, v.last.Seq+1)
	case l.Seq != v.last.Seq+1:
		return fmt.Errorf("%w: line %d stands where line %d belongs", ErrBroken, l.Seq, v.last.Seq+1)
	case l.Hash != l.hash():
		return fmt.Errorf("%w: line %d was edited", ErrBroken, l.Seq)
	case l.Prev != v.last.Hash:
		return fmt.Errorf("%w: line %d does not follow line %d", ErrBroken, l.Seq, v.last.Seq)
	case !l.Erased() && l.Sum != sum(l.Salt, l.Content):
		return fmt.Errorf("%w: what line %d says of people was edited", ErrBroken, l.Seq)
	case !l.Erased() && !l.tells():
		return fmt.Errorf("%w: line %d names another actor than it says", ErrBroken, l.Seq)
	case l.Seq == v.anchor.Seq && l.Hash != v.anchor.Hash:
		return fmt.Errorf("%w: line %d is another than when its head was exported", ErrBroken, l.Seq)
	}
	if l.Erased() {
		v.erased++
	}
	v.last = Head{Seq: l.Seq, Hash: l.Hash, At: l.At}
	return nil
}

// tells reports whether the actor in what is said is the one in the chain.
func (l Line) tells() bool {
	said, err := l.Said()
	return err == nil && said.Actor.Kind == l.Kind && (l.Kind != KindStaff || said.Actor.ID == l.Staff)
}

// End checks that the chain ends where the signed head says, and no earlier than the exported one. It gives how many
// lines there are, and of how many the personal content was erased. The keys are those that the operator had.
func (v *Verifier) End(head Head, keys ...ed25519.PublicKey) (lines, erased int64, err error) {
	if err := head.Verify(keys...); err != nil {
		return 0, 0, err
	}
	switch {
	case v.last.Seq < head.Seq:
		return 0, 0, fmt.Errorf("%w: lines %d to %d are missing at the end", ErrBroken, v.last.Seq+1, head.Seq)
	case v.last.Seq > head.Seq:
		return 0, 0, fmt.Errorf("%w: line %d stands behind the signed end", ErrBroken, head.Seq+1)
	case v.last.Hash != head.Hash:
		return 0, 0, fmt.Errorf("%w: line %d is not the one that was signed", ErrBroken, head.Seq)
	case v.last.Seq < v.anchor.Seq:
		return 0, 0, fmt.Errorf("%w: lines %d to %d are missing, which an exported head proves", ErrBroken, v.last.Seq+1, v.anchor.Seq)
	}
	return v.last.Seq, v.erased, nil
}

// Verify checks a head's signature by one of the keys; the end of a chain without lines has none.
func (h Head) Verify(keys ...ed25519.PublicKey) error {
	if h.Seq == 0 && h.Hash == "" {
		return nil
	}
	signature, err := hex.DecodeString(h.Signature)
	good := func(key ed25519.PublicKey) bool {
		return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, h.signed(), signature)
	}
	if err != nil || !slices.ContainsFunc(keys, good) {
		return fmt.Errorf("%w: the head at line %d is not signed by the operator's key", ErrBroken, h.Seq)
	}
	return nil
}
