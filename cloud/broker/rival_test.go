package broker

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// ring is rivals with a clock that only the test moves, and a row of places that connect as box-1.
type ring struct {
	*rivals
	t   *testing.T
	now time.Time
}

func newRing(t *testing.T) *ring {
	return &ring{rivals: newRivals(), t: t, now: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)}
}

func (r *ring) arrival(where string) arrival {
	address, serial, _ := strings.Cut(where, "/")
	return arrival{Box: "box-1", Address: netip.MustParseAddr(address), Serial: serial}
}

// come lets places connect, a second apart, and tells what became of each: + let in, ! let in with news, - refused.
func (r *ring) come(where ...string) (said string) {
	for _, w := range where {
		r.now = r.now.Add(time.Second)
		admitted, clone := r.meet(r.arrival(w), r.now)
		switch {
		case clone != nil:
			said += "!"
		case admitted:
			said += "+"
		default:
			said += "-"
		}
	}
	return said
}

const (
	here  = "192.0.2.7/1a"
	there = "192.0.2.9/1a"
)

func TestABoxThatMovesIsNoRival(t *testing.T) {
	r := newRing(t)
	for name, where := range map[string][]string{
		"reconnecting":             {here, here, here, here, here, here, here, here},
		"moving on":                {here, there, "198.51.100.1/1a", "192.0.3.1/1a", "192.0.4.1/1a", "192.0.5.1/1a", "192.0.6.1/1a"},
		"moving, and back":         {here, there, here, here},
		"renewing its certificate": {here, "192.0.2.7/2b", "192.0.2.7/3c", "192.0.2.7/4d", "192.0.2.7/5e"},
		"changing in its network":  {"2001:db8::1/1a", "2001:db8::2/1a", "2001:db8::1/1a", "2001:db8::2/1a", "2001:db8::1/1a", "2001:db8::7/1a"},
	} {
		r.boxes = map[string]*lodging{}
		if said := r.come(where...); strings.Trim(said, "+") != "" {
			t.Errorf("%s: %s", name, said)
		}
	}
	r.boxes = map[string]*lodging{}
	for range 10 { // two lines that fail in turn, but not every few minutes
		if said := r.come(here, there); strings.Trim(said, "+") != "" {
			t.Errorf("two lines: %s", said)
		}
		r.now = r.now.Add(11 * time.Minute)
	}
}

func TestWhoComesBackAgainAndAgainIsARival(t *testing.T) {
	for name, other := range map[string]string{"elsewhere": there, "with another certificate": "192.0.2.7/2b"} {
		r := newRing(t)
		if said := r.come(here, other, here, other); said != "++++" {
			t.Errorf("%s: too early: %s", name, said)
		}
		r.now = r.now.Add(time.Second)
		_, clone := r.meet(r.arrival(here), r.now)
		if clone == nil || clone.Takeovers != 3 || r.now.Sub(clone.Since) != 2*time.Second || len(clone.Places) != 1 || clone.Box != "box-1" {
			t.Fatalf("%s: %+v", name, clone)
		}
		r.now = r.now.Add(turn)
		if _, clone = r.meet(r.arrival(other), r.now); clone == nil || clone.Takeovers != 4 || len(clone.Places) != 2 {
			t.Fatalf("%s: %+v", name, clone)
		}
	}
}

// TestACopyThatNeverRestsDoesNotSilenceTheBox: the copy comes back each second, the box knocks as an agent does at worst,
// once a minute. The box has its turn, whole, in every few minutes.
func TestACopyThatNeverRestsDoesNotSilenceTheBox(t *testing.T) {
	r := newRing(t)
	r.come(here, there, here, there, here, there)
	spoke, whole := 0, 0
	var since time.Time
	holder := there
	for second := range 3600 {
		for _, who := range []string{there, here} {
			if who == here && second%60 != 0 || who == holder {
				continue // the box tries once a minute; who is connected stays
			}
			if admitted, _ := r.meet(r.arrival(who), r.now); admitted {
				if holder == here && r.now.Sub(since) >= turn {
					whole++
				}
				holder, since = who, r.now
				if who == here {
					spoke++
				}
			}
		}
		r.now = r.now.Add(time.Second)
	}
	if spoke < 15 || whole < spoke-1 {
		t.Errorf("the box had %d turns in an hour, %d of them whole", spoke, whole)
	}
}

func TestManyCopiesWaitForTheirTurnToo(t *testing.T) {
	r := newRing(t)
	r.come(here, there, here, there, here)
	turns, holder := 0, here
	for second := range 7200 {
		for i := range 5 { // copies everywhere
			copied := fmt.Sprintf("198.51.%d.1/1a", i)
			if copied == holder {
				continue
			}
			if admitted, _ := r.meet(r.arrival(copied), r.now); admitted {
				holder = copied
			}
		}
		if second%60 == 0 && holder != here {
			if admitted, _ := r.meet(r.arrival(here), r.now); admitted {
				holder = here
				turns++
			}
		}
		r.now = r.now.Add(time.Second)
	}
	if turns < 8 {
		t.Errorf("the box had %d turns in two hours", turns)
	}
}

func TestARivalThatIsGoneLeavesTheBoxAlone(t *testing.T) {
	r := newRing(t)
	r.come(here, there, here, there, here)
	r.now = r.now.Add(2 * turn)
	if said := r.come(here, here, here); said != "+++" {
		t.Errorf("alone: %s", said)
	}
	r.now = r.now.Add(rivalOver)
	if said := r.come(there, here, there); said != "+++" {
		t.Errorf("an hour later, moving: %s", said)
	}
}

func TestAnotherReplicasArrivalsCountToo(t *testing.T) {
	r := newRing(t)
	r.come(here)
	for range 3 {
		r.now = r.now.Add(time.Second)
		r.note(r.arrival(there), r.now)
		if said := r.come(here); said == "!" {
			return
		}
	}
	t.Error("rivals on two replicas were not noticed")
}
