package broker

import (
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/throttle"
)

// One identity belongs to one box. Where two places use it, each connection throws the other one out. A box whose address
// changes goes from one place to the next; only rivals come back to where one was before, again and again.
const (
	rivalWindow  = 10 * time.Minute // in which returns count
	rivalReturns = 3                // so many, and they are rivals
	rivalOver    = time.Hour        // without any: they are rivals no more
	// Rivals take turns: a copy that comes back at once would never let the box speak. Who has the turn is thrown out by
	// nobody, and then gives way to who has knocked since, the longest first. An agent knocks at least once a minute.
	turn       = time.Minute
	knockLives = 2 * time.Minute
	maxPlaces  = 16
	tellEvery  = time.Minute // what is known of rivals
)

// place is where a connection comes from: an IPv4 address (a carrier's NAT keeps one for somebody, RFC 4787, REQ-2) or an IPv6
// /64, and a certificate.
type place struct{ network, serial string }

// arrival is a connection that asks to be let in.
type arrival struct {
	Box     string     `json:"box"`
	Address netip.Addr `json:"address"`
	Serial  string     `json:"serial"` // of the certificate, hex
}

func (a arrival) place() place { return place{network: throttle.Network(a.Address), serial: a.Serial} }

// rivals knows who connected as which box lately, and keeps rivals from silencing each other.
type rivals struct {
	mu    sync.Mutex
	boxes map[string]*lodging
}

func newRivals() *rivals { return &rivals{boxes: map[string]*lodging{}} }

// lodging is one box's connections.
type lodging struct {
	last    place
	left    map[place]time.Time // other places, and when they were left
	returns []time.Time         // to a place that was left
	contest *contest            // nil: there are no rivals
}

// contest is between rivals.
type contest struct {
	enrolment.Clone
	told   time.Time
	holder place // who has the turn
	until  time.Time
	knocks map[place]*knock
}

// knock is a rival that waits.
type knock struct{ first, last time.Time }

// meet judges an arrival. Clone is not nil where there is news of rivals to tell.
func (r *rivals) meet(a arrival, now time.Time) (admitted bool, clone *enrolment.Clone) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.boxes[a.Box]
	if l == nil {
		l = &lodging{last: a.place()}
		r.boxes[a.Box] = l
	}
	p := a.place()
	if c := l.contest; c != nil && now.Sub(c.Newest) < rivalOver && !c.admits(p, now) {
		return false, nil
	}
	return true, l.enter(a, p, now)
}

// note takes notice of an arrival that another replica has let in.
func (r *rivals) note(a arrival, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.boxes[a.Box]
	if l == nil {
		l = &lodging{last: a.place()}
		r.boxes[a.Box] = l
	}
	l.enter(a, a.place(), now)
}

// enter moves a box to a place.
func (l *lodging) enter(a arrival, p place, now time.Time) *enrolment.Clone {
	if p == l.last {
		return nil
	}
	if l.left == nil {
		l.left = map[place]time.Time{}
	}
	for old, at := range l.left {
		if now.Sub(at) >= rivalWindow || len(l.left) > maxPlaces {
			delete(l.left, old)
		}
	}
	_, back := l.left[p]
	l.left[l.last] = now
	delete(l.left, p)
	l.last = p
	l.returns = slices.DeleteFunc(l.returns, func(at time.Time) bool { return now.Sub(at) >= rivalWindow })
	if back {
		l.returns = append(l.returns, now)
	}
	if l.contest != nil && now.Sub(l.contest.Newest) >= rivalOver {
		l.contest = nil
	}
	if l.contest == nil && len(l.returns) < rivalReturns {
		return nil
	}
	if l.contest == nil {
		l.contest = &contest{Clone: enrolment.Clone{Box: a.Box, Since: l.returns[0]}, knocks: map[place]*knock{}}
		l.contest.Takeovers = len(l.returns) - 1
	}
	return l.contest.enter(a, p, now)
}

// enter gives a place the turn.
func (c *contest) enter(a arrival, p place, now time.Time) *enrolment.Clone {
	c.holder, c.until = p, now.Add(turn)
	delete(c.knocks, p)
	c.Newest = now
	c.Takeovers++
	at := slices.IndexFunc(c.Places, func(x enrolment.Place) bool { return x.Address == a.Address && x.Serial == a.Serial })
	if at < 0 && len(c.Places) < maxPlaces {
		at = len(c.Places)
		c.Places = append(c.Places, enrolment.Place{Address: a.Address, Serial: a.Serial, First: now})
	}
	if at >= 0 {
		c.Places[at].Newest = now
	}
	if now.Sub(c.told) < tellEvery {
		return nil
	}
	c.told = now
	told := c.Clone
	told.Places = slices.Clone(c.Places)
	return &told
}

// admits reports whether it is a place's turn.
func (c *contest) admits(p place, now time.Time) bool {
	waits := false
	mine := c.knocks[p]
	for other, k := range c.knocks {
		if now.Sub(k.last) >= knockLives {
			delete(c.knocks, other)
			continue
		}
		waits = waits || other != p && (mine == nil || k.first.Before(mine.first))
	}
	over := !now.Before(c.until)
	switch {
	case p == c.holder && (!over || !waits):
		if over {
			c.until = now.Add(turn)
		}
		return true
	case over && !waits:
		return true
	}
	if mine = c.knocks[p]; mine == nil && len(c.knocks) < maxPlaces {
		mine = &knock{first: now}
		c.knocks[p] = mine
	}
	if mine != nil {
		mine.last = now
	}
	return false
}
