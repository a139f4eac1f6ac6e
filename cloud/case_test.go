package main

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/audit"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
)

// hired is somebody of the staff in a strong session, at one replica.
func (c *apiCloud) hired(name, role string, replica int) *apiVisitor {
	c.t.Helper()
	v := c.signIn(name, replica)
	if _, err := c.data.SetStaff(c.t.Context(), c.member[name], role, audit.Entry{}); err != nil {
		c.t.Fatal(err)
	}
	if status := v.do("GET", "/api/staff/cases", 0, "", nil); status != http.StatusForbidden {
		c.t.Fatalf("with the password alone: %d", status)
	}
	v.arm()
	return v
}

func TestAPIHelpReachesStaffAndComesBack(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		leo, eve := c.signIn("Léo", 0), c.hired("Eve", "support", 1)
		looks := leo.watch()
		<-looks
		status, taps := make([]int, 2), make([]mobileapi.Case, 2) // of two taps at once on two replicas one case is made
		var all sync.WaitGroup
		for i := range taps {
			at := c.signIn("Léo", i)
			all.Go(func() { status[i] = at.do("POST", "~/help-requests", 0, `{"screen":"/home","text":"slow"}`, &taps[i]) })
		}
		all.Wait()
		if status[0] != http.StatusCreated || status[1] != http.StatusCreated || taps[0].ID != taps[1].ID || !taps[0].At.Equal(taps[1].At) {
			t.Fatalf("asking: %v, %+v", status, taps)
		}
		var queue mobileapi.Queue
		eve.do("GET", "/api/staff/cases", 0, "", &queue)
		if len(queue.Cases) != 1 || queue.Cases[0].HomeName != "City" || queue.Cases[0].Screen != "/home" || queue.Cases[0].LastFrom != "customer" {
			t.Fatalf("queue %+v", queue)
		}
		its := "/api/staff/cases/" + queue.Cases[0].ID
		var read mobileapi.StaffCase
		if status := eve.do("POST", its+"/take", 0, "", &read); status != http.StatusOK || read.Email != c.member["Léo"] || read.Picture == nil {
			t.Errorf("taking: %d, %+v", status, read)
		}
		if status := eve.do("POST", its+"/messages", 0, `{"text":"Hello Léo"}`, nil); status != http.StatusCreated {
			t.Errorf("answering: %d", status)
		}
		<-looks // he is told to look
		var story mobileapi.CaseStory
		leo.do("GET", "~/cases/"+queue.Cases[0].ID, 0, "", &story)
		if n := len(story.Said); n < 3 || story.Said[n-1].Text != "Hello Léo" || story.Said[n-1].From != "staff" || story.Case.Agent.Name != "Eve" {
			t.Errorf("story %+v", story)
		}
		if status := eve.do("PUT", "/api/staff/desk", 0, `{"case":"`+queue.Cases[0].ID+`"}`, nil); status != http.StatusNoContent {
			t.Errorf("sitting down: %d", status)
		}
		eve.do("GET", "/api/staff/cases", 0, "", &queue)
		if len(queue.Desks) != 1 || queue.Desks[0].Name != "Eve" {
			t.Errorf("desks %+v", queue.Desks)
		}
	})
}

func TestAPIWhoAskedHearsOfAPersonWhateverTheyHaveMuted(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, leo, eve := c.signIn("Ada", 0), c.signIn("Léo", 0), c.hired("Eve", "support", 0)
		hers, his := newGadget(t), newGadget(t)
		for v, g := range map[*apiVisitor]*gadget{ada: hers, leo: his} {
			if status := v.do("POST", "/api/me/push/subscriptions", 0, g.body(), nil); status != http.StatusCreated {
				t.Fatalf("subscribing: %d", status)
			}
		}
		if status := leo.do("PUT", "/api/me/push", 0, `{"muted":["ask","answer","cut","device","box","hours"]}`, nil); status != http.StatusOK {
			t.Errorf("muting all: %d", status)
		}
		if status := leo.do("PUT", "/api/me/push", 0, `{"muted":["support"]}`, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("muting a person: %d", status)
		}
		var made mobileapi.Case
		leo.do("POST", "~/help-requests", 0, `{"screen":"/home"}`, &made) // a child's, too
		its := "/api/staff/cases/" + made.ID
		eve.do("POST", its+"/take", 0, "", nil)
		if m := his.next(); m["title"] != "Eve is here" || m["kind"] != "support" || m["screen"] != "help" || m["case"] != made.ID {
			t.Errorf("he hears %v", m)
		}
		eve.do("POST", its+"/notes", 0, `{"text":"secret"}`, nil)
		eve.do("POST", its+"/messages", 0, `{"text":"Hello"}`, nil)
		if m := his.next(); m["title"] != "Eve has answered you" {
			t.Errorf("he hears %v", m)
		}
		if len(hers.heard) > 0 {
			t.Error("his mother hears of it")
		}
	})
}

func TestSupportHoursAreRead(t *testing.T) {
	read := func(f supportFile) error {
		_, _, err := f.read()
		return err
	}
	good := supportFile{Zone: "Europe/Paris", Days: map[string][][2]string{"monday": {{"08:00", "12:00"}, {"13:00", "24:00"}}}, Slot: 20, Calls: 3, Away: 7}
	hours, away, err := good.read()
	if err != nil || away != 7*time.Minute || len(hours.Days[time.Monday]) != 2 || hours.Slot != 20*time.Minute || hours.Calls != 3 {
		t.Errorf("%+v, %v, %v", hours, away, err)
	}
	for name, bad := range map[string]supportFile{
		"zone": {Zone: "Mars/Base"}, "day": {Zone: "Europe/Paris", Days: map[string][][2]string{"Montag": nil}}, "away": {Zone: "Europe/Paris", Away: -1},
		"span": {Zone: "Europe/Paris", Days: map[string][][2]string{"monday": {{"12:00", "08:00"}}}}, "slot": {Zone: "Europe/Paris", Slot: 1},
	} {
		if read(bad) == nil {
			t.Errorf("a wrong %s passes", name)
		}
	}
	var none *supportFile
	if hours, _, err := none.read(); err != nil || len(hours.Days) != 0 {
		t.Errorf("none: %+v, %v", hours, err)
	}
}
