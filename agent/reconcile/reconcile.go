// Package reconcile makes one box agree with its policy: it holds the one goroutine that may change the box.
//
// Whenever something may have changed it computes what should be true now, applies it, and proves it: level, never edge. It accepts a
// document whole or refuses it whole, keeps the accepted one through restarts, and enforces it from disk before anybody looks for a
// network. What it reports was seen in the kernel. When its process ends the rules stay armed.
//
// Decisions ([Decide], [Judge]) are pure; everything that it touches comes in through [Parts].
package reconcile

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const callTimeout = 10 * time.Second // of each thing asked of the kernel

// Config of a reconciler.
type Config struct {
	Box   string
	Keys  keys
	Built time.Time // of the agent, zero if that is not known: a bound on the true time
	Line  policies.Line
}

// keys are the operator's: who may decide for the box.
type keys interface {
	Try(open func(key ed25519.PublicKey) error) error    // a letter that comes in
	Recall(open func(key ed25519.PublicKey) error) error // one that was accepted before
}

// enforcer is the packet filter.
type enforcer interface {
	Apply(context.Context, firewall.Wanted) error
	Prove(ctx context.Context, now time.Time, hosts map[string][]netip.Addr) (firewall.Proof, error)
	Traffic(context.Context) (map[string]uint64, error)
}

// store keeps the accepted document and the notes.
type store interface {
	Load(check func(desired []byte) error) ([]byte, state.Notes, error)
	SaveDesired(message []byte) error
	SaveNotes(state.Notes) error
}

// clock is the box's wall clock.
type clock interface {
	Now() time.Time
	Synchronised() bool // in the kernel's opinion
}

// asks are what offline devices have asked for. Its methods return at once.
type asks interface {
	Recall([]wire.Ask)             // those of an earlier life
	Answered([]wire.Answer)        // what was said to them: the whole list
	Open(now time.Time) []wire.Ask // those that nobody has answered yet
}

// Parts are what a reconciler works with. The last three are nil for a box without radios.
type Parts struct {
	Firewall    enforcer
	Marks       func() map[string]uint32 // of the firewall: by these the shaper knows devices
	Shaper      shaper
	Store       store
	Clock       clock
	Report      func(wire.Reported) // returns at once
	Reachable   func() bool         // the cloud, now; returns at once
	Asks        asks
	Limitations []func() []wire.Limitation
	WAN         func() (wire.WAN, error) // the way to the internet, now; nil: nobody looks
	Page        func() string            // where the box's own page is, looked at with it; nil: nobody looks

	Radio   tuner
	Look    func(context.Context) ([]policies.Radio, error) // what the radios are now
	KeptOff func() map[policies.MAC]bool                    // who of those that are to be kept off is
}

// Reconciler is the part that decides. Start and Run are for one goroutine, the other methods for any.
type Reconciler struct {
	cfg     Config
	parts   Parts
	log     *slog.Logger
	mail    *mail
	current atomic.Pointer[wire.Reported]
	known   atomic.Pointer[trust] // a copy of trust
	shown   atomic.Pointer[scene]

	doc      *document
	refused  *wire.Refused
	trust    trust
	moment   Moment
	plan     Plan
	planned  bool
	evidence evidence
	seen     []devices.Sighting
	traffic  map[string]uint64
	air      air
	kept     kept
	notes    notes
	proveAt  time.Time // monotonic, zero: nothing to prove before the next minute
	attempts int
	last     []byte // the newest report without its time

	out       *wire.WAN // the way to the internet as it was lookedOut at
	lookedOut time.Time // monotonic
	page      string    // as it was then
	clocks    clocks
	troubles  map[string]string // what fails at present, so that it is logged when it begins and when it ends
}

// New makes a reconciler that has decided nothing yet.
func New(cfg Config, parts Parts, log *slog.Logger) *Reconciler {
	r := &Reconciler{
		cfg: cfg, parts: parts, log: log, mail: newMail(), evidence: newEvidence(), troubles: map[string]string{},
	}
	r.learn(cfg.Built)
	return r
}

// Receive takes a signed Desired, unread.
func (r *Reconciler) Receive(message []byte) { r.mail.leave(func(l *letter) { l.message = message }) }

// Oversize takes notice of a message that was too long to be read.
func (r *Reconciler) Oversize(bytes int) { r.mail.leave(func(l *letter) { l.oversize = bytes }) }

// Asked takes notice of another ask, which must outlive a power cut.
func (r *Reconciler) Asked() { r.mail.leave(func(l *letter) { l.asked = true }) }

// Seen takes the whole set of devices in the home.
func (r *Reconciler) Seen(set []devices.Sighting) {
	r.mail.leave(func(l *letter) { l.seen, l.looked = set, true })
}

// Damaged takes notice that somebody else may have changed our rules.
func (r *Reconciler) Damaged() { r.mail.leave(func(l *letter) { l.damaged = true }) }

// Tuned takes notice that something has happened on the radios.
func (r *Reconciler) Tuned() { r.mail.leave(func(l *letter) { l.tuned = true }) }

// Stepped takes notice that the clock was set.
func (r *Reconciler) Stepped() { r.mail.ring() }

// Reported is the newest report.
func (r *Reconciler) Reported() wire.Reported {
	if rep := r.current.Load(); rep != nil {
		return *rep
	}
	return wire.Reported{Box: r.cfg.Box}
}

// Sure is an instant that has passed for certain, or the clock's if that is later: the time at which to judge certificates.
func (r *Reconciler) Sure() time.Time {
	return r.known.Load().sure(r.parts.Clock.Now(), time.Now())
}

// Trusted comes closest to the true time without being later, as far as anybody can know here: the clock's where it is synchronised, else
// what has passed for certain.
func (r *Reconciler) Trusted() time.Time {
	if r.parts.Clock.Synchronised() {
		return r.Sure()
	}
	return r.known.Load().passed(time.Now())
}

// Start enforces what is on disk. Nothing of it needs a network. It fails only if the disk cannot be read.
func (r *Reconciler) Start(ctx context.Context) error {
	var doc document
	message, saved, err := r.parts.Store.Load(func(message []byte) (err error) {
		doc, err = r.open(r.cfg.Keys.Recall, message)
		return err
	})
	if err != nil {
		return fmt.Errorf("starting from disk: %w", err)
	}
	r.notes.usage, r.notes.savedAt = saved.Usage, time.Now()
	r.evidence.newest = saved.Cut
	r.parts.Asks.Recall(saved.Asks)
	r.trust.recall(saved.Trusted, time.Now())
	if message != nil {
		r.doc = &doc
		r.expect()
		r.learn(doc.issued)
		r.parts.Asks.Answered(r.doc.asks)
	}
	r.pass(ctx)
	return nil
}
