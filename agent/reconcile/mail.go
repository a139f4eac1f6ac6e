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
	interrupt func()            // ends what is under way …
	urgent    func(letter) bool // … when this has arrived, so that it need not wait
}

type letter struct {
	message  []byte             // a signed Desired
	oversize int                // bytes of a message that was not read
	seen     []devices.Sighting // the whole set
	looked   bool               // seen holds
	asked    bool               // there is another ask
	damaged  bool               // somebody else may have changed our chains
	tuned    bool               // something has happened on the radios
}

// document reports whether there is one.
func (l letter) document() bool { return l.message != nil }

// cuts reports whether this may cut somebody, or mend a cut.
func (l letter) cuts() bool { return l.message != nil || l.damaged }

func newMail() *mail {
	return &mail{bell: make(chan struct{}, 1), interrupt: func() {}, urgent: letter.document}
}

func (m *mail) leave(put func(*letter)) {
	m.mu.Lock()
	put(&m.got)
	if m.urgent(m.got) {
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

// interruptible calls stop when something urgent arrives from now on, or has arrived already.
func (m *mail) interruptible(stop func(), urgent func(letter) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.interrupt, m.urgent = stop, urgent
	if urgent(m.got) {
		stop()
	}
}
