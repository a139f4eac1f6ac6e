package visit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/policies/wire"
)

// wireman asks boxes that answer when the test says so.
type wireman struct {
	mu      sync.Mutex
	asked   []string // directions
	answers map[string]assist.Query
	letters int
	fail    error
}

func (m *wireman) Visit(_ context.Context, l assist.Letter, life time.Duration) (assist.Letter, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.Login == "" || l.Home == "" || life > 4*time.Hour {
		return l, assist.ErrOver
	}
	m.letters++
	l.ID = fmt.Sprintf("letter-%d", m.letters)
	return l, m.fail
}

func (m *wireman) EndVisit(context.Context, string, string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters--
	return nil
}

func (m *wireman) Query(_ context.Context, _, _ string, q assist.Query) (assist.Query, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var args wire.SpeedArgs
	if err := json.Unmarshal(q.Args, &args); err != nil || q.Kind != wire.QuerySpeed {
		return q, errors.New("not asked for a speed")
	}
	q.ID = fmt.Sprintf("q%d", len(m.asked))
	m.asked = append(m.asked, args.Direction)
	m.answers[q.ID] = assist.Query{ID: q.ID, State: assist.QueryRunning}
	return q, nil
}

func (m *wireman) Results(_ context.Context, id, _ string, _ int) (assist.Query, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answers[id], m.fail
}

// answer is the box's answer to the newest query.
func (m *wireman) answer(rate int64, refused wire.Refusal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := fmt.Sprintf("q%d", len(m.asked)-1)
	data, _ := json.Marshal(wire.Speed{Direction: m.asked[len(m.asked)-1], Rate: rate})
	m.answers[id] = assist.Query{ID: id, State: assist.QueryDone, Error: refused, Results: []wire.Result{{Data: data, Done: true}}}
}

// measuring is a bound visit whose box has come up and has not measured its line.
func measuring(t *testing.T) (*town, *wireman, string) {
	w, m := newTown(t), &wireman{answers: map[string]assist.Query{}}
	w.office.Meter = m
	id := w.bound(visit.Order{Down: 300_000_000})
	said := well()
	said.Line = nil
	w.boots("cb-1", id, said)
	return w, m, id
}

var here = visit.Who{Member: "tech", Name: "Théo", Login: "session"}

// lines is what the two items of the line say, to the technician who is signed in.
func (w *town) lines(id string) string {
	w.t.Helper()
	v, err := w.office.Look(w.t.Context(), id, here)
	if err != nil {
		w.t.Fatal(err)
	}
	out := ""
	for _, i := range v.Checklist {
		if i.Unit == "bit/s" {
			out += fmt.Sprintf("%s/%s ", i.State, i.Code)
		}
	}
	return out
}

func (w *town) said(id, want string) {
	w.t.Helper()
	if got := w.lines(id); got != want {
		w.t.Errorf("%q, want %q", got, want)
	}
}

func TestTheLineIsMeasuredOnceByItselfThenWhenAsked(t *testing.T) {
	w, m, id := measuring(t)
	if v, err := w.office.Look(t.Context(), id, boss); err != nil || v.Measuring != nil {
		t.Errorf("measured for somebody who is not there: %v", err)
	}
	w.said(id, "waiting/measuring waiting/measuring ")
	w.said(id, "waiting/measuring waiting/measuring ")
	m.answer(182_000_000, "")
	w.said(id, "waiting/measuring waiting/measuring ")
	m.answer(90_000_000, "")
	w.said(id, "failed/line-slow ok/ ")
	if len(m.asked) != 2 || m.letters != 0 {
		t.Errorf("asked %v, %d letters live", m.asked, m.letters)
	}
	again := visit.Step{ID: "m1", Kind: visit.KindMeasure, At: w.clock()}
	if _, _, err := w.office.Take(t.Context(), id, again, here); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		m.answer(350_000_000, "")
		w.lines(id)
	}
	w.said(id, "ok/ ok/ ")
}

func TestALineThatCannotBeMeasuredIsSaidSo(t *testing.T) {
	for name, spoil := range map[string]func(*town, *wireman, string){
		"unsupported": func(_ *town, m *wireman, _ string) { m.answer(0, wire.RefusedUnsupported) },
		"nonsense":    func(_ *town, m *wireman, _ string) { m.answer(-5, "") },
		"no answer":   func(w *town, _ *wireman, _ string) { w.pass(2 * time.Minute) },
		"no cloud":    func(_ *town, m *wireman, _ string) { m.fail = errors.New("away") },
	} {
		w, m, id := measuring(t)
		w.lines(id)
		spoil(w, m, id)
		if got := w.lines(id); got != "failed/measure-failed failed/measure-failed " || m.letters != 0 {
			t.Errorf("%s: %q, %d letters", name, got, m.letters)
		}
		if w.lines(id); len(m.asked) != 1 {
			t.Errorf("%s: asked %v by itself", name, m.asked)
		}
	}
}

func TestABusyBoxIsAskedAgain(t *testing.T) {
	w, m, id := measuring(t)
	w.lines(id)
	m.answer(0, wire.RefusedBusy)
	w.said(id, "waiting/measuring waiting/measuring ")
	if len(m.asked) != 2 || m.asked[1] != "down" {
		t.Errorf("asked %v", m.asked)
	}
	w.early(w.plan(visit.Line{Order: visit.Order{Ref: "B"}}).ID, "arrive", visit.Step{Kind: visit.KindMeasure})
}
