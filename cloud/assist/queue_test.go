package assist_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/assist/assisttest"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// A Saturday.
var noon = time.Date(2026, 11, 21, 11, 0, 0, 0, time.UTC)

// town is cases with a clock that only the test moves; it writes down whom it wakes and what ends.
type town struct {
	*assist.Cases
	t     *testing.T
	store *assisttest.Store
	mu    sync.Mutex
	now   time.Time
	woken []string
	left  []string
}

func (w *town) State(_ context.Context, home string) (registry.State, error) {
	return registry.State{Home: registry.Home{ID: home}}, nil
}

func (w *town) Announce(string) {}

func (w *town) Tell(e registry.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.woken = append(w.woken, e.Word+" "+e.Name+" "+e.Member)
}

func (w *town) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func newTown(t *testing.T, hours assist.Hours) *town {
	w := &town{t: t, store: assisttest.New(), now: noon}
	w.Cases = assist.NewCases(assist.CasesConfig{
		Store: w.store, Homes: w, Herald: w, Hours: hours, Log: slog.New(slog.DiscardHandler),
		Left: func(_ context.Context, _ assist.Case, agent string) { w.left = append(w.left, agent) },
		Now: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		},
	})
	return w
}

var julie, marc = assist.Agent{ID: "j", Name: "Julie"}, assist.Agent{ID: "m", Name: "Marc"}

func who(n int) assist.Customer {
	return assist.Customer{Home: "h", Member: fmt.Sprintf("c%d", n), Name: fmt.Sprintf("C%d", n), Language: "fr"}
}

func (w *town) asks(n int) assist.Case {
	w.t.Helper()
	k, err := w.Ask(w.t.Context(), who(n), assist.Wish{Screen: "/home"})
	if err != nil {
		w.t.Fatal(err)
	}
	return k
}

func (w *town) must(_ assist.Case, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) sits(agent assist.Agent) {
	w.t.Helper()
	if err := w.Sit(w.t.Context(), assist.Desk{Agent: agent, Role: "support"}); err != nil {
		w.t.Fatal(err)
	}
}

// queue is who waits or is helped, in order.
func (w *town) queue() string {
	w.t.Helper()
	if err := w.Sweep(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	list, _, err := w.Queue(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var words []string
	for _, k := range list {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s %s", k.Name, k.State, k.Agent.Name)))
	}
	return strings.Join(words, ", ")
}

func (w *town) wants(queue string) {
	w.t.Helper()
	if diff := cmp.Diff(queue, w.queue()); diff != "" {
		w.t.Error(diff)
	}
}

func TestTheClockOutlivesEveryStep(t *testing.T) {
	w := newTown(t, assist.Hours{})
	ctx, k := t.Context(), w.asks(1)
	w.pass(time.Minute)
	w.asks(2)
	w.sits(julie)
	w.sits(marc)
	steps := []func() (assist.Case, error){
		func() (assist.Case, error) { return w.Take(ctx, julie, k.ID) },
		func() (assist.Case, error) {
			return w.HandOver(ctx, julie, k.ID, assist.HandOver{To: "m", Reason: "r", Tried: "t"})
		},
		func() (assist.Case, error) { return w.Accept(ctx, marc, k.ID) },
		func() (assist.Case, error) {
			return w.HandOver(ctx, marc, k.ID, assist.HandOver{Reason: "r", Tried: "t"})
		},
		func() (assist.Case, error) { return w.Take(ctx, julie, k.ID) },
		func() (assist.Case, error) {
			return w.Promise(ctx, julie, k.ID, assist.Promise{At: noon.Add(2 * time.Hour), Text: "look again"})
		},
		func() (assist.Case, error) { return w.Take(ctx, marc, k.ID) },
		func() (assist.Case, error) { return w.WrapUp(ctx, marc, k.ID, "wifi", "done") },
		func() (assist.Case, error) { return w.Judge(ctx, who(1), k.ID, false) },
	}
	for i, step := range steps {
		w.pass(time.Second)
		after, err := step()
		if err != nil || !after.AskedAt.Equal(k.AskedAt) {
			t.Fatalf("step %d: %v, %+v", i, err, after)
		}
	}
	w.wants("C1 waiting, C2 waiting")
	want := []string{"here Julie c1", "here Marc c1", "here Julie c1", "promise Julie c1", "here Marc c1", "closed Marc c1"}
	if diff := cmp.Diff(want, w.woken); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"j", "m", "j", "m"}, w.left); diff != "" {
		t.Error(diff)
	}
}

