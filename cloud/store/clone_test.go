package store

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

func TestACloneIsKnownUntilItsIdentityIsTakenBack(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := open(t, database), t.Context()
		grants := []enrolment.Grant{
			{Serial: "1a", Box: "box-1", Key: "k1", Issued: accountsBegin, Until: accountsBegin.AddDate(2, 0, 0)},
			{Serial: "2b", Box: "box-2", Key: "k2", Issued: accountsBegin, Until: accountsBegin.AddDate(2, 0, 0)},
		}
		if err := s.AddServing(ctx, "CB-1", "command", grants); err != nil {
			t.Fatal(err)
		}
		if err := s.AddServing(ctx, "CB-1", "command", grants[1:]); err != enrolment.ErrListed {
			t.Errorf("twice: %v", err)
		}
		if item, err := s.Item(ctx, "box-1"); err != nil || item.State != enrolment.StateServing || item.Key != "k1" || len(item.Claim) != 64 {
			t.Errorf("%+v, %v", item, err)
		}
		if g, err := s.GrantOf(ctx, "1a"); err != nil || g.Box != "box-1" || !g.Revoked.IsZero() {
			t.Errorf("%+v, %v", g, err)
		}
		c := enrolment.Clone{
			Box: "box-1", Since: accountsBegin, Newest: accountsBegin.Add(time.Minute), Takeovers: 5,
			Places: []enrolment.Place{{Address: netip.MustParseAddr("192.0.2.7"), Serial: "1a", First: accountsBegin, Newest: accountsBegin}},
		}
		keep := func(c enrolment.Clone, want bool) {
			t.Helper()
			if fresh, err := s.KeepClone(ctx, c); err != nil || fresh != want {
				t.Errorf("keeping: %v, %v", fresh, err)
			}
		}
		keep(c, true)
		keep(c, false) // another replica says the same
		late := c
		late.Newest, late.Takeovers = accountsBegin, 4
		keep(late, false) // and one that is behind
		again := c
		again.Since, again.Newest, again.Takeovers = accountsBegin.Add(3*time.Hour), accountsBegin.Add(4*time.Hour), 3
		keep(again, false) // another contest
		want := c
		want.Newest, want.Takeovers = again.Newest, 8
		got, err := s.CloneOf(ctx, "box-1")
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{})); err != nil || diff != "" {
			t.Error(err, diff)
		}
		moved, err := s.MoveItem(ctx, enrolment.Move{
			Box: "box-1", From: []enrolment.State{enrolment.StateServing}, To: enrolment.StateSwapped, At: accountsBegin, Revoke: true,
		})
		if err != nil || !moved {
			t.Fatal(moved, err)
		}
		for _, box := range []string{"box-1", "box-2"} {
			if got, err := s.CloneOf(ctx, box); err != nil || !got.Since.IsZero() {
				t.Errorf("%s: %+v, %v", box, got, err)
			}
		}
	})
}
