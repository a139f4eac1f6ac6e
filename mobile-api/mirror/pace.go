package mirror

import (
	"time"

	"golang.org/x/time/rate"
)

// What a customer's page may send of the picture, in bytes.
const (
	deltaRate  = 16 << 10
	deltaBurst = 128 << 10
	keyRate    = 512 << 10
	keyBurst   = 2*maxKey + 64<<10
)

// Pace counts what one socket says. It is not for several goroutines at once.
type Pace struct {
	words  map[Word]*rate.Limiter
	minute map[Word]*rate.Limiter
	delta  *rate.Limiter
	key    *rate.Limiter
}

// NewPace begins to count.
func NewPace() *Pace {
	return &Pace{
		words: map[Word]*rate.Limiter{}, minute: map[Word]*rate.Limiter{},
		delta: rate.NewLimiter(deltaRate, deltaBurst), key: rate.NewLimiter(keyRate, keyBurst),
	}
}

// Admits reports whether a message is not one too many.
func (p *Pace) Admits(m Message, now time.Time) bool {
	r, known := ruleOf(m.Type)
	if !known {
		return false
	}
	if p.words[m.Type] == nil {
		p.words[m.Type] = rate.NewLimiter(r.second, r.burst)
		if r.minute > 0 {
			p.minute[m.Type] = rate.NewLimiter(rate.Limit(r.minute)/60, r.minute)
		}
	}
	if !p.words[m.Type].AllowN(now, 1) {
		return false
	}
	long := p.minute[m.Type]
	return long == nil || long.AllowN(now, 1)
}

// AdmitsFrame reports whether a frame is not too much.
func (p *Pace) AdmitsFrame(f Frame, now time.Time) bool {
	if f.Key {
		return p.key.AllowN(now, len(f.Bytes))
	}
	return p.delta.AllowN(now, len(f.Bytes))
}
