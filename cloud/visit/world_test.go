package visit_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/cloud/visit/visittest"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// town is stock and homes that hold real state, with an office on them.
type town struct {
	t      *testing.T
	mu     sync.Mutex
	now    time.Time
	store  *visittest.Store
	office *visit.Office
	key    ed25519.PrivateKey
	items  map[string]enrolment.State
	homes  map[string]*registry.State
	serve  int
	taken  int
	told   []string
}

func newTown(t *testing.T) *town {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, now: noon, store: visittest.New(), key: key, items: map[string]enrolment.State{}, homes: map[string]*registry.State{}}
	w.office = visit.NewOffice(visit.Config{Store: w.store, Boxes: w, Homes: w, Key: key, Now: w.clock, Log: slog.New(slog.DiscardHandler)})
	for _, box := range []string{"cb-1", "cb-2"} {
		w.items[box] = enrolment.StateMade
	}
	return w
}

func (w *town) clock() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *town) pass(d time.Duration) { w.mu.Lock(); defer w.mu.Unlock(); w.now = w.now.Add(d) }

func (w *town) Look(_ context.Context, box string) (enrolment.Item, []enrolment.Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	state, known := w.items[box]
	if !known {
		return enrolment.Item{}, nil, enrolment.ErrUnknown
	}
	return enrolment.Item{Made: enrolment.Made{Box: box, Model: "CB-1"}, State: state}, nil, nil
}

func (w *town) Serve(_ context.Context, box, _, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serve++
	w.items[box] = enrolment.StateServing
	return nil
}

func (w *town) Swap(_ context.Context, box, _, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.items[box].Assignable() {
		return enrolment.ErrMove
	}
	w.items[box] = enrolment.StateSwapped
	for _, s := range w.homes {
		if s.Box != nil && s.Box.ID == box {
			s.Box = nil
		}
	}
	w.store.Settle(box, "", time.Time{})
	return nil
}

func (w *town) Create(_ context.Context, home registry.Home, zone string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.homes[home.ID] != nil {
		return registry.ErrTaken
	}
	w.homes[home.ID] = &registry.State{Home: home, Asked: registry.Document{Home: home.ID, Revision: 1, Policy: policies.NewPolicy(zone)}}
	return nil
}

func (w *town) Assign(_ context.Context, home, box string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, s := range w.homes {
		if s.Box != nil && s.Box.ID == box && id != home {
			return registry.ErrTaken
		}
	}
	if w.homes[home].Box == nil || w.homes[home].Box.ID != box {
		w.homes[home].Box = &registry.Box{ID: box}
	}
	w.store.Settle(box, home, time.Time{})
	return nil
}

func (w *town) State(_ context.Context, home string) (registry.State, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.homes[home]
	if s == nil {
		return registry.State{}, registry.ErrNotFound
	}
	return *s, nil
}

func (w *town) Change(_ context.Context, home string, base int64, by registry.Edit) (registry.State, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.homes[home]
	if base != s.Asked.Revision {
		return registry.State{}, &registry.Stale{State: *s}
	}
	next := policies.Canonical(s.Asked.Policy)
	if err := by.Apply(&next); err != nil {
		return registry.State{}, err
	}
	if problems := policies.Validate(next); problems != nil {
		return registry.State{}, problems
	}
	s.Asked.Policy, s.Asked.Revision = next, base+1
	return *s, nil
}

func (w *town) Announce(about string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, about)
}

// boots is a box that has claimed, and says something.
func (w *town) boots(box, home string, said wire.Reported) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.items[box] == enrolment.StateMade {
		w.items[box] = enrolment.StateClaimed
	}
	w.homes[home].Box = &registry.Box{ID: box, Reachable: true, LastSeen: w.now, Reported: &said}
	w.store.Settle(box, home, w.now.Add(90*24*time.Hour))
}

// well is what a box says that has nothing to complain about; its line was measured.
func well() wire.Reported {
	return wire.Reported{
		Clock: wire.Clock{Synchronised: true}, WAN: &wire.WAN{Link: true, IPv4: true, IPv6: true},
		Radios: []policies.Radio{{Name: "wlan0", State: policies.RadioUp}},
		Line:   &policies.Line{Down: 500_000_000, Up: 100_000_000, Source: policies.LineMeasured},
	}
}

var (
	tech = visit.Who{Member: "tech", Name: "Théo", Email: "theo@example.org"}
	boss = visit.Who{Member: "boss", Name: "Inès", All: true}
)

// plan is the visit of an order, of tech.
func (w *town) plan(line visit.Line) visit.Visit {
	w.t.Helper()
	for _, d := range []struct {
		s    *string
		text string
	}{{&line.Ref, "A-1"}, {&line.Customer, "Zoé Été"}, {&line.Address, "1 rue du Port"}, {&line.Technician, "theo@example.org"}} {
		if *d.s == "" {
			*d.s = d.text
		}
	}
	if line.Day == "" {
		line.Slot = visit.Slot{Day: "2026-11-23", From: "12:00", To: "14:00"}
	}
	wrong, err := w.office.Plan(w.t.Context(), []visit.Line{line}, members)
	if err != nil || wrong != nil {
		w.t.Fatal(wrong, err)
	}
	list, err := w.office.List(w.t.Context(), visit.Filter{From: "1999-01-01"}, boss)
	if err != nil {
		w.t.Fatal(err)
	}
	return list[slices.IndexFunc(list, func(v visit.Visit) bool { return v.Order.Ref == line.Ref })]
}

func members(email string) string { return map[string]string{"theo@example.org": "tech"}[email] }

// step takes a step now, with an id of its own.
func (w *town) step(id string, s visit.Step) (visit.Visit, visit.Outcome, error) {
	w.t.Helper()
	s.At = w.clock()
	w.taken++
	if s.ID == "" {
		s.ID = fmt.Sprintf("step-%d", w.taken)
	}
	return w.office.Take(w.t.Context(), id, s, tech)
}

// must takes steps that work.
func (w *town) must(id string, all ...visit.Step) (v visit.Visit) {
	w.t.Helper()
	for _, s := range all {
		var err error
		if v, _, err = w.step(id, s); err != nil {
			w.t.Fatalf("%s: %v", s.Kind, err)
		}
	}
	return v
}

// early takes a step whose turn has not come.
func (w *town) early(id, needs string, s visit.Step) {
	w.t.Helper()
	var early *visit.Early
	if _, _, err := w.step(id, s); !errors.As(err, &early) || early.Needs != needs {
		w.t.Errorf("%s: %v, want early for %s", s.Kind, err, needs)
	}
}

func (w *town) photo(id string) {
	w.t.Helper()
	p := visit.Picture{ID: "p1", Kind: "proof", At: w.clock(), Data: drawing(40, 20)}
	if _, err := w.office.AddPhoto(w.t.Context(), id, p, tech); err != nil {
		w.t.Fatal(err)
	}
}

// drawing is a PNG with a dot in its upper left corner.
func drawing(width, height int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width / 4 {
		for y := range height / 4 {
			m.Set(x, y, color.RGBA{R: 255, A: 255})
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, m) // a buffer takes everything
	return out.Bytes()
}

func arrive() visit.Step { return visit.Step{Kind: visit.KindArrive, Present: []string{"customer"}} }

func bind(box string) visit.Step { return visit.Step{Kind: visit.KindBind, Box: box} }

func sign() visit.Step {
	return visit.Step{Kind: visit.KindSign, Name: "Zoé Été", Drawing: drawing(200, 80)}
}

func (w *town) public() ed25519.PublicKey { return w.key.Public().(ed25519.PublicKey) }
