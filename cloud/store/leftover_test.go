package store

import (
	"testing"

	"github.com/carebox-project/carebox/cloud/assist"
)

// Whoever takes a case ends what was allowed in it. Where that went wrong the sweep does.
func TestTheSweepEndsWhatACaseLeavesBehind(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*assist.Case)
		by     assist.Ender
	}{
		"another's": {func(k *assist.Case) { k.Agent.ID = "zoe" }, assist.EndHandOver},
		"waiting":   {func(k *assist.Case) { k.State, k.Agent = assist.CaseWaiting, assist.Agent{} }, assist.EndHandOver},
		"promised":  {func(k *assist.Case) { k.State = assist.CasePromised }, assist.EndHandOver},
		"closed":    {func(k *assist.Case) { k.State = assist.CaseClosed }, assist.EndStaff},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, database string) {
				s, ctx := lived(t, database), t.Context()
				one := helped(t, s, "h1x", "r1")
				waits := question(t, s, one.Staff, "r1")
				if ended, err := s.Overdue(ctx); err != nil || len(ended) != 0 {
					t.Fatalf("while they have it: %+v, %v", ended, err)
				}
				if _, _, err := s.ChangeCase(ctx, "r1", func(k *assist.Case) ([]assist.Message, error) {
					c.change(k)
					return nil, nil
				}); err != nil {
					t.Fatal(err)
				}
				ended, err := s.Overdue(ctx)
				if err != nil || len(ended) != 2 {
					t.Fatalf("ended %+v, %v", ended, err)
				}
				for _, e := range ended {
					if e.ID != one.ID && e.ID != waits.ID || e.EndedBy != c.by || e.State != assist.StateEnded {
						t.Errorf("ended %+v", e)
					}
				}
				if letter, err := s.Letter(ctx, one.ID); err != nil || !letter.Ended || letter.Revision != 2 {
					t.Errorf("letter %+v, %v", letter, err)
				}
				if again, err := s.Overdue(ctx); err != nil || len(again) != 0 {
					t.Errorf("again %+v, %v", again, err)
				}
			})
		})
	}
}
