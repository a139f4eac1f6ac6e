package portal

import (
	"net/netip"
	"sync"
	"time"
)

const (
	maxVisits   = 32 // connections at once: a page takes a moment
	gatePeriod  = 10 * time.Second
	maxRequests = 100 // of one address in that time: a paused phone's programs knock often
	maxPeers    = 4096
)

// gate lets connections in as far as the box can bear them.
type gate struct {
	mu     sync.Mutex
	inside int
	began  time.Time
	counts map[netip.Addr]int // since then
}

func newGate() *gate { return &gate{counts: map[netip.Addr]int{}} }

// enter reports whether a connection may come in; leave must follow then.
func (g *gate) enter(from netip.Addr, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.began) >= gatePeriod {
		g.began = now
		clear(g.counts)
	}
	if len(g.counts) < maxPeers || g.counts[from] > 0 {
		g.counts[from]++
	}
	if g.inside >= maxVisits || g.counts[from] > maxRequests || g.counts[from] == 0 {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
}
