package assist

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

var operator = ed25519.NewKeyFromSeed([]byte("carebox test key, signs nothing!"))

// fakeStore is a disk that may refuse, or lose what it holds.
type fakeStore struct {
	mu      sync.Mutex
	body    []byte
	damaged bool
	broken  bool
	saves   int
}

func (s *fakeStore) LoadGrants(func([]byte) error) ([]byte, bool, error) {
	return s.body, !s.damaged, nil
}

func (s *fakeStore) SaveGrants(body []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errors.New("the disk is full")
	}
	s.body, s.saves = bytes.Clone(body), s.saves+1
	return nil
}

// breaks has the disk refuse, or not.
func (s *fakeStore) breaks(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// saved is how often something was saved.
func (s *fakeStore) saved() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saves
}

// box is a desk with everything around it, in a bubble's time.
type box struct {
	t       *testing.T
	desk    *Desk
	store   *fakeStore
	step    time.Duration // that the box's wall clock is off
	boot    string
	began   time.Time // of the boot
	measure func(ctx context.Context, q wire.Query, say func(any) error) (any, error)
	cancel  context.CancelFunc
	log     bytes.Buffer

	mu      sync.Mutex
	results []wire.Result
	told    int
}

// inBubble runs a test in a time of its own with a box that was just started.
func inBubble(t *testing.T, f func(b *box)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &box{t: t, store: &fakeStore{}, boot: "boot-1", began: time.Now().Add(-time.Hour)}
		b.measure = func(context.Context, wire.Query, func(any) error) (any, error) { return map[string]int{"sent": 1}, nil }
		b.start()
		f(b)
		b.stop()
	})
}

// oneKey is an operator's key that nothing follows.
type oneKey struct{ ed25519.PublicKey }

func (k oneKey) Try(open func(ed25519.PublicKey) error) error { return open(k.PublicKey) }

// start starts the agent, stop kills it.
func (b *box) start() {
	b.t.Helper()
	key, _ := operator.Public().(ed25519.PublicKey)
	desk, err := Open(Config{Box: "box-1", Keys: oneKey{key}, Boot: b.boot}, Parts{
		Store: b.store, Now: b.wall, Sure: b.wall, Since: func() time.Duration { return time.Since(b.began) },
		Measure: b.work,
		Say:     b.say, Ended: func() { b.told++ },
	}, slog.New(slog.NewTextHandler(&b.log, nil)))
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := desk.Run(ctx); err != nil {
			b.t.Error(err)
		}
	}()
	b.desk, b.cancel = desk, func() {
		cancel()
		<-done
	}
}

func (b *box) stop() { b.cancel() }

// powerCut starts the kernel anew; the wall clock then shows anything.
func (b *box) powerCut(step time.Duration) {
	b.stop()
	b.step, b.boot, b.began = step, b.boot+"'", time.Now()
	b.start()
}

func (b *box) wall() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Now().Add(b.step)
}

// set changes what is around the desk: timers order nothing, so a lock does.
func (b *box) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

// work measures as the test wants it.
func (b *box) work(ctx context.Context, q wire.Query, say func(any) error) (any, error) {
	b.mu.Lock()
	measure := b.measure
	b.mu.Unlock()
	return measure(ctx, q, say)
}

func (b *box) say(_ context.Context, r wire.Result) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.results = append(b.results, r)
	return nil
}

// grant is a letter of a quarter of an hour that begins now, by the true time.
func (b *box) grant(change func(*wire.Grant)) []byte {
	b.t.Helper()
	now := time.Now().Unix()
	g := wire.Grant{
		ID: "g1", Home: "home:h1", Actor: wire.Actor{Sub: "staff:julie", Iss: "carebox"}, Box: "box-1", Scope: "see diagnose",
		Issued: now, Expires: now + 900, Revision: 1, Name: "Julie",
	}
	if change != nil {
		change(&g)
	}
	message, err := wire.SignGrant(operator, g)
	if err != nil {
		b.t.Fatal(err)
	}
	return message
}

func (b *box) send(letters ...[]byte) {
	for _, l := range letters {
		b.desk.Grant(l)
	}
	synctest.Wait()
}

// ask sends a query and is its last word: "" for an answer to the end.
func (b *box) ask(grant string) wire.Refusal {
	b.t.Helper()
	b.mu.Lock()
	b.results = nil
	b.mu.Unlock()
	b.query("q", grant, wire.QueryPing, `{"host":"192.0.2.1"}`)
	return b.last("q").Error
}

func (b *box) query(id, grant string, kind wire.QueryKind, args string) {
	b.t.Helper()
	message, err := json.Marshal(wire.Query{ID: id, Grant: grant, Kind: kind, Args: json.RawMessage(args), Seconds: 60})
	if err != nil {
		b.t.Fatal(err)
	}
	b.desk.Query(message)
	synctest.Wait()
}

// last is the last word to a query.
func (b *box) last(id string) wire.Result {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.IndexFunc(b.results, func(r wire.Result) bool { return r.Query == id && r.Done })
	if at < 0 {
		b.t.Fatalf("query %q has no last word: %v\n%s", id, b.results, b.log.String())
	}
	return b.results[at]
}

// expect holds a query under the grant g1 against what is wanted.
func (b *box) expect(what string, want wire.Refusal) {
	b.t.Helper()
	if got := b.ask("g1"); got != want {
		b.t.Errorf("%s: %q, want %q\n%s", what, got, want, b.log.String())
	}
}

func (b *box) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return fmt.Sprint(b.results)
}
