package registry

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	workers = 8        // that take messages of boxes; all those of one box go to one of them, in order
	maxHeld = 64 << 20 // bytes that wait for them
	// maxOfBox is how many such messages of one box wait: four queries may answer at once.
	maxOfBox = 600
)

// message is what a box said.
type message struct {
	box, what string
	body      []byte
	at        time.Time // when it came
	more      [][]byte  // the next bodies of a kind that goes on
}

// size is how many bytes a message holds.
func (m message) size() int {
	n := len(m.body)
	for _, body := range m.more {
		n += len(body)
	}
	return n
}

// goesOn reports whether each message of a kind says something else.
func goesOn(what string) bool { return what == wire.UpResult || what == wire.UpEnded }

// inbox holds what waits for the workers: of each box and each kind only the newest, because each is whole; of those that
// go on as many as there is room for. So a box that floods delays itself, and while the database is away the memory stays
// bounded.
type inbox struct {
	seed   maphash.Seed
	queues [workers]queue
}

// queue is what waits for one worker.
type queue struct {
	mu    sync.Mutex
	boxes []string             // in the order of their oldest message
	of    map[string][]message // by box, in the order of the kinds' first arrival
	held  int                  // bytes
	some  chan struct{}        // holds one while boxes has any
}

func newInbox() *inbox {
	in := &inbox{seed: maphash.MakeSeed()}
	for i := range in.queues {
		in.queues[i].of = map[string][]message{}
		in.queues[i].some = make(chan struct{}, 1)
	}
	return in
}

// put keeps a message in place of an older one of its kind. False: there is no room for it.
func (in *inbox) put(m message) bool { return in.keep(m, false) }

// putBack keeps a message that could not be taken, unless a newer one of its kind has come.
func (in *inbox) putBack(m message) { in.keep(m, true) }

func (in *inbox) keep(m message, again bool) bool {
	q := in.queueOf(m.box)
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.put(m, again)
}

func (in *inbox) queueOf(box string) *queue { return &in.queues[maphash.String(in.seed, box)%workers] }

func (q *queue) put(m message, again bool) bool {
	list, known := q.of[m.box]
	for i, old := range list {
		if old.what != m.what || goesOn(m.what) {
			continue
		}
		if again { // something newer has come meanwhile
			return true
		}
		q.held += len(m.body) - len(old.body)
		list[i] = m
		return true
	}
	if q.held+m.size() > maxHeld/workers || goesOn(m.what) && len(list) >= maxOfBox {
		return false
	}
	q.held += m.size()
	q.of[m.box] = append(list, m)
	if !known {
		q.boxes = append(q.boxes, m.box)
	}
	q.tell()
	return true
}

func (q *queue) tell() {
	select {
	case q.some <- struct{}{}:
	default:
	}
}

// next waits for a box and takes all that it said. Nothing: ctx has ended.
func (q *queue) next(ctx context.Context) []message {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-q.some:
		}
		if list := q.take(); list != nil {
			return list
		}
	}
}

func (q *queue) take() []message {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.boxes) == 0 {
		return nil
	}
	box := q.boxes[0]
	q.boxes = q.boxes[1:]
	list := q.of[box]
	delete(q.of, box)
	for _, m := range list {
		q.held -= m.size()
	}
	if len(q.boxes) > 0 {
		q.tell()
	}
	return list
}

// gathered is messages of one box with all its results in one, so that they are one write.
func gathered(list []message) []message {
	first := -1
	kept := list[:0:0]
	for _, m := range list {
		switch {
		case m.what != wire.UpResult:
		case first < 0:
			first = len(kept)
		default:
			kept[first].more = append(append(kept[first].more, m.body), m.more...)
			continue
		}
		kept = append(kept, m)
	}
	return kept
}
