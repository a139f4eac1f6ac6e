package mobileapi

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	fieldvisit "github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

const visit1 = "44444444-4444-4444-8444-444444444444"

// Create is a home of an order, without a policy worth mentioning.
func (h *hub) Create(_ context.Context, home registry.Home, zone string) error {
	h.mu.Lock()
	known := h.homes[home.ID] != nil
	h.mu.Unlock()
	if known {
		return registry.ErrTaken
	}
	h.add(home.ID, policies.NewPolicy(zone))
	return nil
}

func (w *world) newOffice() *fieldvisit.Office {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return fieldvisit.NewOffice(fieldvisit.Config{
		Store: w.visits, Boxes: w.stock, Homes: w.hub, Key: key, Now: w.clock, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
}

// shot is a small photo.
func shot() string {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 4)), nil) // a buffer takes everything
	return out.String()
}

// order is visit1, arrived, of the technician, with all that can be looked at.
func (w *world) order() {
	w.t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	v := fieldvisit.Visit{
		ID: visit1, State: fieldvisit.StateArrived, Since: w.clock(), Arrived: w.clock(), Technician: w.member["technician"],
		Order: fieldvisit.Order{
			Ref: "A-1", Kind: fieldvisit.OrderInstall, Customer: "Camille Été", Address: "1 rue du Port", Locale: "fr", Zone: "Europe/Paris",
			HomeName: "Chez Camille", Email: "camille@example.org", Rooms: []string{"Salon"},
		},
		Slot: fieldvisit.Slot{Day: "2026-11-21", From: "18:00", To: "20:00"}, Present: []string{"customer"}, Checklist: []fieldvisit.Item{},
		Rooms: []fieldvisit.Room{}, Photos: []fieldvisit.Photo{}, Notes: []fieldvisit.Note{}, TakenBack: []fieldvisit.TakenBack{},
	}
	if v.Report, err = fieldvisit.Sign(key, fieldvisit.Report{Report: "carebox-visit", Version: 1, Visit: v}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.visits.PlanVisits(w.t.Context(), []fieldvisit.Visit{v}); err != nil {
		w.t.Fatal(err)
	}
	who := fieldvisit.Who{All: true}
	if _, err := w.newOffice().AddPhoto(w.t.Context(), visit1, fieldvisit.Picture{ID: "p1", Kind: "box", At: w.clock(), Data: []byte(shot())}, who); err != nil {
		w.t.Fatal(err)
	}
}

func now(w *world) string { return w.clock().Format(time.RFC3339) }

func step(w *world, kind, more string) string {
	return fmt.Sprintf(`{"kind":%q,"at":%q%s}`, kind, now(w), more)
}

const visitPath = "/api/staff/visits/" + visit1

func TestAVisitIsCarriedOut(t *testing.T) {
	w := staffed(t)
	c := w.by(accounts.ProofPasskey, "technician")
	n := 0
	put := func(body string) *answer {
		n++
		return c.do("PUT", fmt.Sprintf("%s/steps/s%d", visitPath, n), body)
	}
	put(step(w, "finish", "")).refuses(http.StatusConflict, codeVisitEarly)
	if doc := put(step(w, "bind", `,"box":"carebox:box-9:AAAA"`)).refuses(http.StatusConflict, codeVisitBox); doc.Detail != "unknown" {
		t.Errorf("detail %q", doc.Detail)
	}
	var found fieldvisit.Scanned
	c.do("POST", visitPath+"/scan", `{"text":"CAREBOX:BOX-7:ABCD-EFGH"}`).is(http.StatusOK).decode(&found)
	if found.Verdict != fieldvisit.VerdictOurs || found.Serial != "box-7" {
		t.Errorf("scan %+v", found)
	}
	put(step(w, "invite", "")).refuses(http.StatusConflict, codeVisitEarly)
	var taken VisitStepTaken
	bind := step(w, "bind", `,"box":"carebox:box-7:ABCD-EFGH"`)
	put(bind).is(http.StatusOK).decode(&taken)
	if taken.Visit.State != fieldvisit.StateBound || taken.Visit.Serial != "box-7" || len(taken.Visit.Checklist) == 0 {
		t.Errorf("bound %+v", taken.Visit)
	}
	if strings.Contains(w.visits.String()+w.log.String(), "ABCD") {
		t.Error("the claim code was kept")
	}
	c.do("PUT", fmt.Sprintf("%s/steps/s%d", visitPath, n), bind).is(http.StatusOK).decode(&taken)
	if taken.Outcome != fieldvisit.OutcomeAgain {
		t.Errorf("again: %s", taken.Outcome)
	}
	c.do("PUT", fmt.Sprintf("%s/steps/s%d", visitPath, n), step(w, "note", `,"text":"x"`)).refuses(http.StatusConflict, codeStepDiffers)
	put(step(w, "finish", "")).refuses(http.StatusConflict, codeVisitEarly)
	for _, name := range taken.Visit.Missing {
		if item, is := strings.CutPrefix(name, "item:"); is {
			put(step(w, "decide", fmt.Sprintf(`,"item":%q,"decision":"skip","reason":"no line yet"`, item))).is(http.StatusOK)
		}
	}
	put(step(w, "finish", "")).finds("missing reason")
	put(step(w, "finish", `,"reason":"customer had to leave"`)).is(http.StatusOK).decode(&taken)
	if taken.Visit.State != fieldvisit.StateFinished || len(taken.Visit.Exceptions) == 0 {
		t.Errorf("finished %+v", taken.Visit)
	}
	put(step(w, "note", `,"text":"x"`)).refuses(http.StatusConflict, codeVisitOver)
	c.do("PUT", visitPath+"/photos/p2?kind=box&at="+url.QueryEscape(now(w)), shot()).refuses(http.StatusConflict, codeVisitOver)
	c.do("GET", visitPath+"/report", "").is(http.StatusOK)
}

// A way in is made while nobody is there, the newest one counts, and nothing else of the home is ever the technician's.
func TestTheFirstMemberIsInvitedOnce(t *testing.T) {
	w := staffed(t)
	c := w.by(accounts.ProofPasskey, "technician")
	w.pass(time.Second)
	c.do("PUT", visitPath+"/steps/b", step(w, "bind", `,"box":"box-7"`)).is(http.StatusOK)
	invite := step(w, "invite", "")
	var first, second VisitStepTaken
	c.do("PUT", visitPath+"/steps/i", invite).is(http.StatusOK).decode(&first)
	c.do("PUT", visitPath+"/steps/i", invite).is(http.StatusOK).decode(&second)
	if first.Invitation == nil || second.Invitation == nil || first.Invitation.Code == second.Invitation.Code || second.Outcome != fieldvisit.OutcomeAgain {
		t.Fatalf("invitations %+v, %+v", first.Invitation, second.Invitation)
	}
	if got := w.box.last(); !second.Invitation.Mailed || got[0] != "camille@example.org" || !strings.Contains(got[2], second.Invitation.URL) {
		t.Errorf("letter %q", got)
	}
	accept := func(code string) *answer {
		return w.nobody().do("POST", "/api/invitations/accept",
			fmt.Sprintf(`{"code":%q,"name":"Camille","email":"camille@example.org","password":"correct horse battery","locale":"fr","kind":"app"}`, code))
	}
	c.do("POST", "/api/me/homes", fmt.Sprintf(`{"code":%q}`, second.Invitation.Code)).refuses(http.StatusNotFound, codeNotFound)
	accept(first.Invitation.Code).refuses(http.StatusNotFound, codeNotFound)
	accept(second.Invitation.Code).is(http.StatusCreated)
	c.do("PUT", visitPath+"/steps/i", invite).refuses(http.StatusConflict, codeVisitJoined)
	c.do("GET", "/api/homes/"+visit1, "").refuses(http.StatusNotFound, codeNotFound)
	var v StaffVisit
	c.do("GET", visitPath, "").is(http.StatusOK).decode(&v)
	if !v.Joined {
		t.Error("nobody has joined")
	}
}

func TestATechnicianSeesTheirOwnVisitsOnly(t *testing.T) {
	w := staffed(t)
	w.hire("other", accounts.StaffTechnician)
	other := w.by(accounts.ProofPasskey, "other")
	for _, row := range duties {
		if strings.Contains(row.path, "{visit}") {
			other.do(row.method, concrete(row.path), row.body).refuses(http.StatusNotFound, codeNotFound)
		}
	}
	var list []StaffVisit
	if other.do("GET", "/api/staff/visits?technician="+w.member["technician"], "").decode(&list); len(list) != 0 {
		t.Errorf("another technician's: %+v", list)
	}
	for _, name := range []string{"technician", "supervisor"} {
		const want = 1
		if w.by(accounts.ProofPasskey, name).do("GET", "/api/staff/visits?from=2026-11-21&to=2026-11-21", "").decode(&list); len(list) != want {
			t.Errorf("%s sees %d visits", name, len(list))
		}
	}
	if list[0].TechnicianName != "technician" {
		t.Errorf("the supervisor sees the visit of %q", list[0].TechnicianName)
	}
	if w.by(accounts.ProofPasskey, "supervisor").do("GET", "/api/staff/visits?from=2026-11-22", "").decode(&list); len(list) != 0 {
		t.Errorf("of tomorrow: %+v", list)
	}
	for _, odd := range []string{"from=x", "to=%00", "technician=%00"} {
		w.by(accounts.ProofPasskey, "supervisor").do("GET", "/api/staff/visits?"+odd, "").refuses(http.StatusUnprocessableEntity, codeInvalid)
	}
	for _, id := range []string{"x", "%00", strings.ToUpper(visit1[:8]) + "A" + visit1[9:], nowhere} {
		w.by(accounts.ProofPasskey, "admin").do("GET", "/api/staff/visits/"+id, "").refuses(http.StatusNotFound, codeNotFound)
	}
}

func TestStepsAndPhotosAreReadStrictly(t *testing.T) {
	w := staffed(t)
	c := w.by(accounts.ProofPasskey, "technician")
	put := func(body string) *answer { return c.do("PUT", visitPath+"/steps/s", body) }
	put(`{"kind":"dance","at":"2026-11-21T18:00:00Z"}`).finds("word kind")
	put(step(w, "way", `,"text":"x"`)).finds("key-unknown text")
	put(step(w, "way", `,"id":"t"`)).finds("id-path id")
	put(step(w, "bind", `,"box":"not a serial!"`)).finds("serial box")
	put(step(w, "sign", `,"name":"C","drawing":"AAAA"`)).finds("drawing drawing")
	put(step(w, "decide", `,"item":"x","decision":"skip","reason":"y"`)).refuses(http.StatusConflict, codeVisitEarly)
	put(step(w, "absent", `,"reason":"closed","slot":{"day":"soon","from":"9","to":"8"}`)).finds("date slot.day", "time slot.from")
	photo := func(query, body string) *answer { return c.do("PUT", visitPath+"/photos/p9?"+query, body) }
	at := "&at=" + url.QueryEscape(now(w))
	photo("kind=box"+at, "GIF89a").finds("photo ")
	photo("kind=cat"+at, shot()).finds("word kind")
	photo("kind=box"+at, shot()+strings.Repeat("x", fieldvisit.MaxPhoto)).refuses(http.StatusRequestEntityTooLarge, codeTooLarge)
	photo("kind=box", shot()).refuses(http.StatusBadRequest, codeParameter)
	photo("kind=box"+at, shot()).is(http.StatusOK)
	photo("kind=box"+at, shot()).is(http.StatusOK)
	c.do("GET", visitPath+"/photos/p9", "").is(http.StatusOK)
	c.do("DELETE", visitPath+"/photos/p9", "").is(http.StatusOK)
	c.do("GET", visitPath+"/photos/p9", "").refuses(http.StatusNotFound, codeNotFound)
}

// While a box comes up its technician looks whenever it has said something, and not any more when the visit is over.
func TestATechnicianHearsOfTheBoxTheyBringUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const look = "event: look\ndata: {}\n\n"
		w := staffed(t)
		c := w.by(accounts.ProofPasskey, "technician")
		p := c.watching("/api/staff/events")
		if got := p.take(); got != look {
			t.Fatalf("first %q", got)
		}
		c.do("PUT", visitPath+"/steps/b", step(w, "bind", `,"box":"box-7"`)).is(http.StatusOK)
		synctest.Wait()
		if got := p.take(); !strings.HasPrefix(got, look) {
			t.Errorf("after a step %q", got)
		}
		w.hub.says(visit1, &registry.Box{ID: "box-7", Reachable: true})
		synctest.Wait()
		if got := p.take(); got != look {
			t.Errorf("after the box said something %q", got)
		}
		w.hub.says(home1, box(1))
		synctest.Wait()
		if got := p.take(); got != "" {
			t.Errorf("after another home's box %q", got)
		}
		p.close()
		<-p.ended
	})
}

func TestAHomeTakesItsVisitsWithIt(t *testing.T) {
	w := staffed(t)
	v, err := w.visits.Visit(t.Context(), visit1)
	if err != nil {
		t.Fatal(err)
	}
	v.Home = home1
	if kept, err := w.visits.KeepVisit(t.Context(), v, nil, nil); err != nil || !kept {
		t.Fatal(kept, err)
	}
	var all Export
	w.as("owner").do("GET", home("/export"), "").is(http.StatusOK).decode(&all)
	if len(all.Visits) != 1 || len(all.Visits[0].Photos) != 1 || !bytes.HasPrefix(all.Visits[0].Photos[0].Jpeg, []byte{0xff, 0xd8}) ||
		!bytes.Contains(all.Visits[0].Report, []byte("carebox-visit")) {
		t.Errorf("%+v", all.Visits)
	}
}
