package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// household is a home whose agent may change things: Ada owns it, Bob and Léo belong to it.
type household struct {
	*apiCloud
	ada, bob, leo, julie *apiVisitor
	session              mobileapi.SupportSession
	id                   map[string]string // of members, by name
}

func newHousehold(t *testing.T, database string) *household {
	t.Helper()
	h := &household{apiCloud: newAPICloud(t, database, 2), id: map[string]string{}}
	h.ada, h.leo, h.julie = h.signIn("Ada", 0), h.signIn("Léo", 1), h.hire("Julie", accounts.StaffSupport, 1)
	h.ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
	who := accounts.New(h.data, time.Now)
	bob, err := who.Create(t.Context(), "bob@example.org", "Bob", apiPassword)
	if err == nil {
		err = who.Join(t.Context(), bob.ID, accounts.Membership{Home: h.home, Role: accounts.RoleAdult})
	}
	if err != nil {
		t.Fatal(err)
	}
	h.member["Bob"] = "bob@example.org"
	h.bob = h.signIn("Bob", 0)
	h.session = h.consent(h.ada, h.ask(h.ada, h.julie, `["see","change"]`).ID, `["see","change"]`)
	for _, k := range h.kin(h.ada) {
		h.id[k.Name] = k.ID
	}
	return h
}

func (h *household) kin(who *apiVisitor) []mobileapi.Kin {
	h.t.Helper()
	var list []mobileapi.Kin
	if status := who.do("GET", "~/members", 0, "", &list); status != http.StatusOK {
		h.t.Fatalf("members: %d", status)
	}
	return list
}

// family is everybody's role, as Ada sees it.
func (h *household) family() string {
	h.t.Helper()
	var all []string
	for _, k := range h.kin(h.ada) {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s %s %s", k.Name, k.Role, k.Person), " "))
	}
	return strings.Join(all, ", ")
}

func (h *household) propose(body string) (p mobileapi.SupportProposal) {
	h.t.Helper()
	if status := h.julie.do("POST", "/api/staff/sessions/"+h.session.ID+"/proposals", 0, body, &p); status != http.StatusCreated {
		h.t.Fatalf("proposing %s: %d", body, status)
	}
	return p
}

// refused is why a proposal is not made: its first problem, or the code of all.
func (h *household) refused(body string) string {
	h.t.Helper()
	var problem mobileapi.ProblemDocument
	status := h.julie.do("POST", "/api/staff/sessions/"+h.session.ID+"/proposals", 0, body, &problem)
	for _, one := range problem.Problems {
		return fmt.Sprint(status, " ", one.Code, " ", one.Field)
	}
	return fmt.Sprint(status, " ", problem.Code)
}

func (h *household) proposal(p mobileapi.SupportProposal) (path, body string) {
	return "~/support/" + h.session.ID + "/proposals/" + p.ID + "/approve", `{"hash":"` + p.Hash + `"}`
}

func TestWhoBelongsToAHomeIsChangedByTheCustomersTap(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		h := newHousehold(t, database)
		acting := *h.julie
		acting.support = h.session.ID
		for _, k := range h.kin(&acting) {
			if k.Email != "" || k.Me || k.Name == "" {
				t.Errorf("the agent reads %+v", k)
			}
		}
		before := h.family()
		role := h.propose(fmt.Sprintf(`{"operation":"put","list":"members","id":%q,"value":{"role":"owner"},"revision":2}`, h.id["Bob"]))
		invited := h.propose(`{"operation":"invite","value":{"role":"child","person":"leo"},"revision":2}`)
		gone := h.propose(fmt.Sprintf(`{"operation":"remove","list":"members","id":%q,"revision":2}`, h.id["Bob"]))
		if d := role.Differences; len(d) != 1 || d[0].Path != "members/"+h.id["Bob"] ||
			string(d[0].Before) != `{"name":"Bob","role":"adult","person":""}` || string(d[0].After) != `{"name":"Bob","role":"owner","person":""}` {
			t.Errorf("role %+v", role)
		}
		if d := invited.Differences; len(d) != 1 || d[0].Path != "invitations" || d[0].Before != nil || string(d[0].After) != `{"role":"child","person":"leo"}` {
			t.Errorf("invitation %+v", invited)
		}
		path, body := h.proposal(role)
		for who, want := range map[*apiVisitor]string{h.bob: "403 owner", h.leo: "403 role", &acting: "403 support-scope"} {
			if got := who.code("POST", path, 0, body); got != want {
				t.Errorf("approved: %s, want %s", got, want)
			}
		}
		if now := h.family(); now != before {
			t.Errorf("%s is %s before anybody has tapped", before, now)
		}
		if status := h.ada.do("POST", path, 0, body, nil); status != http.StatusNoContent || h.family() != "Ada owner, Bob owner, Léo child leo" {
			t.Errorf("the role: %d, %s", status, h.family())
		}
		if got := h.ada.code("POST", path, 0, body); got != "409 support-answered" {
			t.Errorf("twice: %s", got)
		}
		path, body = h.proposal(gone) // it was an adult that was to go
		if got := h.ada.code("POST", path, 0, body); got != "409 proposal" || !strings.Contains(h.family(), "Bob owner") {
			t.Errorf("a place that has changed since: %s, %s", got, h.family())
		}
		gone = h.propose(fmt.Sprintf(`{"operation":"remove","list":"members","id":%q,"revision":2}`, h.id["Bob"]))
		path, body = h.proposal(gone)
		if status := h.ada.do("POST", path, 0, body, nil); status != http.StatusNoContent || h.family() != "Ada owner, Léo child leo" {
			t.Errorf("the end: %d, %s", status, h.family())
		}
		var made mobileapi.NewInvitation
		path, body = h.proposal(invited)
		if status := h.ada.do("POST", path, 0, body, &made); status != http.StatusCreated || made.Invitation.Role != accounts.RoleChild || made.Code == "" {
			t.Errorf("the invitation: %d, %+v", status, made.Invitation)
		}
		var states json.RawMessage
		h.julie.do("GET", "/api/staff/sessions/"+h.session.ID+"/proposals", 0, "", &states)
		if strings.Count(string(states), `"approved"`) != 3 || strings.Contains(string(states), made.Code) {
			t.Errorf("the agent reads %s", states)
		}
		h.account()
	})
}

