package devices

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/policies"
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

// fakeSource is a LAN.
type fakeSource struct {
	turn
	bridged       map[policies.MAC]bool
	err           error
	views         int
	subscriptions int
	broken        chan struct{}
	bell          func()
}

func (s *fakeSource) view() (view, error) {
	s.pass()
	s.views++
	return view{bridged: s.bridged}, s.err
}

func (s *fakeSource) subscribe(_ <-chan struct{}, bell func()) (<-chan struct{}, error) {
	s.pass()
	s.subscriptions++
	s.broken, s.bell = make(chan struct{}), bell
	return s.broken, s.err
}

// watch runs a watcher in a bubble; sets receives what it saw.
func watch(t *testing.T, leases string, f func(s *fakeSource, sets *[][]Sighting, log *bytes.Buffer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var (
			log  bytes.Buffer
			sets [][]Sighting
		)
		s := &fakeSource{bridged: map[policies.MAC]bool{}}
		w := &Watcher{source: s, leases: leases, log: slog.New(slog.NewTextHandler(&log, nil)), bell: make(chan struct{}, 1)}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := w.Run(ctx, func(set []Sighting) { sets = append(sets, set) }); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		f(s, &sets, &log)
		cancel()
		<-done
	})
}

func TestManyEventsAreOneLook(t *testing.T) {
	watch(t, "", func(s *fakeSource, sets *[][]Sighting, _ *bytes.Buffer) {
		if len(*sets) != 1 {
			t.Fatalf("%d sets at first", len(*sets))
		}
		views := s.views
		s.bridged[phone] = true
		for range 20 {
			s.bell()
			s.sleep(5 * time.Millisecond)
		}
		s.sleep(time.Second)
		if len(*sets) != 2 || s.views > views+2 || !(*sets)[1][0].Present {
			t.Errorf("%d looks, sets %v", s.views-views, *sets)
		}
		s.bell()
		s.sleep(time.Second)
		if len(*sets) != 2 {
			t.Error("the same set was handed on again")
		}
		views = s.views
		s.sleep(time.Hour)
		if s.views != views {
			t.Errorf("an idle hour made %d looks", s.views-views)
		}
	})
}

func TestBrokenSubscriptionIsMadeAgain(t *testing.T) {
	watch(t, "", func(s *fakeSource, sets *[][]Sighting, _ *bytes.Buffer) {
		s.bridged[phone] = true
		close(s.broken)
		s.sleep(time.Second)
		if s.subscriptions != 2 || len(*sets) != 2 {
			t.Errorf("%d subscriptions, sets %v", s.subscriptions, *sets)
		}
	})
}

func TestMissingLANIsToldOnceAndFoundLater(t *testing.T) {
	watch(t, "", func(s *fakeSource, sets *[][]Sighting, log *bytes.Buffer) {
		s.err = errors.New("there is none")
		close(s.broken)
		s.sleep(10 * time.Minute)
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("log:\n%s", log.String())
		}
		s.err, s.bridged[phone] = nil, true
		s.sleep(2 * lookEvery)
		if len(*sets) != 2 {
			t.Errorf("sets %v", *sets)
		}
	})
}

func TestLeaseFileIsFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "leases")
	watch(t, path, func(s *fakeSource, sets *[][]Sighting, _ *bytes.Buffer) {
		if err := os.WriteFile(path, []byte("0 02:00:00:00:00:0a 192.168.7.10 phone *\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.sleep(lookEvery)
		if len(*sets) != 2 || (*sets)[1][0].Hostname != "phone" || (*sets)[1][0].Present {
			t.Errorf("sets %v", *sets)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		s.sleep(lookEvery)
		if len(*sets) != 3 {
			t.Errorf("sets %v after the file was removed", *sets)
		}
	})
}
