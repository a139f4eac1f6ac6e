package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// life is what a device does all day: one flow after another, by IPv6.
type life struct {
	bytes atomic.Uint64 // of flows that have ended
	flow  atomic.Pointer[testbed.Flow]
	wait  sync.WaitGroup

	seen uint64 // at the last look
	at   time.Time
}

func newLife(ctx context.Context, n *testbed.Node, kind testbed.Kind) *life {
	l := &life{at: time.Now()}
	l.wait.Go(func() {
		for ctx.Err() == nil {
			l.once(ctx, n, kind)
			_ = rest(ctx, time.Second) // a refused device tries again, as people do
		}
	})
	return l
}

// once keeps one flow until it ends or brings nothing more.
func (l *life) once(ctx context.Context, n *testbed.Node, kind testbed.Kind) {
	f, err := n.Start(ctx, kind, testbed.InternetIPv6)
	if err != nil {
		return // refused: that is what the table shows
	}
	l.flow.Store(f)
	for before := uint64(0); f.Err() == nil && rest(ctx, 2*time.Second) == nil; before = f.Bytes() {
		if f.Bytes() == before {
			break
		}
	}
	f.Close()
	l.flow.Store(nil)
	l.bytes.Add(f.Bytes())
}

// rate is what has come in since the last look, in bit/s.
func (l *life) rate() float64 {
	now, total := time.Now(), l.bytes.Load()
	if f := l.flow.Load(); f != nil {
		total += f.Bytes()
	}
	moved := float64(total) - float64(l.seen)
	bits := max(0, moved) * 8 / now.Sub(l.at).Seconds()
	l.seen, l.at = total, now
	return bits
}

// lives are all that a device does; one that does nothing has none.
type lives []*life

// rate of all, for people.
func (ls lives) rate() string {
	if len(ls) == 0 {
		return ""
	}
	var bits float64
	for _, l := range ls {
		bits += l.rate()
	}
	return fmt.Sprintf("%.1f Mbit/s", bits/1e6)
}
