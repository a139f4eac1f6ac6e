// Package uplink keeps a box in touch with its cloud: MQTT over mutual TLS, Hello and heartbeat and Reported out, Desired in;
// and for support grants and queries in, results out.
//
// It connects, and connects again with full jitter, for as long as it runs. Everything is QoS 0 in clean sessions: what matters is
// whole and newest in each message, so nothing is queued and nothing is repeated but the newest Reported. What comes in is handed on
// unread; a message longer than [wire.MaxDesired] is skipped on the wire and only its length is handed on.
package uplink

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	heartbeatEvery = 20 * time.Second // the cloud calls a box unreachable after 2.5 of them
	askEvery       = time.Minute      // an ask that has no answer yet is said again
	callTimeout    = 10 * time.Second // of each single thing asked of the network
	stablePeriod   = 30 * time.Second // a connection that lasted this long starts the waits over
	firstWait      = time.Second      // upper bound of the first wait; each next one doubles it
	longestWait    = time.Minute
	maxResults     = 8 // that wait for their turn, or for a connection
)

// Inbox takes what the cloud says. Its methods return at once.
type Inbox interface {
	Receive(message []byte) // a signed Desired, unread
	Oversize(bytes int)     // a message that was too long to be read
	Grant(message []byte)   // a signed grant, unread
	Query(message []byte)   // a query, unread
}

// Config of an uplink.
type Config struct {
	Box          string
	Version      string // of the agent
	Capabilities []string
	Now          func() time.Time               // the box's clock
	Asks         func(now time.Time) []wire.Ask // that have no answer yet; nil for none ever
	Ended        func() []wire.Ended            // grants that were ended at the box; nil for none ever
	Pins         pins                           // nil for a box that says nothing of them
	Dial         Dial
}

// pins are the operator's keys that the box believes.
type pins interface {
	Said() (key, next string) // by their fingerprints
	Succeed(message []byte) error
}

// Connection is what is known about the way to the cloud.
type Connection struct {
	Connected bool      `json:"connected"`
	Since     time.Time `json:"since"`           // of this state
	Error     string    `json:"error,omitempty"` // why not connected
}

// link is one connection on which the subscription stands.
type link interface {
	publish(topic string, payload []byte) error
	lost() <-chan error // one value, when the connection is gone
	close()
}

// Uplink is the way of one box to its cloud. Run works; the other methods are for any goroutine.
type Uplink struct {
	cfg     Config
	log     *slog.Logger
	connect func(context.Context) (link, error)
	bell    chan struct{} // rings when latest has changed
	asked   chan struct{} // rings when there is another ask
	ended   chan struct{} // rings when another grant was ended at the box
	results chan wire.Result
	greets  chan struct{} // rings when there is something else to say of the box itself

	mu     sync.Mutex
	latest *wire.Reported
	state  Connection
}

// New makes an uplink that hands what comes in to inbox.
func New(cfg Config, inbox Inbox, log *slog.Logger) *Uplink {
	u := &Uplink{
		cfg: cfg, log: log, bell: make(chan struct{}, 1), asked: make(chan struct{}, 1), ended: make(chan struct{}, 1),
		greets: make(chan struct{}, 1), results: make(chan wire.Result, maxResults), state: Connection{Since: cfg.Now()},
	}
	u.connect = func(ctx context.Context) (link, error) { return connect(ctx, cfg, u.hands(inbox)) }
	return u
}

// Report sets what is to be reported. The newest wins: an older one that was not sent yet never is.
func (u *Uplink) Report(r wire.Reported) {
	u.mu.Lock()
	u.latest = &r
	u.mu.Unlock()
	ring(u.bell)
}

// Asked takes notice of another ask: it is said at once, where there is a connection.
func (u *Uplink) Asked() { ring(u.asked) }

// Ended takes notice of another grant that was ended at the box: it is said at once, where there is a connection.
func (u *Uplink) Ended() { ring(u.ended) }

