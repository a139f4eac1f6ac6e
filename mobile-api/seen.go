package mobileapi

import (
	"context"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

const (
	signTime = 2 * time.Second // a page that shows something gives a sign more often
	keepTime = 5 * time.Second // how often it is kept what is seen
)

// gaze is which screens the agent at the end of a socket sees, and when: as the customer's page says while they look.
type gaze struct {
	mu     sync.Mutex
	screen string // now, "" for none
	seen   map[string]glimpse
	// Of each change the number: the last, the last that brought another screen, and the last that was kept.
	changed, another, kept int
}

type glimpse struct{ first, last time.Time }

// look is another screen, the same again, or none.
func (g *gaze) look(screen string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.screen = screen; screen == "" {
		return
	}
	if g.seen == nil {
		g.seen = map[string]glimpse{}
	}
	g.changed++
	one, known := g.seen[screen]
	if !known {
		one.first, one.last, g.another = now, now, g.changed
	}
	if now.After(one.last) { // the watch's now may be from before the message
		one.last = now
	}
	g.seen[screen] = one
}

// stay goes on with the screen that is seen.
func (g *gaze) stay(now time.Time) {
	g.mu.Lock()
	screen := g.screen
	g.mu.Unlock()
	g.look(screen, now)
}

// news is what was seen, if any of it was not kept yet, and whether a screen is new among it; number is for done.
func (g *gaze) news(now time.Time) (list []assist.Glimpse, another bool, number int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.changed == g.kept {
		return nil, false, g.kept
	}
	for screen, one := range g.seen {
		list = append(list, assist.Glimpse{Screen: screen, First: now.Sub(one.first), Last: now.Sub(one.last)})
	}
	return list, g.another > g.kept, g.changed
}

// done is that the news of a number were kept.
func (g *gaze) done(number int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept = number
}

// keepSeen keeps what the agent sees: another screen at once, how long now and then. What could not be kept is tried again.
func (l *supportLine) keepSeen(ctx context.Context, at *times, now time.Time) {
	if now.Sub(time.Unix(0, l.heard.Load())) < signTime {
		l.gaze.stay(now)
	}
	list, another, number := l.gaze.news(now)
	if list == nil || !another && now.Sub(at.kept) < keepTime {
		return
	}
	at.kept = now
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if err := l.server.Care.Look(ctx, l.ticket.Session, list); err != nil {
		l.log.Debug("could not keep what is seen", "error", err)
		return
	}
	l.gaze.done(number)
}

// keepLast keeps what was seen until the socket ended, if the session has not.
func (l *supportLine) keepLast(ctx context.Context) {
	l.gaze.look("", time.Now())
	l.keepSeen(context.WithoutCancel(ctx), &times{}, time.Now())
}
