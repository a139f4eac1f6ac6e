package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

func TestOnlyStaffComeInAndNobodyElseIsKept(t *testing.T) {
	d := newDoor(t)
	before := d.store.String()
	for name, bend := range map[string]func(map[string]any){
		"nobody": as, "no group of ours": in("friends", 7, nil), "no list": func(said map[string]any) { said["realm"] = 7 },
	} {
		if _, err := d.enter(bend); !errors.Is(err, accounts.ErrOutsider) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.create("ada@example.org") // a customer
	if _, err := d.enter(as); !errors.Is(err, accounts.ErrOutsider) {
		t.Errorf("a customer: %v", err)
	}
	if strings.Contains(d.store.String(), " 7 ") || strings.Contains(before, "127.0.0.1") {
		t.Errorf("kept: %s", d.store)
	}
}

func TestAClaimGivesARoleAndTakesItBack(t *testing.T) {
	d := newDoor(t)
	s, err := d.enter(in("friends", "cb-help"))
	if err != nil || s.Member.Staff != accounts.StaffSupport || s.Member.Name != "Ada" || s.Member.Email != "ada@example.org" {
		t.Fatalf("%+v, %v", s.Member, err)
	}
	again, err := d.enter(in("cb-help", "cb-admin"))
	if err != nil || again.Member.ID != s.Member.ID || again.Member.Staff != accounts.StaffAdmin {
		t.Fatalf("%+v, %v", again.Member, err)
	}
	if _, err := d.enter(as); !errors.Is(err, accounts.ErrOutsider) {
		t.Errorf("without the claim: %v", err)
	}
	if staff, err := d.Staff(t.Context()); err != nil || len(staff) != 0 {
		t.Errorf("staff %v, %v", staff, err)
	}
	if _, err := d.enter(func(said map[string]any) { said["realm.groups"] = "cb-help" }); err != nil {
		t.Errorf("a claim of this very name, one word: %v", err)
	}
}

func TestARoleGivenHereOutlivesTheProvidersClaims(t *testing.T) {
	d := newDoor(t)
	m := d.employ("ada@example.org", accounts.StaffSupervisor)
	for range 2 {
		if s, err := d.enter(in("friends")); err != nil || s.Member.ID != m.ID || s.Member.Staff != accounts.StaffSupervisor {
			t.Fatalf("%+v, %v", s.Member, err)
		}
	}
}

func TestThePersonCountsAndNotTheEmail(t *testing.T) {
	d := newDoor(t)
	m := d.employ("ada@example.org", accounts.StaffSupport)
	if _, err := d.enter(as); err != nil {
		t.Fatal(err)
	}
	moved := func(said map[string]any) { said["email"], said["email_verified"] = "countess@example.org", false }
	if s, err := d.enter(moved); err != nil || s.Member.ID != m.ID {
		t.Errorf("with another email: %+v, %v", s.Member, err)
	}
	heir := func(said map[string]any) { said["sub"] = "8" } // who has the email now
	if _, err := d.enter(heir); !errors.Is(err, accounts.ErrOutsider) {
		t.Errorf("somebody else with the email: %v", err)
	}
}

func TestWhatTheTokenLeavesOutIsAskedFor(t *testing.T) {
	d := newDoor(t)
	bare := func(said map[string]any) { delete(said, "email"); delete(said, "email_verified") }
	d.idp.set(func() {
		d.idp.more = map[string]any{
			"email": "ada@example.org", "email_verified": "true", "realm": map[string]any{"groups": []string{"cb-help"}}, "nonce": "x",
		}
	})
	if s, err := d.enter(bare); err != nil || s.Member.Staff != accounts.StaffSupport {
		t.Errorf("%+v, %v", s.Member, err)
	}
	d.idp.set(func() { d.idp.more["email"] = "other@example.org" })
	half := func(said map[string]any) { said["sub"] = "9"; delete(said, "email_verified") }
	if _, err := d.enter(half); !errors.Is(err, accounts.ErrUnverified) {
		t.Errorf("verified is another email: %v", err)
	}
	d.idp.set(func() { d.idp.more["sub"] = "8" })
	if _, err := d.enter(bare); !errors.Is(err, accounts.ErrToken) {
		t.Errorf("somebody else's: %v", err)
	}
}
