package shaping

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/carebox-project/carebox/policies"
)

func quiet(k *memoryKernel) *Shaper {
	return &Shaper{cfg: Config{LAN: "br-lan", WAN: "wan", Mark: 0x3ff00000}, log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		control: k, was: memory{}, limits: map[string]string{}, leaf: fqCodel, marking: true}
}

// TestLeaf: the better discipline is taken where there is one.
func TestLeaf(t *testing.T) {
	d := direction{link: "br-lan"}
	sh := divide(Wanted{Line: policies.Line{Down: 50e6}, Floors: []Floor{{ID: "a", Down: 20e6}}}, d, map[string]uint32{"a": minorFloors})
	for lacks, kind := range map[string]string{"": fqCodel, fqCodel: fifo} {
		k := &memoryKernel{lacks: lacks}
		s := quiet(k)
		if err := s.build(d, sh, nil); err != nil {
			t.Fatal(err)
		}
		for _, class := range []uint32{minorOthers, minorFloors} {
			if n, ok := k.tree.under(d.class(class)); !ok || n.Kind != kind {
				t.Errorf("without %q class %x has %v", lacks, class, n)
			}
		}
		if got := s.Limitations(); (len(got) > 0) != (kind == fifo) {
			t.Errorf("without %q limitations are %v", lacks, got)
		}
		if left := build(k.tree, sh.tree(d, s.leaf)); len(left) > 0 {
			t.Errorf("without %q it is never done: %v", lacks, left)
		}
	}
	s := quiet(&memoryKernel{lacks: htbKind})
	if err := s.build(d, sh, nil); !errors.Is(err, unix.ENOENT) || s.limits[limitHTB] == "" {
		t.Errorf("without HTB: %v, %v", err, s.limits)
	}
}

// TestWalk goes from one wanted state to another, with a step that fails at times. Whatever failed, the next try ends
// where a fresh kernel ends, and a class that stays is never removed.
func TestWalk(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		d := direction{up: seed%2 == 1, link: "wan"}
		k := &memoryKernel{}
		if seed%3 == 0 {
			k.lacks = fqCodel
		}
		s := quiet(k)
		minors := map[string]uint32{}
		for range 20 {
			w := walk(r)
			before := minors
			var err error
			if minors, err = renumber(minors, w.Floors); err != nil {
				t.Fatal(err)
			}
			sh := divide(w, d, minors)
			k.steps, k.failAt, k.log = 0, r.IntN(12), nil
			for range 3 { // one fails, one mends, one has nothing to do
				k.log = nil
				_ = errors.Join(s.build(d, sh, k.tree), s.retire(t.Context(), d, sh))
			}
			if len(k.log) > 0 {
				t.Fatalf("seed %d: it is never done: %v", seed, k.log)
			}
			fresh := &memoryKernel{lacks: k.lacks}
			if err := quiet(fresh).build(d, sh, nil); err != nil {
				t.Fatal(err)
			}
			if got, want := lines(k), lines(fresh); !slices.Equal(got, want) {
				t.Fatalf("seed %d: the tree is\n%s\nnot\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			for id, minor := range before {
				if now, stays := minors[id]; stays && now != minor {
					t.Fatalf("seed %d: floor %q moved from %x to %x", seed, id, minor, now)
				}
			}
		}
	}
}

func walk(r *rand.Rand) Wanted {
	w := Wanted{Line: policies.Line{Down: 1 + r.Int64N(1e9), Up: 1 + r.Int64N(1e9)}}
	for _, n := range r.Perm(5)[:1+r.IntN(4)] {
		w.Floors = append(w.Floors, Floor{ID: fmt.Sprint(n), Down: r.Int64N(1e9), Up: r.Int64N(1e9)})
	}
	return w
}

func lines(k *memoryKernel) []string {
	all := strings.Split(k.String(), "\n")
	slices.Sort(all)
	return all
}

// TestKeep: a class that stays is changed in place, and one that comes has its own discipline before it has a limit.
func TestKeep(t *testing.T) {
	d := direction{link: "br-lan"}
	k := &memoryKernel{lacks: fqCodel}
	s := quiet(k)
	minors := map[string]uint32{"a": 0x10, "b": 0x11}
	w := Wanted{Line: policies.Line{Down: 50e6}, Floors: []Floor{{ID: "a", Down: 20e6}}}
	if err := s.build(d, divide(w, d, minors), nil); err != nil {
		t.Fatal(err)
	}
	k.log = nil
	w.Floors = append(w.Floors, Floor{ID: "b", Down: 5e6})
	w.Floors[0].Down = 10e6
	if err := s.build(d, divide(w, d, minors), k.tree); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"changing htb class cb1:2", "changing pfifo discipline 2002:0", "changing htb class cb1:10", "changing pfifo discipline 2010:0",
		"adding htb class cb1:11", "replacing pfifo discipline 2011:0", "changing htb class cb1:11",
	}
	if !slices.Equal(k.log, want) {
		t.Errorf("steps were %q", k.log)
	}
	k.log = nil
	w.Floors = w.Floors[1:]
	sh := divide(w, d, minors)
	if err := errors.Join(s.build(d, sh, k.tree), s.retire(t.Context(), d, sh)); err != nil {
		t.Fatal(err)
	}
	opened, gone := slices.Index(k.log, "changing htb class cb1:10"), slices.Index(k.log, "removing htb class cb1:10")
	if opened < 0 || gone < opened {
		t.Errorf("steps were %q", k.log)
	}
}

// TestGiveBack: what the kernel no longer takes is told, and the link then has the kernel's default.
func TestGiveBack(t *testing.T) {
	d := direction{link: "br-lan"}
	was := tree{{Handle: 0x70000, Parent: netlink.HANDLE_ROOT, Kind: "cake"}}
	for lacks, want := range map[string]tree{"": was, "cake": nil} {
		k := &memoryKernel{lacks: lacks}
		s := quiet(k)
		sh := divide(Wanted{Line: policies.Line{Down: 50e6}, Floors: []Floor{{ID: "a", Down: 20e6}}}, d, map[string]uint32{"a": minorFloors})
		if err := s.build(d, sh, nil); err != nil {
			t.Fatal(err)
		}
		s.was[d.link] = was
		if err := s.giveBack(t.Context()); err != nil || len(s.was) > 0 {
			t.Errorf("without %q: %v, and %v is still remembered", lacks, err, s.was)
		}
		if got := s.Limitations(); len(k.tree) != len(want) || (len(got) > 0) != (want == nil) {
			t.Errorf("without %q the tree is\n%s\nand limitations are %v", lacks, k, got)
		}
	}
}
