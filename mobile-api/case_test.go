package mobileapi

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

const case1 = "44444444-4444-4444-8444-444444444444"

// asks makes a case of somebody.
func (c *client) asks(body string) Case {
	c.w.t.Helper()
	var made Case
	c.do("POST", home("/help-requests"), body).is(http.StatusCreated).decode(&made)
	return made
}

func TestOneTapBecomesACaseWithTheBoxAsItIs(t *testing.T) {
	w := staffed(t)
	said := wire.Reported{Box: "box-1", InForce: 1, Devices: []wire.DeviceState{{ID: "tv", Present: true, InForce: true}, {ID: "phone"}}}
	w.hub.says(home1, &registry.Box{ID: "box-1", Reachable: true, LastSeen: begin, Reported: &said, ReportedAt: begin})
	made := w.as("adult").asks(`{"screen":"/tv","journey":[{"at":"2026-11-21T17:59:00Z","screen":"/tv","did":"reserve","detail":"refused"}],
		"findings":[{"guide":"tv-freezes","node":"wired","question":"Is it on a cable?","answer":"No"}]}`)
	w.pass(time.Minute)
	again := w.as("adult").asks(`{"screen":"/home","text":"Still there?"}`)
	if again.ID != made.ID || !again.At.Equal(made.At) || again.Messages != 2 || made.State != "waiting" {
		t.Errorf("made %+v, again %+v", made, again)
	}
	julie := w.by(accounts.ProofPasskey, "support")
	var queue Queue
	julie.do("GET", "/api/staff/cases", "").is(http.StatusOK).decode(&queue)
	row := queue.Cases[1]
	if len(queue.Cases) != 2 || row.ID != made.ID || row.Skill != "tv" || row.Last.Answer != "No" || row.Step.Detail != "refused" || row.LastFrom != "customer" {
		t.Errorf("queue %+v", queue)
	}
	var read StaffCase
	julie.do("GET", "/api/staff/cases/"+made.ID, "").is(http.StatusOK).decode(&read)
	if p := read.Picture; p == nil || p.Devices != 1 || p.Unproved != 1 || !p.Reachable || p.Known != 4 || p.InForce != 1 {
		t.Errorf("picture %+v", read.Picture)
	}
	if len(read.Changes) != 1 || !read.Changes[0].InForce || len(read.Earlier) != 1 {
		t.Errorf("context %+v", read)
	}
}

