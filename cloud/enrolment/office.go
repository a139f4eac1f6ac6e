package enrolment

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/throttle"
)

const (
	life     = 90 * 24 * time.Hour // of a box's certificate; the box renews from two thirds of it
	maxItems = 100_000             // boxes of one list
)

// A code has 80 bits; these keep the work bounded and the log readable. One address that tries one serial's codes is
// refused before it counts for the serial, so a stranger elsewhere keeps no technician waiting for long.
var (
	perPair    = throttle.Limit{Burst: 5, Step: time.Minute}
	perAddress = throttle.Limit{Burst: 30, Step: 10 * time.Second}
	perBox     = throttle.Limit{Burst: 50, Step: 10 * time.Second}
)

// attempts counts claims before they are looked at.
type attempts interface {
	Take(ctx context.Context, l throttle.Limit, bucket string) error
	Drop(ctx context.Context, buckets ...string) error
}

// Config is what an office stands on.
type Config struct {
	Store     store
	Attempts  attempts
	Authority *Authority
	Now       func() time.Time
	Revoked   func() // certificates were taken back: look again. Nil for nobody to tell
	Log       *slog.Logger
}

// Office keeps the list of boxes and gives them their certificates. Its methods may be called at once from many goroutines.
type Office struct {
	cfg Config
}

// NewOffice makes an office. Without an authority it keeps the list, but signs nothing.
func NewOffice(c Config) *Office { return &Office{cfg: c} }

// Claim is what a box that has no certificate shows.
type Claim struct {
	Box     string // its serial, as it was typed or printed
	Code    string
	Request *x509.CertificateRequest
	From    netip.Addr
}

// Enrol gives a box its first certificate. A code is good for one key; the same key may come again until the box is put
// into service, because an answer may be lost. ErrClaim, ErrRequest, *throttle.Throttled.
func (o *Office) Enrol(ctx context.Context, c Claim) (*x509.Certificate, error) {
	box := strings.ToLower(c.Box)
	buckets, err := o.count(ctx, box, c.From)
	if err != nil {
		return nil, err
	}
	item, err := o.cfg.Store.Item(ctx, box)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return nil, err
	}
	// An unknown box costs what a known one does.
	if right := rightCode(c.Code, item.Claim); !right || err != nil {
		return nil, ErrClaim
	}
	key, err := checkRequest(c.Request, box)
	if err != nil {
		return nil, err
	}
	fresh := item.State == StateMade && item.Key == ""
	again := item.Key == key && (item.State == StateClaimed || item.State == StateServing)
	if !fresh && !again {
		return nil, ErrClaim
	}
	cert, grant, err := o.sign(c.Request, box, key)
	if err != nil {
		return nil, err
	}
	if kept, err := o.cfg.Store.ClaimItem(ctx, grant); err != nil || !kept {
		return nil, errors.Join(err, when(!kept, ErrClaim))
	}
	o.cfg.Log.Info("gave a certificate", "box", box, "until", grant.Until, "again", again)
	return cert, o.cfg.Attempts.Drop(ctx, buckets...)
}

// Renew gives a box a new certificate for one that it has shown itself to own. It may have ended: a box may have slept.
// ErrIdentity, ErrRequest.
func (o *Office) Renew(ctx context.Context, own *x509.Certificate, request *x509.CertificateRequest) (*x509.Certificate, error) {
	box := own.Subject.CommonName
	if !o.cfg.Authority.signed(own) {
		return nil, ErrIdentity
	}
	grant, err := o.cfg.Store.GrantOf(ctx, hexSerial(own))
	if errors.Is(err, ErrUnknown) || (err == nil && (!grant.Revoked.IsZero() || grant.Box != box)) {
		return nil, ErrIdentity
	}
	if err != nil {
		return nil, err
	}
	key, err := checkRequest(request, box)
	if err != nil {
		return nil, err
	}
	cert, next, err := o.sign(request, box, key)
	if err != nil {
		return nil, err
	}
	if kept, err := o.cfg.Store.KeepGrant(ctx, next); err != nil || !kept {
		return nil, errors.Join(err, when(!kept, ErrIdentity))
	}
	o.cfg.Log.Info("renewed a certificate", "box", box, "until", next.Until)
	return cert, nil
}

