package uplink

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// turn orders what a test does to its fakes before whatever the loop finds afterwards: the loop's timers order nothing.
type turn struct{ sync.Mutex }

func (t *turn) pass() {
	t.Lock()
	defer t.Unlock()
}

// sleep lets time pass in a bubble.
func (t *turn) sleep(d time.Duration) {
	t.pass()
	time.Sleep(d)
	synctest.Wait()
}

// fakeLink is a connection that keeps what was said on it.
type fakeLink struct {
	turn
	said   []string
	gone   chan error
	closed bool
	slow   time.Duration // of each publish
	heard  func(what string)
}

func (l *fakeLink) publish(topic string, _ []byte) error {
	l.pass()
	time.Sleep(l.slow)
	what := topic[strings.LastIndex(topic, "/")+1:]
	l.said = append(l.said, what)
	if l.heard != nil {
		l.heard(what)
	}
	return nil
}

func (l *fakeLink) lost() <-chan error { return l.gone }
func (l *fakeLink) close()             { l.closed = true }

// inBubble runs an uplink whose connections come from connect.
func inBubble(t *testing.T, connect func() (*fakeLink, error), asks func(time.Time) []wire.Ask, f func(u *Uplink, log *bytes.Buffer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		u := New(Config{Box: "box-1", Now: time.Now, Asks: asks}, newInbox(), slog.New(slog.NewTextHandler(&log, nil)))
		u.connect = func(context.Context) (link, error) {
			l, err := connect()
			if err != nil {
				return nil, err
			}
			return l, nil
		}
		stop := start(t, u)
		f(u, &log)
		stop()
	})
}

func TestHeartbeatsAndNewestReport(t *testing.T) {
	l := &fakeLink{}
	connect := func() (*fakeLink, error) {
		l.gone = make(chan error, 1)
		return l, nil
	}
	inBubble(t, connect, nil, func(u *Uplink, _ *bytes.Buffer) {
		synctest.Wait()
		if want := []string{"hello"}; !slices.Equal(l.said, want) {
			t.Errorf("said %v, want %v", l.said, want)
		}
		l.sleep(41 * time.Second)
		if want := []string{"hello", "heartbeat", "heartbeat"}; !slices.Equal(l.said, want) {
			t.Errorf("said %v, want %v", l.said, want)
		}
		l.said, l.slow = nil, time.Second
		u.Report(wire.Reported{})
		synctest.Wait() // it is on its way
		for i := range 100 {
			u.Report(wire.Reported{Accepted: int64(i)})
		}
		l.sleep(5 * time.Second)
		if want := []string{"reported", "reported"}; !slices.Equal(l.said, want) {
			t.Errorf("a report on its way and a hundred more made %v, want %v", l.said, want)
		}
	})
	if l.said[len(l.said)-1] != "gone" || !l.closed {
		t.Errorf("at the end: said %v, closed %v", l.said, l.closed)
	}
}

// An ask is said at once, and each minute until somebody has answered; on another connection it is said again.
func TestAsksAreSaidUntilTheyAreAnswered(t *testing.T) {
	var mu sync.Mutex
	var open []wire.Ask
	said := 0
	var gone chan error
	connect := func() (*fakeLink, error) {
		mu.Lock()
		defer mu.Unlock()
		gone = make(chan error, 1) // of the bubble
		return &fakeLink{gone: gone, heard: func(what string) {
			mu.Lock()
			defer mu.Unlock()
			if what == wire.UpAsk {
				said++
			}
		}}, nil
	}
	book := func(time.Time) []wire.Ask {
		mu.Lock()
		defer mu.Unlock()
		return open
	}
	inBubble(t, connect, book, func(u *Uplink, _ *bytes.Buffer) {
		set := func(ids ...string) {
			mu.Lock()
			defer mu.Unlock()
			open = nil
			for _, id := range ids {
				open = append(open, wire.Ask{ID: id})
			}
		}
		expect := func(after time.Duration, want int) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if said != want {
				t.Errorf("said %d asks, want %d", said, want)
			}
		}
		expect(30*time.Second, 0)
		set("a")
		u.Asked()
		expect(time.Millisecond, 1)
		set("a", "b")
		u.Asked()
		expect(time.Millisecond, 2)
		expect(time.Minute-time.Second, 2)
		expect(21*time.Second, 4)
		set("b")
		expect(time.Minute, 5)
		mu.Lock()
		gone <- errors.New("lost")
		mu.Unlock()
		expect(firstWait, 6)
		set()
		expect(time.Hour, 6)
	})
}

