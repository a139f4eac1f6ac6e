package main

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
)

func TestAPIPauseTravelsToTheBoxAndBack(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, leo := c.signIn("Ada", 0), c.signIn("Léo", 1)
		ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
		looks := leo.watch()
		if first := <-looks; first != `{"revision":2}` {
			t.Fatalf("first look %s", first)
		}
		phone := `{"id":"phone","name":"Phone","kind":"phone","macs":["02:00:00:00:00:0a"],"person":"leo"}`
		state := ada.change("PUT", "~/devices/phone", 2, phone)
		if state.Delivery != mobileapi.DeliveryWaitingForBox || state.Box == nil || state.Box.Reachable || state.InForce != nil {
			t.Errorf("before the box was ever there: %s, %+v", state.Delivery, state.Box)
		}
		state = ada.change("POST", "~/pause", 3, `{"for":{"device":"phone"}}`)
		if state.Asked.Revision != 4 || state.Asked.Actor.Name != "Ada" || state.Devices[0].Asked.Online || state.Devices[0].InForce != nil {
			t.Errorf("asked %+v", state)
		}
		c.obey()
		c.until("in force at the other replica", func() bool {
			state = leo.state()
			return state.Delivery == mobileapi.DeliveryInForce && state.Box.Reachable // signs of life are written each second
		})
		if state.InForce.Revision != 4 || !state.Devices[0].InForce.Proved || state.Devices[0].InForce.Verdict.Online {
			t.Errorf("in force %+v", state)
		}
		c.until("look after the pause", func() bool { return <-looks == `{"revision":4}` })
		var history []mobileapi.HistoryEntry
		if status := ada.do("GET", "~/history", 0, "", &history); status != http.StatusOK || len(history) != 4 {
			t.Fatalf("history: %d, %+v", status, history)
		}
		for i, e := range history {
			if e.Applied == nil || e.Applied.Before(e.At) || e.Superseded != (i > 0) {
				t.Errorf("applied: %+v", e)
			}
		}
		if status := leo.do("POST", "~/resume", 4, `{"for":{"device":"phone"}}`, nil); status != http.StatusForbidden {
			t.Errorf("a child resumes: %d", status)
		}
		state = ada.change("POST", "~/resume", 4, `{"for":{"device":"phone"}}`)
		if state.Delivery != mobileapi.DeliveryApplying || !state.Devices[0].Asked.Online || state.Devices[0].InForce.Verdict.Online {
			t.Errorf("asked and in force are merged: %+v", state)
		}
	})
}

func TestAPIParentsCollideAtTwoReplicas(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		parents := []*apiVisitor{c.signIn("Ada", 0), c.signIn("Ada", 1)}
		var all sync.WaitGroup
		status := make([]int, 16)
		for i := range status {
			all.Go(func() {
				body := fmt.Sprintf(`{"id":"p%d","name":"P"}`, i)
				status[i] = parents[i%2].do("PUT", fmt.Sprintf("~/people/p%d", i), 1, body, nil)
			})
		}
		all.Wait()
		count := map[int]int{}
		for _, s := range status {
			count[s]++
		}
		if count[http.StatusOK] != 1 || count[http.StatusPreconditionFailed] != 15 {
			t.Errorf("answers %v", count)
		}
		if state := parents[0].state(); state.Asked.Revision != 2 || len(state.Policy.People) != 1 {
			t.Errorf("revision %d, %d people", state.Asked.Revision, len(state.Policy.People))
		}
	})
}

func TestAPIUndoTakesBackOneRevision(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada := c.signIn("Ada", 0)
		ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
		ada.change("PUT", "~/people/zoe", 2, `{"id":"zoe","name":"Zoé"}`)
		ada.change("PUT", "~/people/zoe", 3, `{"id":"zoe","name":"Zoë"}`)
		var refused mobileapi.ProblemDocument
		if status := ada.do("POST", "~/history/3/undo", 4, "", &refused); status != http.StatusConflict || len(refused.Conflicts) == 0 || refused.Current == nil {
			t.Errorf("undo of what was changed again: %d, %+v", status, refused)
		}
		state := ada.change("POST", "~/history/2/undo", 4, "")
		if len(state.Policy.People) != 1 || state.Policy.People[0].Name != "Zoë" || state.Asked.Change.Code != "undo" {
			t.Errorf("after the undo %+v", state.Policy.People)
		}
		var history []mobileapi.HistoryEntry
		ada.do("GET", "~/history?limit=2", 0, "", &history)
		if len(history) != 2 || history[0].Change != (mobileapi.Change{Code: "undo", Subject: "2"}) || history[1].Revision != 4 {
			t.Errorf("history %+v", history)
		}
		for _, path := range []string{"~/history/1/undo", "~/history/99/undo", "~/history/0/undo"} {
			if status := ada.do("POST", path, 5, "", nil); status != http.StatusNotFound {
				t.Errorf("%s: %d", path, status)
			}
		}
	})
}

func TestAPIStrangerSeesNothing(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		eve := c.signIn("Eve", 0)
		for _, home := range []string{c.home, uuid.NewString(), "%00", "x"} {
			eve.home = home
			for _, path := range []string{"~", "~/history", "~/events", "~/timeline?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"} {
				if status := eve.do("GET", path, 0, "", nil); status != http.StatusNotFound {
					t.Errorf("%s: %d", path, status)
				}
			}
			if status := eve.do("POST", "~/pause", 1, `{"for":{"home":true}}`, nil); status != http.StatusNotFound {
				t.Errorf("pause: %d", status)
			}
		}
		var me mobileapi.Me
		if status := eve.do("GET", "/api/me", 0, "", &me); status != http.StatusOK || len(me.Homes) != 0 || me.Member.Name != "Eve" {
			t.Errorf("me %d, %+v", status, me)
		}
	})
}

func TestAPIThrottleAndSessionsAreOneForAllReplicas(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		here, there := c.signIn("Ada", 0), c.signIn("Ada", 0)
		there.url = c.url[1]
		if status := there.do("GET", "/api/me", 0, "", nil); status != http.StatusOK {
			t.Fatalf("the session elsewhere: %d", status)
		}
		var sessions []mobileapi.Session
		here.do("GET", "/api/sessions", 0, "", &sessions)
		for _, s := range sessions {
			if !s.Current {
				here.do("DELETE", "/api/sessions/"+s.ID, 0, "", nil)
			}
		}
		if status := there.do("GET", "/api/me", 0, "", nil); status != http.StatusUnauthorized || len(sessions) != 2 {
			t.Errorf("revoked there, %d sessions: %d", len(sessions), status)
		}
		wrong := fmt.Sprintf(`{"email":%q,"password":"wrong horse battery","kind":"app"}`, c.member["Ada"])
		var status []int
		for i := range 6 {
			v := &apiVisitor{t: t, url: c.url[i%2]}
			status = append(status, v.do("POST", "/api/sessions", 0, wrong, nil))
		}
		if fmt.Sprint(status) != "[401 401 401 401 401 429]" {
			t.Errorf("guesses: %v", status)
		}
	})
}
