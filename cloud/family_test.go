package main

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
)

func TestAPIFamilyGrowsAndGoes(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, eve := c.signIn("Ada", 0), c.signIn("Eve", 1)
		var made mobileapi.NewInvitation
		if status := ada.do("POST", "~/invitations", 0, `{"role":"owner"}`, &made); status != http.StatusCreated {
			t.Fatalf("inviting: %d", status)
		}
		code := `{"code":"` + made.Code + `"}`
		var place mobileapi.Membership
		if status := eve.do("POST", "/api/me/homes", 0, code, &place); status != http.StatusCreated || place.Name != "City" {
			t.Fatalf("accepting: %d, %+v", status, place)
		}
		if status := eve.do("POST", "/api/invitations/look", 0, code, nil); status != http.StatusNotFound {
			t.Errorf("a second time: %d", status)
		}
		var kin []mobileapi.Kin
		ada.do("GET", "~/members", 0, "", &kin)
		if len(kin) != 3 || kin[0].Role != "owner" || kin[1].Role != "owner" || kin[2].Role != "child" {
			t.Errorf("members %+v", kin)
		}
		for _, v := range []*apiVisitor{ada, eve} {
			if status := v.do("POST", "~/help-requests", 0, `{"screen":"/home","text":"slow"}`, nil); status != http.StatusCreated {
				t.Fatalf("asking for help: %d", status)
			}
		}
		var all sync.WaitGroup // of two owners who leave at once one stays
		status := make([]int, 2)
		for i, v := range []*apiVisitor{ada, eve} {
			for _, k := range kin {
				if k.Email == c.member[map[int]string{0: "Ada", 1: "Eve"}[i]] {
					all.Go(func() { status[i] = v.do("DELETE", "~/members/"+k.ID, 0, "", nil) })
				}
			}
		}
		all.Wait()
		if status[0]+status[1] != http.StatusNoContent+http.StatusConflict {
			t.Fatalf("leaving: %v", status)
		}
		left := []*apiVisitor{ada, eve}[map[bool]int{true: 0, false: 1}[status[0] == http.StatusConflict]]
		if status := left.do("PUT", "~", 0, `{"name":"Sea"}`, nil); status != http.StatusOK || left.state().Home.Name != "Sea" {
			t.Errorf("renaming: %d", status)
		}
		var export mobileapi.Export
		if status := left.do("GET", "~/export", 0, "", &export); status != http.StatusOK || len(export.Revisions) != 1 || len(export.Members) != 2 ||
			len(export.Cases) != 2 { // also of who has left
			t.Errorf("export %d, %+v", status, export)
		}
		if status := left.do("POST", "~/deletion", 0, `{"password":"`+apiPassword+`"}`, nil); status != http.StatusNoContent {
			t.Errorf("deleting: %d", status)
		}
		if status := left.do("GET", "~", 0, "", nil); status != http.StatusNotFound {
			t.Errorf("after it: %d", status)
		}
	})
}

func TestAPIInvitationUsedAtOnceLetsOneIn(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		var made mobileapi.NewInvitation
		c.signIn("Ada", 0).do("POST", "~/invitations", 0, `{"role":"adult"}`, &made)
		var all sync.WaitGroup
		status := make([]int, 4)
		for i := range status {
			all.Go(func() {
				v := &apiVisitor{t: t, url: c.url[i%2]}
				body := `{"code":"` + made.Code + `","name":"N","locale":"fr","kind":"app","password":"correct horse battery","email":"n` +
					string(rune('0'+i)) + `@example.org"}`
				status[i] = v.do("POST", "/api/invitations/accept", 0, body, nil)
			})
		}
		all.Wait()
		in := 0
		for _, s := range status {
			if s == http.StatusCreated {
				in++
			} else if s != http.StatusNotFound {
				t.Errorf("answers %v", status)
			}
		}
		if in != 1 {
			t.Errorf("let in %v", status)
		}
	})
}

func TestAPIPasswordIsResetByLetter(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada := c.signIn("Ada", 0)
		somebody := &apiVisitor{t: t, url: c.url[0]}
		for _, email := range []string{"nobody@example.org", c.member["Ada"]} {
			if status := somebody.do("POST", "/api/password-resets", 0, `{"email":"`+email+`"}`, nil); status != http.StatusAccepted {
				t.Fatalf("%s: %d", email, status)
			}
		}
		_, rest, _ := strings.Cut(<-c.letter, "/reset#")
		body := `{"code":"` + strings.Fields(rest)[0] + `","password":"another horse battery"}`
		for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
			if status := somebody.do("PUT", "/api/password-resets", 0, body, nil); status != want {
				t.Errorf("%d, want %d", status, want)
			}
		}
		if status := ada.do("GET", "/api/me", 0, "", nil); status != http.StatusUnauthorized {
			t.Errorf("her old session: %d", status)
		}
	})
}

func TestAPIAChildComesBackAndAnOwnerGoes(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, eve := c.signIn("Ada", 0), c.signIn("Eve", 1)
		ada.change("PUT", "~/people/mia", 1, `{"id":"mia","name":"Mia"}`)
		var made mobileapi.NewInvitation
		ada.do("POST", "~/invitations", 0, `{"role":"child","person":"mia"}`, &made)
		mia := &apiVisitor{t: t, url: c.url[0]}
		var welcome mobileapi.Welcome
		mia.do("POST", "/api/invitations/accept", 0, `{"code":"`+made.Code+`","name":"Mia","locale":"fr","kind":"app"}`, &welcome)
		var entry mobileapi.Entry
		if status := ada.do("POST", "~/members/"+welcome.Member.ID+"/entry", 0, "", &entry); status != http.StatusCreated {
			t.Fatalf("making an entry: %d", status)
		}
		var all sync.WaitGroup // of two who use it at once one is let in
		status, in := make([]int, 2), make([]mobileapi.SignedIn, 2)
		for i := range 2 {
			all.Go(func() {
				v := &apiVisitor{t: t, url: c.url[i]}
				status[i] = v.do("POST", "/api/sessions/entry", 0, `{"code":"`+entry.Code+`","kind":"app"}`, &in[i])
			})
		}
		all.Wait()
		if status[0]+status[1] != http.StatusCreated+http.StatusNotFound || in[0].Member.ID+in[1].Member.ID != welcome.Member.ID {
			t.Fatalf("entering: %v, %+v", status, in)
		}
		gone := `{"password":"` + apiPassword + `"}`
		if status := ada.do("POST", "/api/me/deletion", 0, gone, nil); status != http.StatusConflict {
			t.Errorf("the only owner: %d", status)
		}
		ada.do("POST", "~/invitations", 0, `{"role":"owner"}`, &made)
		eve.do("POST", "/api/me/homes", 0, `{"code":"`+made.Code+`"}`, nil)
		for i, v := range []*apiVisitor{ada, eve} { // of two owners who go at once one stays
			all.Go(func() { status[i] = v.do("POST", "/api/me/deletion", 0, gone, nil) })
		}
		all.Wait()
		if status[0]+status[1] != http.StatusNoContent+http.StatusConflict {
			t.Errorf("two owners at once: %v", status)
		}
	})
}
