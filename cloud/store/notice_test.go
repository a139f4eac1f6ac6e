package store

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
)

// peopled has owner ana, adult sam and child leo in h1, each with a browser, and kim in h1 without one.
func peopled(t *testing.T, database string) *Store {
	t.Helper()
	s := furnished(t, database)
	for _, m := range []membershipRow{
		{Member: "ana", Role: "owner"}, {Member: "sam", Role: "adult"}, {Member: "leo", Role: "child", Person: "p-leo"}, {Member: "kim", Role: "adult"},
	} {
		m.Home = "h1"
		_, err := s.AddMember(t.Context(), memberRow{ID: m.Member, Email: m.Member, Name: m.Member, Locale: "fr", Created: noon})
		if err == nil {
			err = s.PutMembership(t.Context(), m)
		}
		if err == nil && m.Member != "kim" {
			err = s.AddSession(t.Context(), sessionRow{ID: "s-" + m.Member, Hash: m.Member, Member: m.Member, Created: noon, Used: noon, Expires: noon.Add(time.Hour)})
		}
		if err == nil && m.Member != "kim" {
			err = s.AddPush(t.Context(), pushRow{ID: "b-" + m.Member, Session: "s-" + m.Member, Member: m.Member, Endpoint: "https://push/" + m.Member, Created: noon})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestAClaimIsOneCallers(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		keys := []string{"device:a", "device:b", "device:c"}
		var mu sync.Mutex
		var won []string
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				fresh, err := s.Claim(t.Context(), "h1", keys, time.Time{})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				won = append(won, fresh...)
			})
		}
		all.Wait()
		if slices.Sort(won); !slices.Equal(won, keys) {
			t.Errorf("won: %q", won)
		}
		if fresh, err := s.Claim(t.Context(), "h2", []string{"device:a"}, noon); err != nil || len(fresh) != 1 {
			t.Errorf("of another home: %q, %v", fresh, err)
		}
		if fresh, err := s.Claim(t.Context(), "h9", []string{"device:a"}, noon); err != nil || fresh != nil {
			t.Errorf("of no home: %q, %v", fresh, err)
		}
		if err := s.SweepClaims(t.Context(), noon.Add(time.Second)); err != nil {
			t.Error(err)
		}
		for _, c := range []struct {
			home string
			mine bool
		}{{"h2", false}, {"h1", true}, {"h1", false}} {
			if mine, err := s.Release(t.Context(), c.home, "device:a"); err != nil || mine != c.mine {
				t.Errorf("%s released: %v, %v", c.home, mine, err)
			}
		}
	})
}

