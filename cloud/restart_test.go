package main

import (
	"encoding/json"
	"net/http"
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

		data, err := store.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = data.Close() })
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
		julie.support = begun.ID
		julie.change("PUT", "~/devices/tv", 1, tvBody)
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Errorf("ending: %d", status)
		}
		if got := julie.code("PUT", "~/devices/tv", 2, tvBody); got != "403 support-over" {
			t.Errorf("after the end: %s", got)
		}
		c.verify()
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
