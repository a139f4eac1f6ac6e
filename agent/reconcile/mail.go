package reconcile

import (
	"sync"

	"github.com/carebox-project/carebox/agent/devices"
)

// mail is what other goroutines leave for the one that changes the box. Of each kind only the newest is kept: level, never edge.
type mail struct {
	bell chan struct{}

	mu        sync.Mutex
	got       letter
	interrupt func() // ends a proof that is under way, so that a document need not wait for it
}

type letter struct {
	message  []byte             // a signed Desired
	oversize int                // bytes of a message that was not read
	seen     []devices.Sighting // the whole set
	looked   bool               // seen holds
	asked    bool               // there is another ask
	damaged  bool               // somebody else may have changed our chains
}

func newMail() *mail { return &mail{bell: make(chan struct{}, 1), interrupt: func() {}} }

func (m *mail) leave(put func(*letter)) {
	m.mu.Lock()
	put(&m.got)
	if m.got.message != nil {
		m.interrupt()
	}
	m.mu.Unlock()
	m.ring()
}

func (m *mail) ring() {
	select {
	case m.bell <- struct{}{}:
	default:
	}
}

func (m *mail) take() letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := m.got
	m.got = letter{}
	return got
}

// interruptible calls stop when a document arrives from now on, or has arrived already.
func (m *mail) interruptible(stop func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.interrupt = stop
	if m.got.message != nil {
		stop()
	}
}