func TestACaseThatItsAgentLeftWaitsAgain(t *testing.T) {
	w := newTown(t, assist.Hours{})
	k := w.asks(1)
	w.sits(julie)
	w.must(w.Take(t.Context(), julie, k.ID))
	w.pass(4 * time.Minute)
	w.wants("C1 taken Julie")
	w.sits(julie)
	w.pass(4 * time.Minute)
	w.wants("C1 taken Julie")
	w.pass(2 * time.Minute)
	w.wants("C1 waiting")
	if diff := cmp.Diff([]string{"j"}, w.left); diff != "" {
		t.Error(diff)
	}
	if _, err := w.Answer(t.Context(), julie, k.ID, "x"); err != assist.ErrCaseNotYours {
		t.Errorf("an agent who was away: %v", err)
	}
}

func TestAnOfferEndsByItself(t *testing.T) {
	w := newTown(t, assist.Hours{})
	k := w.asks(1)
	w.sits(julie)
	w.sits(marc)
	w.must(w.Take(t.Context(), julie, k.ID))
	w.must(w.HandOver(t.Context(), julie, k.ID, assist.HandOver{To: "m", Reason: "r", Tried: "t"}))
	w.pass(2 * time.Minute)
	w.sits(julie)
	w.wants("C1 taken Julie")
	if _, err := w.Accept(t.Context(), marc, k.ID); err != assist.ErrCaseState {
		t.Errorf("accepting late: %v", err)
	}
	_, said, err := w.Own(t.Context(), who(1), k.ID)
	if err != nil || len(said) != 1 {
		t.Errorf("the customer reads of it: %v, %+v", err, said)
	}
}

func TestAPromiseComesBackOnTop(t *testing.T) {
	w := newTown(t, assist.Hours{})
	w.asks(1)
	w.pass(time.Minute)
	k := w.asks(2)
	w.must(w.Take(t.Context(), julie, k.ID))
	w.must(w.Promise(t.Context(), julie, k.ID, assist.Promise{At: noon.Add(24 * time.Hour), Text: "look at the line"}))
	w.wants("C1 waiting, C2 promised Julie")
	w.pass(24 * time.Hour)
	w.wants("C2 waiting, C1 waiting")
	w.must(w.Take(t.Context(), marc, k.ID))
	w.wants("C1 waiting, C2 taken Marc")
}

