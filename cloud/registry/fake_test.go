package registry

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// memory is a store that forgets, with one home, h1, and its box. It is away while down is set.
type memory struct {
	mu       sync.Mutex
	record   Record
	digest   string
	down     bool
	list     []Ask
	claims   map[string]bool
	children []Child
}

func (m *memory) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprintf("revision %d, %+v", m.record.Asked.Revision, *m.record.Box)
}

func (m *memory) set(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

// use runs do unless the database is away.
func (m *memory) use(do func()) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return ErrUnavailable
	}
	do()
	return nil
}

func (m *memory) AddHomes(context.Context, []Seed) error               { return ErrTaken }
func (m *memory) AssignBox(context.Context, string, string) error      { return ErrTaken }
func (m *memory) HomeOf(ctx context.Context, _ string) (Record, error) { return m.Home(ctx, "h1") }

func (m *memory) ChangesOf(context.Context, string, string) ([]Step, error) { return nil, nil }

func (m *memory) Revisions(context.Context, string, int64, int) ([]Document, error) {
	return nil, ErrNotFound
}

func (m *memory) Home(context.Context, string) (record Record, err error) {
	err = m.use(func() {
		life := *m.record.Box
		record = m.record
		record.Box = &life
	})
	return record, err
}

func (m *memory) Append(_ context.Context, doc Document, base, floor int64) (Document, error) {
	moved := false
	err := m.use(func() {
		if moved = base != m.record.Asked.Revision; !moved {
			doc.Revision = max(base, floor) + 1
			m.record.Asked = doc
		}
	})
	if moved {
		return doc, ErrMoved
	}
	return doc, err
}

func (m *memory) Greet(_ context.Context, hello wire.Hello) error {
	return m.use(func() { m.record.Box.Hello = hello })
}

func (m *memory) Report(_ context.Context, said Said) (Heard, error) {
	heard := Heard{Home: "h1"}
	err := m.use(func() {
		heard.Changed = m.digest != said.Digest
		m.digest, m.record.Box.Reported, m.record.Box.ReportedAt = said.Digest, []byte(said.Document), said.At
	})
	return heard, err
}

func (m *memory) Mark(_ context.Context, signs []Sign, lost time.Time) (meaning Meaning, err error) {
	err = m.use(func() {
		for _, s := range signs {
			life := m.record.Box
			if !s.Seen.IsZero() && (life.Seen.Before(lost) || !life.Gone.Before(life.Seen)) {
				meaning.Back = append(meaning.Back, "h1")
			}
			life.Seen, life.Gone = later(life.Seen, s.Seen), later(life.Gone, s.Gone)
			if s.Revision >= 0 && s.Revision != m.record.Asked.Revision {
				meaning.Differ = append(meaning.Differ, s)
			}
		}
	})
	return meaning, err
}

func (m *memory) Lost(_ context.Context, seen, gone Between) (lost []string, err error) {
	within := func(t time.Time, b Between) bool { return t.After(b.From) && !t.After(b.To) }
	err = m.use(func() {
		life := m.record.Box
		if within(life.Seen, seen) || (within(life.Gone, gone) && !life.Gone.Before(life.Seen)) {
			lost = []string{"h1"}
		}
	})
	return lost, err
}

// air is a link without a broker.
type air struct {
	mu     sync.Mutex
	handle func(box, what string, message []byte)
	heard  func(home string)
	sent   [][]byte
	cut    bool // nothing can be sent
}

func (a *air) Send(_, _ string, message []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cut {
		return fmt.Errorf("no connection")
	}
	a.sent = append(a.sent, message)
	return nil
}

func (a *air) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sent)
}

func (a *air) Announce(home string) error                       { a.heard(home); return nil }
func (a *air) Receive(handle func(_, _ string, _ []byte)) error { a.handle = handle; return nil }
func (a *air) Hear(heard func(home string)) error               { a.heard = heard; return nil }

type publicKey = ed25519.PublicKey

// oneKey signs for every box.
type oneKey struct{ ed25519.PrivateKey }

func (k oneKey) Of(context.Context, string) ed25519.PrivateKey { return k.PrivateKey }

func (k oneKey) Greeted(context.Context, string, string, string) (bool, error) { return false, nil }

