package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 123456000, time.UTC)

func seed(t *testing.T, home, box string) registry.Seed {
	t.Helper()
	s, err := registry.NewSeed(registry.Home{ID: home, Name: "Chez Léo"}, "Europe/Paris", noon)
	if err != nil {
		t.Fatal(err)
	}
	s.Box = box
	return s
}

func furnished(t *testing.T, database string) *Store {
	t.Helper()
	s := open(t, database)
	if err := s.AddHomes(t.Context(), []registry.Seed{seed(t, "h1", "box-1"), seed(t, "h2", "box-2"), seed(t, "h3", "")}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHomeComesBackAsItWasAdded(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		got, err := s.Home(t.Context(), "h1")
		if err != nil {
			t.Fatal(err)
		}
		want := seed(t, "h1", "box-1")
		if diff := cmp.Diff(want.First, got.Asked); diff != "" {
			t.Error(diff)
		}
		if got.Home != want.Home || got.Box.ID != "box-1" || !got.Box.Seen.IsZero() {
			t.Errorf("got %+v", got)
		}
		if got, err := s.HomeOf(t.Context(), "box-2"); err != nil || got.Home.ID != "h2" {
			t.Errorf("home of box-2: %v, %v", got.Home, err)
		}
		if got, err := s.Home(t.Context(), "h3"); err != nil || got.Box != nil {
			t.Errorf("home without a box: %+v, %v", got.Box, err)
		}
		if _, err := s.Home(t.Context(), "h4"); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("no home: %v", err)
		}
		if err := s.AddHomes(t.Context(), []registry.Seed{seed(t, "h5", ""), seed(t, "h1", "")}); !errors.Is(err, registry.ErrTaken) {
			t.Errorf("same id: %v", err)
		}
		if _, err := s.Home(t.Context(), "h5"); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("half a transaction: %v", err)
		}
	})
}

func TestConcurrentWritersGetEachRevisionOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		var all sync.WaitGroup
		var moved atomic.Int64
		for range 8 {
			all.Go(func() {
				for done := 0; done < 5; {
					record, err := s.Home(t.Context(), "h1")
					if err != nil {
						t.Error(err)
						return
					}
					doc := record.Asked
					doc.At = doc.At.Add(time.Second)
					_, err = s.Append(t.Context(), doc, record.Asked.Revision, 0)
					switch {
					case err == nil:
						done++
					case errors.Is(err, registry.ErrMoved):
						moved.Add(1)
					default:
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		docs, err := s.Revisions(t.Context(), "h1", 0, 100)
		if err != nil || len(docs) != 41 {
			t.Fatalf("%d revisions, %v; want 41", len(docs), err)
		}
		for i, doc := range docs {
			if doc.Revision != int64(41-i) {
				t.Errorf("place %d has revision %d", i, doc.Revision)
			}
		}
		if moved.Load() == 0 {
			t.Log("no writer was ever too late")
		}
	})
}

func TestRevisionsArePaged(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		first, _ := s.Home(t.Context(), "h1")
		if doc, err := s.Append(t.Context(), first.Asked, 1, 0); err != nil || doc.Revision != 2 {
			t.Fatalf("%d, %v", doc.Revision, err)
		}
		if doc, err := s.Append(t.Context(), first.Asked, 2, 40); err != nil || doc.Revision != 41 {
			t.Fatalf("above a floor of 40: %d, %v", doc.Revision, err)
		}
		if _, err := s.Append(t.Context(), first.Asked, 2, 0); !errors.Is(err, registry.ErrMoved) {
			t.Errorf("stale base: %v", err)
		}
		docs, err := s.Revisions(t.Context(), "h1", 41, 1)
		if err != nil || len(docs) != 1 || docs[0].Revision != 2 {
			t.Errorf("below 41: %+v, %v", docs, err)
		}
		if _, err := s.Revisions(t.Context(), "h9", 0, 1); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("no home: %v", err)
		}
	})
}

func TestABoxBelongsToOneHome(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		ctx := t.Context()
		if _, err := s.Report(ctx, registry.Said{Box: "box-1", Document: "{}", Digest: "a", At: noon}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			home, box string
			want      error
		}{
			{"h3", "box-1", registry.ErrTaken}, {"h9", "box-1", registry.ErrNotFound},
			{"h1", "box-1", nil}, {"h1", "box-3", nil}, {"h3", "box-1", nil},
		} {
			if err := s.AssignBox(ctx, c.home, c.box); !errors.Is(err, c.want) {
				t.Errorf("%s to %s: %v, want %v", c.box, c.home, err, c.want)
			}
		}
		got, err := s.Home(ctx, "h3")
		if err != nil || got.Box.ID != "box-1" || got.Box.Reported != nil {
			t.Errorf("h3 has %+v, %v: it must not see what the box said of h1", got.Box, err)
		}
	})
}

func TestReportsAreKeptWhenTheyDiffer(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		ctx := t.Context()
		say := func(digest, document string, at time.Time) (bool, error) {
			heard, err := s.Report(ctx, registry.Said{Box: "box-1", Document: document, Digest: digest, At: at})
			return heard.Changed, err
		}
		for i, c := range []struct {
			digest  string
			changed bool
		}{{"a", true}, {"a", false}, {"b", true}} {
			if changed, err := say(c.digest, `{"n":`+c.digest+`}`, noon.Add(time.Duration(i)*time.Second)); err != nil || changed != c.changed {
				t.Errorf("report %d: %v, %v", i, changed, err)
			}
		}
		if _, err := s.Mark(ctx, []registry.Sign{{Box: "box-1", Reported: noon.Add(time.Minute), Revision: -1}}, noon); err != nil {
			t.Fatal(err)
		}
		got, _ := s.Home(ctx, "h1")
		if string(got.Box.Reported) != `{"n":b}` || !got.Box.ReportedAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("got %s at %v", got.Box.Reported, got.Box.ReportedAt)
		}
		if _, err := s.Report(ctx, registry.Said{Box: "box-9"}); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("unknown box: %v", err)
		}
	})
}

func TestHelloIsKept(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		hello := wire.Hello{Box: "box-1", Schema: 7, Version: "1.2", TZ: "2025c", Capabilities: []string{"a", "b"}}
		for range 2 {
			if err := s.Greet(t.Context(), hello); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.HomeOf(t.Context(), "box-1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(hello, got.Box.Hello); diff != "" {
			t.Error(diff)
		}
	})
}
