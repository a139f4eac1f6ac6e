package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
)

func TestSignsTellWhoIsBackAndWhoDiffers(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		mark := func(lost time.Time, signs ...registry.Sign) registry.Meaning {
			t.Helper()
			meaning, err := s.Mark(t.Context(), signs, lost)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(meaning.Back)
			return meaning
		}
		at := func(sec int) time.Time { return noon.Add(time.Duration(sec) * time.Second) }
		got := mark(at(-50), registry.Sign{Box: "box-1", Seen: at(0), Revision: 0},
			registry.Sign{Box: "box-2", Seen: at(0), Revision: 1}, registry.Sign{Box: "box-9", Seen: at(0), Revision: 5})
		want := registry.Meaning{Back: []string{"h1", "h2"}, Differ: []registry.Sign{{Box: "box-1", Revision: 0}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("first signs: %s", diff)
		}
		if got := mark(at(-30), registry.Sign{Box: "box-1", Seen: at(20), Revision: -1}); got.Back != nil || got.Differ != nil {
			t.Errorf("a box that was there: %+v", got)
		}
		mark(at(-30), registry.Sign{Box: "box-1", Gone: at(21), Revision: -1})
		if got := mark(at(-30), registry.Sign{Box: "box-1", Seen: at(25), Revision: -1}); !slices.Equal(got.Back, []string{"h1"}) {
			t.Errorf("a box that had left a will: %+v", got)
		}
		mark(at(-30), registry.Sign{Box: "box-1", Seen: at(3), Revision: -1})
		if got, _ := s.Home(t.Context(), "h1"); !got.Box.Seen.Equal(at(25)) || !got.Box.Gone.Equal(at(21)) {
			t.Errorf("an older sign moved the times: %v %v", got.Box.Seen, got.Box.Gone)
		}
	})
}

func TestLostBoxesAreFoundOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		signs := []registry.Sign{{Box: "box-1", Seen: noon, Revision: -1},
			{Box: "box-2", Seen: noon.Add(time.Second), Gone: noon.Add(3 * time.Second), Revision: -1}}
		if _, err := s.Mark(t.Context(), signs, noon); err != nil {
			t.Fatal(err)
		}
		between := func(from, to int) registry.Between {
			return registry.Between{From: noon.Add(time.Duration(from) * time.Second), To: noon.Add(time.Duration(to) * time.Second)}
		}
		for _, c := range []struct {
			seen, gone registry.Between
			want       []string
		}{
			{between(-1, 0), between(-1, 0), []string{"h1"}},
			{between(0, 1), between(0, 1), []string{"h2"}},
			{between(2, 9), between(2, 3), []string{"h2"}},
			{between(2, 9), between(3, 9), nil},
		} {
			got, err := s.Lost(t.Context(), c.seen, c.gone)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("lost in %v %v: %v, %v; want %v", c.seen, c.gone, got, err, c.want)
			}
		}
	})
}

func TestManySignsAreOneWrite(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		var seeds []registry.Seed
		var signs []registry.Sign
		for i := range 2*batch + 1 {
			box := fmt.Sprintf("box-%04d", i)
			seeds = append(seeds, seed(t, "h"+box, box))
			signs = append(signs, registry.Sign{Box: box, Seen: noon, Revision: int64(i % 2)})
		}
		if err := s.AddHomes(t.Context(), seeds); err != nil {
			t.Fatal(err)
		}
		got, err := s.Mark(t.Context(), signs, noon.Add(-time.Minute))
		if err != nil || len(got.Back) != len(signs) || len(got.Differ) != batch+1 {
			t.Errorf("%d back, %d differ, %v", len(got.Back), len(got.Differ), err)
		}
	})
}
