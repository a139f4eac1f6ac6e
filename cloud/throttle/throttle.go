// Package throttle counts attempts in the store, so that many replicas count as one, and refuses what comes too often.
//
// A bucket holds some attempts and gets one back every step. Attempts are counted before anything is looked at, so that
// many at once count too; nobody is refused for ever.
package throttle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"
)

// Throttled refuses an attempt unseen: there were too many. It ends by itself.
type Throttled struct {
	After time.Duration // try again then
}

func (t *Throttled) Error() string { return fmt.Sprintf("too many attempts, again in %s", t.After) }

// Limit is a bucket that holds Burst attempts and gets one back every Step.
type Limit struct {
	Burst int
	Step  time.Duration
}

// store keeps buckets.
type store interface {
	TakeAttempt(ctx context.Context, bucket string, now, most time.Time, step time.Duration) (time.Duration, error)
	DropAttempts(ctx context.Context, buckets ...string) error
}

// Throttle counts. It may be used by many goroutines at once.
type Throttle struct {
	store store
	now   func() time.Time
}

// New makes a throttle that keeps its buckets in a store.
func New(s store, now func() time.Time) *Throttle { return &Throttle{store: s, now: now} }

// Take counts an attempt in a bucket, or fails with a *Throttled.
func (t *Throttle) Take(ctx context.Context, l Limit, bucket string) error {
	now := t.now()
	most := now.Add(time.Duration(l.Burst-1) * l.Step)
	wait, err := t.store.TakeAttempt(ctx, bucket, now, most, l.Step)
	if err != nil {
		return fmt.Errorf("counting attempts: %w", err)
	}
	if wait > 0 {
		return &Throttled{After: wait}
	}
	return nil
}

// Drop empties buckets: the attempt was a right one.
func (t *Throttle) Drop(ctx context.Context, buckets ...string) error {
	return t.store.DropAttempts(ctx, buckets...)
}

// Bucket is a name that says nothing: people type passwords into the field for the email.
func Bucket(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s,", len(w), w)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Network is what one customer of a provider has: an IPv4 address, or the /64 that IPv6 hands out.
func Network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
