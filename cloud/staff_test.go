package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
)

// arm makes the visitor need codes; the session is strong then.
func (v *apiVisitor) arm() string {
	v.t.Helper()
	var made mobileapi.TOTPSecret
	if status := v.do("POST", "/api/me/totp", 0, fmt.Sprintf(`{"password":%q}`, apiPassword), &made); status != http.StatusOK {
		v.t.Fatalf("offering: %d", status)
	}
	code, err := totp.GenerateCode(made.Secret, time.Now())
	if err != nil {
		v.t.Fatal(err)
	}
	if status := v.do("PUT", "/api/me/totp", 0, fmt.Sprintf(`{"code":%q}`, code), nil); status != http.StatusNoContent {
		v.t.Fatalf("keeping: %d", status)
	}
	return made.Secret
}

func TestAPIStaffMovesBoxes(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		const serial = "cb-0001"
		made := []enrolment.Made{{Box: serial, Model: "CB-1", Claim: enrolment.DigestCode(enrolment.NewCode())}}
		if wrong, err := c.office.Import(t.Context(), made, "test"); err != nil || wrong != nil {
			t.Fatal(wrong, err)
		}
		other, err := registry.NewSeed(registry.Home{ID: uuid.NewString(), Name: "Sea"}, "Europe/Paris", time.Now())
		if err == nil {
			err = c.data.AddHomes(t.Context(), []registry.Seed{other})
		}
		if err != nil {
			t.Fatal(err)
		}
		eve := c.signIn("Eve", 0)
		eve.arm()
		if _, err := c.data.SetStaff(t.Context(), c.member["Eve"], "supervisor", audit.Entry{}); err != nil {
			t.Fatal(err)
		}
		post := func(way, body string, want int) (box mobileapi.StaffBox) {
			t.Helper()
			if status := eve.do("POST", "/api/staff/boxes/"+serial+"/"+way, 0, body, &box); status != want {
				t.Fatalf("%s: %d, want %d", way, status, want)
			}
			return box
		}
		here, there := fmt.Sprintf(`{"home":%q}`, c.home), fmt.Sprintf(`{"home":%q}`, other.Home.ID)
		post("assign", here, http.StatusOK)
		post("assign", there, http.StatusConflict) // it belongs to somebody
		post("restock", `{}`, http.StatusConflict) // it has no certificate yet: its code is still good
		if box := post("retire", `{"why":"wet"}`, http.StatusOK); box.State != enrolment.StateRetired || box.Life[1].By != c.member["Eve"] || box.Life[1].Detail != "wet" {
			t.Errorf("box %+v", box)
		}
		if c.rung.Load() != 1 {
			t.Errorf("told %d times to look at what was taken back", c.rung.Load())
		}
		post("assign", there, http.StatusConflict) // it is gone for good
		err = assign(t.Context(), desk{data: c.data, office: c.office, box: serial, home: other.Home.ID}, io.Discard)
		if !errors.Is(err, enrolment.ErrMove) {
			t.Errorf("the command: %v", err)
		}
		if state := c.signIn("Ada", 1).state(); state.Box != nil {
			t.Errorf("the home still has box %q", state.Box.ID)
		}
	})
}
