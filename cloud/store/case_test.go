package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
)

func aCase(id, member string) assist.Case {
	return assist.Case{
		ID: id, Home: "h1", HomeName: "Chez Léo", Member: member, Name: "Zoé", Language: "fr", Skill: "tv", Screen: "/tv", Text: "x\n<y>",
		Journey: []assist.Step{{At: noon, Screen: "/tv", Did: "reserve"}}, Findings: []assist.Finding{{Guide: "g", Node: "n", Question: "q"}},
		Picture: &assist.Picture{At: noon, Box: "box-1", Devices: 3}, AskedAt: noon, Estimate: time.Minute, State: assist.CaseWaiting, LastAt: noon, Version: 1,
	}
}

func TestACaseComesBackAsItWasKept(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx, k := furnished(t, database), t.Context(), aCase("k1", "m1")
		kept, added, err := s.AddCase(ctx, k, noon, 10)
		if diff := cmp.Diff(k, kept); diff != "" || err != nil || !added {
			t.Fatal(added, err, diff)
		}
		if again, added, err := s.AddCase(ctx, aCase("k2", "m1"), noon, 10); err != nil || added || again.ID != "k1" {
			t.Errorf("asked again: %v, %v, %+v", added, err, again)
		}
		if _, _, err := s.AddCase(ctx, aCase("k3", "m2"), noon.Add(-time.Hour), 1); !errors.Is(err, assist.ErrCaseFull) {
			t.Errorf("too many: %v", err)
		}
		want := k
		want.State, want.Agent, want.Waited, want.Version = assist.CaseTaken, assist.Agent{ID: "j", Name: "Julie"}, time.Minute, 2
		want.Promise, want.Callback = &assist.Promise{At: noon, Text: "later"}, &assist.Callback{At: noon.Add(time.Hour), Phone: "1"}
		said := []assist.Message{
			{Case: "k1", Number: 1, At: noon, From: assist.FromSystem, Code: assist.CodeTaken, Name: "Julie"},
			{Case: "k1", Number: 2, At: noon, From: assist.FromStaff, Author: "j", Name: "Julie", Private: true, Text: "a'b", Picture: "p"},
		}
		changed, _, err := s.ChangeCase(ctx, "k1", func(k *assist.Case) ([]assist.Message, error) {
			version := k.Version
			*k = want
			k.AskedAt, k.Version = noon.Add(time.Hour), version // the clock is not to be written
			return said, nil
		})
		if err != nil || changed.Version != 2 {
			t.Fatal(changed, err)
		}
		got, err := s.Case(ctx, "k1")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
		for private, n := range map[bool]int{false: 1, true: 2} {
			if got, err := s.Messages(ctx, "k1", private); err != nil || cmp.Diff(said[:n], got) != "" {
				t.Errorf("%v, %+v", err, got)
			}
		}
		if calls, err := s.Calls(ctx, noon, noon.Add(2*time.Hour)); err != nil || calls[noon.Add(time.Hour)] != 1 {
			t.Errorf("calls %v, %v", calls, err)
		}
		if waits, err := s.Waits(ctx, 5); err != nil || len(waits) != 1 || waits[0] != time.Minute {
			t.Errorf("waits %v, %v", waits, err)
		}
		if _, err := s.Case(ctx, "k9"); !errors.Is(err, assist.ErrCaseUnknown) {
			t.Errorf("none: %v", err)
		}
	})
}

func TestAChangeOfACaseIsWholeAndOneAtATime(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := furnished(t, database), t.Context()
		if _, _, err := s.AddCase(ctx, aCase("k1", "m1"), noon, 10); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				_, _, err := s.ChangeCase(ctx, "k1", func(k *assist.Case) ([]assist.Message, error) {
					k.Messages++
					return []assist.Message{{Case: "k1", Number: k.Messages, At: noon, From: assist.FromSystem}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if k, err := s.Case(ctx, "k1"); err != nil || k.Messages != 6 {
			t.Errorf("%d, %v", k.Messages, err)
		}
		broken := errors.New("broken")
		_, _, err := s.ChangeCase(ctx, "k1", func(k *assist.Case) ([]assist.Message, error) {
			k.State = assist.CaseClosed
			return nil, broken
		})
		if k, _ := s.Case(ctx, "k1"); !errors.Is(err, broken) || k.State != assist.CaseWaiting {
			t.Errorf("%v, %+v", err, k)
		}
		_, _, err = s.ChangeCase(ctx, "k1", func(k *assist.Case) ([]assist.Message, error) {
			k.State = assist.CaseClosed
			return []assist.Message{{Case: "k1", Number: 1}}, nil // a number that is there
		})
		if k, _ := s.Case(ctx, "k1"); err == nil || k.State != assist.CaseWaiting {
			t.Errorf("half a change is kept: %v, %+v", err, k)
		}
	})
}

// However many are promised for another day, who waits now is in the queue.
func TestPromisesHideNobodyWhoWaits(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := furnished(t, database), t.Context()
		for n, state := range []assist.CaseState{assist.CasePromised, assist.CasePromised, assist.CaseWaiting, assist.CaseClosed} {
			k := aCase(fmt.Sprintf("k%d", n), fmt.Sprintf("m%d", n))
			k.State, k.AskedAt = state, noon.Add(time.Duration(n)*time.Minute)
			if _, _, err := s.AddCase(ctx, k, noon, 10); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.OpenCases(ctx, 2)
		if err != nil || len(list) != 2 || list[0].ID != "k2" || list[1].ID != "k0" {
			t.Errorf("%v: %+v", err, list)
		}
	})
}