// Import adds a maker's list, all or none. Each problem is named with its line; ErrListed.
func (o *Office) Import(ctx context.Context, made []Made, by string) ([]Problem, error) {
	var problems []Problem
	seen := map[string]int{}
	if len(made) > maxItems {
		return []Problem{{Detail: fmt.Sprintf("there are more than %d boxes", maxItems)}}, nil
	}
	for n := range made {
		line := n + 2 // the heading is the first
		if detail := checkMade(&made[n]); detail != "" {
			problems = append(problems, Problem{Line: line, Detail: detail})
			continue
		}
		if first := seen[made[n].Box]; first > 0 {
			problems = append(problems, Problem{Line: line, Detail: fmt.Sprintf("the serial is that of line %d", first)})
		}
		seen[made[n].Box] = line
	}
	if len(problems) > 0 {
		return problems, nil
	}
	return nil, o.cfg.Store.AddItems(ctx, made, o.cfg.Now(), by)
}

// Look is a box with its life. ErrUnknown.
func (o *Office) Look(ctx context.Context, box string) (Item, []Event, error) {
	box = strings.ToLower(box)
	item, err := o.cfg.Store.Item(ctx, box)
	if err != nil {
		return Item{}, nil, err
	}
	events, err := o.cfg.Store.Life(ctx, box)
	return item, events, err
}

// Serve puts a box into service. ErrUnknown, ErrMove.
func (o *Office) Serve(ctx context.Context, box, by, detail string) error {
	return o.move(ctx, Move{Box: box, To: StateServing, By: by, Detail: detail})
}

// Swap takes a box's identity back because another one takes its place. ErrUnknown, ErrMove.
func (o *Office) Swap(ctx context.Context, box, by, detail string) error {
	return o.move(ctx, Move{Box: box, To: StateSwapped, By: by, Detail: detail, Revoke: true})
}

// Retire takes a box's identity back for good. ErrUnknown, ErrMove.
func (o *Office) Retire(ctx context.Context, box, by, detail string) error {
	return o.move(ctx, Move{Box: box, To: StateRetired, By: by, Detail: detail, Revoke: true})
}

// Restock takes a box's identity back and gives it a new claim code, which is told once. ErrUnknown, ErrMove.
func (o *Office) Restock(ctx context.Context, box, by, detail string) (code string, err error) {
	code = NewCode()
	return code, o.move(ctx, Move{Box: box, To: StateMade, By: by, Detail: detail, Revoke: true, Claim: DigestCode(code)})
}

func (o *Office) move(ctx context.Context, m Move) error {
	m.Box, m.At, m.From = strings.ToLower(m.Box), o.cfg.Now(), moves[m.To]
	item, err := o.cfg.Store.Item(ctx, m.Box)
	if err != nil {
		return err
	}
	if !allowed(item.State, m.To) {
		return fmt.Errorf("%w: it is %s", ErrMove, item.State)
	}
	moved, err := o.cfg.Store.MoveItem(ctx, m)
	if err != nil {
		return err
	}
	if !moved { // somebody else moved it meanwhile
		return ErrMove
	}
	if m.Revoke && o.cfg.Revoked != nil {
		o.cfg.Revoked()
	}
	o.cfg.Log.Info("moved a box", "box", m.Box, "state", string(m.To), "revoked", m.Revoke)
	return nil
}

// count counts an attempt and returns the buckets that a right one empties; an address's is not among them.
func (o *Office) count(ctx context.Context, box string, from netip.Addr) ([]string, error) {
	address := throttle.Network(from)
	pair, whole := throttle.Bucket("claim", box, address), throttle.Bucket("claim", box)
	for _, b := range []struct {
		limit throttle.Limit
		name  string
	}{{perPair, pair}, {perAddress, throttle.Bucket("claims", address)}, {perBox, whole}} {
		if err := o.cfg.Attempts.Take(ctx, b.limit, b.name); err != nil {
			return nil, err
		}
	}
	return []string{pair, whole}, nil
}

func (o *Office) sign(request *x509.CertificateRequest, box, key string) (*x509.Certificate, Grant, error) {
	now := o.cfg.Now()
	cert, err := o.cfg.Authority.sign(request, box, now, life)
	if err != nil {
		return nil, Grant{}, err
	}
	return cert, Grant{Serial: hexSerial(cert), Box: box, Key: key, Issued: now, Until: cert.NotAfter}, nil
}

func when(is bool, err error) error {
	if is {
		return err
	}
	return nil
}
