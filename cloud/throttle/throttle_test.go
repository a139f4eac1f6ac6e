package throttle

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"
)

// shelf keeps one bucket as the store does.
type shelf struct{ empty time.Time }

func (s *shelf) TakeAttempt(_ context.Context, _ string, now, most time.Time, step time.Duration) (time.Duration, error) {
	if s.empty.After(most) {
		return s.empty.Sub(most), nil
	}
	if s.empty.Before(now) {
		s.empty = now
	}
	s.empty = s.empty.Add(step)
	return 0, nil
}

func (s *shelf) DropAttempts(context.Context, ...string) error {
	s.empty = time.Time{}
	return nil
}

func TestBucketFillsAndDrains(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	th := New(&shelf{}, func() time.Time { return now })
	limit := Limit{Burst: 3, Step: time.Minute}
	for n := range 3 {
		if err := th.Take(t.Context(), limit, "b"); err != nil {
			t.Fatalf("attempt %d of 3: %v", n+1, err)
		}
	}
	var refused *Throttled
	if err := th.Take(t.Context(), limit, "b"); !errors.As(err, &refused) || refused.After != time.Minute {
		t.Fatalf("the fourth of 3 at once: %v, want to wait a minute", err)
	}
	now = now.Add(time.Minute)
	if err := th.Take(t.Context(), limit, "b"); err != nil {
		t.Errorf("after a step: %v", err)
	}
	if err := th.Drop(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err := th.Take(t.Context(), limit, "b"); err != nil {
			t.Errorf("attempt %d after the right one: %v", n+1, err)
		}
	}
}

func TestNetworkIsACustomers(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64",
	} {
		if got := Network(netip.MustParseAddr(address)); got != want {
			t.Errorf("network of %s: %s, want %s", address, got, want)
		}
	}
}

func TestBucketsOfDifferentWordsDiffer(t *testing.T) {
	if Bucket("a", "bc") == Bucket("ab", "c") || Bucket("a") == Bucket("a", "") {
		t.Error("other words have the same bucket")
	}
}
