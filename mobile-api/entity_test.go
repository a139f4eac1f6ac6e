package mobileapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/policies"
)

func TestEntityIsCreatedReplacedAndTakenAway(t *testing.T) {
	w := newWorld(t)
	c := w.as("adult")
	made := c.at(1).do("PUT", home("/devices/console"), `{"id":"console","name":"Console","kind":"console","macs":["02-00-00-00-00-1A"],"person":"leo"}`).home()
	if made.Asked.Revision != 2 || made.Asked.Actor.Name != "adult" || made.Asked.Actor.From != "app" ||
		made.Asked.Change != (Change{Code: "device", Subject: "console"}) {
		t.Errorf("asked %+v", made.Asked)
	}
	if mac := made.Policy.Devices[4].MACs[0]; mac != "02:00:00:00:00:1a" {
		t.Errorf("address %q", mac)
	}
	again := c.at(2).do("PUT", home("/devices/console"), `{"id":"console","name":"Switch","kind":"console","macs":["02:00:00:00:00:1a"]}`).home()
	if d := again.Policy.Devices[4]; len(again.Policy.Devices) != 5 || d.Name != "Switch" || d.Person != "" {
		t.Errorf("replaced by %+v", d)
	}
	same := c.at(3).do("PUT", home("/devices/console"), `{"macs":["02:00:00:00:00:1a"],"kind":"console","name":"Switch","id":"console"}`).home()
	if same.Asked.Revision != 3 {
		t.Errorf("the same made revision %d", same.Asked.Revision)
	}
	gone := c.at(3).do("DELETE", home("/devices/console"), "").home()
	if diff := cmp.Diff(policies.Canonical(family()), gone.Policy); diff != "" || gone.Asked.Change.Code != "device-removed" {
		t.Errorf("%s: %s", gone.Asked.Change, diff)
	}
	c.at(4).do("DELETE", home("/devices/console"), "").refuses(http.StatusNotFound, codeNotFound)
}

func TestProblemsOfAPartHaveItsOwnPaths(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner").at(1)
	for _, row := range []struct {
		path, body string
		want       []string
	}{
		{"/people/leo", `{"id":"leo","name":""}`, []string{"name-missing name"}},
		{"/people/leo", `{"id":"ada","name":"Ada"}`, []string{"id-duplicate people[1].id", "reference devices[0].person",
			"reference devices[1].person", "reference schedules[0].for.person", "id-path id"}},
		{"/people/new", `{"name":"New"}`, []string{"id-missing id"}},
		{"/people/new", `{"id":7,"name":"New","age":7}`, []string{"type id", "key-unknown age"}},
		{"/people/new", `[]`, []string{"type "}},
		{"/people/a%20b", `{"id":"a b","name":"New"}`, []string{"id id"}},
		{"/devices/x", `{"id":"x","name":"X","kind":"tv","macs":["02:00:00:00:00:0a","01:00:00:00:00:00","?"],"person":"eve"}`,
			[]string{"reference person", "mac-duplicate macs[0]", "mac-multicast macs[1]", "mac macs[2]"}},
		{"/schedules/nights", `{"id":"nights","for":{"person":"leo","home":true},"days":[],"start":"25:00","duration":0}`,
			[]string{"target for", "day-missing days", "time start", "duration duration"}},
		{"/exceptions/x", `{"id":"x","for":{"device":"none"},"date":"2026-02-30","windows":[{"start":"8","duration":1}]}`,
			[]string{"reference for.device", "date date", "time windows[0].start"}},
		{"/budgets/b", `{"id":"b","for":{"home":true},"days":["Monday"],"amount":0}`, []string{"target-person for", "amount amount"}},
	} {
		c.do("PUT", home(row.path), row.body).finds(row.want...)
	}
	c.do("DELETE", home("/people/leo"), "").
		finds("reference devices[0].person", "reference devices[1].person", "reference schedules[0].for.person")
	c.do("PUT", home("/policy"), `{"zone":"Local","unknown":"maybe","devices":[{"id":"x","name":"X","kind":"tv","macs":[]}]}`).
		finds("zone zone", "word unknown", "mac-missing devices[0].macs")
	if w.as("owner").do("GET", home(""), "").home().Asked.Revision != 1 {
		t.Error("something was changed")
	}
}

