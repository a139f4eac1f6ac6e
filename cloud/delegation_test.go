package main

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

const tvBody = `{"id":"tv","name":"TV","kind":"tv","macs":["02:00:00:00:00:0c"]}`

// verify is the audit's own judgement.
func (c *apiCloud) verify() (lines []audit.Line) {
	c.t.Helper()
	v := audit.NewVerifier(audit.Head{})
	head, err := c.data.Audit(c.t.Context(), func(l audit.Line) error {
		lines = append(lines, l)
		return v.Next(l)
	})
	if err == nil {
		_, _, err = v.End(head, c.key.Public().(ed25519.PublicKey))
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return lines
}

// code is the problem of an answer.
func (v *apiVisitor) code(method, path string, base int64, body string) string {
	v.t.Helper()
	var problem mobileapi.ProblemDocument
	status := v.do(method, path, base, body, &problem)
	return fmt.Sprint(status, " ", problem.Code)
}

func TestAnAgentChangesThingsForACustomer(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.consent(ada, c.ask(ada, julie, `["see","change"]`).ID, `["see","change"]`)
		if got := julie.code("GET", "~", 0, ""); got != "404 not-found" {
			t.Errorf("without the header: %s", got)
		}
		julie.support = begun.ID
		state := julie.change("PUT", "~/devices/tv", 1, tvBody)
		who := state.Asked.Actor
		if who.Name != "Ada" || who.From != "support" || who.Act == nil || who.Act.Name != "Julie" || who.Act.Session != begun.ID || who.Act.Approved {
			t.Errorf("actor %+v, act %+v", who, who.Act)
		}
		julie.change("PUT", "~/reservations/tv", 2, `{"id":"tv","devices":["tv"],"windows":[],"floorDown":8000000}`)
		julie.change("POST", "~/pause", 3, `{"for":{"device":"tv"}}`)
		ada.change("PUT", "~/people/leo", 4, `{"id":"leo","name":"Léo"}`) // the family goes on meanwhile
		if got := julie.code("DELETE", "~/devices/tv", 5, ""); got != "403 support-approval" {
			t.Errorf("a sensitive change: %s", got)
		}
		for path, want := range map[string]string{"~/invitations": "403 support-scope", "~/export": "403 support-scope", "/api/me": "403 support-scope", "/api/sessions": "403 support-scope"} {
			if got := julie.code("GET", path, 0, ""); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
		var history []mobileapi.HistoryEntry
		ada.do("GET", "~/history", 0, "", &history)
		if len(history) != 5 || history[0].Actor.Act != nil || history[1].Actor.Act == nil || history[1].Actor.Act.Name != "Julie" || history[1].Actor.Name != "Ada" {
			t.Errorf("history %+v", history)
		}
		undone := ada.change("POST", "~/history/4/undo", 5, "")
		if len(undone.Policy.Overrides) != 0 || undone.Asked.Actor.Act != nil {
			t.Errorf("undone %+v", undone.Asked)
		}
		ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil)
		if got := julie.code("PUT", "~/devices/tv", 6, tvBody); got != "403 support-over" {
			t.Errorf("after the end: %s", got)
		}
		back := ada.change("POST", "~/support/"+begun.ID+"/undo", 6, "")
		if len(back.Policy.Devices)+len(back.Policy.Reservations) != 0 || len(back.Policy.People) != 1 || back.Asked.Change.Code != "undo-visit" {
			t.Errorf("all undone: %+v, %+v", back.Policy, back.Asked)
		}
		var receipt mobileapi.SupportReceipt
		if status := ada.do("GET", "~/support/"+begun.ID+"/receipt", 0, "", &receipt); status != http.StatusOK || len(receipt.Changes) != 3 ||
			!receipt.Changes[0].Undone || !receipt.Changes[2].Undone || !strings.Contains(string(receipt.Changes[2].Gone), `"name"`) {
			t.Errorf("receipt: %d, %+v", status, receipt.Changes)
		}
		var verbs []string
		for _, l := range receipt.Lines {
			verbs = append(verbs, l.Verb+" "+l.Via)
		}
		want := `[support-asked support support-consented self change support change support change support undo self support-ended self undo-visit self]`
		if fmt.Sprint(verbs) != want {
			t.Errorf("lines %v, want %v", verbs, want)
		}
		var account []mobileapi.AuditLine
		ada.do("GET", "~/audit", 0, "", &account)
		lines := c.verify()
		if len(account) != len(lines) || account[0].Hash != lines[len(lines)-1].Hash || account[0].Actor == nil || account[0].Actor.Name != "Ada" {
			t.Errorf("the family reads %+v of %d lines", account, len(lines))
		}
	})
}

