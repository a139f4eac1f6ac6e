package accounts

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/throttle"
)

// One address that guesses one member's password soon exhausts their pair; from then on it is refused before it counts
// for the member, whose other addresses stay free. Guessing one member's from many addresses exhausts the member's
// bucket, which lets six a minute through, the member's own among them. Guessing many members' passwords from one
// address exhausts the address's.
var (
	perPair    = throttle.Limit{Burst: 5, Step: 30 * time.Second}
	perAddress = throttle.Limit{Burst: 30, Step: 10 * time.Second}
	perMember  = throttle.Limit{Burst: 50, Step: 10 * time.Second}
)

// Codes of 128 random bits are not guessed; these keep the work bounded, and letters from flooding somebody.
var (
	perCode = throttle.Limit{Burst: 30, Step: 10 * time.Second} // tried from one address
	// A whole call centre begins its day behind one address.
	perDeparture = throttle.Limit{Burst: 200, Step: 2 * time.Second}
	perLetters   = throttle.Limit{Burst: 20, Step: time.Minute}     // from one address
	perLetter    = throttle.Limit{Burst: 3, Step: 20 * time.Minute} // to one email
)

// throttle counts an attempt before its password is looked at, so that many at once count too. The buckets it gives
// are to be dropped on success. An address's is not among them: who has an account could empty it at will.
func (a *Accounts) throttle(ctx context.Context, email string, from netip.Addr) ([]string, error) {
	address := throttle.Network(from)
	pair, member := throttle.Bucket("pair", email, address), throttle.Bucket("member", email)
	for _, b := range []struct {
		name  string
		limit throttle.Limit
	}{{pair, perPair}, {throttle.Bucket("address", address), perAddress}, {member, perMember}} {
		if err := a.attempts.Take(ctx, b.limit, b.name); err != nil {
			return nil, err
		}
	}
	return []string{pair, member}, nil
}

// count counts an attempt in the bucket that the words name.
func (a *Accounts) count(ctx context.Context, l throttle.Limit, words ...string) error {
	return a.attempts.Take(ctx, l, throttle.Bucket(words...))
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
