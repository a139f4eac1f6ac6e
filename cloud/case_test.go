package main

import (
	"net/http"
	"sync"
	"testing"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
)

// hired is somebody of the staff in a strong session, at one replica.
func (c *apiCloud) hired(name, role string, replica int) *apiVisitor {
	c.t.Helper()
	v := c.signIn(name, replica)
	if _, err := c.data.SetStaff(c.t.Context(), c.member[name], role); err != nil {
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
