package mobileapi

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestChildAsksAndTheFirstAnswerCounts(t *testing.T) {
	w := newWorld(t)
	leo, owner, adult := w.as("child"), w.as("owner"), w.as("adult")
	var ask Ask
	leo.do("POST", home("/asks"), `{"minutes":30,"why":"homework"}`).is(http.StatusCreated).decode(&ask)
	if ask.Person != "leo" || ask.State != wire.AskSent || ask.By != "" || ask.Answered != nil {
		t.Errorf("asked %+v", ask)
	}
	owner.do("POST", home("/asks/"+ask.ID+"/seen"), "").is(http.StatusOK).decode(&ask)
	if ask.State != wire.AskSeen || ask.By != "owner" {
		t.Errorf("seen %+v", ask)
	}
	state := owner.do("POST", home("/asks/"+ask.ID+"/answer"), `{"minutes":15}`).home()
	last := state.Policy.Overrides[len(state.Policy.Overrides)-1]
	if state.Asked.Change != (Change{Code: "bonus", Subject: "person:leo"}) || last.By != "owner" || last.Mode != policies.ModeBonus {
		t.Errorf("granted %+v, %+v", state.Asked, last)
	}
	for _, body := range []string{"{}", `{"refuse":true}`} {
		doc := adult.do("POST", home("/asks/"+ask.ID+"/answer"), body).refuses(http.StatusConflict, codeAnswered)
		if doc.Ask == nil || doc.Ask.By != "owner" || doc.Ask.State != wire.AskGranted || doc.Ask.Granted != 15 || !doc.Ask.Until.Equal(*last.Until) {
			t.Errorf("%s: told %+v", body, doc.Ask)
		}
	}
	var list []Ask
	leo.do("GET", home("/asks"), "").is(http.StatusOK).decode(&list)
	if len(list) != 1 || list[0].State != wire.AskGranted {
		t.Errorf("the child sees %+v", list)
	}
	var other Ask
	leo.do("POST", home("/asks"), `{"minutes":30}`).decode(&other)
	if state = adult.do("POST", home("/asks/"+other.ID+"/answer"), `{"refuse":true}`).home(); state.Asked.Revision != 2 {
		t.Errorf("a no made revision %d", state.Asked.Revision)
	}
}

func TestAnswersAreReadStrictly(t *testing.T) {
	w := newWorld(t)
	var ask Ask
	w.as("child").do("POST", home("/asks"), `{"minutes":30}`).decode(&ask)
	c := w.as("adult")
	c.do("POST", home("/asks/"+ask.ID+"/answer"), `{"minutes":0}`).finds("range minutes")
	c.do("POST", home("/asks/"+ask.ID+"/answer"), `{"minutes":5,"refuse":true}`).finds("minutes-or-refuse refuse")
	c.do("POST", home("/asks/"+ask.ID+"/answer"), `{"yes":true}`).finds("key-unknown yes")
	c.do("POST", home("/asks/nothing/answer"), `{}`).refuses(http.StatusNotFound, codeNotFound)
	w.as("child").do("POST", home("/asks"), `{"minutes":7}`).finds("minutes minutes")
}

func TestChildSeesTheirOwnOnly(t *testing.T) {
	w := newWorld(t)
	p := family()
	p.Devices = append(p.Devices, policies.Device{
		ID: "zoe-phone", Name: "Zoe's", Kind: "phone", MACs: []policies.MAC{"02:00:00:00:00:0e"}, Person: "ada",
	})
	p.Budgets = []policies.Budget{{ID: "b-ada", For: policies.Target{Person: "ada"}, Days: []policies.Day{"Monday"}, Amount: 60}}
	w.hub.add(home1, p)
	now := w.clock()
	w.hub.says(home1, &registry.Box{ID: "box-1", Reachable: true, LastSeen: now, ReportedAt: now, Reported: &wire.Reported{
		Box: "box-1", Accepted: 1, InForce: 1, Since: now, At: now,
		Devices: []wire.DeviceState{
			{ID: "zoe-phone", MAC: "02:00:00:00:00:0e", Verdict: policies.Verdict{Online: true, Reason: policies.Reason{Kind: policies.KindAllowed}}},
			{MAC: "02:00:00:00:00:99", Hostname: "stranger", Verdict: policies.Verdict{Online: true, Reason: policies.Reason{Kind: policies.KindUnknown}}},
		},
	}})
	w.as("owner").at(1).do("POST", home("/pause"), `{"for":{"person":"ada"}}`).home()
	w.join("ada", accounts.Membership{Home: home1, Role: accounts.RoleChild, Person: "ada"})
	for name, want := range map[string][]string{"child": {"phone", "laptop"}, "ada": {"zoe-phone"}, "owner": {"phone", "laptop", "tv", "stick", "zoe-phone", ""}} {
		a := w.as(name).do("GET", home(""), "")
		var got []string
		for _, d := range a.home().Devices {
			id := ""
			if d.ID != nil {
				id = *d.ID
			}
			got = append(got, id)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", name, got, want)
		}
		rows := w.as(name).do("GET", home("/timeline?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"), "").is(http.StatusOK)
		if name == "child" && strings.Contains(string(a.body)+string(rows.body), "ada") ||
			name == "child" && strings.Contains(string(a.body)+string(rows.body), "zoe") {
			t.Errorf("a child sees a sister: %s", a.body)
		}
	}
	w.as("child").do("POST", home("/asks"), `{"minutes":30}`).is(http.StatusCreated)
	var list []Ask
	if w.as("ada").do("GET", home("/asks"), "").decode(&list); len(list) != 0 {
		t.Errorf("a sister sees %+v", list)
	}
	w.pass(time.Second)
}

func TestPauseNamesWhoGaveIt(t *testing.T) {
	w := newWorld(t)
	state := w.as("adult").at(1).do("POST", home("/pause"), `{"for":{"home":true}}`).home()
	state = w.as("owner").at(2).do("POST", home("/bonus"), `{"for":{"device":"phone"},"minutes":30}`).home()
	names := map[policies.Mode]string{}
	for _, o := range state.Policy.Overrides {
		names[o.Mode] = o.By
	}
	if names[policies.ModePause] != "adult" || names[policies.ModeBonus] != "owner" {
		t.Errorf("by %v", names)
	}
}