func TestAChangeTellsWhoMadeItForWhomAndWhetherItStillHolds(t *testing.T) {
	julie := registry.Actor{Name: "Ada", Act: registry.Act{Staff: "j", Name: "Julie", Session: "s1"}}
	ada, change := registry.Actor{Name: "Ada"}, func(code, subject string) registry.Change { return registry.Change{Code: code, Subject: subject} }
	documents := []registry.Document{ // newest first; the box has not said anything of 9 yet
		{Revision: 9, Actor: ada, Change: change("undo", "8")},
		{Revision: 8, Actor: ada, Change: change("bonus", "leo"), Applied: begin},
		{Revision: 7, Actor: ada, Change: change("undo", "6"), Applied: begin},
		{Revision: 6, Actor: ada, Change: change("undo", "2"), Applied: begin},
		{Revision: 5, Actor: ada, Change: change("undo-visit", "s1"), Applied: begin},
		{Revision: 4, Actor: julie, Change: change("device", "tv"), Applied: begin, Superseded: true},
		{Revision: 3, Actor: julie, Change: change("pause", "leo"), Applied: begin},
		{Revision: 2, Actor: ada, Change: change("pause", "zoe"), Applied: begin},
	}
	var got []string
	for _, c := range caseChanges(documents, 8) {
		by := c.Name
		if c.Act != nil {
			by = c.Act.Name + " for " + by
		}
		got = append(got, fmt.Sprint(c.Revision, " ", by, " ", c.InForce, " ", c.Undone))
	}
	want := []string{
		"9 Ada false false", "8 Ada true false", "7 Ada true false", "6 Ada false true", "5 Ada true false",
		"4 Julie for Ada false true", "3 Julie for Ada false true", "2 Ada true false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestACaseIsAnsweredAndClosed(t *testing.T) {
	w := staffed(t)
	adult, julie, marc := w.as("adult"), w.by(accounts.ProofPasskey, "support"), w.by(accounts.ProofPasskey, "supervisor")
	k := adult.asks(`{"screen":"/home"}`)
	own, its := home("/cases/"+k.ID), "/api/staff/cases/"+k.ID
	julie.do("POST", its+"/messages", `{"text":"Hello"}`).refuses(http.StatusConflict, codeCaseNotYours)
	julie.do("POST", its+"/take", "").is(http.StatusOK)
	marc.do("POST", its+"/take", "").refuses(http.StatusConflict, codeCaseTaken)
	marc.do("POST", its+"/messages", `{"text":"Hello"}`).refuses(http.StatusConflict, codeCaseNotYours)
	marc.do("POST", its+"/notes", `{"text":"I know them"}`).is(http.StatusCreated)
	julie.do("POST", its+"/messages", `{"text":"  Hello,\r\nwhat is it?\u0007 "}`).is(http.StatusCreated)
	julie.do("POST", its+"/messages", `{"text":" "}`).finds("length text")
	adult.do("POST", own+"/messages", `{"text":"`+strings.Repeat("é", 4001)+`"}`).finds("length text")
	adult.do("POST", own+"/messages", `{"text":"It is slow"}`).is(http.StatusCreated)
	julie.do("POST", its+"/promise", `{"at":"2026-11-21T17:00:00Z","text":"later"}`).finds("range at")
	julie.do("POST", its+"/wrap-up", `{"reason":"nothing","summary":"Moved the box"}`).finds("word reason")
	julie.do("POST", its+"/wrap-up", `{"reason":"wifi","summary":"Moved the box"}`).is(http.StatusOK)
	adult.do("POST", own+"/messages", `{"text":"Thanks"}`).refuses(http.StatusConflict, codeCaseState)
	var story CaseStory
	adult.do("GET", own, "").is(http.StatusOK).decode(&story)
	var lines []string
	for _, m := range story.Said {
		lines = append(lines, m.From+" "+m.Name+" "+m.Code+" "+m.Text)
	}
	want := []string{"system support taken ", "staff support  Hello,\nwhat is it?", "customer adult  It is slow", "system support closed Moved the box"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if story.Case.Summary != "Moved the box" || story.Case.Reason != "wifi" || story.Case.ClosedAt == nil {
		t.Errorf("case %+v", story.Case)
	}
	w.pass(time.Hour)
	var back Case
	adult.do("POST", own+"/close", `{"solved":false}`).is(http.StatusOK).decode(&back)
	if back.State != "waiting" || !back.At.Equal(k.At) || back.Solved != "no" {
		t.Errorf("opened again %+v", back)
	}
	adult.do("POST", own+"/close", `{"solved":false}`).refuses(http.StatusConflict, codeCaseState)
	adult.do("POST", own+"/close", `{"solved":true}`).is(http.StatusOK)
}

func TestACaseIsItsMembersAlone(t *testing.T) {
	w := staffed(t)
	k := w.as("child").asks(`{"screen":"/home"}`)
	for _, path := range []string{home("/cases/" + k.ID), strings.Replace(home("/cases/"+k.ID), home1, home2, 1)} {
		for _, who := range []string{"owner", "adult", "neighbour"} {
			c := w.as(who)
			c.do("GET", path, "").refuses(http.StatusNotFound, codeNotFound)
			c.do("POST", path+"/messages", `{"text":"x"}`).refuses(http.StatusNotFound, codeNotFound)
			c.do("POST", path+"/pictures", "x").refuses(http.StatusNotFound, codeNotFound)
			c.do("PUT", path+"/callback", `{}`).refuses(http.StatusNotFound, codeNotFound)
			c.do("POST", path+"/close", `{"solved":true}`).refuses(http.StatusNotFound, codeNotFound)
		}
	}
	var own []Case
	if w.as("adult").do("GET", home("/cases"), "").decode(&own); len(own) != 0 {
		t.Errorf("an adult reads a child's: %+v", own)
	}
	for _, id := range []string{"x", "%00", "..%2f", strings.ToUpper("aaaaaaaa-1111-4111-8111-111111111111")} {
		w.as("child").do("GET", home("/cases/"+id), "").refuses(http.StatusNotFound, codeNotFound)
		w.by(accounts.ProofPasskey, "support").do("POST", "/api/staff/cases/"+id+"/take", "").refuses(http.StatusNotFound, codeNotFound)
	}
}

func TestPicturesAreMadeAnew(t *testing.T) {
	w := staffed(t)
	child, julie := w.as("child").with("Content-Type", "application/octet-stream"), w.by(accounts.ProofPasskey, "support")
	own, its := home("/cases/"+case1), "/api/staff/cases/"+case1
	dots := image.NewRGBA(image.Rect(0, 0, 40, 30))
	dots.Set(3, 3, color.RGBA{R: 200, A: 255})
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, dots, nil); err != nil {
		t.Fatal(err)
	}
	hidden := raw.String()[:2] + "\xff\xe1\x00\x10Exif\x00\x00 48.8 N 2" + raw.String()[2:]
	var m CaseMessage
	child.do("POST", own+"/pictures", hidden).is(http.StatusCreated).decode(&m)
	for _, a := range []*answer{child.do("GET", own+"/pictures/"+m.Picture, ""), julie.do("GET", its+"/pictures/"+m.Picture, "")} {
		got, err := jpeg.Decode(bytes.NewReader(a.is(http.StatusOK).body))
		if err != nil || got.Bounds().Dx() != 40 || strings.Contains(string(a.body), "48.8") || a.header.Get("Content-Type") != "image/jpeg" ||
			a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v, %v", err, a.header)
		}
	}
	raw.Reset()
	if err := png.Encode(&raw, dots); err != nil {
		t.Fatal(err)
	}
	julie.do("POST", its+"/take", "").is(http.StatusOK)
	julie.with("Content-Type", "application/octet-stream").do("POST", its+"/pictures", raw.String()).is(http.StatusCreated).decode(&m)
	made := child.do("GET", own+"/pictures/"+m.Picture, "")
	if made.header.Get("Content-Type") != "image/png" {
		t.Errorf("%v", made.header)
	}
	var all Export
	w.as("owner").do("GET", home("/export"), "").is(http.StatusOK).decode(&all)
	if kept := all.Cases[0].Pictures; len(kept) != 2 || kept[0].Type != "image/jpeg" || kept[1].ID != m.Picture || !bytes.Equal(kept[1].Data, made.body) {
		t.Errorf("exported %+v", all.Cases[0].Said)
	}
	for _, bad := range []string{"x", raw.String()[:60], "<svg xmlns='http://www.w3.org/2000/svg'/>", strings.Repeat("x", 2<<20+1)} {
		child.do("POST", own+"/pictures", bad).finds("picture picture")
	}
	w.as("adult").do("GET", own+"/pictures/"+m.Picture, "").refuses(http.StatusNotFound, codeNotFound)
}

