package store

import (
	"errors"
	"testing"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

// From the moment that whoever consented decides nothing in the home any more nothing is answered under their consent.
func TestAConsentEndsWithItsMembersPlace(t *testing.T) {
	for name, change := range map[string]string{
		"gone":  "DELETE FROM membership WHERE member = 'm1'",
		"child": "UPDATE membership SET role = 'child' WHERE member = 'm1'",
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, database string) {
				s, ctx := lived(t, database), t.Context()
				one := helped(t, s, "h1x", "r1")
				answered(t, s, one)
				if _, err := s.writer.ExecContext(ctx, change); err != nil {
					t.Fatal(err)
				}
				if _, err := s.LiveSupport(ctx, one.ID, one.Staff); !errors.Is(err, assist.ErrOver) {
					t.Errorf("using it: %v", err)
				}
				q := assist.Query{ID: "late", Letter: one.ID, Kind: wire.QueryPing, Args: []byte("{}"), Seconds: 1, State: assist.QueryRunning}
				if _, err := s.AddQuery(ctx, q, one.Staff); !errors.Is(err, assist.ErrOver) {
					t.Errorf("asking the box: %v", err)
				}
				if of, err := s.KeepResults(ctx, "box-1", []wire.Result{{Query: "q-" + one.ID, Grant: one.ID, Seq: 2, Data: []byte(`{}`)}}); err != nil || of != nil {
					t.Errorf("the box answers: %+v, %v", of, err)
				}
				ended, err := s.Overdue(ctx)
				if err != nil || len(ended) != 1 || ended[0].ID != one.ID || ended[0].EndedBy != assist.EndCustomer {
					t.Errorf("ended %+v, %v", ended, err)
				}
				if letter, err := s.Letter(ctx, one.ID); err != nil || !letter.Ended || letter.Revision != 2 {
					t.Errorf("letter %+v, %v", letter, err)
				}
			})
		})
	}
}

// An agent who has become one of the family is given nothing more: no session, no minutes, no change.
func TestNobodyOfAHomeIsItsAgent(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := lived(t, database), t.Context()
		one := helped(t, s, "h1x", "r1")
		answered(t, s, one)
		waits := question(t, s, one.Staff, "r1")
		waits.Scopes, waits.Minutes, waits.Consent = waits.AskedScopes, 5, one.Consent
		if _, err := s.writer.ExecContext(ctx, "INSERT INTO membership (member, home, role) VALUES ($1, 'h1', 'adult')", one.Staff); err != nil {
			t.Fatal(err)
		}
		home, err := s.Home(ctx, "h1")
		if err != nil {
			t.Fatal(err)
		}
		doc := home.Asked
		doc.Revision++
		doc.Actor = registry.Actor{Member: "m1", Name: "Zoé", Act: registry.Act{Staff: one.Staff, Session: one.ID, Proposal: "p-" + one.ID}}
		if _, err := s.Append(ctx, doc, home.Asked.Revision, 0); !errors.Is(err, assist.ErrOwn) {
			t.Errorf("approving: %v", err)
		}
		if list, err := s.ProposalsOf(ctx, one.ID); err != nil || len(list) != 1 || list[0].State != assist.ProposalOpen {
			t.Errorf("proposals %+v, %v", list, err)
		}
		if _, _, err := s.Consent(ctx, waits); !errors.Is(err, assist.ErrOwn) {
			t.Errorf("consenting: %v", err)
		}
		if _, _, err := s.ExtendSupport(ctx, one.ID, assist.Session{ID: "longer", Minutes: 5, Consent: one.Consent}); !errors.Is(err, assist.ErrOwn) {
			t.Errorf("extending: %v", err)
		}
		if _, err := s.writer.ExecContext(ctx, "DELETE FROM membership WHERE member = $1", one.Staff); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Append(ctx, doc, home.Asked.Revision, 0); err != nil {
			t.Errorf("approving for a stranger: %v", err)
		}
	})
}
