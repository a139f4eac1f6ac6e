package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// ahead is how far a box's revision may lie above the database's and be believed after a restore.
const ahead = 1_000_000

// listener puts what boxes say into the inbox.
func (r *Registry) listener(in *inbox) func(box, what string, body []byte) {
	return func(box, what string, body []byte) {
		switch what {
		case wire.UpHello, wire.UpHeartbeat, wire.UpReported, wire.UpGone, wire.UpAsk, wire.UpEnded, wire.UpResult:
		default:
			r.metric.received.WithLabelValues("unknown").Inc()
			return
		}
		r.metric.received.WithLabelValues(what).Inc()
		if len(body) > wire.MaxReported {
			r.refuse(message{box: box, what: what}, errLong)
			return
		}
		if !in.put(message{box: box, what: what, body: body, at: time.Now()}) {
			r.metric.refused.WithLabelValues("no room").Inc()
		}
	}
}

func (r *Registry) work(ctx context.Context, in *inbox, queue *queue) error {
	for list := queue.next(ctx); list != nil; list = queue.next(ctx) {
		for _, m := range gathered(list) {
			if again := r.receive(ctx, m); again {
				in.putBack(m)
				pause(ctx)
			}
		}
	}
	return nil
}

var (
	errLong  = errors.New("message is too long")
	errOther = errors.New("message speaks for another box")
)

// pause gives a database that is away some time.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(beat):
	}
}

// receive takes one message of a box, which may be anything. Again: the database is away.
func (r *Registry) receive(ctx context.Context, m message) (again bool) {
	err := r.take(ctx, m)
	switch {
	case err == nil:
	case errors.Is(err, ErrUnavailable):
		r.Log.Warn("could not take a message yet", "box", m.box, "kind", m.what, "error", err)
		return true
	case errors.Is(err, ErrNotFound):
		r.Log.Debug("heard a box that belongs to no home", "box", m.box)
	default:
		r.refuse(m, err)
	}
	return false
}

func (r *Registry) refuse(m message, err error) {
	r.metric.refused.WithLabelValues("malformed").Inc()
	r.Log.Debug("refused a message", "box", m.box, "kind", m.what, "error", err)
}

func (r *Registry) take(ctx context.Context, m message) error {
	switch m.what {
	case wire.UpHello:
		return r.hello(ctx, m)
	case wire.UpHeartbeat:
		beat, err := wire.DecodeHeartbeat(m.body)
		if err != nil {
			return err
		}
		r.pending.add(Sign{Box: m.box, Seen: m.at, Revision: beat.Revision})
		return nil
	case wire.UpReported:
		return r.reported(ctx, m)
	case wire.UpAsk:
		return r.asked(ctx, m)
	case wire.UpEnded:
		return r.ended(ctx, m)
	case wire.UpResult:
		return r.answered(ctx, m)
	case wire.UpGone:
		r.pending.add(Sign{Box: m.box, Gone: m.at, Revision: -1})
	}
	return nil
}

// hello keeps what a box says about itself and brings it up to date.
func (r *Registry) hello(ctx context.Context, m message) error {
	hello, err := wire.DecodeHello(m.body)
	if err != nil {
		return err
	}
	if hello.Box != m.box {
		return errOther
	}
	hello.Version, hello.TZ = plain(hello.Version), plain(hello.TZ)
	r.pending.add(Sign{Box: m.box, Seen: m.at, Revision: -1})
	due, err := r.Keys.Greeted(ctx, m.box, hello.Key, hello.Next)
	if err != nil {
		return err
	}
	record, err := r.Store.HomeOf(ctx, m.box)
	if errors.Is(err, ErrNotFound) {
		return r.dismiss(ctx, m.box, hello.Revision, 0)
	}
	if err != nil {
		return err
	}
	if !sameBox(record.Box.Hello, hello) {
		if err := r.Store.Greet(ctx, hello); err != nil {
			return err
		}
		record.Box.Hello = hello
		r.Announce(record.Home.ID)
	}
	if due && hello.Revision == record.Asked.Revision {
		r.publish(ctx, record)
	}
	if err := r.bring(ctx, record, hello.Revision); err != nil || r.Care == nil {
		return err
	}
	return r.Care.Greeted(ctx, m.box, hello.Ended)
}

// answered hands on what a box answers. What cannot be read is dropped alone.
func (r *Registry) answered(ctx context.Context, m message) error {
	var list []wire.Result
	var wrong error
	for _, body := range append([][]byte{m.body}, m.more...) {
		one, err := wire.DecodeResult(body)
		if err != nil {
			wrong = err
			continue
		}
		list = append(list, one)
	}
	if len(list) > 0 && r.Care != nil {
		if err := r.Care.Answered(ctx, m.box, list); err != nil {
			return err
		}
	}
	return wrong
}

// ended hands on that somebody ended a grant at the box. One that is lost comes again in the next Hello.
func (r *Registry) ended(ctx context.Context, m message) error {
	e, err := wire.DecodeEnded(m.body)
	if err != nil || r.Care == nil {
		return err
	}
	return r.Care.EndedAtBox(ctx, m.box, e)
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
			r.publish(ctx, record)
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
func (r *Registry) reported(ctx context.Context, m message) error {
	said, err := wire.DecodeReported(m.body)
	if err != nil {
		return err
	}
	if said.Box != m.box {
		return errOther
	}
	digest, err := digest(said)
	if err != nil {
		return err
	}
	heard, err := r.Store.Report(ctx, Said{
		Box: m.box, Document: plain(string(m.body)), Digest: digest, InForce: said.InForce, Since: stamp(said.Since), At: stamp(m.at),
	})
	if errors.Is(err, ErrNotFound) {
		return r.dismiss(ctx, m.box, said.Accepted, said.InForce)
	}
	if err != nil {
		return err
	}
	sign := Sign{Box: m.box, Seen: m.at, Revision: -1}
	if !heard.Changed {
		sign.Reported = m.at
	}
	r.pending.add(sign)
	if !heard.Changed {
		return nil
	}
	r.Announce(heard.Home)
	return errors.Join(
		r.count(ctx, heard.Home, said, m.at), r.tellApplied(ctx, heard, stamp(m.at)), r.tellOfStrangers(ctx, heard.Home, said),
	)
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
