package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPasskeyIsOneMembersAndACeremonyIsUsedOnce(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s := open(t, database)
		who, ctx := ada(t, s), t.Context()
		row := passkeyRow{ID: "p-1", Credential: "c-1", Member: who.ID, Name: "Phone", Data: "{}", Created: accountsBegin}
		for i, want := range []bool{true, false, false} {
			other := row
			other.ID = "p-" + string(rune('1'+i))
			if i == 2 {
				other.Credential = "c-2" // beyond the limit
			}
			if added, err := s.AddPasskey(ctx, other, 1+i%2); err != nil || added != want {
				t.Errorf("adding %d: %v, %v", i, added, err)
			}
		}
		used := accountsBegin.Add(time.Hour)
		if err := s.UsePasskey(ctx, "p-1", `{"n":1}`, used); err != nil {
			t.Fatal(err)
		}
		row.Data, row.Used = `{"n":1}`, used
		got, member, err := s.PasskeyBy(ctx, "c-1")
		if diff := cmp.Diff(row, got); err != nil || diff != "" || member.Email != who.Email || member.Password != "" {
			t.Error(err, diff, member)
		}
		if got, _, err := s.PasskeyBy(ctx, "c-9"); err != nil || got.ID != "" {
			t.Errorf("a stranger: %v, %v", got, err)
		}
		if list, err := s.PasskeysOf(ctx, who.ID); err != nil || len(list) != 1 {
			t.Errorf("list %v, %v", list, err)
		}
		for _, want := range []bool{true, false} {
			if dropped, err := s.DropPasskey(ctx, who.ID, "p-1"); err != nil || dropped != want {
				t.Errorf("dropped %v, %v", dropped, err)
			}
		}
		talk := ceremonyRow{ID: "t-1", Member: who.ID, Data: "{}", Expires: used}
		late := talk
		late.ID = "t-2"
		for _, c := range []ceremonyRow{talk, late} {
			if err := s.AddCeremony(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.TakeCeremony(ctx, "t-1", accountsBegin); err != nil || got != talk {
			t.Errorf("took %v, %v", got, err)
		}
		for _, id := range []string{"t-1", "t-2"} {
			if got, err := s.TakeCeremony(ctx, id, used); err != nil || got.ID != "" {
				t.Errorf("took %v, %v", got, err)
			}
		}
	})
}
