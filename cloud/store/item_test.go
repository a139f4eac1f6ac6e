package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

// A list of a factory takes longer than anybody waits for a tap.
func TestAWholeListIsAddedHoweverLongThatTakes(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		s, ctx := open(t, database), t.Context()
		s.Patience = time.Millisecond
		var made []enrolment.Made
		var grants []enrolment.Grant
		for n := range 2_000 {
			made = append(made, enrolment.Made{Box: fmt.Sprintf("made-%d", n), Model: "CB-1", Claim: "c"})
			grants = append(grants, enrolment.Grant{Serial: fmt.Sprintf("%x", n), Box: fmt.Sprintf("serving-%d", n), Key: "k", Issued: noon, Until: noon})
		}
		if err := s.AddItems(ctx, made, noon, "command"); err != nil {
			t.Error(err)
		}
		if err := s.AddServing(ctx, "CB-1", "command", grants); err != nil {
			t.Error(err)
		}
		s.Patience = time.Minute
		for _, box := range []string{made[1_999].Box, grants[1_999].Box} {
			if _, err := s.Item(ctx, box); err != nil {
				t.Errorf("%s: %v", box, err)
			}
		}
	})
}
