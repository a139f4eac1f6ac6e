package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

const pingBody = `{"kind":"ping","args":{"host":"carebox.example"},"seconds":20}`

// connect is the box coming online.
func (c *apiCloud) connect(ended ...wire.Ended) {
	c.t.Helper()
	c.say(wire.UpHello, wire.Hello{Box: "box-1", Schema: wire.Schema, Revision: 1, Version: "1", Ended: ended})
	ada := c.signIn("Ada", 0)
	c.until("the box is there", func() bool { box := ada.state().Box; return box != nil && box.Reachable })
}

func (c *apiCloud) say(what string, said any) {
	c.t.Helper()
	message, err := json.Marshal(said)
	if err != nil {
		c.t.Fatal(err)
	}
	c.ether.say("box-1", what, message)
}

// asked is the queries that the box got.
func (c *apiCloud) asked() []wire.Query {
	c.t.Helper()
	c.ether.mu.Lock()
	defer c.ether.mu.Unlock()
	var list []wire.Query
	for _, message := range c.ether.sent[wire.DownQuery] {
		q, err := wire.DecodeQuery(message)
		if err != nil {
			c.t.Fatal(err)
		}
		list = append(list, q)
	}
	return list
}

// follow is looks of the staff's stream.
func (v *apiVisitor) follow() <-chan struct{} {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), "GET", v.url+"/api/staff/events", nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+v.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		v.t.Fatalf("watching: %v, %v", answer, err)
	}
	looks := make(chan struct{}, 1000)
	go func() {
		defer close(looks)
		defer func() { _ = answer.Body.Close() }()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "data: ") {
				looks <- struct{}{}
			}
		}
	}()
	return looks
}

func TestAnAgentAsksABox(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie, marc := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1), c.hire("Marc", accounts.StaffSupport, 0)
		begun := c.consent(ada, c.ask(ada, julie, `["see","diagnose"]`).ID, `["diagnose"]`)
		path := "/api/staff/sessions/" + begun.ID + "/queries"
		if status := julie.do("POST", path, 0, pingBody, nil); status != http.StatusConflict {
			t.Errorf("a box that is not there: %d", status)
		}
		c.connect()
		c.until("the letter after Hello", func() bool {
			c.ether.mu.Lock()
			defer c.ether.mu.Unlock()
			return len(c.ether.sent[wire.DownGrant]) >= 2
		})
		if status := marc.do("POST", path, 0, pingBody, nil); status != http.StatusNotFound {
			t.Errorf("another agent: %d", status)
		}
		long := `{"kind":"dns","args":{"name":"` + strings.Repeat("<", 1000) + `"}}` // in a message each is six characters
		if got := julie.code("POST", path, 0, long); !strings.HasPrefix(got, "422 ") {
			t.Errorf("arguments that no box would read: %s", got)
		}
		looks := julie.follow()
		var q mobileapi.BoxQuery
		if status := julie.do("POST", path, 0, pingBody, &q); status != http.StatusCreated || q.State != "running" {
			t.Fatalf("asking: %d, %+v", status, q)
		}
		sent := c.asked()
		if len(sent) != 1 || sent[0].ID != q.ID || sent[0].Grant != begun.ID || sent[0].Seconds != 20 || string(sent[0].Args) != `{"host":"carebox.example"}` {
			t.Errorf("sent %+v", sent)
		}
		for seq := 1; seq <= 3; seq++ {
			r := wire.Result{Query: q.ID, Grant: begun.ID, Seq: seq, Data: json.RawMessage(fmt.Sprintf(`{"seq":%d}`, seq)), Done: seq == 3}
			c.say(wire.UpResult, r)
			c.say(wire.UpResult, r) // what comes twice counts once
		}
		c.until("the results", func() bool {
			julie.do("GET", path+"/"+q.ID, 0, "", &q)
			return q.State == "done" && len(q.Results) == 3
		})
		julie.do("GET", path+"/"+q.ID+"?after=2", 0, "", &q)
		if len(q.Results) != 1 || q.Results[0].Seq != 3 || q.Count != 3 {
			t.Errorf("after 2: %+v", q)
		}
		for range 2 { // the first comes at once
			select {
			case <-looks:
			case <-time.After(soon):
				t.Fatal("the agent was not told")
			}
		}
		if status := marc.do("GET", path+"/"+q.ID, 0, "", nil); status != http.StatusNotFound {
			t.Errorf("another agent reads: %d", status)
		}
	})
}

