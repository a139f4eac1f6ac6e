package store

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
)

func TestFactorWaitsForItsFirstCode(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		who := ada(t, s)
		now := time.Now()
		for _, id := range []string{"s-1", "s-2"} {
			row := sessionRow{ID: id, Hash: id, Member: who.ID, Kind: "app", Proof: "password", Created: now, Used: now, Expires: now.Add(time.Hour)}
			if err := s.AddSession(t.Context(), row); err != nil {
				t.Fatal(err)
			}
		}
		for _, secret := range []string{"OLD", "NEW"} {
			if err := s.OfferFactor(t.Context(), who.ID, secret); err != nil {
				t.Fatal(err)
			}
		}
		if row, _, err := s.FactorOf(t.Context(), who.ID); err != nil || row.Secret != "" || row.Pending != "NEW" {
			t.Errorf("%+v: %v", row, err)
		}
		if dropped, err := s.DropFactor(t.Context(), who.ID); err != nil || dropped {
			t.Errorf("dropped %v: %v", dropped, err)
		}
		for _, c := range []struct {
			secret string
			want   bool
		}{{"OLD", false}, {"", false}, {"NEW", true}, {"NEW", false}, {"", false}} {
			row := factorRow{Member: who.ID, Secret: c.secret, Step: 7}
			if kept, err := s.KeepFactor(t.Context(), row, sessionRow{ID: "s-1", Proof: "totp"}); err != nil || kept != c.want {
				t.Errorf("%q: kept %v: %v", c.secret, kept, err)
			}
		}
		sessions, err := s.SessionsOf(t.Context(), who.ID, now)
		if err != nil || len(sessions) != 1 || sessions[0].ID != "s-1" || sessions[0].Proof != "totp" {
			t.Errorf("%+v: %v", sessions, err)
		}
		if dropped, err := s.DropFactor(t.Context(), who.ID); err != nil || !dropped {
			t.Errorf("dropped %v: %v", dropped, err)
		}
	})
}

func TestOneOfManyUsesACode(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		who := ada(t, s)
		if err := s.OfferFactor(t.Context(), who.ID, "S"); err != nil {
			t.Fatal(err)
		}
		if kept, err := s.KeepFactor(t.Context(), factorRow{Member: who.ID, Secret: "S", Step: 7}, sessionRow{}); err != nil || !kept {
			t.Fatal(kept, err)
		}
		for step, want := range map[int64]int64{7: 0, 6: 0, 8: 1} {
			var fresh atomic.Int64
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					used, err := s.UseFactor(t.Context(), who.ID, step)
					if err != nil {
						t.Error(err)
					}
					if used {
						fresh.Add(1)
					}
				})
			}
			all.Wait()
			if fresh.Load() != want {
				t.Errorf("step %d: used %d times", step, fresh.Load())
			}
		}
	})
}

func TestStaffIsWhoHasARole(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		who := ada(t, s)
		if id, err := s.SetStaff(t.Context(), "nobody@example.org", "admin", audit.Entry{}); err != nil || id != "" {
			t.Errorf("%q: %v", id, err)
		}
		if id, err := s.SetStaff(t.Context(), who.Email, "technician", audit.Entry{}); err != nil || id != who.ID {
			t.Errorf("%q: %v", id, err)
		}
		want := staffRow{ID: who.ID, Email: who.Email, Name: who.Name, Role: "technician"}
		if list, err := s.Staff(t.Context()); err != nil || len(list) != 1 || list[0] != want {
			t.Errorf("%+v: %v", list, err)
		}
		if added, err := s.AddPasskey(t.Context(), passkeyRow{ID: "p", Credential: "c", Member: who.ID, Name: "Phone"}, 1); err != nil || !added {
			t.Fatal(added, err)
		}
		if list, err := s.Staff(t.Context()); err != nil || len(list) != 1 || !list[0].Factor {
			t.Errorf("%+v: %v", list, err)
		}
		line := audit.Entry{Via: audit.ViaStaff, Verb: "staff-role", Said: audit.Said{Actor: audit.Actor{Kind: audit.KindStaff, ID: "boss"}}}
		if _, err := s.SetStaff(t.Context(), who.Email, "admin", line); err == nil {
			t.Error("a role is given that nobody can seal")
		}
		if list, err := s.Staff(t.Context()); err != nil || len(list) != 1 || list[0].Role != "technician" {
			t.Errorf("half of it is kept: %v, %v", list, err)
		}
		s.Seal(operator())
		if _, err := s.SetStaff(t.Context(), who.Email, "technician", line); err != nil {
			t.Fatal(err)
		}
		if lines, err := s.AuditOf(t.Context(), "", 0, 10); err != nil || len(lines) != 1 || !strings.Contains(lines[0].Content, who.ID) {
			t.Errorf("%v, %+v", err, lines)
		}
		if _, err := s.SetStaff(t.Context(), who.Email, "", audit.Entry{}); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Staff(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("%+v: %v", list, err)
		}
	})
}
