package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/assist"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// TestAPIEachStepOfACaseIsInTheAudit: the family reads who took it, who passed it on to whom and what was promised; nothing
// that staff keep to themselves or that is for who asked alone; and nothing at all when the home has gone.
func TestAPIEachStepOfACaseIsInTheAudit(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, leo := c.signIn("Ada", 0), c.signIn("Léo", 0)
		julie, marc := c.hire("Eva", accounts.StaffSupport, 1), c.hire("Bea", accounts.StaffSupervisor, 0)
		var made mobileapi.Case
		leo.do("POST", "~/help-requests", 0, `{"screen":"/home","text":"secret-wish"}`, &made)
		var me mobileapi.Me
		marc.do("GET", "/api/me", 0, "", &me)
		marc.do("PUT", "/api/staff/desk", 0, `{}`, nil)
		var desk mobileapi.HelpDesk
		leo.do("GET", "~/help-desk", 0, "", &desk)
		its, own := "/api/staff/cases/"+made.ID, "~/cases/"+made.ID
		soon := desk.Slots[0].Format(time.RFC3339)
		call := fmt.Sprintf(`{"at":%q,"phone":"0199001234"}`, soon)
		for _, step := range []struct {
			who                *apiVisitor
			method, path, body string
		}{
			{julie, "POST", its + "/take", ""},
			{julie, "POST", its + "/handover", `{"to":"` + me.Member.ID + `","reason":"secret-reason","tried":"secret-try"}`},
			{marc, "POST", its + "/handover/decline", ""},
			{julie, "POST", its + "/handover", `{"to":"` + me.Member.ID + `","reason":"secret-reason","tried":"secret-try"}`},
			{marc, "POST", its + "/handover/accept", ""},
			{marc, "POST", its + "/handover", `{"reason":"secret-reason","tried":"secret-try"}`},
			{julie, "POST", its + "/take", ""},
			{julie, "POST", its + "/take", ""}, // has it already: no step
			{leo, "PUT", own + "/callback", call},
			{leo, "PUT", own + "/callback", `{}`},
			{leo, "PUT", own + "/callback", call},
			{julie, "POST", its + "/called", ""},
			{julie, "POST", its + "/promise", `{"at":"` + soon + `","text":"secret-promise"}`},
			{marc, "POST", its + "/take", ""},
			{marc, "POST", its + "/wrap-up", `{"reason":"wifi","summary":"secret-summary"}`},
			{leo, "POST", own + "/close", `{"solved":false}`},
			{leo, "POST", own + "/close", `{"solved":true}`},
			{leo, "POST", own + "/close", `{"solved":true}`}, // said already: no step
		} {
			if status := step.who.do(step.method, step.path, 0, step.body, nil); status != http.StatusOK {
				t.Fatalf("%s %s: %d", step.method, step.path, status)
			}
		}
		if got := julie.code("POST", its+"/called", 0, ""); got != "409 case-state" {
			t.Errorf("calling in a closed case: %s", got)
		}
		var lines []mobileapi.AuditLine
		if status := ada.do("GET", "~/audit?limit=100", 0, "", &lines); status != http.StatusOK {
			t.Fatalf("reading the account: %d", status)
		}
		var got []string
		for _, l := range lines {
			if !strings.HasPrefix(l.Verb, "case-") {
				continue
			}
			if l.Case != made.ID || l.Subject == "" || l.Actor == nil || l.Actor.ID == "" || strings.Contains(fmt.Sprint(l.Detail), "secret") {
				t.Errorf("line %+v", l)
			}
			got = append(got, l.Verb+" "+l.Via+" "+l.Actor.Name+named(l.Detail, "from")+named(l.Detail, "to"))
		}
		want := []string{ // newest first
			"case-solved self Léo", "case-reopened self Léo", "case-wrapped-up staff Bea", "case-taken staff Bea",
			"case-promised staff Eva", "case-called staff Eva", "case-callback self Léo", "case-no-call self Léo",
			"case-callback self Léo", "case-taken staff Eva", "case-returned staff Bea", "case-accepted staff Bea from Eva",
			"case-offered staff Eva to Bea", "case-declined staff Bea from Eva to Bea", "case-offered staff Eva to Bea",
			"case-taken staff Eva",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		c.verify()
		if status := ada.do("POST", "~/deletion", 0, `{"password":"`+apiPassword+`"}`, nil); status != http.StatusNoContent {
			t.Fatalf("deleting: %d", status)
		}
		steps := 0
		for _, l := range c.verify() {
			if l.Case != made.ID {
				continue
			}
			steps++
			if !l.Erased() {
				t.Errorf("line %d says %q", l.Seq, l.Content)
			}
		}
		if steps != len(want) {
			t.Errorf("%d steps are left in the chain", steps)
		}
	})
}

func named(detail map[string]any, part string) string {
	if one, ok := detail[part].(map[string]any); ok {
		return fmt.Sprint(" ", part, " ", one["name"])
	}
	return ""
}

// TestAPIACustomerCannotFillTheAudit with calls that they book and take back.
func TestAPIACustomerCannotFillTheAudit(t *testing.T) {
	c := newAPICloud(t, filepath.Join(t.TempDir(), "carebox.db"), 1)
	leo := c.signIn("Léo", 0)
	var made mobileapi.Case
	leo.do("POST", "~/help-requests", 0, `{"screen":"/home"}`, &made)
	for turn := 1; ; turn++ {
		if turn > 30 {
			t.Fatal("there is no end")
		}
		got := leo.code("POST", "~/cases/"+made.ID+"/close", 0, `{"solved":true}`)
		if strings.HasPrefix(got, "200") {
			got = leo.code("POST", "~/cases/"+made.ID+"/close", 0, `{"solved":false}`)
		}
		if got == "409 case-full" {
			break
		}
		if !strings.HasPrefix(got, "200") {
			t.Fatalf("turn %d: %s", turn, got)
		}
	}
	kept, err := c.data.Case(t.Context(), made.ID)
	if err != nil || kept.Turns != 20 || kept.State != assist.CaseClosed {
		t.Errorf("%v: %+v", err, kept)
	}
}