func TestDeviceTakesItsPausesAlong(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.at(1).do("POST", home("/pause"), `{"for":{"device":"tv"}}`).home()
	c.at(2).do("POST", home("/pause"), `{"for":{"home":true}}`).home()
	state := c.at(3).do("DELETE", home("/devices/tv"), "").home()
	if len(state.Policy.Overrides) != 1 || !state.Policy.Overrides[0].For.Home {
		t.Errorf("left %+v", state.Policy.Overrides)
	}
}

func TestWholePolicyIsReplaced(t *testing.T) {
	w := newWorld(t)
	p := family()
	p.Schedules[0].Start = "22:00"
	body, err := policies.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	state := w.as("owner").at(1).do("PUT", home("/policy"), string(body)).home()
	if diff := cmp.Diff(policies.Canonical(p), state.Policy); diff != "" || state.Asked.Change != (Change{Code: "schedule", Subject: p.Schedules[0].ID}) {
		t.Errorf("%+v: %s", state.Asked, diff)
	}
}

func TestLongBodyIsRefused(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner").at(1)
	long := `{"zone":"` + strings.Repeat("x", maxBody) + `"}`
	c.do("PUT", home("/policy"), long).refuses(http.StatusRequestEntityTooLarge, codeTooLarge)
	c.with("Transfer-Encoding", "chunked").do("PUT", home("/policy"), long).refuses(http.StatusRequestEntityTooLarge, codeTooLarge)
	c.do("PUT", home("/policy"), `{"zone":"`+strings.Repeat("x", policies.MaxBytes)+`"}`).finds("size ")
}

func TestTwoParentsAtOnceNeverOverwriteEachOther(t *testing.T) {
	w := newWorld(t)
	one, two := w.as("owner"), w.as("adult")
	one.at(1).do("PUT", home("/people/leo"), `{"id":"leo","name":"Leo"}`).home()
	a := two.at(1).do("PUT", home("/people/leo"), `{"id":"leo","name":"Léon"}`)
	doc := a.refuses(http.StatusPreconditionFailed, codeStale)
	if doc.Current.Asked.Actor.Name != "owner" || doc.Current.Policy.People[0].Name != "Leo" || a.header.Get("ETag") != `"2"` {
		t.Errorf("current is %+v", doc.Current.Asked)
	}
	state := two.at(doc.Current.Asked.Revision).do("PUT", home("/people/leo"), `{"id":"leo","name":"Léon"}`).home()
	if state.Policy.People[0].Name != "Léon" || state.Asked.Revision != 3 {
		t.Errorf("%+v", state.Asked)
	}
}

// Whatever is sent as a part: the policy stays valid, and nothing but that part changes.
func FuzzPart(f *testing.F) {
	for _, seed := range []string{
		`{"id":"x","name":"X"}`, `{"id":"x","name":"X","kind":"tv","macs":["02:00:00:00:00:ff"]}`, `null`, `[]`, `{"id":null}`,
		`{"id":"x","for":{"person":"leo"},"days":["Monday"],"start":"08:00","duration":60}`, `{"id":"leo","name":"X"}`, `{"id":"x","id":"y"}`,
		`{"id":"x","for":{"home":true},"date":"2026-12-24","windows":[]}`, `{"id":"x","devices":["tv"],"windows":[],"floorDown":1}`, "{\"id\":\"x\",\"name\":\"\xff\"}", `{"id":"x","name":"X"},{"id":"y","name":"Y"}`,
	} {
		for i := range 6 {
			f.Add(i, seed)
		}
	}
	lists := []list{people, devices, schedules, exceptions, budgets, reservations}
	f.Fuzz(func(t *testing.T, at int, body string) {
		if !json.Valid([]byte(body)) || at < 0 {
			return
		}
		in, p := lists[at%len(lists)], policies.Canonical(family())
		before, _, err := open(p, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := put(&p, in, "x", json.RawMessage(body)); err != nil {
			if found, err := problemsOf(err); err != nil || len(found) == 0 {
				t.Fatalf("not a problem: %v", err)
			}
			return
		}
		if found := policies.Validate(p); found != nil {
			t.Fatal(found)
		}
		after, _, err := open(p, in)
		if err != nil {
			t.Fatal(err)
		}
		for key := range before {
			if key != in && string(before[key]) != string(after[key]) {
				t.Errorf("%s changed %s", in, key)
			}
		}
	})
}
