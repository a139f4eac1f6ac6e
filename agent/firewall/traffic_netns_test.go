package firewall

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// counter counts datagrams until its socket is closed.
type counter struct {
	n    atomic.Int64
	done sync.WaitGroup
}

func newCounter(c net.PacketConn) *counter {
	count := &counter{}
	count.done.Go(func() {
		buf := make([]byte, 2048)
		for {
			if _, _, err := c.ReadFrom(buf); err != nil {
				return
			}
			count.n.Add(1)
		}
	})
	return count
}

func (c *counter) get() int { return int(c.n.Load()) }

func (c *counter) wait() { c.done.Wait() }

// flood sends a burst of datagrams each millisecond, whatever comes back, and returns how many.
func flood(ctx context.Context, c net.Conn, burst int) int {
	payload := make([]byte, 200)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for sent := 0; ; {
		select {
		case <-ctx.Done():
			return sent
		case <-tick.C:
		}
		for range burst {
			if _, err := c.Write(payload); err == nil {
				sent++
			}
		}
	}
}

// watch counts the alarms of Watch.
func (l *lab) watch(t *testing.T) *counter {
	t.Helper()
	alarms := &counter{}
	ctx, stop := context.WithCancel(context.Background())
	f := l.f
	alarms.done.Go(func() {
		err := l.Box.Do(func() error { return f.Watch(ctx, func() { alarms.n.Add(1) }) })
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); alarms.wait() })
	// The subscription is there once a change of a stranger has been heard of.
	await(t, "the watch begins", func() bool {
		l.run("iptables-"+l.backend, "-A", "FORWARD", "-i", "guest", "-j", "DROP")
		return alarms.get() > 0
	})
	return alarms
}
