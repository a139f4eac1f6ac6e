package keyring

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// book keeps letters and pins in memory.
type book struct {
	mu      sync.Mutex
	fail    error
	letters []Letter
	pins    map[string]Pin
}

func (b *book) AddLetter(_ context.Context, l Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.ContainsFunc(b.letters, func(x Letter) bool { return x.Old == l.Old && x.New == l.New }) {
		b.letters = append(b.letters, l)
	}
	return b.fail
}

func (b *book) Letters(context.Context) ([]Letter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters), b.fail
}

func (b *book) PinOf(_ context.Context, box string) (Pin, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pins[box], b.fail
}

func (b *book) KeepPin(_ context.Context, p Pin) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pins[p.Box] = p
	return b.fail
}

// box takes successions as a real one does, which agent/state shows; here it is the ring that is looked at.
type box struct {
	t   *testing.T
	got []string // "1-2": the letter by which key 1 names key 2
}

func (b *box) Send(_, what string, message []byte) error {
	if what != wire.DownKey {
		b.t.Errorf("sent %s", what)
	}
	for n := 1; n < 9; n++ {
		s, err := wire.OpenSuccession(message, key(n).Public().(ed25519.PublicKey))
		if err != nil {
			continue
		}
		for next := 1; next < 9; next++ {
			if wire.Fingerprint(s.New) == Name(key(next)) {
				b.got = append(b.got, fmt.Sprintf("%d-%d", n, next))
			}
		}
	}
	return nil
}

func key(n int) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(fmt.Sprint(n), ed25519.SeedSize)))
}

func name(n int) string {
	if n == 0 {
		return ""
	}
	return Name(key(n))
}

func (b *book) ring(t *testing.T, l link, signing int, keys ...int) *Ring {
	t.Helper()
	c := Config{Store: b, Link: l, Signing: signing, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for _, n := range keys {
		c.Keys = append(c.Keys, key(n))
	}
	r, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newBook() *book { return &book{pins: map[string]Pin{}} }

func TestEachBoxGetsTheKeyAndTheLettersThatItNeeds(t *testing.T) {
	b := newBook()
	b.ring(t, &box{t: t}, 0, 1, 2)
	b.ring(t, &box{t: t}, 1, 2, 3)
	for _, c := range []struct {
		name    string
		signing int
		keys    []int
		says    [2]int
		sent    string
		due     bool
		signs   int
	}{
		{"one key", 0, []int{3}, [2]int{3, 0}, "", false, 3},
		{"announced", 0, []int{2, 3}, [2]int{2, 0}, "2-3", false, 2},
		{"announced, and known", 0, []int{2, 3}, [2]int{2, 3}, "", false, 2},
		{"announced, and one has seen it sign elsewhere", 0, []int{2, 3}, [2]int{3, 0}, "", false, 3},
		{"signing, told now", 1, []int{2, 3}, [2]int{2, 0}, "2-3", false, 2},
		{"signing, known", 1, []int{2, 3}, [2]int{2, 3}, "", true, 3},
		{"signing, taken over", 1, []int{2, 3}, [2]int{3, 0}, "", false, 3},
		{"slept through two", 2, []int{1, 2, 3}, [2]int{1, 0}, "1-2 2-3", false, 1},
		{"slept through one of two", 2, []int{1, 2, 3}, [2]int{1, 2}, "2-3", false, 1},
		{"the old keys are gone, their letters stay", 0, []int{3}, [2]int{1, 0}, "1-2 2-3", false, 3},
		{"and with one of them known", 0, []int{3}, [2]int{2, 3}, "", true, 3},
		{"a key that nobody knows", 0, []int{3}, [2]int{8, 0}, "", false, 3},
		{"an agent that does not say", 1, []int{2, 3}, [2]int{0, 0}, "", false, 2},
	} {
		box := &box{t: t}
		b.pins = map[string]Pin{}
		r := b.ring(t, box, c.signing, c.keys...)
		due, err := r.Greeted(t.Context(), "box-1", name(c.says[0]), name(c.says[1]))
		if err != nil || due != c.due || strings.Join(box.got, " ") != c.sent {
			t.Errorf("%s: due %v, sent %q, %v", c.name, due, box.got, err)
		}
		if signs := r.Of(t.Context(), "box-1"); !signs.Equal(key(c.signs)) {
			t.Errorf("%s: signs with another key than %d", c.name, c.signs)
		}
	}
}

func TestOnlyTheFirstLetterFromOneKeyToAnotherIsKept(t *testing.T) {
	b := newBook()
	b.ring(t, nil, 0, 1, 2)
	first := string(b.letters[0].Message)
	b.ring(t, nil, 1, 1, 2)
	if len(b.letters) != 1 || string(b.letters[0].Message) != first {
		t.Errorf("letters %v", b.letters)
	}
}

func TestAStoreThatIsAwayIsSaidAndNobodyIsLeftWithoutAKey(t *testing.T) {
	b := newBook()
	r := b.ring(t, nil, 1, 1, 2)
	b.fail = errors.New("away")
	if _, err := r.Greeted(t.Context(), "box-1", name(1), ""); !errors.Is(err, b.fail) {
		t.Error(err)
	}
	if !r.Of(t.Context(), "box-1").Equal(key(2)) {
		t.Error("another key signs")
	}
	b.fail = nil
	if due, err := r.Greeted(t.Context(), "box-1", "no fingerprint", "x"); due || err != nil || len(b.pins) != 0 {
		t.Errorf("%v, %v, %v", due, err, b.pins)
	}
}

func TestLettersInACircleComeToAnEnd(t *testing.T) {
	b := newBook()
	b.ring(t, nil, 0, 1, 2)
	b.ring(t, nil, 0, 2, 1)
	if way := path(b.letters, name(1), name(3)); way != nil {
		t.Errorf("a way to nowhere: %v", way)
	}
	if way := path(b.letters, name(1), name(2)); len(way) != 1 {
		t.Errorf("way %v", way)
	}
}

func TestAnOldKeyIsNeededWhileSomebodyHasNoOtherWay(t *testing.T) {
	b := newBook()
	b.ring(t, nil, 0, 1, 2)
	b.ring(t, nil, 1, 2, 3)
	c := Config{Keys: []ed25519.PrivateKey{key(2), key(3), key(4)}, Signing: 1}
	held := []Held{
		{Key: name(1), Boxes: 2, Next: map[string]int{}}, {Key: name(2), Boxes: 5, Next: map[string]int{name(3): 3, name(4): 1}},
		{Key: name(4), Boxes: 7, Next: map[string]int{}},
	}
	standing := func() string {
		text := ""
		for _, k := range Count(c, b.letters, held, 0).Keys {
			text += fmt.Sprintf("%s %d %d %v, ", k.Role, k.Boxes, k.Told, k.Needed)
		}
		return text
	}
	if got := standing(); got != "old 5 1 true, signs 0 0 true, next 7 7 true, gone 2 0 false, " {
		t.Errorf("before there is a letter to key 4: %s", got)
	}
	b.ring(t, nil, 1, 2, 3, 4)
	if got := standing(); got != "old 5 1 false, signs 0 0 true, next 7 7 true, gone 2 0 false, " {
		t.Errorf("with letters: %s", got)
	}
	if s := Count(c, b.letters, held, 1); !s.Keys[0].Needed || s.Mute != 1 {
		t.Errorf("with a box that never said: %+v", s)
	}
}