func TestAQueryEndsWithItsSession(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 1)
		c.connect()
		begun := c.consent(ada, c.ask(ada, julie, `["see","diagnose"]`).ID, `["diagnose"]`)
		path := "/api/staff/sessions/" + begun.ID + "/queries"
		var q mobileapi.BoxQuery
		for range wire.MaxQueries {
			if status := julie.do("POST", path, 0, pingBody, &q); status != http.StatusCreated {
				t.Fatalf("asking: %d", status)
			}
		}
		if status := julie.do("POST", path, 0, pingBody, nil); status != http.StatusTooManyRequests {
			t.Errorf("one too many: %d", status)
		}
		var gone mobileapi.BoxQuery
		if status := julie.do("DELETE", path+"/"+q.ID, 0, "", &gone); status != http.StatusOK || gone.State != "cancelled" {
			t.Errorf("cancelling: %d, %+v", status, gone)
		}
		if last := c.asked(); last[len(last)-1].Kind != wire.QueryCancel || string(last[len(last)-1].Args) != `{"query":"`+q.ID+`"}` {
			t.Errorf("the box is not told: %+v", last)
		}
		julie.do("POST", path, 0, pingBody, &q)
		c.say(wire.UpResult, wire.Result{Query: q.ID, Grant: begun.ID, Seq: 1, Data: json.RawMessage(`{"seq":1}`)})
		c.until("a first result", func() bool { julie.do("GET", path+"/"+q.ID, 0, "", &q); return q.Count == 1 })
		c.ether.say("box-2", wire.UpResult, []byte(`{"query":"`+q.ID+`","grant":"`+begun.ID+`","seq":2,"data":{}}`))
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Fatalf("ending: %d", status)
		}
		if status := julie.do("POST", path, 0, pingBody, nil); status != http.StatusForbidden {
			t.Errorf("after the end: %d", status)
		}
		c.say(wire.UpResult, wire.Result{Query: q.ID, Grant: begun.ID, Seq: 2, Data: json.RawMessage(`{"seq":2}`), Done: true})
		other := c.consent(ada, c.ask(ada, julie, `["diagnose"]`).ID, `["diagnose"]`) // its result comes after the late one
		var after mobileapi.BoxQuery
		julie.do("POST", "/api/staff/sessions/"+other.ID+"/queries", 0, pingBody, &after)
		c.say(wire.UpResult, wire.Result{Query: after.ID, Grant: other.ID, Seq: 1, Done: true})
		c.until("the other's result", func() bool {
			julie.do("GET", "/api/staff/sessions/"+other.ID+"/queries/"+after.ID, 0, "", &after)
			return after.State == "done"
		})
		julie.do("GET", path+"/"+q.ID, 0, "", &q)
		if q.State != "cancelled" || q.Count != 1 || q.Error != "cancelled" {
			t.Errorf("the late one: %+v", q)
		}
	})
}

func TestAFamilyAsksItsOwnBox(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, leo := c.signIn("Ada", 1), c.signIn("Léo", 0)
		c.connect()
		if status := leo.do("POST", "~/queries", 0, pingBody, nil); status != http.StatusForbidden {
			t.Errorf("a child: %d", status)
		}
		if status := ada.do("POST", "~/queries", 0, `{"kind":"log"}`, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("the log: %d", status)
		}
		var first, second mobileapi.BoxQuery
		ada.do("POST", "~/queries", 0, pingBody, &first)
		ada.do("POST", "~/queries", 0, pingBody, &second)
		sent := c.asked()
		g, _ := c.grant()
		if len(sent) != 2 || sent[0].Grant != sent[1].Grant || g.ID != sent[0].Grant || g.Scope != "diagnose" || g.Expires-g.Issued != 300 ||
			!strings.HasPrefix(g.Actor.Sub, "member:") || g.Name != "Ada" {
			t.Errorf("sent %+v under %+v", sent, g)
		}
		c.say(wire.UpResult, wire.Result{Query: first.ID, Grant: g.ID, Seq: 1, Data: json.RawMessage(`{}`), Done: true, Error: wire.RefusedFailed, Detail: "x"})
		c.until("the answer", func() bool {
			status := ada.do("GET", "~/queries/"+first.ID, 0, "", &first)
			return status == http.StatusOK && first.State == "done" && first.Error == "failed" && first.Detail == "x"
		})
		c.connect(wire.Ended{Grant: g.ID, By: wire.EndedByBox, At: time.Now()})
		c.until("the letter's end", func() bool { g, _ := c.grant(); return g.Ended })
		ada.do("GET", "~/queries/"+second.ID, 0, "", &second)
		if second.State != "cancelled" {
			t.Errorf("the second: %+v", second)
		}
	})
}
