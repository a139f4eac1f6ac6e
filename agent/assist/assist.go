// Package assist lets the people that a family has asked for help measure its box, and nobody else.
//
// It keeps the operator's letters ([wire.Grant]) that allow it, and answers queries under them: no query without a letter
// that was signed for this box, is the newest of its kind, allows to measure, and has not come to its end. That end is
// kept here, by a clock that nobody can set, and with the cloud away. What was ended, or replaced by a narrower letter, is
// remembered through power cuts, so that an older letter that comes again opens nothing. Anybody in the home can end it all.
//
// It measures nothing itself and changes nothing on the box.
package assist

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	maxWaiting = 32          // letters, queries and refusals, of each
	keepEvery  = time.Minute // what is left of live letters is saved: a power cut gives none of it back
)

// store keeps what must outlive a power cut.
type store interface {
	LoadGrants(check func(body []byte) error) (body []byte, whole bool, err error)
	SaveGrants(body []byte) error
}

// keys are the operator's: whose letters count.
type keys interface {
	Try(open func(key ed25519.PublicKey) error) error
}

// Config of a desk.
type Config struct {
	Box  string
	Keys keys
	Boot string // the kernel's name for its life since it was started
}

// Parts are what a desk works with.
type Parts struct {
	Store store
	Now   func() time.Time     // the box's clock, for what is told
	Sure  func() time.Time     // the latest instant that is known to have passed: a clock that nobody keeps is not heeded
	Since func() time.Duration // since the kernel was started, sleep included
	// Measure answers a query: pieces by say, the last one as its result. An error that wraps a [wire.Refusal] is told as that.
	Measure func(ctx context.Context, q wire.Query, say func(data any) error) (last any, err error)
	Say     func(context.Context, wire.Result) error // to the cloud: waits for room until ctx ends
	Ended   func()                                   // there is another one in Untold; returns at once
}

// Helper is somebody who may do something on this box at present.
type Helper struct {
	Grant    string
	Name     string // "" where none was told
	Member   bool   // of the family; else of the operator's staff
	Measures bool   // may measure; else only what the cloud allows
	Left     time.Duration
}

// Desk keeps letters and answers queries. Run works; the other methods are for any goroutine.
type Desk struct {
	cfg     Config
	parts   Parts
	log     *slog.Logger
	letters chan []byte
	queries chan []byte
	refused chan wire.Result

	mu      sync.Mutex
	book    book
	running map[string]*inquiry
	begun   map[string][]time.Duration // queries of a grant in the last minute, since boot
	said    string                     // the newest complaint: one is logged once, however often it comes
	wait    sync.WaitGroup
}

