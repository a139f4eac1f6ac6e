package mobileapi

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits of one session, by each replica on its own.
const (
	rateSecond = 40 // requests: a screen of the app is about ten
	rateBurst  = 120
	maxStreams = 8

	ratesSwept = time.Minute // a bucket that old is full again and need not be kept
)

// rates holds a bucket for each session that has asked lately.
type rates struct {
	now     func() time.Time
	mu      sync.Mutex
	session map[string]*bucket
	swept   time.Time
}

type bucket struct {
	limiter *rate.Limiter
	used    time.Time
}

func newRates(now func() time.Time) *rates {
	return &rates{now: now, session: map[string]*bucket{}, swept: now()}
}

// wait takes one request from a session's bucket, or says how long until there is one.
func (r *rates) wait(session string) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if now.Sub(r.swept) > ratesSwept {
		for id, b := range r.session {
			if now.Sub(b.used) > ratesSwept {
				delete(r.session, id)
			}
		}
		r.swept = now
	}
	b := r.session[session]
	if b == nil {
		b = &bucket{limiter: rate.NewLimiter(rateSecond, rateBurst)}
		r.session[session] = b
	}
	b.used = now
	if b.limiter.AllowN(now, 1) {
		return 0
	}
	return time.Second / rateSecond
}

// streams counts the live streams of each session.
type streams struct {
	mu      sync.Mutex
	session map[string]int
}

func newStreams() *streams { return &streams{session: map[string]int{}} }

func (s *streams) begin(session string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session[session] >= maxStreams {
		return false
	}
	s.session[session]++
	return true
}

func (s *streams) end(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session[session]--; s.session[session] == 0 {
		delete(s.session, session)
	}
}