// A call that was booked for before a promise brings the case back, once.
func TestACallComesBeforeItsPromise(t *testing.T) {
	w := newTown(t, assist.Hours{})
	ctx, k := t.Context(), w.asks(1)
	w.must(w.Take(ctx, julie, k.ID))
	promise := assist.Promise{At: noon.Add(48 * time.Hour), Text: "the line"}
	w.must(w.Promise(ctx, julie, k.ID, promise))
	w.asks(2)
	w.wants("C1 promised Julie, C2 waiting")
	door, err := w.Door(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.must(w.Call(ctx, who(1), k.ID, &assist.Callback{At: door.Slots[0], Phone: "0199001234"}))
	w.wants("C1 promised Julie, C2 waiting")
	w.pass(door.Slots[0].Sub(noon))
	w.wants("C1 waiting, C2 waiting")
	if k, err := w.Case(ctx, k.ID); err != nil || !k.Due || k.Callback == nil || k.Promise == nil {
		t.Errorf("%v: %+v", err, k)
	}
	w.sits(julie)
	w.pass(time.Minute)
	w.must(w.Take(ctx, julie, k.ID))
	w.must(w.Promise(ctx, julie, k.ID, promise)) // without a word on the call
	w.wants("C1 promised Julie, C2 waiting")
}

func TestOfManyWhoTakeOneHasIt(t *testing.T) {
	w := newTown(t, assist.Hours{})
	k := w.asks(1)
	var all sync.WaitGroup
	got := make([]error, 8)
	for i := range got {
		all.Go(func() { _, got[i] = w.Take(t.Context(), assist.Agent{ID: fmt.Sprint(i), Name: "N"}, k.ID) })
	}
	all.Wait()
	won := 0
	for _, err := range got {
		switch err {
		case nil:
			won++
		case assist.ErrCaseTaken:
		default:
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d have it", won)
	}
}

func TestTheEstimateIsWhatPeopleWaited(t *testing.T) {
	w := newTown(t, assist.Hours{})
	for n, wait := range []time.Duration{100 * time.Second, 200 * time.Second, 400 * time.Second} {
		if door, err := w.Door(t.Context()); err != nil || door.Wait != 0 {
			t.Errorf("after %d: %v, %v", n, door.Wait, err)
		}
		k := w.asks(n)
		w.pass(wait)
		w.must(w.Take(t.Context(), julie, k.ID))
	}
	door, err := w.Door(t.Context())
	if err != nil || door.Wait != 139*time.Second { // 0.9 × (0.9 × 100 + 0.1 × 200) + 0.1 × 400
		t.Errorf("%v, %v", door.Wait, err)
	}
	if k := w.asks(9); k.Estimate != door.Wait {
		t.Errorf("told %v", k.Estimate)
	}
	for n, desk := range []assist.Desk{{Languages: []string{"en"}}, {Skills: []string{"tv"}}, {Languages: []string{"fr"}, Skills: []string{"wifi", "tv"}}} {
		desk.Agent = marc
		if err := w.Sit(t.Context(), desk); err != nil {
			t.Fatal(err)
		}
		if k := w.asks(10 + n); k.Estimate != 0 { // in French, about nothing of these
			t.Errorf("with only %+v there: told %v", desk, k.Estimate)
		}
	}
	w.sits(julie) // who takes whatever comes
	if k := w.asks(20); k.Estimate != door.Wait {
		t.Errorf("told %v", k.Estimate)
	}
}

func TestOpeningHours(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	day := []assist.Span{{From: "08:00", To: "12:00"}, {From: "13:00", To: "20:00"}}
	hours := assist.Hours{Zone: paris, Days: map[time.Weekday][]assist.Span{time.Saturday: day, time.Monday: {{From: "00:00", To: "24:00"}}, time.Tuesday: {{From: "00:00", To: "09:00"}}}}
	if err := hours.Check(); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"2026-11-21T10:59:59Z": "true until 2026-11-21T11:00:00Z", "2026-11-21T11:00:00Z": "opens 2026-11-21T12:00:00Z",
		"2026-11-21T19:00:00Z": "opens 2026-11-22T23:00:00Z", "2026-11-23T12:00:00Z": "true until 2026-11-24T08:00:00Z",
	} {
		instant, _ := time.Parse(time.RFC3339, at)
		open, until, opens := hours.Now(instant)
		got := "opens " + opens.Format(time.RFC3339)
		if open {
			got = "true until " + until.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	for _, bad := range [][]assist.Span{{{From: "8:00", To: "12:00"}}, {{From: "12:00", To: "12:00"}}, {{From: "08:00", To: "25:00"}}, {day[1], day[0]}} {
		if (assist.Hours{Days: map[time.Weekday][]assist.Span{time.Monday: bad}}).Check() == nil {
			t.Errorf("%v passes", bad)
		}
	}
}

func TestASlotHasRoomForSoMany(t *testing.T) {
	w := newTown(t, assist.Hours{Calls: 1})
	door, err := w.Door(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	call := func(n int) error {
		k := w.asks(n)
		_, err := w.Call(t.Context(), who(n), k.ID, &assist.Callback{At: door.Slots[0], Phone: "0199001234"})
		return err
	}
	if err := call(1); err != nil {
		t.Fatal(err)
	}
	if err := call(2); err != assist.ErrSlot {
		t.Errorf("a second at once: %v", err)
	}
	if next, err := w.Door(t.Context()); err != nil || next.Slots[0].Equal(door.Slots[0]) {
		t.Errorf("it is offered again: %v", err)
	}
}

// Whose answer was lost books again, and whoever has a slot may change the number in it.
func TestOwnCallIsBookedAgain(t *testing.T) {
	w := newTown(t, assist.Hours{Calls: 1})
	k := w.asks(1)
	door, err := w.Door(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	call := &assist.Callback{At: door.Slots[0], Phone: "0199001234"}
	for range 2 {
		w.must(w.Call(t.Context(), who(1), k.ID, call))
	}
	if k, said, err := w.Own(t.Context(), who(1), k.ID); err != nil || k.Turns != 1 || len(said) != 1 {
		t.Errorf("booked twice: %v, %d turns, %+v", err, k.Turns, said)
	}
	other := *call
	other.Phone = "0199005678"
	w.must(w.Call(t.Context(), who(1), k.ID, &other))
	if _, err := w.Call(t.Context(), who(2), w.asks(2).ID, call); !errors.Is(err, assist.ErrSlot) {
		t.Errorf("somebody else: %v", err)
	}
	w.pass(call.At.Sub(noon) + time.Minute)
	if _, err := w.Call(t.Context(), who(1), k.ID, call); !errors.Is(err, assist.ErrSlot) {
		t.Errorf("when it is over: %v", err)
	}
}

// closer closes a case just when its customer asks again.
type closer struct {
	*assisttest.Store
	close func(id string)
}

func (s *closer) AddCase(ctx context.Context, k assist.Case, since time.Time, limit int) (assist.Case, bool, error) {
	kept, added, err := s.Store.AddCase(ctx, k, since, limit)
	if !added && err == nil && s.close != nil {
		s.close(kept.ID)
		s.close = nil
	}
	return kept, added, err
}

func TestNobodyAsksInACaseThatIsJustClosed(t *testing.T) {
	w := newTown(t, assist.Hours{})
	store := &closer{Store: w.store}
	w.Cases.Store = store
	first := w.asks(1)
	w.must(w.Take(t.Context(), julie, first.ID))
	store.close = func(id string) { w.must(w.WrapUp(t.Context(), julie, id, "tv", "Well.")) }
	if again := w.asks(1); again.ID == first.ID || again.State != assist.CaseWaiting {
		t.Errorf("asked into %s case", again.State)
	}
}

// Whose answer was lost on the way says it again: it is kept once, and once more only where it is news.
func TestWhatIsSaidAgainIsKeptOnce(t *testing.T) {
	w := newTown(t, assist.Hours{})
	ctx, k := t.Context(), w.asks(1)
	w.must(w.Take(ctx, julie, k.ID))
	say := func(text string) (assist.Message, error) { return w.Say(ctx, who(1), k.ID, text) }
	answer := func(text string) (assist.Message, error) { return w.Answer(ctx, julie, k.ID, text) }
	show := func(string) (assist.Message, error) { return w.Show(ctx, who(1), k.ID, gray(t, 1)) }
	for n, one := range []struct {
		by    func(string) (assist.Message, error)
		text  string
		after time.Duration
		want  int64
	}{
		{say, "a", 0, 2}, {say, "a", 0, 2}, {answer, "a", 0, 3}, {answer, "a", 0, 3}, {say, "a", 0, 4}, {say, "b", 0, 5}, {say, "a", 0, 6},
		{show, "", 0, 7}, {show, "", 0, 7}, {say, "c", 0, 8}, {say, "c", 2 * time.Minute, 9}, {show, "", 0, 10},
	} {
		w.pass(one.after)
		m, err := one.by(one.text)
		if err != nil || m.Number != one.want || m.Text != one.text || m.At.IsZero() {
			t.Errorf("%d: %+v, %v", n, m, err)
		}
	}
	if said, err := w.store.Messages(ctx, k.ID, true); err != nil || len(said) != 10 || said[6].Picture == "" || len(w.woken) != 2 {
		t.Errorf("%v, woken %v: %+v", err, w.woken, said)
	}
}

func TestAJourneyHasTimesThatCanBeWritten(t *testing.T) {
	w := newTown(t, assist.Hours{})
	for _, text := range []string{"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		var problems policies.Problems
		wish := assist.Wish{Screen: "/home", Journey: []assist.Step{{At: at, Screen: "/home", Did: "pause"}}}
		if _, err := w.Ask(t.Context(), who(1), wish); !errors.As(err, &problems) || problems[0].Field != "journey[0].at" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestACaseIsFullAtItsEnd(t *testing.T) {
	w := newTown(t, assist.Hours{})
	k := w.asks(1)
	for n := range 500 {
		if _, err := w.Say(t.Context(), who(1), k.ID, fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Say(t.Context(), who(1), k.ID, "x"); err != assist.ErrCaseFull {
		t.Errorf("one more: %v", err)
	}
	w.must(w.Take(t.Context(), julie, k.ID)) // what happens is kept all the same
}