// What an agent took back themselves is not done again by taking all back, and what the family let be after all is not undone.
func TestAVisitIsTakenBackAsItStands(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.consent(ada, c.ask(ada, julie, `["see","change"]`).ID, `["see","change"]`)
		julie.support = begun.ID
		julie.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Leo"}`)
		julie.change("PUT", "~/people/leo", 2, `{"id":"leo","name":"Leonard"}`)
		julie.change("POST", "~/history/3/undo", 3, "")
		all := "~/support/" + begun.ID + "/undo"
		if back := ada.change("POST", all, 4, ""); len(back.Policy.People) != 0 {
			t.Errorf("all taken back: %+v", back.Policy.People)
		}
		ada.change("POST", "~/history/5/undo", 5, "") // after all it is to stay
		var receipt mobileapi.SupportReceipt
		ada.do("GET", "~/support/"+begun.ID+"/receipt", 0, "", &receipt)
		if n := len(receipt.Changes); n != 3 || receipt.Changes[2].Undone || !receipt.Changes[1].Undone || receipt.Changes[0].Undone {
			t.Errorf("after all: %+v", receipt.Changes)
		}
		if back := ada.change("POST", all, 6, ""); len(back.Policy.People) != 0 || back.Asked.Revision != 7 {
			t.Errorf("taken back again: %+v, revision %d", back.Policy.People, back.Asked.Revision)
		}
		if again := ada.change("POST", all, 7, ""); again.Asked.Revision != 7 {
			t.Errorf("there was nothing left, and revision %d was made", again.Asked.Revision)
		}
	})
}

