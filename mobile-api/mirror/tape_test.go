package mirror

import (
	"strings"
	"testing"
	"time"
)

// taken takes all that waits, as k (key) and d (delta).
func taken(t *Tape) string {
	var found strings.Builder
	for {
		list := t.Take()
		if len(list) == 0 {
			return found.String()
		}
		for _, one := range list {
			found.WriteByte(map[byte]byte{kindKey: 'k', kindDelta: 'd'}[one.Frame[0]])
		}
	}
}

func TestATapeBeginsWithAKeyFrame(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	tape := NewTape()
	tape.Add(key(0, 1, 10), now)
	tape.Add(delta(1, 10), now)
	if got := taken(tape); got != "" || tape.Wants(now) {
		t.Fatalf("while it is off: %q", got)
	}
	tape.Turn(true)
	tape.Add(delta(2, 10), now)
	tape.Add(key(1, 2, 10), now)
	if got := taken(tape); got != "" || !tape.Wants(now) {
		t.Fatalf("without the beginning of a key frame: %q, wants one: %v", got, tape.Wants(now))
	}
	tape.Add(key(0, 2, 10), now)
	tape.Add(key(1, 2, 10), now)
	tape.Turn(true) // it is: nothing changes
	tape.Add(delta(1, 10), now)
	if got := taken(tape); got != "kkd" || tape.Wants(now) {
		t.Errorf("took %q", got)
	}
	select {
	case <-tape.Wake():
	default:
		t.Error("a whole key frame waits without need")
	}
	if !tape.Wants(now.Add(keyEvery)) {
		t.Error("nothing to begin from, a minute later")
	}
	tape.Add(key(0, 1, 10), now.Add(keyEvery))
	if tape.Wants(now.Add(3 * keyEvery)) {
		t.Error("a key frame of a picture that stands still")
	}
	tape.Turn(false)
	if got := taken(tape); got != "" {
		t.Errorf("after it was turned off: %q", got)
	}
}

// A store that is away: what waits stays within its bounds, and what was lost is no hole in a picture.
func TestATapeThatNobodyTakes(t *testing.T) {
	now := time.Now()
	tape, most := NewTape(), 0
	tape.Turn(true)
	tape.Add(key(0, 1, 11_000), now)
	for i := range 3000 {
		tape.Add(delta(uint32(i), 10_000), now)
		most = max(most, tape.held)
	}
	if got := taken(tape); most > maxTaped || got != "" || !tape.Wants(now) {
		t.Errorf("%d bytes waited, then %.20q; wants a key frame: %v", most, got, tape.Wants(now))
	}
	tape.Add(key(0, 1, 10), now)
	_ = tape.Take()
	tape.Lost()
	tape.Add(delta(1, 10), now)
	if got := taken(tape); got != "" || !tape.Wants(now) {
		t.Errorf("after a loss: %q", got)
	}
	for range 8 { // what is kept at once is bounded, too, and one frame is always taken
		tape.Add(key(0, 1, maxPart), now)
	}
	list := tape.Take()
	if size := len(list) * (maxPart + headLength); size > maxTaken || len(list) == 0 {
		t.Errorf("%d bytes at once", size)
	}
}
