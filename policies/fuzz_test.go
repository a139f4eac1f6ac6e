package policies

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse: nothing panics; what is refused has problems; what is accepted is written and read as the same, and its
// timeline has neither holes nor overlaps, and its reservations are planned within the law.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"testdata/spelled.json", "testdata/canonical.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint32(1795284000))
	}
	for _, u := range append(unreadables(), unreadableReservations()...) {
		if len(u.json) < 2000 {
			f.Add([]byte(u.json), uint32(0))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, second uint32) {
		p, err := Parse(data)
		if err != nil {
			var ps Problems
			if !errors.As(err, &ps) || len(ps) == 0 || len(ps) > MaxProblems {
				t.Fatalf("%v", err)
			}
			return
		}
		first, err := Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("%s is refused: %v", first, err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Fatal(diff)
		}
		if second, err := Marshal(again); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%s became %s", first, second)
		}
		covers(t, p, time.Unix(int64(second), 0))
	})
}

func covers(t *testing.T, p Policy, from time.Time) {
	to := from.Add(72 * time.Hour)
	line, err := Compile(p, nil, from, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Devices {
		whole(t, line.Devices[d.ID], from, to)
		if v := Decide(p, d.ID, nil, from); v.Online != line.Devices[d.ID][0].Online || v.Reason != line.Devices[d.ID][0].Reason {
			t.Fatalf("%v, but the timeline begins with %v", v, line.Devices[d.ID][0])
		}
	}
	whole(t, line.Unknown, from, to)
	keeps(t, p, from)
}

// keeps: what holds is a reservation of the policy, what is refused as well, and no plan breaks the law.
func keeps(t *testing.T, p Policy, now time.Time) {
	live, changes := Live(p, now)
	if changes != nil && !changes.After(now) {
		t.Fatalf("Live changes at %v, before %v", changes, now)
	}
	refused := Refusals(p, Facts{paris(), line(100, 20)})
	for _, r := range p.Reservations {
		live = slices.DeleteFunc(live, func(id string) bool { return id == r.ID })
		delete(refused, r.ID)
	}
	if len(live)+len(refused) > 0 {
		t.Fatalf("%v hold, %v are refused", live, refused)
	}
	lawful(t, p, paris(), now)
}

// FuzzPlanRadios: whatever a box says of its radios, nothing panics and no plan breaks the law.
func FuzzPlanRadios(f *testing.F) {
	for _, radios := range [][]Radio{nil, paris(), tuned(func(r *Radio) { r.Channel, r.Radar = 100, hit(10, 36, 100) })} {
		data, err := json.Marshal(radios)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint64(1), uint32(plannedAt().Unix()))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, second uint32) {
		var radios []Radio
		if json.Unmarshal(data, &radios) != nil {
			return
		}
		names := map[string]bool{}
		for _, r := range radios {
			if names[r.Name] || r.Width > 1000 {
				return // wire refuses the width; no box has two radios of one name
			}
			names[r.Name] = true
		}
		p, _ := random(rand.New(rand.NewPCG(seed, 5)), time.UTC, plannedAt())
		Refusals(p, Facts{Radios: radios})
		lawful(t, p, radios, time.Unix(int64(second), 0))
	})
}