func TestACallIsBookedAtAFreeTime(t *testing.T) {
	w := staffed(t)
	child := w.as("child")
	var door HelpDesk
	child.do("GET", home("/help-desk"), "").is(http.StatusOK).decode(&door)
	if !door.Open || len(door.Slots) != 24 || door.Wait != nil || door.Until != nil {
		t.Fatalf("door %+v", door)
	}
	own, at := home("/cases/"+case1), door.Slots[3].Format(time.RFC3339)
	child.do("PUT", own+"/callback", `{"at":"`+at+`","phone":"call me"}`).finds("phone phone")
	child.do("PUT", own+"/callback", `{"at":"2026-11-21T18:31:00Z","phone":"+33 1 99 00 12 34"}`).refuses(http.StatusConflict, codeSlot)
	var k Case
	child.do("PUT", own+"/callback", `{"at":"`+at+`","phone":"+33 1 99 00 12 34"}`).is(http.StatusOK).decode(&k)
	if k.Callback == nil || !k.Callback.At.Equal(door.Slots[3]) || k.State != "waiting" {
		t.Errorf("case %+v", k)
	}
	var after Case
	child.do("PUT", own+"/callback", `{}`).is(http.StatusOK).decode(&after)
	if after.Callback != nil {
		t.Errorf("case %+v", after)
	}
}