// still is a registry over the fakes that does not run.
func still(t *testing.T) (*Registry, *memory, *air) {
	t.Helper()
	seed, err := NewSeed(Home{ID: "h1"}, "Europe/Paris", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{claims: map[string]bool{}, record: Record{Home: seed.Home, Asked: seed.First, Box: &Life{ID: "box-1"}}}
	a := &air{heard: func(string) {}}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Store: m, Link: a, Keys: oneKey{key}, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()}), m, a
}

// lab is the same, running.
func lab(t *testing.T) (*Registry, *memory, *air) {
	t.Helper()
	r, m, a := still(t)
	run(t, r)
	return r, m, a
}

func run(t *testing.T, r *Registry) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func (m *memory) AddAsk(_ context.Context, ask Ask, _ time.Time, limit int) (added bool, err error) {
	err = m.use(func() {
		added = len(m.list) < limit && !slices.ContainsFunc(m.list, func(o Ask) bool { return o.ID == ask.ID })
		if added {
			m.list = append([]Ask{ask}, m.list...)
		}
	})
	return added, err
}

func (m *memory) Asks(context.Context, string, time.Time, int) (list []Ask, err error) {
	err = m.use(func() { list = slices.Clone(m.list) })
	return list, err
}

func (m *memory) AnswerAsk(_ context.Context, _, id string, answer AskAnswer, from []wire.AskState) (moved bool, err error) {
	err = m.use(func() { moved = m.answer(id, answer, from) })
	return moved, err
}

func (m *memory) answer(id string, answer AskAnswer, from []wire.AskState) bool {
	for i, ask := range m.list {
		if ask.ID == id && slices.Contains(from, ask.Answer.State) {
			m.list[i].Answer = answer
			return true
		}
	}
	return false
}

func (m *memory) AppendGrant(_ context.Context, doc Document, base int64, id string, answer AskAnswer) (Document, error) {
	wrong := error(nil)
	err := m.use(func() {
		switch {
		case base != m.record.Asked.Revision:
			wrong = ErrMoved
		case !m.answer(id, answer, unanswered()):
			wrong = ErrNotFound
		default:
			doc.Revision = base + 1
			m.record.Asked = doc
		}
	})
	return doc, errors.Join(err, wrong)
}

func (m *memory) RenameHome(_ context.Context, _, name string) error {
	return m.use(func() { m.record.Home.Name = name })
}

func (m *memory) DropHome(context.Context, string, string) error { return ErrNotFound }

func (m *memory) Farewell(context.Context, string) (Farewell, error) { return Farewell{}, ErrNotFound }
func (m *memory) SetFarewell(context.Context, Farewell) error        { return ErrNotFound }
func (m *memory) EndFarewell(context.Context, string) error          { return ErrNotFound }

func (m *memory) Claim(_ context.Context, _ string, keys []string, _ time.Time) (fresh []string, err error) {
	err = m.use(func() {
		for _, key := range keys {
			if !m.claims[key] {
				m.claims[key], fresh = true, append(fresh, key)
			}
		}
	})
	return fresh, err
}

func (m *memory) Release(_ context.Context, _, key string) (mine bool, err error) {
	err = m.use(func() {
		mine = m.claims[key]
		delete(m.claims, key)
	})
	return mine, err
}

func (m *memory) SweepClaims(context.Context, time.Time) error { return m.use(func() {}) }

func (m *memory) Silent(_ context.Context, seen Between, key string) (homes []string, err error) {
	err = m.use(func() {
		if at := m.record.Box.Seen; at.After(seen.From) && !at.After(seen.To) && !m.claims[key] {
			homes = []string{"h1"}
		}
	})
	return homes, err
}

func (m *memory) Returned(_ context.Context, since time.Time, key string) (homes []string, err error) {
	err = m.use(func() {
		if m.record.Box.Seen.After(since) && m.claims[key] {
			homes = []string{"h1"}
		}
	})
	return homes, err
}

func (m *memory) Children(context.Context) (all []Child, err error) {
	err = m.use(func() { all = slices.Clone(m.children) })
	return all, err
}

func (m *memory) CountOnline(context.Context, string, []Counted, policies.Date) error { return nil }

func (m *memory) AllOnline(context.Context, string) ([]Online, error) { return nil, nil }

func (m *memory) Online(context.Context, string, string, policies.Date) ([]Online, error) {
	return nil, nil
}
