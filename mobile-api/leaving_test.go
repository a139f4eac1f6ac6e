package mobileapi

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTheOnlyOwnerIsToldWhichHomesStandAgainstLeaving(t *testing.T) {
	w := newWorld(t)
	owner := w.as("owner")
	owner.do("POST", "/api/me/deletion", `{"password":"not this one at all"}`).finds("password-wrong password")
	doc := owner.do("POST", "/api/me/deletion", `{"password":"`+password+`"}`).refuses(http.StatusConflict, codeLastOwner)
	if !strings.Contains(doc.Detail, "City") {
		t.Errorf("detail %q", doc.Detail)
	}
	owner.do("GET", home(""), "").home()
	adult := w.as("adult")
	adult.do("POST", "/api/me/deletion", `{"password":"`+password+`"}`).is(http.StatusNoContent)
	adult.do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	w.nobody().do("POST", "/api/sessions", signIn("adult", password, "app")).refuses(http.StatusUnauthorized, codeCredentials)
}

// admitted is a child without an email, by way of an invitation.
func admitted(w *world) (*client, string) {
	w.t.Helper()
	owner := w.as("owner")
	owner.at(1).do("PUT", home("/people/leo"), `{"id":"leo","name":"Léo"}`).home()
	made := owner.invites(`{"role":"child","person":"leo"}`)
	var welcome Welcome
	w.nobody().do("POST", "/api/invitations/accept", `{"code":"`+made.Code+`","name":"Léo","locale":"fr","kind":"app"}`).is(http.StatusCreated).decode(&welcome)
	return w.nobody().with("Authorization", "Bearer "+welcome.Token), welcome.Member.ID
}

func TestAChildWithoutAnEmailComesBackAsTheSameMember(t *testing.T) {
	w := newWorld(t)
	child, id := admitted(w)
	child.do("DELETE", "/api/sessions/current", "").is(http.StatusNoContent)
	path := home("/members/" + id + "/entry")
	var first, second Entry
	w.as("adult").do("POST", path, "").is(http.StatusCreated).decode(&first)
	w.as("owner").do("POST", path, "").is(http.StatusCreated).decode(&second)
	if second.URL != "https://carebox.example/enter#"+second.Code || !second.Expires.Equal(begin.Add(48*time.Hour)) {
		t.Errorf("entry %+v", second)
	}
	if said := w.store.String() + w.log.String(); strings.Contains(said, second.Code) {
		t.Error("the store or the log has the code")
	}
	enter := func(code string) *answer {
		return w.nobody().do("POST", "/api/sessions/entry", `{"code":"`+code+`","kind":"browser"}`)
	}
	enter(first.Code).refuses(http.StatusNotFound, codeNotFound) // the newest only
	w.nobody().do("POST", "/api/sessions/entry", `{"code":"`+second.Code+`","kind":"phone"}`).finds("word kind")
	var in SignedIn
	got := enter(second.Code).is(http.StatusCreated)
	got.decode(&in)
	if in.Member.ID != id || in.Token != "" || !strings.Contains(got.header.Get("Set-Cookie"), "carebox=") {
		t.Errorf("signed in as %+v", in)
	}
	enter(second.Code).refuses(http.StatusNotFound, codeNotFound) // once
	w.as("owner").do("POST", path, "").is(http.StatusCreated).decode(&first)
	w.pass(49 * time.Hour)
	enter(first.Code).refuses(http.StatusNotFound, codeNotFound)
}

// TestAnEntryIsForAChildAlone: else an adult of one home could sign in as somebody who decides in another.
func TestAnEntryIsForAChildAlone(t *testing.T) {
	w := newWorld(t)
	child, id := admitted(w)
	owner := w.as("owner")
	var kin []Kin
	owner.do("GET", home("/members"), "").is(http.StatusOK).decode(&kin)
	for _, k := range kin {
		if k.ID != id {
			owner.do("POST", home("/members/"+k.ID+"/entry"), "").refuses(http.StatusNotFound, codeNotFound)
		}
	}
	var entry Entry
	owner.do("POST", home("/members/"+id+"/entry"), "").is(http.StatusCreated).decode(&entry)
	owner.do("PUT", home("/members/"+id), `{"role":"adult"}`).is(http.StatusOK)
	w.nobody().do("POST", "/api/sessions/entry", `{"code":"`+entry.Code+`","kind":"app"}`).refuses(http.StatusNotFound, codeNotFound)
	owner.do("POST", home("/members/"+id+"/entry"), "").refuses(http.StatusNotFound, codeNotFound)
	owner.do("PUT", home("/members/"+id), `{"role":"child","person":"leo"}`).is(http.StatusOK)
	child.do("POST", "/api/me/deletion", `{"password":""}`).is(http.StatusNoContent) // there is none
	owner.do("GET", home("/members"), "").is(http.StatusOK).decode(&kin)
	for _, k := range kin {
		if k.ID == id {
			t.Error("the child is there still")
		}
	}
}
