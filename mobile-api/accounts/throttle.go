package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// Throttled refuses a sign-in unseen: there were too many. It ends by itself.
type Throttled struct {
	After time.Duration // try again then
}

func (t *Throttled) Error() string { return fmt.Sprintf("too many sign-ins, again in %s", t.After) }

// limit is a bucket that holds some attempts and gets one back every step.
type limit struct {
	burst int
	step  time.Duration
}

// One address that guesses one member's password soon exhausts their pair; from then on it is refused before it counts
// for the member, whose other addresses stay free. Guessing one member's from many addresses exhausts the member's
// bucket, which lets six a minute through, the member's own among them. Guessing many members' passwords from one
// address exhausts the address's.
var (
	perPair    = limit{burst: 5, step: 30 * time.Second}
	perAddress = limit{burst: 30, step: 10 * time.Second}
	perMember  = limit{burst: 50, step: 10 * time.Second}
)

// Codes of 128 random bits are not guessed; these keep the work bounded, and letters from flooding somebody.
var (
	perCode    = limit{burst: 30, step: 10 * time.Second} // tried from one address
	perLetters = limit{burst: 20, step: time.Minute}      // from one address
	perLetter  = limit{burst: 3, step: 20 * time.Minute}  // to one email
)

// throttle counts an attempt before its password is looked at, so that many at once count too. The buckets it gives
// are to be dropped on success. An address's is not among them: who has an account could empty it at will.
func (a *Accounts) throttle(ctx context.Context, email string, from netip.Addr) ([]string, error) {
	address := network(from)
	pair, member := bucket("pair", email, address), bucket("member", email)
	for _, b := range []struct {
		name  string
		limit limit
	}{{pair, perPair}, {bucket("address", address), perAddress}, {member, perMember}} {
		if err := a.take(ctx, b.name, b.limit); err != nil {
			return nil, err
		}
	}
	return []string{pair, member}, nil
}

// count counts an attempt in the bucket that the words name.
func (a *Accounts) count(ctx context.Context, l limit, words ...string) error {
	return a.take(ctx, bucket(words...), l)
}

func (a *Accounts) take(ctx context.Context, name string, l limit) error {
	now := a.now()
	most := now.Add(time.Duration(l.burst-1) * l.step)
	wait, err := a.store.TakeAttempt(ctx, name, now, most, l.step)
	if err != nil {
		return fmt.Errorf("counting attempts: %w", err)
	}
	if wait > 0 {
		return &Throttled{After: wait}
	}
	return nil
}

// bucket is a name that says nothing: people type passwords into the field for the email.
func bucket(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s,", len(w), w)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// network is what one customer of a provider has: an IPv4 address, or the /64 that IPv6 hands out.
func network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// sweeper takes away what has ended, at most once a minute in a process.
type sweeper struct {
	mu   sync.Mutex
	next time.Time
}

func (s *sweeper) due(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.next) {
		return false
	}
	s.next = now.Add(time.Minute)
	return true
}
