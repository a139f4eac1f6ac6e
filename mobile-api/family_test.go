package mobileapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

func (c *client) invites(place string) NewInvitation {
	c.w.t.Helper()
	var made NewInvitation
	c.do("POST", home("/invitations"), place).is(http.StatusCreated).decode(&made)
	return made
}

func TestInvitationLetsOneInOnce(t *testing.T) {
	w := newWorld(t)
	made := w.as("adult").invites(`{"role":"adult"}`)
	if made.URL != "https://carebox.example/join#"+made.Code || made.Invitation.Inviter != "adult" {
		t.Errorf("made %+v", made)
	}
	if strings.Contains(w.store.String(), made.Code) {
		t.Error("the store has the code")
	}
	code := `{"code":"` + made.Code + `"}`
	var summary InvitationSummary
	w.nobody().do("POST", "/api/invitations/look", code).is(http.StatusOK).decode(&summary)
	if summary.Home != "City" || summary.Role != accounts.RoleAdult || !summary.Expires.Equal(begin.Add(48*time.Hour)) {
		t.Errorf("summary %+v", summary)
	}
	join := `{"code":"` + made.Code + `","name":"Sam","locale":"fr","email":"SAM@example.org","password":"correct horse battery","kind":"app"}`
	w.nobody().do("POST", "/api/invitations/accept", strings.Replace(join, "SAM@", "adult@", 1)).finds("taken email")
	w.nobody().do("POST", "/api/invitations/accept", strings.Replace(join, "correct horse battery", "short", 1)).finds("password password")
	var welcome Welcome
	w.nobody().do("POST", "/api/invitations/accept", join).is(http.StatusCreated).decode(&welcome)
	sam := w.nobody().with("Authorization", "Bearer "+welcome.Token)
	sam.do("GET", home(""), "").home()
	if welcome.Member.Email != "sam@example.org" || welcome.Home != home1 {
		t.Errorf("welcome %+v", welcome)
	}
	for _, path := range []string{"/api/invitations/look", "/api/me/homes"} {
		w.as("neighbour").do("POST", path, code).refuses(http.StatusNotFound, codeNotFound)
	}
	w.nobody().do("POST", "/api/sessions", signIn("sam", password, "browser")).is(http.StatusCreated)
	if strings.Contains(w.log.String(), made.Code) {
		t.Error("the log has the code")
	}
}

func TestInvitationEnds(t *testing.T) {
	w := newWorld(t)
	owner := w.as("owner")
	first, second := owner.invites(`{"role":"adult"}`), owner.invites(`{"role":"owner"}`)
	owner.do("DELETE", home("/invitations/"+first.Invitation.ID), "").is(http.StatusNoContent)
	var list []Invitation
	owner.do("GET", home("/invitations"), "").is(http.StatusOK).decode(&list)
	if len(list) != 1 || list[0].ID != second.Invitation.ID {
		t.Errorf("left %+v", list)
	}
	w.pass(48 * time.Hour)
	for _, code := range []string{first.Code, second.Code, "", "x"} {
		w.nobody().do("POST", "/api/invitations/look", `{"code":"`+code+`"}`).refuses(http.StatusNotFound, codeNotFound)
		w.as("neighbour").do("POST", "/api/me/homes", `{"code":"`+code+`"}`).refuses(http.StatusNotFound, codeNotFound)
	}
}

func TestMemberOfAnotherHomeAcceptsToo(t *testing.T) {
	w := newWorld(t)
	made := w.as("owner").invites(`{"role":"child","person":"leo"}`)
	code := `{"code":"` + made.Code + `"}`
	w.as("adult").do("POST", "/api/me/homes", code).refuses(http.StatusConflict, codeAlready)
	var place Membership
	w.as("neighbour").do("POST", "/api/me/homes", code).is(http.StatusCreated).decode(&place)
	if (place != Membership{ID: home1, Name: "City", Role: accounts.RoleChild, Person: "leo"}) {
		t.Errorf("place %+v", place)
	}
}

