package mirror

import (
	"sync"
	"time"
)

const (
	maxTaped = 4 << 20          // bytes that wait to be kept
	maxTaken = 768 << 10        // bytes that are kept at once
	soonKept = 512 << 10        // bytes that are kept without waiting for more
	keyEvery = 60 * time.Second // from where a picture can be played, where it moves
)

// Taped is a frame and when it came.
type Taped struct {
	At    time.Time
	Frame []byte
}

// Tape is what waits to be kept of a customer's screen while they want that. It begins with a key frame that comes after it
// was turned on, holds nothing from before, and never waits beyond a limit: past it all of it is forgotten, and it begins again.
type Tape struct {
	mu    sync.Mutex
	on    bool
	gap   bool // it waits for a key frame
	moved bool // since the last one
	key   time.Time
	list  []Taped
	held  int
	wake  chan struct{}
}

// NewTape is off.
func NewTape() *Tape { return &Tape{wake: make(chan struct{}, 1)} }

// Turn turns it on or off. What waits when it is turned off is forgotten.
func (t *Tape) Turn(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if on != t.on {
		t.on = on
		t.forget()
	}
}

// Lost tells that what was taken was not kept: it goes on with a key frame.
func (t *Tape) Lost() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget()
}

func (t *Tape) forget() { t.list, t.held, t.gap = nil, 0, true }

// Add adds a frame, or leaves it out.
func (t *Tape) Add(f Frame, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	begins := f.Key && f.Part == 0
	if !t.on || t.gap && !begins {
		return
	}
	if t.held+len(f.Bytes) > maxTaped {
		t.forget()
		return
	}
	t.gap, t.moved = false, !f.Key
	if begins {
		t.key = at
	}
	t.list, t.held = append(t.list, Taped{at, f.Bytes}), t.held+len(f.Bytes)
	if f.Key && f.Part == f.Parts-1 || t.held >= soonKept {
		select {
		case t.wake <- struct{}{}:
		default: // it rings already
		}
	}
}

// Wants reports whether a key frame is wanted.
func (t *Tape) Wants(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.on && (t.gap || t.moved && now.Sub(t.key) >= keyEvery)
}

// Take takes what is to be kept next out of it, nothing if there is none.
func (t *Tape) Take() []Taped {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, size := 0, 0
	for n < len(t.list) && (n == 0 || size+len(t.list[n].Frame) <= maxTaken) {
		size += len(t.list[n].Frame)
		n++
	}
	taken := t.list[:n:n]
	t.list, t.held = t.list[n:], t.held-size
	return taken
}

// Wake has a value when something is to be kept soon.
func (t *Tape) Wake() <-chan struct{} { return t.wake }
