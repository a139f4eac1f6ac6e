package mobileapi

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestMemberChangesNameAndLanguage(t *testing.T) {
	w := newWorld(t)
	c := w.as("adult")
	var who Member
	c.do("PUT", "/api/me", `{"name":" Zoé ","locale":"en"}`).is(http.StatusOK).decode(&who)
	var me Me
	if c.do("GET", "/api/me", "").decode(&me); me.Member != who || who.Name != "Zoé" || who.Locale != "en" {
		t.Errorf("me %+v, answered %+v", me, who)
	}
	c.do("PUT", "/api/me", `{"name":"","locale":"de"}`).finds("name name", "word locale")
}

func TestNewPasswordEndsOtherSessions(t *testing.T) {
	w := newWorld(t)
	here, there := w.as("adult"), w.as("adult")
	here.do("PUT", "/api/me/password", `{"current":"wrong horse battery","new":"another horse battery"}`).finds("password-wrong current")
	here.do("PUT", "/api/me/password", `{"current":"correct horse battery","new":"short"}`).finds("password new")
	here.do("PUT", "/api/me/password", `{"current":"correct horse battery","new":"another horse battery"}`).is(http.StatusNoContent)
	here.do("GET", "/api/me", "").is(http.StatusOK)
	there.do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	w.nobody().do("POST", "/api/sessions", signIn("adult", password, "app")).refuses(http.StatusUnauthorized, codeCredentials)
	w.nobody().do("POST", "/api/sessions", signIn("adult", "another horse battery", "app")).is(http.StatusCreated)
	for range 4 {
		here.do("PUT", "/api/me/password", `{"current":"wrong horse battery","new":"another horse battery"}`).finds("password-wrong current")
	}
	here.do("PUT", "/api/me/password", `{"current":"wrong horse battery","new":"another horse battery"}`).is(http.StatusUnprocessableEntity)
	here.do("PUT", "/api/me/password", `{"current":"another horse battery","new":"third horse battery"}`).refuses(http.StatusTooManyRequests, codeThrottled)
}

func (w *world) letterCode() string {
	w.t.Helper()
	_, rest, found := strings.Cut(w.box.last()[2], "https://carebox.example/reset#")
	if !found {
		w.t.Fatalf("no link in %q", w.box.last())
	}
	return strings.Fields(rest)[0]
}

func TestForgottenPasswordComesBackByLetter(t *testing.T) {
	w := newWorld(t)
	signedIn := w.as("adult")
	w.nobody().do("POST", "/api/password-resets", `{"email":" ADULT@example.org"}`).is(http.StatusAccepted)
	letter, code := w.box.last(), w.letterCode()
	if letter[0] != "adult@example.org" || !strings.HasPrefix(letter[1], "Votre nouveau") || !strings.HasPrefix(letter[2], "Bonjour adult") {
		t.Errorf("letter %q", letter)
	}
	if strings.Contains(w.store.String(), code) || strings.Contains(w.log.String(), code) {
		t.Error("the code is in the store or the log")
	}
	use := func(code string) *answer {
		return w.nobody().do("PUT", "/api/password-resets", `{"code":"`+code+`","password":"another horse battery"}`)
	}
	use("x").refuses(http.StatusNotFound, codeNotFound)
	use(code).is(http.StatusNoContent)
	use(code).refuses(http.StatusNotFound, codeNotFound)
	signedIn.do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	w.nobody().do("POST", "/api/sessions", signIn("adult", "another horse battery", "app")).is(http.StatusCreated)
}

func TestALetterIsGoodForAnHourAndTheNewestOnly(t *testing.T) {
	w := newWorld(t)
	var codes []string
	for range 2 {
		w.nobody().do("POST", "/api/password-resets", `{"email":"adult@example.org"}`).is(http.StatusAccepted)
		codes = append(codes, w.letterCode())
	}
	use := func(code string) *answer {
		return w.nobody().do("PUT", "/api/password-resets", `{"code":"`+code+`","password":"another horse battery"}`)
	}
	use(codes[0]).is(http.StatusNotFound)
	w.pass(time.Hour)
	use(codes[1]).is(http.StatusNotFound)
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		known := w.nobody().do("POST", "/api/password-resets", `{"email":"adult@example.org"}`).is(http.StatusAccepted)
		unknown := w.nobody().do("POST", "/api/password-resets", `{"email":"eve@example.org"}`).is(http.StatusAccepted)
		if string(known.body) != string(unknown.body) || len(known.header) != len(unknown.header) {
			t.Errorf("%v, %v", known, unknown)
		}
	}
	for _, email := range []string{"adult@example.org", "eve@example.org"} {
		w.nobody().do("POST", "/api/password-resets", `{"email":"`+email+`"}`).refuses(http.StatusTooManyRequests, codeThrottled)
	}
	if len(w.box.letters) != 3 {
		t.Errorf("%d letters", len(w.box.letters))
	}
}

func (h *hub) Kept(ctx context.Context, home string) (registry.Kept, error) {
	asks, err := h.Asks(ctx, home)
	return registry.Kept{Asks: asks, Online: []registry.Online{{Person: "leo", Date: "2026-11-21", Hour: 18, Minutes: 40}}}, err
}

func TestExportHasEverythingAndNoSecret(t *testing.T) {
	w := newWorld(t)
	owner := w.as("owner")
	owner.at(1).do("PUT", home("/people/zoe"), `{"id":"zoe","name":"Zoé"}`).home()
	made := owner.invites(`{"role":"adult"}`)
	owner.do("POST", home("/help-requests"), `{"screen":"/home","text":"slow"}`).is(http.StatusCreated)
	w.as("child").do("POST", home("/help-requests"), `{"screen":"/time","text":"help"}`).is(http.StatusCreated)
	said := wire.Reported{Box: "box-1", Usage: []wire.Used{{Person: "leo", Date: "2026-11-21", Minutes: 40}}}
	w.hub.says(home1, &registry.Box{ID: "box-1", Reported: &said})
	w.as("child").do("POST", home("/asks"), `{"minutes":30}`).is(http.StatusCreated)
	a := owner.do("GET", home("/export"), "").is(http.StatusOK)
	var all Export
	a.decode(&all)
	if len(all.Revisions) != 2 || len(all.Revisions[0].Policy.People) != 3 || len(all.Members) != 3 || len(all.Invitations) != 1 ||
		len(all.Asks) != 1 || len(all.Cases) != 2 || all.Cases[0].Name == "" || all.Home.Asked.Revision != 2 {
		t.Errorf("export %s", a.body)
	}
	if all.Home.Box == nil || all.Home.Box.ID != "box-1" || all.Report == nil || all.Report.Usage[0].Minutes != 40 ||
		len(all.Online) != 1 || all.Online[0] != (OnlineHour{Person: "leo", Date: "2026-11-21", Hour: 18, Minutes: 40}) {
		t.Errorf("export %s", a.body)
	}
	for _, secret := range []string{made.Code, "argon2", "hash"} {
		if strings.Contains(string(a.body), secret) {
			t.Errorf("the export has %q", secret)
		}
	}
}

func TestDeletionNeedsThePassword(t *testing.T) {
	w := newWorld(t)
	owner := w.as("owner")
	owner.do("POST", home("/deletion"), `{"password":"wrong horse battery"}`).finds("password-wrong password")
	owner.do("GET", home(""), "").home()
	owner.do("POST", home("/deletion"), `{"password":"correct horse battery"}`).is(http.StatusNoContent)
	if _, err := w.hub.State(t.Context(), home1); err == nil {
		t.Error("the home is there")
	}
}
