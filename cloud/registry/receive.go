package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	workers = 8  // that take messages of boxes; all those of one box go to one of them, in order
	waiting = 16 // messages before each: at 400 KB the memory of a flood stays bounded
	// ahead is how far a box's revision may lie above the database's and be believed after a restore.
	ahead = 1_000_000
)

type message struct {
	box, what string
	body      []byte
}

type inbox struct {
	seed   maphash.Seed
	queues []chan message
}

func newInbox() *inbox {
	in := &inbox{seed: maphash.MakeSeed()}
	for range workers {
		in.queues = append(in.queues, make(chan message, waiting))
	}
	return in
}

// put waits while the box's worker is busy; the broker drops what does not fit behind that.
func (in *inbox) put(box, what string, body []byte) {
	in.queues[maphash.String(in.seed, box)%workers] <- message{box, what, body}
}

func (r *Registry) work(ctx context.Context, queue <-chan message) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case m := <-queue:
			r.receive(ctx, m)
		}
	}
}

var (
	errLong    = errors.New("message is too long")
	errOther   = errors.New("message speaks for another box")
	errUnknown = errors.New("message of an unknown kind")
)

// receive takes one message of a box, which may be anything.
func (r *Registry) receive(ctx context.Context, m message) {
	err := r.take(ctx, m, time.Now())
	kind := m.what
	switch {
	case errors.Is(err, errUnknown):
		kind = "unknown"
	case errors.Is(err, ErrNotFound):
		r.Log.Debug("heard a box that belongs to no home", "box", m.box)
	case errors.Is(err, ErrUnavailable):
		r.Log.Warn("could not take a message", "box", m.box, "kind", m.what, "error", err)
	case err != nil:
		kind = "malformed"
		r.Log.Debug("refused a message", "box", m.box, "kind", m.what, "error", err)
	}
	r.metric.received.WithLabelValues(kind).Inc()
}

func (r *Registry) take(ctx context.Context, m message, now time.Time) error {
	switch m.what {
	case wire.UpHello:
		var hello wire.Hello
		if err := decode(m.body, wire.MaxHello, &hello); err != nil {
			return err
		}
		return r.hello(ctx, m.box, hello, now)
	case wire.UpHeartbeat:
		var beat wire.Heartbeat
		if err := decode(m.body, wire.MaxHello, &beat); err != nil {
			return err
		}
		r.pending.add(Sign{Box: m.box, Seen: now, Revision: max(beat.Revision, 0)})
		return nil
	case wire.UpReported:
		return r.reported(ctx, m, now)
	case wire.UpGone:
		r.pending.add(Sign{Box: m.box, Gone: now, Revision: -1})
		return nil
	}
	return errUnknown
}

func decode(body []byte, limit int, into any) error {
	if len(body) > limit {
		return fmt.Errorf("%w: %d bytes", errLong, len(body))
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("reading message: %w", err)
	}
	return nil
}

// hello keeps what a box says about itself and brings it up to date.
func (r *Registry) hello(ctx context.Context, box string, hello wire.Hello, now time.Time) error {
	if hello.Box != box || hello.Schema < 1 {
		return errOther
	}
	r.pending.add(Sign{Box: box, Seen: now, Revision: -1})
	record, err := r.Store.HomeOf(ctx, box)
	if err != nil {
		return err
	}
	if !sameBox(record.Box.Hello, hello) {
		if err := r.Store.Greet(ctx, hello); err != nil {
			return err
		}
		record.Box.Hello = hello
		r.announce(record.Home.ID)
	}
	return r.bring(ctx, record, hello.Revision)
}

func sameBox(a, b wire.Hello) bool {
	return a.Schema == b.Schema && a.Version == b.Version && a.TZ == b.TZ &&
		strings.Join(a.Capabilities, "\n") == strings.Join(b.Capabilities, "\n")
}

// repair brings a box up to date whose heartbeat names another revision than the asked one.
func (r *Registry) repair(ctx context.Context, box string, revision int64) {
	record, err := r.Store.HomeOf(ctx, box)
	if err == nil {
		err = r.bring(ctx, record, revision)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		r.Log.Warn("could not repair a box", "box", box, "error", err)
	}
}

// bring publishes what is asked to a box that has an older revision. A box that has a newer one remembers what the
// database has lost: the asked policy gets a number above, which the box will take.
func (r *Registry) bring(ctx context.Context, record Record, revision int64) error {
	asked := record.Asked
	if revision <= asked.Revision {
		if revision < asked.Revision {
			r.publish(record)
		}
		return nil
	}
	if revision > asked.Revision+ahead {
		r.Log.Warn("a box names an impossible revision", "box", record.Box.ID, "revision", revision, "asked", asked.Revision)
		return nil
	}
	r.Log.Warn("a box is ahead of the database", "box", record.Box.ID, "revision", revision, "asked", asked.Revision)
	next := Document{Home: asked.Home, Policy: asked.Policy, Actor: itself(), Change: Change{Code: CodeRenumber}, At: stamp(time.Now())}
	_, err := r.append(ctx, record, next, revision)
	if stale := (*Stale)(nil); errors.As(err, &stale) {
		return nil // somebody else has made a revision; the next heartbeat looks again
	}
	return err
}

// reported keeps what a box says is in force.
func (r *Registry) reported(ctx context.Context, m message, now time.Time) error {
	var said wire.Reported
	if err := decode(m.body, wire.MaxReported, &said); err != nil {
		return err
	}
	if said.Box != m.box {
		return errOther
	}
	digest, err := digest(said)
	if err != nil {
		return err
	}
	document := strings.ToValidUTF8(string(m.body), "\uFFFD")
	home, changed, err := r.Store.Report(ctx, Said{Box: m.box, Document: document, Digest: digest, At: stamp(now)})
	if err != nil {
		return err
	}
	sign := Sign{Box: m.box, Seen: now, Revision: -1}
	if !changed {
		sign.Reported = now
	}
	r.pending.add(sign)
	if changed {
		r.announce(home)
	}
	return nil
}

// digest is of all that matters in a Reported: not the time at which it was said, nor refusals counted.
func digest(said wire.Reported) (string, error) {
	said.At = time.Time{}
	if said.Cut != nil {
		cut := *said.Cut
		cut.Refusals = 0
		said.Cut = &cut
	}
	data, err := json.Marshal(said)
	if err != nil {
		return "", fmt.Errorf("encoding report: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