func TestChildNeedsNoEmail(t *testing.T) {
	w := newWorld(t)
	made := w.as("owner").invites(`{"role":"child","person":"leo"}`)
	var welcome Welcome
	a := w.nobody().do("POST", "/api/invitations/accept", `{"code":"`+made.Code+`","name":"Léo","locale":"fr","kind":"browser"}`)
	a.is(http.StatusCreated).decode(&welcome)
	if welcome.Member.Email != "" || welcome.Token != "" {
		t.Errorf("welcome %+v", welcome)
	}
	leo := w.nobody().with("Cookie", strings.Split(a.header.Get("Set-Cookie"), ";")[0])
	if rows := leo.do("GET", home(""), "").home().Devices; len(rows) != 2 {
		t.Errorf("sees %+v", rows)
	}
	w.nobody().do("POST", "/api/sessions", `{"email":"none:`+welcome.Member.ID+`","password":"correct horse battery","kind":"app"}`).
		refuses(http.StatusUnauthorized, codeCredentials)
	adult := w.as("owner").invites(`{"role":"adult"}`)
	w.nobody().do("POST", "/api/invitations/accept", `{"code":"`+adult.Code+`","name":"Sam","locale":"fr","kind":"app"}`).
		finds("email email", "password password")
}

func TestChildIsAPersonOfThePolicy(t *testing.T) {
	w := newWorld(t)
	owner := w.as("owner")
	owner.do("POST", home("/invitations"), `{"role":"child"}`).finds("reference person")
	owner.do("POST", home("/invitations"), `{"role":"child","person":"eve"}`).finds("reference person")
	owner.do("POST", home("/invitations"), `{"role":"adult","person":"leo"}`).finds("child-person person")
	owner.do("POST", home("/invitations"), `{"role":"guest"}`).finds("role role")
	owner.do("PUT", home("/members/"+w.member["adult"]), `{"role":"guest"}`).finds("role role")
}

func TestAHomeKeepsAnOwner(t *testing.T) {
	w := newWorld(t)
	owner, adult := w.as("owner"), w.as("adult")
	mine := home("/members/" + w.member["owner"])
	owner.do("DELETE", mine, "").refuses(http.StatusConflict, codeLastOwner)
	owner.do("PUT", mine, `{"role":"adult"}`).refuses(http.StatusConflict, codeLastOwner)
	var kin []Kin
	owner.do("PUT", home("/members/"+w.member["adult"]), `{"role":"owner"}`).is(http.StatusOK).decode(&kin)
	if len(kin) != 3 || kin[0].Role != accounts.RoleOwner || kin[1].Role != accounts.RoleOwner {
		t.Errorf("kin %+v", kin)
	}
	owner.do("DELETE", mine, "").is(http.StatusNoContent)
	owner.do("GET", home(""), "").refuses(http.StatusNotFound, codeNotFound)
	adult.do("DELETE", home("/members/"+w.member["child"]), "").is(http.StatusNoContent)
	w.as("child").do("GET", home("/members"), "").refuses(http.StatusNotFound, codeNotFound)
}

func TestAdultLeavesAndRemovesNobody(t *testing.T) {
	w := newWorld(t)
	adult := w.as("adult")
	adult.do("DELETE", home("/members/"+w.member["owner"]), "").refuses(http.StatusForbidden, codeOwner)
	adult.do("POST", home("/invitations"), `{"role":"owner"}`).refuses(http.StatusForbidden, codeOwner)
	adult.do("DELETE", home("/members/"+w.member["adult"]), "").is(http.StatusNoContent)
	adult.do("GET", home(""), "").refuses(http.StatusNotFound, codeNotFound)
}

func TestChildSeesWhoButNotTheirEmails(t *testing.T) {
	w := newWorld(t)
	var kin []Kin
	w.as("child").do("GET", home("/members"), "").is(http.StatusOK).decode(&kin)
	for _, k := range kin {
		if (k.Email != "") != k.Me || k.Name == "" || k.Me != (k.ID == w.member["child"]) {
			t.Errorf("sees %+v", k)
		}
	}
}
