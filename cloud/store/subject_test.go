package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestASubjectIsOneMember(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		who, ctx := ada(t, s), t.Context()
		row := subjectRow{Issuer: "https://a", Sub: "7", Member: who.ID, Role: "support", Created: accountsBegin, Used: accountsBegin}
		old := memberRow{ID: who.ID, Staff: "support"}
		fresh := memberRow{ID: "m-bob", Email: "bob@example.org", Name: "Bob", Locale: "en", Password: "$x$", Staff: "admin", Created: accountsBegin}
		keep := func(name string, row subjectRow, who memberRow, want bool) {
			t.Helper()
			row.Member = who.ID
			if kept, err := s.KeepSubject(ctx, row, who); err != nil || kept != want {
				t.Errorf("%s: %v, %v", name, kept, err)
			}
		}
		keep("the first time", row, old, true)
		row.Used, row.Role = accountsBegin.Add(time.Hour), ""
		old.Staff = "technician"
		keep("again", row, old, true)
		other, taken := row, fresh
		other.Sub, taken.Email = "8", who.Email
		keep("a second subject of a member", other, old, false)
		keep("somebody new under a subject of another", row, fresh, false)
		keep("somebody new with a taken email", other, taken, false)
		if got, err := s.MemberByEmail(ctx, "bob@example.org"); err != nil || got.ID != "" {
			t.Errorf("kept of who was not let in: %v, %v", got, err)
		}
		keep("somebody new", other, fresh, true)
		got, member, err := s.SubjectBy(ctx, "https://a", "7")
		if diff := cmp.Diff(row, got); err != nil || diff != "" || member.Staff != "technician" || member.Password != "" || !member.Created.IsZero() {
			t.Error(err, diff, member)
		}
		if got, member, err := s.SubjectBy(ctx, "https://b", "7"); err != nil || got.Sub != "" || member.ID != "" {
			t.Errorf("of another provider: %v, %v, %v", got, member, err)
		}
		if _, err := s.DropMember(ctx, who.ID); err != nil {
			t.Fatal(err)
		}
		if got, _, err := s.SubjectBy(ctx, "https://a", "7"); err != nil || got.Sub != "" {
			t.Errorf("of who is gone: %v, %v", got, err)
		}
	})
}
