package devices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/carebox-project/carebox/policies"
)

const (
	debounce  = 250 * time.Millisecond // a device that joins makes a handful of events
	lookEvery = 15 * time.Second       // for the lease file, and for a LAN that was not there
)

// source is what a watcher looks at.
type source interface {
	view() (view, error)
	subscribe(done <-chan struct{}, bell func()) (broken <-chan struct{}, err error)
}

// Watcher follows the LAN of one box.
type Watcher struct {
	source source
	leases string // path, "" for none
	log    *slog.Logger
	bell   chan struct{}

	last    []Sighting
	known   map[policies.MAC]bool
	stamp   time.Time // of the lease file that was read
	parsed  []lease
	trouble string
}

// New makes a watcher of a LAN link and of a lease file of dnsmasq ("" for none, and it may be missing).
func New(lan, leases string, log *slog.Logger) *Watcher {
	return &Watcher{source: kernel{lan: lan}, leases: leases, log: log, bell: make(chan struct{}, 1)}
}

// Run calls seen with the whole set, at first and whenever it has changed, until ctx ends. Everything that asks the kernel is done
// on the calling goroutine. A LAN or a kernel that fails is logged once and asked again.
func (w *Watcher) Run(ctx context.Context, seen func([]Sighting)) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	done, broken := w.subscribe(ctx)
	defer func() { close(done) }()
	w.look(seen, true)
	for {
		changed := true
		select {
		case <-ctx.Done():
			return nil
		case <-broken:
			close(done)
			done, broken = w.subscribe(ctx)
		case <-w.bell:
			if !pause(ctx, debounce) {
				return nil
			}
			w.drain()
		case <-tick.C:
			changed = w.trouble != "" || w.leasesChanged()
		}
		if changed {
			w.look(seen, false)
		}
	}
}

// subscribe is asked again a while after a failure: broken is then closed late.
func (w *Watcher) subscribe(ctx context.Context) (chan struct{}, <-chan struct{}) {
	done := make(chan struct{})
	broken, err := w.source.subscribe(done, w.ring)
	if err == nil {
		return done, broken
	}
	w.complain(err)
	late := make(chan struct{})
	go func() {
		defer close(late)
		pause(ctx, lookEvery)
	}()
	return done, late
}

func (w *Watcher) ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

func (w *Watcher) drain() {
	select {
	case <-w.bell:
	default:
	}
}

// pause reports whether the time passed before ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// look reads everything and hands the set on if it is another one.
func (w *Watcher) look(seen func([]Sighting), first bool) {
	v, err := w.source.view()
	if err == nil {
		v.leases, err = w.readLeases()
	}
	w.complain(err)
	if err != nil {
		return
	}
	set := collect(v, w.known)
	if !first && equal(set, w.last) {
		return
	}
	w.last = set
	w.known = make(map[policies.MAC]bool, len(set))
	for _, s := range set {
		w.known[s.MAC] = true
	}
	seen(set)
}

// complain logs a trouble when it begins and when it has ended.
func (w *Watcher) complain(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	switch {
	case text != "" && text != w.trouble:
		w.log.Warn("devices cannot be seen", "error", err)
	case text == "" && w.trouble != "":
		w.log.Info("devices can be seen again")
	}
	w.trouble = text
}

// leasesChanged reports whether the lease file is another one than was read. One that is gone has no time of change.
func (w *Watcher) leasesChanged() bool {
	var stamp time.Time
	if info, err := os.Stat(w.leases); err == nil {
		stamp = info.ModTime()
	}
	return !stamp.Equal(w.stamp)
}

// readLeases reads the lease file if it has changed.
func (w *Watcher) readLeases() ([]lease, error) {
	if w.leases == "" {
		return nil, nil
	}
	f, err := os.Open(w.leases)
	if errors.Is(err, fs.ErrNotExist) {
		w.stamp, w.parsed = time.Time{}, nil
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading leases: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading leases %q: %w", w.leases, err)
	}
	if info.ModTime().Equal(w.stamp) {
		return w.parsed, nil
	}
	data, err := io.ReadAll(io.LimitReader(f, maxLeases))
	if err != nil {
		return nil, fmt.Errorf("reading leases %q: %w", w.leases, err)
	}
	w.stamp, w.parsed = info.ModTime(), parseLeases(data)
	return w.parsed, nil
}