// What was ended at the box is said at once, and in each Hello as long as the cloud has not heard of it.
func TestEndedGrantsAreSaidAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		untold := []wire.Ended{{Grant: "g", By: wire.EndedByBox, At: time.Now()}}
		u := New(Config{Box: "box-1", Now: time.Now, Ended: func() []wire.Ended { return untold }}, newInbox(), slog.New(slog.DiscardHandler))
		l := &wholeLink{gone: make(chan error, 1)}
		u.connect = func(context.Context) (link, error) { return l, nil }
		stop := start(t, u)
		synctest.Wait()
		u.Ended()
		synctest.Wait()
		l.gone <- errors.New("lost")
		time.Sleep(longestWait)
		synctest.Wait()
		want := []string{"hello 1", "ended 1", "hello 1"}
		if !slices.Equal(l.said, want) {
			t.Errorf("said %v, want %v", l.said, want)
		}
		untold = nil
		u.Ended()
		synctest.Wait()
		l.gone <- errors.New("lost")
		time.Sleep(longestWait)
		synctest.Wait()
		if want = append(want, "hello 0"); !slices.Equal(l.said, want) {
			t.Errorf("said %v, want %v", l.said, want)
		}
		stop()
	})
}

// wholeLink keeps how many ended grants each message named.
type wholeLink struct {
	said []string
	gone chan error
}

func (l *wholeLink) publish(topic string, payload []byte) error {
	what := topic[strings.LastIndex(topic, "/")+1:]
	if what == wire.UpHello || what == wire.UpEnded {
		l.said = append(l.said, fmt.Sprintf("%s %d", what, bytes.Count(payload, []byte(`"grant"`))))
	}
	return nil
}

func (l *wholeLink) lost() <-chan error { return l.gone }
func (l *wholeLink) close()             {}

// Results wait for a connection as long as somebody wants them, and no longer.
func TestResultsWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := New(Config{Box: "box-1", Now: time.Now}, newInbox(), slog.New(slog.DiscardHandler))
		for range maxResults {
			if err := u.Say(t.Context(), wire.Result{}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, wire.RefusedDeadline)
		defer cancel()
		if err := u.Say(ctx, wire.Result{}); !errors.Is(err, wire.RefusedDeadline) {
			t.Errorf("said one too many: %v", err)
		}
	})
}

func TestWaitsGrowAndStartOverAfterAStablePeriod(t *testing.T) {
	var at turn
	var attempts []time.Time
	away := true
	var l *fakeLink
	connect := func() (*fakeLink, error) {
		at.pass()
		attempts = append(attempts, time.Now())
		if away {
			return nil, errors.New("nobody is there")
		}
		l = &fakeLink{gone: make(chan error, 1)}
		return l, nil
	}
	inBubble(t, connect, nil, func(u *Uplink, log *bytes.Buffer) {
		at.sleep(24 * time.Hour)
		// Waits are even between 0 and a minute in the long run.
		if n := len(attempts); n < 2300 || n > 3500 {
			t.Errorf("%d attempts in a day", n)
		}
		for i := 1; i < len(attempts); i++ {
			if wait := attempts[i].Sub(attempts[i-1]); wait > longestWait {
				t.Fatalf("waited %v", wait)
			}
		}
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("a day without a cloud made %d lines:\n%s", n, log.String())
		}
		away = false
		at.sleep(longestWait)
		if c := u.Connection(); !c.Connected || c.Error != "" {
			t.Fatalf("connection %+v", c)
		}
		at.sleep(stablePeriod)
		lost := time.Now()
		l.gone <- errors.New("broker restarted")
		at.sleep(firstWait)
		if again := attempts[len(attempts)-1]; !again.After(lost) && !again.Equal(lost) {
			t.Errorf("no attempt within %v of losing a stable connection", firstWait)
		}
	})
}

func TestConnectionsThatBreakAtOnceDoNotResetTheWaits(t *testing.T) {
	var attempts int
	connect := func() (*fakeLink, error) {
		attempts++
		l := &fakeLink{gone: make(chan error, 1)}
		l.gone <- errors.New("thrown out")
		return l, nil
	}
	inBubble(t, connect, nil, func(*Uplink, *bytes.Buffer) {
		time.Sleep(time.Hour)
		synctest.Wait()
		if attempts > 200 {
			t.Errorf("%d attempts within an hour at a broker that throws the box out", attempts)
		}
	})
}

func TestJitterIsFull(t *testing.T) {
	for attempt, bound := range map[int]time.Duration{0: time.Second, 3: 8 * time.Second, 6: time.Minute, 1000: time.Minute} {
		var least, most time.Duration = time.Hour, 0
		for range 1000 {
			d := jitter(attempt)
			least, most = min(least, d), max(most, d)
		}
		if least > bound/10 || most < bound*9/10 || most > bound {
			t.Errorf("attempt %d waits %v to %v, want 0 to %v", attempt, least, most, bound)
		}
	}
}
