// Package registry keeps what each home has decided and what its box has said about it.
//
// A change is one transaction, then a publish: it is numbered, stored, signed and sent to the box, and only then
// announced to whoever watches the home. A publish that is lost loses nothing: the database is the truth, and the next
// Hello or heartbeat of the box, which carry the revision it has accepted, brings the newest document again.
//
// Every replica is alike. What a registry holds in memory is either dropped at will (signs of life that wait for the
// next write, one second at most) or belongs to a caller that is still there (watchers).
package registry

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/policies/wire"
)

// documents keeps homes and their revisions.
type documents interface {
	// AddHomes adds homes with their first document, in one transaction. ErrTaken.
	AddHomes(ctx context.Context, seeds []Seed) error
	// Append stores a document as the next revision of its home, above all before it and above floor, if base is the
	// newest; else ErrMoved. It gives the document with its number.
	Append(ctx context.Context, doc Document, base, floor int64) (Document, error)
	// Revisions are the newest documents of a home below before, newest first.
	Revisions(ctx context.Context, home string, before int64, limit int) ([]Document, error)
	// ChangesOf are those that were made under a support session, newest first.
	ChangesOf(ctx context.Context, home, session string) ([]Step, error)
}

// homes finds homes as they are.
type homes interface {
	// Home is a home by its id. ErrNotFound.
	Home(ctx context.Context, id string) (Record, error)
	// HomeOf is the home of a box. ErrNotFound.
	HomeOf(ctx context.Context, box string) (Record, error)
	// Lost are the homes whose box was heard last within (from, to], or left a will there and was not heard since.
	Lost(ctx context.Context, seen, gone Between) ([]string, error)
}

// boxes keeps what boxes say.
type boxes interface {
	// AssignBox gives a box to a home in place of the one it has. ErrNotFound, ErrTaken.
	AssignBox(ctx context.Context, home, box string) error
	// Greet keeps what a Hello says about the box itself.
	Greet(ctx context.Context, hello wire.Hello) error
	// Report keeps a Reported, and which revision it proves. Where the one before had the same digest, that one stays.
	Report(ctx context.Context, said Said) (Heard, error)
}

// signs keeps signs of life.
type signs interface {
	// Mark keeps signs and tells what they mean, given that a box last heard before lost had been unreachable.
	Mark(ctx context.Context, signs []Sign, lost time.Time) (Meaning, error)
}

type store interface {
	documents
	homes
	boxes
	signs
	asks
	households
	minutes
	claims
}

// link carries messages. Sending is to be quick and may lose them.
type link interface {
	Send(box, what string, message []byte) error                 // to a box
	Announce(home string) error                                  // to all replicas
	Receive(handle func(box, what string, message []byte)) error // from boxes, each message to one replica
}

// ear hears announcements.
type ear interface {
	Hear(heard func(home string)) error
}

// crier wakes people. It is quick and may lose what it is told.
type crier interface{ Tell(Event) }

// carer keeps what lets people measure boxes, and what boxes answer.
type carer interface {
	// Greeted: a box has connected; these were ended at the box itself.
	Greeted(ctx context.Context, box string, ended []wire.Ended) error
	EndedAtBox(ctx context.Context, box string, e wire.Ended) error
	Answered(ctx context.Context, box string, list []wire.Result) error
}

// keys are the operator's.
type keys interface {
	// Of is the key that signs for a box.
	Of(ctx context.Context, box string) ed25519.PrivateKey
	// Greeted: a box says which keys it believes. Due: it waits for a letter of another one.
	Greeted(ctx context.Context, box, key, next string) (due bool, err error)
}

// Config is what a registry stands on.
type Config struct {
	Store store
	Link  interface {
		link
		ear
	}
	Keys    keys
	Herald  crier // nil: nobody is woken
	Care    carer // nil: nobody measures boxes
	Log     *slog.Logger
	Metrics prometheus.Registerer
}

// Registry answers for all homes. Its methods may be called at once from many goroutines.
type Registry struct {
	Config
	metric   *metric
	pending  *pending
	watchers *watchers
}

// New makes a registry. It hears boxes and announcements while Run runs.
func New(c Config) *Registry {
	return &Registry{Config: c, metric: newMetric(c.Metrics), pending: newPending(), watchers: newWatchers()}
}

// Run listens to boxes and other replicas and writes signs of life each second, until ctx ends.
func (r *Registry) Run(ctx context.Context) error {
	if err := r.Link.Hear(r.watchers.look); err != nil {
		return err
	}
	in := newInbox()
	if err := r.Link.Receive(r.listener(in)); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for i := range in.queues {
		group.Go(func() error { return r.work(ctx, in, &in.queues[i]) })
	}
	group.Go(func() error { return r.keepPresence(ctx) })
	group.Go(func() error { return r.keepNotices(ctx) })
	return group.Wait()
}