// Say sends a result when its turn comes. It waits for room until ctx ends.
func (u *Uplink) Say(ctx context.Context, r wire.Result) error {
	select {
	case u.results <- r:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Greet says Hello again, where there is a connection: the box is not what it said.
func (u *Uplink) Greet() { ring(u.greets) }

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// Connection is the state of the way to the cloud.
func (u *Uplink) Connection() Connection {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.state
}

// hands take what comes in, by its topic.
func (u *Uplink) hands(inbox Inbox) hands {
	in := hands{inbox: inbox, by: map[string]func([]byte){
		wire.Down(u.cfg.Box, wire.DownDesired): inbox.Receive, wire.Down(u.cfg.Box, wire.DownGrant): inbox.Grant,
		wire.Down(u.cfg.Box, wire.DownQuery): inbox.Query,
	}}
	if u.cfg.Pins != nil {
		in.by[wire.Down(u.cfg.Box, wire.DownKey)] = u.succeed
	}
	return in
}

// succeed takes a letter that names the operator's next key.
func (u *Uplink) succeed(message []byte) {
	if err := u.cfg.Pins.Succeed(message); err != nil {
		u.log.Warn("refused the operator's next key", "error", err)
	}
}

// Run connects and serves until ctx ends.
func (u *Uplink) Run(ctx context.Context) error {
	var attempt int
	for ctx.Err() == nil {
		begun := time.Now()
		if err := u.once(ctx); ctx.Err() == nil {
			u.changed(false, err)
		}
		if time.Since(begun) >= stablePeriod {
			attempt = 0
		}
		select {
		case <-ctx.Done():
		case <-time.After(jitter(attempt)):
		}
		attempt++
	}
	return nil
}

// jitter is how long to wait before a repeated attempt: anything up to a bound that doubles, so that boxes that lost
// the same broker do not come back together.
func jitter(attempt int) time.Duration {
	return rand.N(min(firstWait<<min(attempt, 10), longestWait))
}

// once makes one connection and serves it until it is lost or ctx ends.
func (u *Uplink) once(ctx context.Context) error {
	dial, cancel := context.WithTimeout(ctx, 2*callTimeout)
	l, err := u.connect(dial)
	cancel()
	if err != nil {
		return err
	}
	defer l.close()
	if err := u.serve(ctx, l); err != nil {
		return err
	}
	// The will is only sent for a connection that breaks. This is a goodbye.
	return l.publish(wire.Up(u.cfg.Box, wire.UpGone), nil)
}

func (u *Uplink) serve(ctx context.Context, l link) error {
	if err := u.hello(l); err != nil {
		return err
	}
	if err := u.reported(l); err != nil {
		return err
	}
	said := map[string]time.Time{} // asks, on this connection
	if err := u.ask(l, said); err != nil {
		return err
	}
	u.changed(true, nil)
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case err := <-l.lost():
			return fmt.Errorf("connection was lost: %w", err)
		case <-beat.C:
			err = u.send(l, wire.UpHeartbeat, wire.Heartbeat{Revision: u.accepted(), At: u.cfg.Now()})
			if err == nil {
				err = u.ask(l, said)
			}
		case <-u.asked:
			err = u.ask(l, said)
		case <-u.greets:
			err = u.hello(l)
		case <-u.bell:
			err = u.reported(l)
		case <-u.ended:
			err = u.end(l)
		case r := <-u.results:
			err = u.send(l, wire.UpResult, r)
		}
		if err != nil {
			return err
		}
	}
}

func (u *Uplink) hello(l link) error {
	select {
	case <-u.greets: // it rang for what is sent now
	default:
	}
	var key, next string
	if u.cfg.Pins != nil {
		key, next = u.cfg.Pins.Said()
	}
	return u.send(l, wire.UpHello, wire.Hello{
		Box:          u.cfg.Box,
		Schema:       wire.Schema,
		Version:      u.cfg.Version,
		Revision:     u.accepted(),
		TZ:           policies.TZVersion,
		Capabilities: u.cfg.Capabilities,
		At:           u.cfg.Now(),
		Ended:        u.untold(),
		Key:          key,
		Next:         next,
	})
}

// untold are the grants that were ended at the box and of which the cloud has not said that it knows.
func (u *Uplink) untold() []wire.Ended {
	if u.cfg.Ended == nil {
		return nil
	}
	return u.cfg.Ended()
}

// end says each of them.
func (u *Uplink) end(l link) error {
	for _, e := range u.untold() {
		if err := u.send(l, wire.UpEnded, e); err != nil {
			return err
		}
	}
	return nil
}

func (u *Uplink) reported(l link) error {
	select {
	case <-u.bell: // it rang for what is sent now
	default:
	}
	u.mu.Lock()
	latest := u.latest
	u.mu.Unlock()
	if latest == nil {
		return nil
	}
	return u.send(l, wire.UpReported, latest)
}

// ask says the asks that were not said for a while.
func (u *Uplink) ask(l link, said map[string]time.Time) error {
	if u.cfg.Asks == nil {
		return nil
	}
	for _, a := range u.cfg.Asks(u.cfg.Now()) {
		if last, was := said[a.ID]; was && time.Since(last) < askEvery {
			continue
		}
		said[a.ID] = time.Now()
		if err := u.send(l, wire.UpAsk, a); err != nil {
			return err
		}
	}
	return nil
}

func (u *Uplink) send(l link, what string, document any) error {
	payload, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", what, err)
	}
	if err := l.publish(wire.Up(u.cfg.Box, what), payload); err != nil {
		return fmt.Errorf("sending %s: %w", what, err)
	}
	return nil
}

// accepted is the newest revision that passed its checks, 0 for none.
func (u *Uplink) accepted() int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.latest == nil {
		return 0
	}
	return u.latest.Accepted
}

// changed keeps the state, and logs where it is another one: a cloud that is away for a week makes one line.
func (u *Uplink) changed(connected bool, err error) {
	u.mu.Lock()
	before := u.state
	if before.Connected != connected {
		u.state = Connection{Connected: connected, Since: u.cfg.Now()}
	}
	if err != nil {
		u.state.Error = err.Error()
	}
	first := !connected && before.Error == ""
	u.mu.Unlock()
	switch {
	case connected && !before.Connected:
		u.log.Info("connected")
	case before.Connected && !connected:
		u.log.Warn("disconnected", "error", err)
	case first:
		u.log.Warn("could not connect", "error", err)
	}
}