func TestABoxThatMakesUpDevicesFillsNothing(t *testing.T) {
	s := furnished(t, t.TempDir()+"/carebox.db")
	keys := make([]string, maxClaims+5)
	for i := range keys {
		keys[i] = fmt.Sprint("device:", i)
	}
	var won int
	for some := range slices.Chunk(keys, 20) { // all at once takes a slow machine longer than a call may take
		fresh, err := s.Claim(t.Context(), "h1", some, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		won += len(fresh)
	}
	if won != maxClaims {
		t.Errorf("%d are fresh, want %d", won, maxClaims)
	}
	if fresh, err := s.Claim(t.Context(), "h1", []string{"gone"}, noon); err != nil || len(fresh) != 1 {
		t.Errorf("one that ends: %q, %v", fresh, err)
	}
}

func TestBoxesThatAreSilentAndReturn(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := furnished(t, database)
		if _, err := s.Mark(t.Context(), []registry.Sign{{Box: "box-1", Seen: noon, Revision: -1}, {Box: "box-2", Seen: noon.Add(time.Hour), Revision: -1}}, noon); err != nil {
			t.Fatal(err)
		}
		silent := func() []string {
			t.Helper()
			homes, err := s.Silent(t.Context(), registry.Between{From: noon.Add(-time.Minute), To: noon.Add(time.Minute)}, "gone")
			if err != nil {
				t.Fatal(err)
			}
			return homes
		}
		if got := silent(); !slices.Equal(got, []string{"h1"}) {
			t.Errorf("silent: %q", got)
		}
		for _, home := range []string{"h1", "h2"} {
			if _, err := s.Claim(t.Context(), home, []string{"gone"}, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if got := silent(); got != nil {
			t.Errorf("silent and told: %q", got)
		}
		if got, err := s.Returned(t.Context(), noon.Add(time.Minute), "gone"); err != nil || !slices.Equal(got, []string{"h2"}) {
			t.Errorf("returned: %q, %v", got, err)
		}
	})
}

func TestAnAudienceIsWhoMayAndWantsToHear(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := peopled(t, database)
		if err := s.Choose(t.Context(), "sam", []string{"box", "hours"}); err != nil {
			t.Fatal(err)
		}
		if err := s.SetQuiet(t.Context(), "sam", quietRow{On: true, From: "20:00", To: "06:00"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			of   audience
			want []string
		}{
			{audience{Home: "h1", Kind: "ask"}, []string{"ana", "sam"}},
			{audience{Home: "h1", Kind: "box"}, []string{"ana"}},
			{audience{Home: "h1", Kind: "hours", Differing: true}, []string{"sam"}},
			{audience{Home: "h1", Kind: "hours", Differing: true, But: "sam"}, nil},
			{audience{Home: "h1", Kind: "device", Member: "sam"}, []string{"sam"}},
			{audience{Home: "h1", Kind: "device", Member: "leo"}, nil},
			{audience{Home: "h1", Kind: "support", Member: "leo"}, []string{"leo"}},
			{audience{Home: "h1", Kind: "support", But: "leo"}, []string{"ana", "sam"}},
			{audience{Home: "h1", Kind: "support", But: "sam"}, []string{"ana"}},
			{audience{Home: "h1", Kind: "cut", Person: "p-leo"}, []string{"leo"}},
			{audience{Home: "h1", Kind: "cut", Person: "p-mia"}, nil},
			{audience{Home: "h2", Kind: "ask"}, nil},
		} {
			list, err := s.Audience(t.Context(), c.of)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, who := range list {
				names = append(names, who.Member)
				if want := (quietRow{On: true, From: "20:00", To: "06:00"}); who.Chosen != (who.Member == "sam") || who.Chosen && who.Quiet != want {
					t.Errorf("quiet of %s: %+v", who.Member, who)
				}
			}
			if !slices.Equal(names, c.want) {
				t.Errorf("%+v: %q, want %q", c.of, names, c.want)
			}
		}
		if got, err := s.Children(t.Context()); err != nil || !slices.Equal(got, []registry.Child{{Home: "h1", Person: "p-leo"}}) {
			t.Errorf("children: %v, %v", got, err)
		}
	})
}

func TestANoticeWaitsIsReplacedAndTakenOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := peopled(t, database)
		post := func(member, topic, word string, due time.Time, unless string) {
			t.Helper()
			n := noticeRow{Member: member, Topic: topic, Home: "h1", Word: word, Event: word + "!", Count: 1, Due: due}
			if err := s.Post(t.Context(), n, unless); err != nil {
				t.Fatal(err)
			}
		}
		post("ana", "hours", "a", noon, "")
		post("ana", "hours", "b", noon.Add(time.Hour), "") // it keeps the time of the first
		post("ana", "device", "c", noon.Add(time.Minute), "")
		post("sam", "box", "gone", noon, "")
		post("sam", "box", "back", noon, "gone") // neither is worth saying any more
		post("ana", "box", "back", noon, "gone")
		post("nobody", "box", "gone", noon, "")
		var mu sync.Mutex
		var got []string
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				list, err := s.TakeDue(t.Context(), noon, 10)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, n := range list {
					got = append(got, fmt.Sprint(n.Member, " ", n.Topic, " ", n.Event, " ", n.Count))
				}
			})
		}
		all.Wait()
		slices.Sort(got)
		if diff := cmp.Diff([]string{"ana box back! 1", "ana hours b! 2"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