// account is that the audit has the three changes with both identities.
func (h *household) account() {
	h.t.Helper()
	var codes []string
	for _, l := range h.verify() {
		said, err := l.Said()
		if err != nil {
			h.t.Fatal(err)
		}
		if l.Verb == "change" {
			codes = append(codes, fmt.Sprint(said.Detail["code"]))
			if l.Via != audit.ViaApproved || said.Approved != h.id["Ada"] || said.Actor.Name != "Julie" || l.Session != h.session.ID || said.Detail["proposal"] == "" {
				h.t.Errorf("line %+v says %+v", l, said)
			}
		}
	}
	if got := strings.Join(codes, " "); got != "member member-removed invitation" {
		h.t.Errorf("the audit has %q", got)
	}
}

func TestWhatMayNotBecomeOfMembersIsNotProposed(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		h := newHousehold(t, database)
		for body, want := range map[string]string{
			`{"operation":"put","list":"members","id":"nobody","value":{"role":"adult"},"revision":2}`:    "404 not-found",
			`{"operation":"remove","list":"members","revision":2}`:                                        "404 not-found",
			`{"operation":"put","list":"members","id":"ADA","value":{"role":"adult"},"revision":2}`:       "409 last-owner",
			`{"operation":"remove","list":"members","id":"ADA","revision":2}`:                             "409 last-owner",
			`{"operation":"put","list":"members","id":"BOB","value":{"role":"adult"},"revision":2}`:       "422 nothing ",
			`{"operation":"put","list":"members","id":"BOB","value":{"role":"king"},"revision":2}`:        "422 role value.role",
			`{"operation":"put","list":"members","id":"BOB","value":{"role":"child"},"revision":2}`:       "422 reference value.person",
			`{"operation":"put","list":"members","id":"BOB","value":{"role":"adult","x":1},"revision":2}`: "422 type value",
			`{"operation":"put","list":"members","id":"BOB","revision":2}`:                                "422 type value",
			`{"operation":"invite","value":{"role":"adult","person":"leo"},"revision":2}`:                 "422 child-person value.person",
			`{"operation":"invite","value":{"role":"adult"},"revision":1}`:                                "412 stale",
			`{"operation":"pause","list":"members","value":{"for":{"home":true}},"revision":2}`:           "422 word operation",
			`{"operation":"put","list":"invitations","id":"x","value":{"role":"adult"},"revision":2}`:     "422 word list",
		} {
			sent := strings.NewReplacer("ADA", h.id["Ada"], "BOB", h.id["Bob"]).Replace(body)
			if got := h.refused(sent); got != want {
				t.Errorf("%s: %s, want %s", body, got, want)
			}
		}
		kept := h.propose(`{"operation":"invite","value":{"role":"owner"},"revision":2}`)
		path, body := h.proposal(kept)
		if got := h.bob.code("POST", path, 0, body); got != "403 owner" {
			t.Errorf("an adult who invites an owner: %s", got)
		}
		moved := h.propose(fmt.Sprintf(`{"operation":"put","list":"members","id":%q,"value":{"role":"child","person":"leo"},"revision":2}`, h.id["Bob"]))
		h.ada.do("POST", "~/support/"+h.session.ID+"/end", 0, "", nil)
		for _, p := range []mobileapi.SupportProposal{kept, moved} {
			path, body := h.proposal(p)
			for _, answer := range []string{path, strings.TrimSuffix(path, "approve") + "decline"} {
				if got := h.ada.code("POST", answer, 0, body); got != "409 support-answered" {
					t.Errorf("%s after the end: %s", answer, got)
				}
			}
		}
		if got := h.family(); got != "Ada owner, Léo child leo, Bob adult" {
			t.Errorf("the family is %s", got)
		}
	})
}
