package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/carebox-project/carebox/cloud/store"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

// TestASessionOutlivesItsReplica: another process with the same database goes on with what was begun.
func TestASessionOutlivesItsReplica(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 0)
		c.connect()
		begun := c.consent(ada, c.ask(ada, julie, `["diagnose","change"]`).ID, `["diagnose","change"]`)
		var q mobileapi.BoxQuery
		path := "/api/staff/sessions/" + begun.ID + "/queries"
		if status := julie.do("POST", path, 0, pingBody, &q); status != http.StatusCreated {
			t.Fatalf("asking: %d", status)
		}

		julie.support = begun.ID
		julie.change("PUT", "~/devices/tv", 1, tvBody)
		julie.support = ""
		if status := julie.do("POST", "/api/staff/cases/"+begun.Case+"/messages", 0, `{"text":"I look at it"}`, nil); status/100 != 2 {
			t.Fatalf("writing: %d", status)
		}

		data, err := store.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = data.Close() })
		data.Patience = soon
		data.Seal(c.key)
		c.url = append(c.url, c.serve(data))
		ada.url, julie.url = c.url[1], c.url[1]
		if err := c.data.Close(); err != nil { // the first has nothing to say any more
			t.Fatal(err)
		}
		c.data = data
		sent := len(c.ether.all(wire.DownGrant))
		c.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: wire.Schema, Revision: 1, Version: "1"})
		c.until("the letter comes again", func() bool { return len(c.ether.all(wire.DownGrant)) > sent })
		if g, _ := c.grant(); g.ID != begun.ID || g.Ended || g.Revision != 1 {
			t.Errorf("letter %+v", g)
		}
		c.say(wire.UpResult, wire.Result{Query: q.ID, Grant: begun.ID, Seq: 1, Data: json.RawMessage(`{}`), Done: true})
		c.until("the result", func() bool { julie.do("GET", path+"/"+q.ID, 0, "", &q); return q.State == "done" })
		var story mobileapi.CaseStory
		if ada.do("GET", "~/cases/"+begun.Case, 0, "", &story); len(story.Said) == 0 || story.Said[len(story.Said)-1].Text != "I look at it" {
			t.Errorf("the chat is %+v", story.Said)
		}
		var receipt mobileapi.SupportReceipt
		if ada.do("GET", "~/support/"+begun.ID+"/receipt", 0, "", &receipt); len(receipt.Changes) != 1 || receipt.Changes[0].Undone {
			t.Errorf("the receipt is %+v", receipt.Changes)
		}
		julie.support = begun.ID
		julie.change("PUT", "~/devices/tv", 2, tvBody)
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Errorf("ending: %d", status)
		}
		if got := julie.code("PUT", "~/devices/tv", 3, tvBody); got != "403 support-over" {
			t.Errorf("after the end: %s", got)
		}
		c.verify()
	})
}

// TestTheCustomerReadsWhatWasDone: on the receipt of each session of the case, once it is closed, and by every adult.
func TestTheCustomerReadsWhatWasDone(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, leo, julie := c.signIn("Ada", 0), c.signIn("Léo", 0), c.hire("Julie", accounts.StaffSupport, 0)
		begun := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
		read := func() (receipt mobileapi.SupportReceipt) {
			t.Helper()
			if status := ada.do("GET", "~/support/"+begun.ID+"/receipt", 0, "", &receipt); status != http.StatusOK {
				t.Fatalf("reading: %d", status)
			}
			return receipt
		}
		its := "/api/staff/cases/" + begun.Case
		if got := read(); got.Summary != "" || got.Session.State != "active" {
			t.Errorf("while it goes on: %+v", got)
		}
		long := strings.Repeat("é", 2001)
		for _, bad := range []string{`{"reason":"tv","summary":" \n"}`, `{"reason":"tv","summary":"` + long + `"}`, `{"reason":"tv"}`} {
			if got := julie.code("POST", its+"/wrap-up", 0, bad); got != "422 invalid" {
				t.Errorf("%.40s: %s", bad, got)
			}
		}
		if status := julie.do("POST", its+"/wrap-up", 0, `{"reason":"tv","summary":" Moved the TV. "}`, nil); status != http.StatusOK {
			t.Fatalf("wrapping up: %d", status)
		}
		data, err := store.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = data.Close() })
		data.Patience = soon
		data.Seal(c.key)
		ada.url = c.serve(data) // another process with the same database
		if got := read(); got.Summary != "Moved the TV." || got.Session.State != "ended" || got.Session.EndedBy != "staff" {
			t.Errorf("after it: %+v", got)
		}
		if got := leo.code("GET", "~/support/"+begun.ID+"/receipt", 0, ""); got != "403 role" {
			t.Errorf("a child: %s", got)
		}
		if status := ada.do("POST", "~/cases/"+begun.Case+"/close", 0, `{"solved":false}`, nil); status != http.StatusOK {
			t.Fatalf("opening again: %d", status)
		}
		if got := read(); got.Summary != "" {
			t.Errorf("opened again: %+v", got)
		}
	})
}

// TestNothingIsAskedAfterTheEnd: queries from both replicas while the customer ends the session.
func TestNothingIsAskedAfterTheEnd(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		julie := c.hire("Julie", accounts.StaffSupport, 1)
		c.connect()
		begun := c.consent(ada, c.ask(ada, julie, `["diagnose"]`).ID, `["diagnose"]`)
		path := "/api/staff/sessions/" + begun.ID + "/queries"
		var all sync.WaitGroup
		for n := range 8 {
			agent := *julie
			agent.url = c.url[n%2]
			all.Go(func() {
				switch status := agent.do("POST", path, 0, pingBody, nil); status {
				case http.StatusCreated, http.StatusForbidden, http.StatusTooManyRequests:
				default:
					t.Errorf("status %d", status)
				}
			})
		}
		all.Go(func() {
			if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
				t.Errorf("ending: %d", status)
			}
		})
		all.Wait()
		var list []mobileapi.BoxQuery
		julie.do("GET", path, 0, "", &list)
		for _, q := range list {
			if q.State != "cancelled" {
				t.Errorf("%+v goes on", q)
			}
		}
		ended := false
		for _, l := range c.verify() {
			if ended && l.Verb == "query" {
				t.Errorf("line %d is a query after the end", l.Seq)
			}
			ended = ended || l.Verb == "support-ended"
		}
	})
}