func TestPicturesContactsAndDesksAreKept(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := furnished(t, database), t.Context()
		if _, _, err := s.AddCase(ctx, aCase("k1", "m1"), noon, 10); err != nil {
			t.Fatal(err)
		}
		image := assist.Image{ID: "p1", Type: "image/png", Data: []byte{0, 1, 255}}
		show := func(number int64) error {
			_, _, err := s.ChangeCase(ctx, "k1", func(*assist.Case) ([]assist.Message, error) {
				return []assist.Message{{Case: "k1", Number: number, At: noon, From: assist.FromCustomer, Picture: image.ID, Image: &image}}, nil
			})
			return err
		}
		if err := show(1); err != nil {
			t.Fatal(err)
		}
		image.ID = "p2"
		if err := show(1); err == nil { // a number that is there
			t.Error("a message is kept twice")
		}
		if _, err := s.Image(ctx, "k1", "p2"); !errors.Is(err, assist.ErrCaseUnknown) {
			t.Errorf("a picture without its message: %v", err)
		}
		image.ID = "p1"
		if got, err := s.Image(ctx, "k1", "p1"); err != nil || cmp.Diff(image, got) != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := s.Image(ctx, "k2", "p1"); !errors.Is(err, assist.ErrCaseUnknown) {
			t.Errorf("of another case: %v", err)
		}
		note := assist.Contact{Text: "deaf", By: "Julie", At: noon}
		for _, c := range []assist.Contact{{Text: "old", By: "x", At: noon}, note} {
			if err := s.SetContact(ctx, "h1", "m1", c); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Contact(ctx, "h1", "m1"); err != nil || got != note {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.SetContact(ctx, "h1", "m1", assist.Contact{}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Contact(ctx, "h1", "m1"); err != nil || got != (assist.Contact{}) {
			t.Errorf("%+v, %v", got, err)
		}
		for id, role := range map[string]string{"j": "support", "m": ""} {
			if _, err := s.writer.ExecContext(ctx, "INSERT INTO member (id, email, name, locale, password, created, staff) VALUES ($1, $2, 'N', 'fr', 'x', 5, $3)",
				id, id+"@x.example", role); err != nil {
				t.Fatal(err)
			}
		}
		desk := assist.Desk{Agent: assist.Agent{ID: "j", Name: "Julie"}, Role: "support", Seen: noon, Case: "k1", Typing: true, Languages: []string{"fr", "en"}, Skills: []string{"tv"}}
		late, gone := desk, desk
		late.Seen, gone.ID = noon.Add(-time.Hour), "m"
		for _, d := range []assist.Desk{late, desk, gone} {
			if err := s.Sit(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Desks(ctx, noon.Add(-time.Minute)); err != nil || cmp.Diff([]assist.Desk{desk}, got) != "" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestACaseGoesWithItsHomeAndOutlivesItsMember(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := lived(t, database)
		if _, err := s.writer.ExecContext(t.Context(), "DELETE FROM member WHERE id = 'm1'"); err != nil {
			t.Fatal(err)
		}
		if k, err := s.Case(t.Context(), "r1"); err != nil || k.Name != "Z" || k.Email != "" {
			t.Errorf("without its member: %+v, %v", k, err)
		}
		if err := s.DropHome(t.Context(), "h1", "Europe/Paris"); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"kase", "kase_message", "kase_picture", "contact"} {
			var n int
			if err := s.reader.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s has %d rows, %v", table, n, err)
			}
		}
	})
}

func TestAStepOfACaseAndItsLineAreKeptTogether(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := furnished(t, database), t.Context()
		if _, _, err := s.AddCase(ctx, aCase("k1", "m1"), noon, 10); err != nil {
			t.Fatal(err)
		}
		line := audit.Entry{Home: "h1", Case: "k1", Via: audit.ViaStaff, Verb: assist.VerbTaken, Said: audit.Said{
			Actor: audit.Actor{Kind: audit.KindStaff, ID: "j", Name: "Julie"}, Subject: "m1", Detail: map[string]any{"from": "Léo"},
		}}
		step := func(number int64) error {
			_, _, err := s.ChangeCase(ctx, "k1", func(k *assist.Case) ([]assist.Message, error) {
				k.Messages = number
				return []assist.Message{{Case: "k1", Number: number, At: noon, From: assist.FromSystem, Line: &line}}, nil
			})
			return err
		}
		if err := step(1); err == nil {
			t.Error("a step is kept that nobody can seal")
		}
		if said, err := s.Messages(ctx, "k1", true); err != nil || len(said) != 0 {
			t.Errorf("half of it is kept: %v, %+v", err, said)
		}
		s.Seal(operator())
		if err := step(1); err != nil {
			t.Fatal(err)
		}
		if err := step(1); err == nil { // a number that is there
			t.Error("a message is kept twice")
		}
		if lines, _, err := verified(t, s); err != nil || lines != 1 {
			t.Errorf("%d lines, %v", lines, err)
		}
		lines, err := s.AuditOf(ctx, "h1", 0, 10)
		if err != nil || len(lines) != 1 || lines[0].Case != "k1" || lines[0].Staff != "j" || lines[0].Verb != assist.VerbTaken {
			t.Fatalf("%v: %+v", err, lines)
		}
		if said, err := lines[0].Said(); err != nil || said.Subject != "m1" || said.Detail["from"] != "Léo" {
			t.Errorf("%v: %+v", err, said)
		}
		if err := s.DropHome(ctx, "h1", "Europe/Paris"); err != nil {
			t.Fatal(err)
		}
		if lines, erased, err := verified(t, s); err != nil || lines != 1 || erased != 1 {
			t.Errorf("after the home: %d lines, %d erased, %v", lines, erased, err)
		}
	})
}