// Open reads what is remembered. It fails only where the disk cannot be read.
func Open(cfg Config, parts Parts, log *slog.Logger) (*Desk, error) {
	d := &Desk{
		cfg: cfg, parts: parts, log: log, letters: make(chan []byte, maxWaiting), queries: make(chan []byte, maxWaiting),
		refused: make(chan wire.Result, maxWaiting),
		running: map[string]*inquiry{}, begun: map[string][]time.Duration{},
	}
	body, whole, err := parts.Store.LoadGrants(func(body []byte) error {
		_, err := recall(body)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading grants: %w", err)
	}
	if d.book, err = recall(body); err != nil {
		return nil, fmt.Errorf("reading grants: %w", err)
	}
	if !whole {
		d.book.Floor = max(d.book.Floor, parts.Sure().Unix())
		log.Warn("memory of grants was damaged: earlier ones are not believed any more")
	}
	return d, nil
}

// Grant takes a letter, unread. It returns at once; where too many wait it is lost: the cloud says it again with the next Hello.
func (d *Desk) Grant(message []byte) { leave(d.letters, message) }

// Query takes a query, unread. It returns at once; where too many wait it is lost.
func (d *Desk) Query(message []byte) { leave(d.queries, message) }

func leave(box chan<- []byte, message []byte) {
	select {
	case box <- message:
	default:
	}
}

// Run works until ctx ends, then ends what it measures.
func (d *Desk) Run(ctx context.Context) error {
	defer d.wait.Wait()
	d.wait.Go(func() { d.refuse(ctx) })
	for {
		next := time.NewTimer(d.tidy())
		select {
		case <-ctx.Done():
			next.Stop()
			return nil
		case message := <-d.letters:
			d.take(message)
		case message := <-d.queries:
			d.before()
			d.answer(ctx, message)
		case <-next.C:
		}
		next.Stop()
	}
}

// before takes the letters that came before a query, and those after it that end what it would begin.
func (d *Desk) before() {
	for {
		select {
		case message := <-d.letters:
			d.take(message)
		default:
			return
		}
	}
}

func (d *Desk) moment() moment {
	return moment{sure: d.parts.Sure(), boot: d.parts.Since(), id: d.cfg.Boot}
}

// take judges a letter, remembers it, and ends what it ends.
func (d *Desk) take(message []byte) {
	var g wire.Grant
	err := d.cfg.Keys.Try(func(key ed25519.PublicKey) (err error) {
		g, err = wire.OpenGrant(message, key, d.cfg.Box)
		return err
	})
	if err != nil {
		d.complain("refused a grant", err)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.moment()
	d.book.expire(now.boot)
	was := d.known(g.ID)
	changed, why := d.book.take(g, now)
	if changed {
		if err := d.save(now); err != nil && !g.Ended {
			d.undo(g.ID, was) // what cannot be remembered could come again after it was ended
			why = err
		}
	}
	d.cut()
	switch l := d.book.Letters[g.ID]; {
	case why != nil:
		d.complain("refused a grant", fmt.Errorf("grant %q, revision %d: %w", g.ID, g.Revision, why))
	case changed && l.live:
		d.log.Info("grant is live", "grant", g.ID, "revision", g.Revision, "scope", g.Scope, "left", (l.Deadline - now.boot).Round(time.Second))
	case changed:
		d.log.Info("grant has ended", "grant", g.ID, "revision", g.Revision)
	}
}

// complain logs what is another trouble than the newest one. Run alone calls it.
func (d *Desk) complain(what string, err error) {
	if text := what + err.Error(); text != d.said {
		d.said = text
		d.log.Warn(what, "error", err)
	}
}

// known is a copy of a letter, nil if there is none.
func (d *Desk) known(id string) *letter {
	if l := d.book.Letters[id]; l != nil {
		before := *l
		return &before
	}
	return nil
}

// undo is how a letter was that could not be saved. One that narrows another is kept: it allows less.
func (d *Desk) undo(id string, before *letter) {
	if before == nil {
		delete(d.book.Letters, id)
	} else if !before.live {
		d.book.Letters[id] = before
	}
}

func (d *Desk) save(now moment) error {
	body, err := d.book.note(now)
	if err == nil {
		err = d.parts.Store.SaveGrants(body)
	}
	if err != nil {
		err = fmt.Errorf("saving grants: %w", err)
		d.log.Error("could not remember a grant", "error", err)
	}
	return err
}

// tidy ends what has come to its end, and returns when to look again.
func (d *Desk) tidy() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.moment()
	for _, l := range d.book.live() {
		if l.Deadline <= now.boot {
			d.log.Info("grant has expired", "grant", l.Grant.ID)
		}
	}
	next, some := d.book.expire(now.boot)
	d.cut()
	for id, list := range d.begun {
		if len(recent(list, now.boot)) == 0 {
			delete(d.begun, id)
		}
	}
	if !some {
		return time.Hour
	}
	d.keep(now)
	return min(next-now.boot, keepEvery)
}

// keep saves what is left of live letters, now and then.
func (d *Desk) keep(now moment) {
	for _, l := range d.book.live() {
		if l.Left-(l.Deadline-now.boot) >= keepEvery {
			_ = d.save(now) // it is logged; the next minute tries again
			return
		}
	}
}

// Live are those who may do something here at present.
func (d *Desk) Live() []Helper {
	d.mu.Lock()
	defer d.mu.Unlock()
	boot := d.parts.Since()
	var all []Helper
	for _, l := range d.book.live() {
		if l.Deadline > boot {
			all = append(all, l.helper(boot))
		}
	}
	return all
}

// End ends a grant at the box's own wish, for good. False: it had ended before.
func (d *Desk) End(grant string) bool {
	d.mu.Lock()
	now := d.moment()
	ended := d.book.end(grant, d.parts.Now())
	if ended {
		d.log.Info("grant was ended at the box", "grant", grant)
		_ = d.save(now) // it is logged, and the grant has ended all the same
	}
	d.cut()
	d.mu.Unlock()
	if ended {
		d.parts.Ended()
	}
	return ended
}

// Untold are the grants that were ended here and of which the cloud has not said that it knows.
func (d *Desk) Untold() []wire.Ended {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.book.untold()
}

// encode is a piece of an answer.
func encode(data any) (json.RawMessage, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("encoding a result: %w", err)
	}
	if len(body) > wire.MaxResultData {
		return nil, fmt.Errorf("%w: a piece of %d bytes", wire.RefusedTooLarge, len(body))
	}
	return body, nil
}