func TestACustomerApprovesWhatTheySaw(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, leo, julie := c.signIn("Ada", 0), c.signIn("Léo", 0), c.hire("Julie", accounts.StaffSupport, 1)
		ada.change("PUT", "~/devices/tv", 1, tvBody)
		begun := c.consent(ada, c.ask(ada, julie, `["see","change"]`).ID, `["see","change"]`)
		propose := func(revision int) mobileapi.SupportProposal {
			t.Helper()
			var p mobileapi.SupportProposal
			body := fmt.Sprintf(`{"operation":"remove","list":"devices","id":"tv","revision":%d}`, revision)
			if status := julie.do("POST", "/api/staff/sessions/"+begun.ID+"/proposals", 0, body, &p); status != http.StatusCreated {
				t.Fatalf("proposing: %d", status)
			}
			return p
		}
		if got := julie.code("POST", "/api/staff/sessions/"+begun.ID+"/proposals", 0, `{"operation":"remove","list":"devices","id":"x","revision":2}`); got != "404 not-found" {
			t.Errorf("of nothing: %s", got)
		}
		p, other := propose(2), propose(2)
		if len(p.Differences) != 1 || p.Differences[0].Path != "devices/tv" || p.Differences[0].After != nil || len(p.Hash) != 64 || p.Left < 200 {
			t.Errorf("proposal %+v", p)
		}
		path := "~/support/" + begun.ID + "/proposals/"
		approval := `{"hash":"` + p.Hash + `"}`
		if got := leo.code("POST", path+p.ID+"/approve", 0, approval); got != "403 role" {
			t.Errorf("a child: %s", got)
		}
		acting := *julie
		acting.support = begun.ID
		if got := acting.code("POST", path+p.ID+"/approve", 0, approval); got != "403 support-scope" {
			t.Errorf("the agent: %s", got)
		}
		if got := ada.code("POST", path+p.ID+"/approve", 0, `{"hash":"`+fmt.Sprintf("%064d", 0)+`"}`); got != "409 proposal" {
			t.Errorf("another hash: %s", got)
		}
		var home mobileapi.HomeState
		if status := ada.do("POST", path+p.ID+"/approve", 0, approval, &home); status != http.StatusOK || len(home.Policy.Devices) != 0 ||
			home.Asked.Actor.Name != "Ada" || home.Asked.Actor.Act == nil || !home.Asked.Actor.Act.Approved {
			t.Errorf("approved: %d, %+v", status, home.Asked)
		}
		if got := ada.code("POST", path+p.ID+"/approve", 0, approval); got != "409 support-answered" {
			t.Errorf("twice: %s", got)
		}
		if got := ada.code("POST", path+other.ID+"/approve", 0, `{"hash":"`+other.Hash+`"}`); got != "412 stale" {
			t.Errorf("of another revision: %s", got)
		}
		if status := ada.do("POST", path+other.ID+"/decline", 0, "", nil); status != http.StatusNoContent {
			t.Errorf("declining: %d", status)
		}
		ada.change("PUT", "~/devices/tv", 3, tvBody)
		last := propose(4)
		ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil)
		if got := ada.code("POST", path+last.ID+"/approve", 0, `{"hash":"`+last.Hash+`"}`); got != "409 support-answered" {
			t.Errorf("after the end: %s", got)
		}
		var states []mobileapi.SupportProposal
		julie.do("GET", "/api/staff/sessions/"+begun.ID+"/proposals", 0, "", &states)
		if len(states) != 3 || states[0].State != "expired" {
			t.Errorf("states %+v", states)
		}
		for _, l := range c.verify() {
			if said, err := l.Said(); err != nil || l.Via == audit.ViaApproved && (said.Approved == "" || said.Approved != said.Subject || l.Staff == "") {
				t.Errorf("line %+v: %v", l, err)
			}
		}
	})
}

// TestNothingChangesAfterTheEnd: an agent who changes things at both replicas while the customer ends the session.
func TestNothingChangesAfterTheEnd(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.consent(ada, c.ask(ada, julie, `["change"]`).ID, `["change"]`)
		var all sync.WaitGroup
		var over atomic.Bool
		var changed atomic.Int64
		stop := time.Now().Add(time.Minute)
		for n := range 4 {
			agent := *julie
			agent.support, agent.url = begun.ID, c.url[n%2]
			all.Go(func() {
				for i := 0; time.Now().Before(stop); i++ {
					known := over.Load()
					var raw json.RawMessage
					var home mobileapi.HomeState
					status := agent.do("GET", "~", 0, "", &raw)
					if status == http.StatusOK {
						if err := json.Unmarshal(raw, &home); err != nil {
							t.Error(err)
							return
						}
						status = agent.do("PUT", fmt.Sprintf("~/people/p%d", n), home.Asked.Revision, fmt.Sprintf(`{"id":"p%d","name":"N%d"}`, n, i), nil)
					}
					switch status {
					case http.StatusOK:
						changed.Add(1)
						if known {
							t.Error("a change after the end was answered")
						}
					case http.StatusForbidden:
						return
					case http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusServiceUnavailable:
					default:
						t.Errorf("status %d", status)
						return
					}
				}
			})
		}
		c.until("some changes", func() bool { return changed.Load() > 3 })
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Fatalf("ending: %d", status)
		}
		over.Store(true)
		all.Wait()
		ended := false
		count := 0
		for _, l := range c.verify() {
			if l.Verb == "change" {
				count++
			}
			if ended && l.Verb == "change" {
				t.Errorf("line %d is a change after the end", l.Seq)
			}
			ended = ended || l.Verb == "support-ended"
		}
		if int64(count) != changed.Load() || !ended {
			t.Errorf("%d changes in the audit, %d answered", count, changed.Load())
		}
	})
}
