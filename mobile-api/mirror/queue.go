package mirror

import "sync"

const (
	maxWaiting = 1 << 20 // bytes of the picture that wait for one agent
	maxTold    = 256     // texts that wait for anybody
)

// Queue is what waits for one socket: texts first, then the picture. The picture never waits beyond a limit: past it all of
// it is forgotten, and goes on with a key frame.
type Queue struct {
	mu      sync.Mutex
	texts   [][]byte
	frames  [][]byte
	waiting int
	gap     bool
	closed  bool
	wake    chan struct{}
}

// NewQueue is empty, and begins with a gap: a picture begins with a key frame.
func NewQueue() *Queue { return &Queue{gap: true, wake: make(chan struct{}, 1)} }

// Tell adds a text, unless the last word was said. False: too many wait already.
func (q *Queue) Tell(text []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return true
	}
	if len(q.texts) >= maxTold {
		return false
	}
	q.texts = append(q.texts, text)
	q.ring()
	return true
}

// Last adds a text and lets nothing come after it; what of the picture waits is forgotten.
func (q *Queue) Last(text []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.texts, q.frames, q.waiting, q.closed = append(q.texts, text), nil, 0, true
	q.ring()
}

// Show adds a piece of the picture, or leaves it out.
func (q *Queue) Show(f Frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || (q.gap && (!f.Key || f.Part > 0)) {
		return
	}
	most := maxWaiting
	if f.Key {
		most = maxKey + maxParts*headLength // one is always taken whole
	}
	if f.Key && f.Part == 0 { // what was before it is not needed any more
		q.frames, q.waiting = nil, 0
	}
	if q.waiting+len(f.Bytes) > most {
		q.frames, q.waiting, q.gap = nil, 0, true
		return
	}
	q.gap = false
	q.frames, q.waiting = append(q.frames, f.Bytes), q.waiting+len(f.Bytes)
	q.ring()
}

// Next takes what is to be written next. Nothing: wait for Wake. Done: nothing will come any more.
func (q *Queue) Next() (message []byte, binary, done bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.texts) > 0:
		message, q.texts = q.texts[0], q.texts[1:]
		return message, false, false
	case len(q.frames) > 0:
		message, q.frames = q.frames[0], q.frames[1:]
		q.waiting -= len(message)
		return message, true, false
	}
	return nil, false, q.closed
}

// Wake has a value when there may be something to take.
func (q *Queue) Wake() <-chan struct{} { return q.wake }

// Wants reports whether a key frame is wanted and would find the queue drained.
func (q *Queue) Wants() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.gap && len(q.frames) == 0 && !q.closed
}

func (q *Queue) ring() {
	select {
	case q.wake <- struct{}{}:
	default: // it rings already
	}
}
