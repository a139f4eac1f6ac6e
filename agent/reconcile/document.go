package reconcile

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// document is a Desired that passed its checks.
type document struct {
	revision int64
	issued   time.Time
	content  [sha256.Size]byte // of the policy in canonical form: a newer cloud may write the same one otherwise
	policy   policies.Policy
	asks     []wire.Answer
}

var errRevision = errors.New("revision is not newer")

// open checks a message by itself: size, signature, form, box, rules. Its document holds what could be read, even with an error.
func open(message []byte, key ed25519.PublicKey, box string) (document, error) {
	d, err := wire.Open(message, key, box)
	doc := document{revision: d.Revision, issued: d.Issued, asks: d.Asks[:min(len(d.Asks), wire.MaxAsks)]}
	if err != nil {
		return doc, err
	}
	if doc.policy, err = policies.Parse(d.Policy); err != nil {
		return doc, err
	}
	canonical, err := policies.Marshal(doc.policy)
	doc.content = sha256.Sum256(canonical)
	return doc, err
}

// open checks a message with the keys that count for it.
func (r *Reconciler) open(with func(func(ed25519.PublicKey) error) error, message []byte) (doc document, err error) {
	err = with(func(key ed25519.PublicKey) (err error) {
		doc, err = open(message, key, r.cfg.Box)
		return err
	})
	return doc, err
}

// follow judges a document against the accepted one (nil for none): whether it takes its place. The same once more is no error.
func follow(accepted *document, next document) (bool, error) {
	switch {
	case accepted == nil || next.revision > accepted.revision:
		return true, nil
	case next.revision < accepted.revision:
		return false, fmt.Errorf("%w: %d is accepted", errRevision, accepted.revision)
	case next.content != accepted.content:
		return false, fmt.Errorf("%w: it was accepted with another policy", errRevision)
	}
	return false, nil
}

// renew takes over what a later issue of the accepted document says beside its policy, and reports whether that is
// something else.
func (d *document) renew(later document) bool {
	if !later.issued.After(d.issued) {
		return false
	}
	changed := !reflect.DeepEqual(later.asks, d.asks)
	d.issued, d.asks = later.issued, later.asks
	return changed
}

// refusal says why a document was not accepted.
func refusal(doc document, err error, at time.Time) *wire.Refused {
	r := &wire.Refused{Revision: doc.revision, Detail: err.Error(), At: at}
	var problems policies.Problems
	switch {
	case errors.As(err, &problems):
		r.Code, r.Detail = "policy", fmt.Sprintf("the policy has %d problems", len(problems))
		r.Problems = problems[:min(len(problems), 50)]
	case errors.Is(err, wire.ErrSize):
		r.Code = "size"
	case errors.Is(err, wire.ErrSignature):
		r.Code = "signature"
	case errors.Is(err, wire.ErrBox):
		r.Code = "box"
	case errors.Is(err, errRevision):
		r.Code = "revision"
	default:
		r.Code = "document"
	}
	return r
}