func TestAHandOverIsAcceptedAndKeepsTheClock(t *testing.T) {
	w := staffed(t)
	julie, marc := w.by(accounts.ProofPasskey, "support"), w.by(accounts.ProofPasskey, "supervisor")
	its := "/api/staff/cases/" + case1
	julie.do("POST", its+"/take", "").is(http.StatusOK)
	offer := `{"to":"` + w.member["supervisor"] + `","reason":"speaks Breton","tried":"all"}`
	julie.do("POST", its+"/handover", offer).finds("reference to") // he is not there
	marc.do("PUT", "/api/staff/desk", `{"case":"`+case1+`","typing":true,"languages":["fr"],"skills":["tv"]}`).is(http.StatusNoContent)
	marc.do("PUT", "/api/staff/desk", `{"languages":["xx"],"skills":["x"]}`).finds("word languages", "word skills")
	var read StaffCase
	julie.do("POST", its+"/handover", offer).is(http.StatusOK).decode(&read)
	if read.Offer == nil || read.Offer.To.Name != "supervisor" || read.Case.Agent.Name != "support" || read.Desks[0].Case != case1 || !read.Desks[0].Typing {
		t.Errorf("offered %+v", read)
	}
	julie.do("POST", its+"/handover/accept", "").refuses(http.StatusConflict, codeCaseState)
	w.pass(30 * time.Second)
	read = StaffCase{}
	marc.do("POST", its+"/handover/accept", "").is(http.StatusOK).decode(&read)
	if read.Case.Agent.Name != "supervisor" || read.Offer != nil || !read.Case.At.Equal(begin) {
		t.Errorf("accepted %+v", read)
	}
	var story CaseStory
	w.as("child").do("GET", home("/cases/"+case1), "").decode(&story)
	if last := story.Said[len(story.Said)-1]; last.Code != "taken" || last.Name != "supervisor" || len(story.Said) != 2 {
		t.Errorf("the customer reads %+v", story.Said)
	}
	marc.do("PUT", its+"/contact", `{"text":"Call after six"}`).is(http.StatusOK).decode(&read)
	if read.Contact == nil || read.Contact.By != "supervisor" {
		t.Errorf("contact %+v", read.Contact)
	}
}

func TestAWishIsReadStrictly(t *testing.T) {
	w := newWorld(t)
	adult := w.as("adult")
	adult.do("POST", home("/help-requests"), `{"screen":""}`).finds("length screen")
	adult.do("POST", home("/help-requests"), `{"screen":"/","journey":[{"at":"2026-11-21T17:59:00Z","screen":"/","did":"x","secret":1}]}`).
		finds("key-unknown journey[0].secret")
	adult.do("POST", home("/help-requests"), `{"screen":"/","findings":[{"guide":"","node":"x","question":"`+strings.Repeat("q", 301)+`"}]}`).
		finds("length findings[0].guide", "length findings[0].question")
	adult.do("POST", home("/help-requests"), `{"screen":"/","findings":[`+strings.Repeat(`{"guide":"g","node":"n","question":""},`, 50)+
		`{"guide":"g","node":"n","question":""}]}`).finds("too-many journey")
}
