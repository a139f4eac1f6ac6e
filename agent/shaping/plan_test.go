package shaping

import (
	"testing"

	"github.com/carebox-project/carebox/policies"
)

// TestDivide: rates in kbit/s on the link, of a line of 50 Mbit/s down and 10 up.
func TestDivide(t *testing.T) {
	line := policies.Line{Down: 50e6, Up: 10e6}
	type kbit struct{ line, others, a, b uint64 }
	for name, c := range map[string]struct {
		a, b     Floor
		down, up kbit
		scaled   [2]bool
	}{
		"a floor of 20 and 4 is 17/16 on the link": {Floor{Down: 20e6, Up: 4e6}, Floor{Down: 1e6, Up: 1e6},
			kbit{46000, 23687, 21250, 1062}, kbit{9500, 4187, 4250, 1062}, [2]bool{}},
		"what goes the other way has a little aside": {Floor{Down: 20e6}, Floor{Up: 4e6},
			kbit{46000, 24625, 21250, 125}, kbit{9500, 5000, 250, 4250}, [2]bool{}},
		"80 % of the line is not too much": {Floor{Down: 40e6}, Floor{},
			kbit{46000, 3500, 42500, 8}, kbit{9500, 9250, 250, 8}, [2]bool{}},
		"more than the line is kept in part": {Floor{Down: 60e6, Up: 1e6}, Floor{Down: 20e6, Up: 1e6},
			kbit{46000, 3500, 31875, 10625}, kbit{9500, 7375, 1062, 1062}, [2]bool{true, false}},
	} {
		t.Run(name, func(t *testing.T) {
			c.a.ID, c.b.ID = "a", "b"
			w := Wanted{Line: line, Floors: []Floor{c.a, c.b}}
			for i, want := range []kbit{c.down, c.up} {
				sh := divide(w, direction{up: i == 1}, map[string]uint32{"a": 0x10, "b": 0x11})
				rate := func(bytes uint64) uint64 { return (bytes*8 + 500) / 1000 }
				got := kbit{rate(sh.line), rate(sh.others), rate(sh.floors[0].rate), rate(sh.floors[1].rate)}
				if got != want || sh.scaled != c.scaled[i] {
					t.Errorf("%v: %+v scaled %v, not %+v %v", direction{up: i == 1}, got, sh.scaled, want, c.scaled[i])
				}
			}
		})
	}
}

func TestRenumber(t *testing.T) {
	got, err := renumber(map[string]uint32{"a": 0x10, "b": 0x11, "c": 0x12}, []Floor{{ID: "new"}, {ID: "c"}, {ID: "a"}, {ID: "newer"}})
	if err != nil || got["a"] != 0x10 || got["c"] != 0x12 || got["new"] != 0x11 || got["newer"] != 0x13 || len(got) != 4 {
		t.Errorf("numbers are %v, %v", got, err)
	}
	for _, bad := range [][]Floor{{{ID: ""}}, {{ID: "a"}, {ID: "a"}}, make([]Floor, maxMinor)} {
		if _, err := renumber(nil, bad); err == nil {
			t.Errorf("%d floors were numbered", len(bad))
		}
	}
}

// TestSize: bursts, turns and queues fit the rate, from a trickle to fibre.
func TestSize(t *testing.T) {
	for _, rate := range []uint64{least, 125_000, 2_500_000, 125_000_000, unlimited, 125_000_000_000} {
		h := newHTB(rate, rate, 0)
		if h.quantum < packet || h.quantum > 60_000 {
			t.Errorf("at %d bytes/s a turn is %d bytes", rate, h.quantum)
		}
		if at := float64(h.buffer) * tick.Seconds() * float64(rate); at < 2*packet*0.99 || at > float64(rate)*0.006+2*packet {
			t.Errorf("at %d bytes/s %.0f bytes go at once", rate, at)
		}
		if back, ok := readHTB(h.node(0xcb10010, 0xcb10001)); !ok || back != h {
			t.Errorf("at %d bytes/s %+v comes back as %+v", rate, h, back)
		}
		for _, d := range []direction{{}, {up: true}} {
			if n := room(rate, waitFloor, d); n < 10 || n > 1000 {
				t.Errorf("at %d bytes/s %d packets wait", rate, n)
			}
		}
	}
}
