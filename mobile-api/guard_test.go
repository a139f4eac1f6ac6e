package mobileapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

// One row for each operation of the document: what each kind of visitor gets. 401 for nobody is checked for all rows
// that are not public.
var access = []struct {
	method, path, body             string
	neighbour, child, adult, owner int
}{
	{"POST", "/sessions", `{"email":"adult@example.org","password":"correct horse battery","kind":"app"}`, 201, 201, 201, 201},
	{"GET", "/openapi.yaml", "", 200, 200, 200, 200},
	{"GET", "/sessions", "", 200, 200, 200, 200},
	{"DELETE", "/sessions/current", "", 204, 204, 204, 204},
	{"DELETE", "/sessions/{session}", "", 404, 404, 404, 404},
	{"GET", "/me", "", 200, 200, 200, 200},
	{"GET", "/homes/{home}", "", 404, 200, 200, 200},
	{"GET", "/homes/{home}/events", "", 404, 200, 200, 200},
	{"PUT", "/homes/{home}/policy", `{"zone":"Europe/Paris","unknown":"allow","effect":"no-internet"}`, 404, 403, 200, 200},
	{"PUT", "/homes/{home}/people/{id}", `{"id":"x","name":"X"}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/people/{id}", "", 404, 403, 404, 404},
	{"PUT", "/homes/{home}/devices/{id}", `{"id":"x","name":"X","kind":"tv","macs":["02:00:00:00:00:ff"]}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/devices/{id}", "", 404, 403, 404, 404},
	{"PUT", "/homes/{home}/schedules/{id}", `{"id":"x","for":{"home":true},"days":["Monday"],"start":"08:00","duration":60}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/schedules/{id}", "", 404, 403, 404, 404},
	{"PUT", "/homes/{home}/exceptions/{id}", `{"id":"x","for":{"home":true},"date":"2026-12-24","windows":[]}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/exceptions/{id}", "", 404, 403, 404, 404},
	{"PUT", "/homes/{home}/budgets/{id}", `{"id":"x","for":{"person":"leo"},"days":["Monday"],"amount":3600}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/budgets/{id}", "", 404, 403, 404, 404},
	{"PUT", "/homes/{home}/reservations/{id}", `{"id":"x","devices":["tv"],"windows":[],"floorDown":8000000}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/reservations/{id}", "", 404, 403, 404, 404},
	{"POST", "/homes/{home}/pause", `{"for":{"device":"phone"}}`, 404, 403, 200, 200},
	{"POST", "/homes/{home}/bonus", `{"for":{"device":"phone"},"minutes":30}`, 404, 403, 200, 200},
	{"POST", "/homes/{home}/resume", `{"for":{"device":"phone"}}`, 404, 403, 200, 200},
	{"DELETE", "/homes/{home}/overrides/{id}", "", 404, 403, 404, 404},
	{"GET", "/homes/{home}/timeline", "", 404, 200, 200, 200},
	{"POST", "/homes/{home}/timeline", "{}", 404, 200, 200, 200},
	{"GET", "/homes/{home}/history", "", 404, 403, 200, 200},
	{"GET", "/homes/{home}/history/{revision}", "", 404, 403, 404, 404},
	{"POST", "/homes/{home}/history/{revision}/undo", "", 404, 403, 404, 404},
	{"PUT", "/me", `{"name":"Zoé","locale":"fr"}`, 200, 200, 200, 200},
	{"POST", "/me/deletion", `{"password":"correct horse battery"}`, 409, 204, 204, 409},
	{"PUT", "/me/password", `{"current":"correct horse battery","new":"another horse battery"}`, 204, 204, 204, 204},
	{"POST", "/me/homes", `{"code":"x"}`, 404, 404, 404, 404},
	{"GET", "/me/push", "", 200, 200, 200, 200},
	{"PUT", "/me/push", `{"muted":["ask"]}`, 200, 200, 200, 200},
	{"POST", "/me/push/subscriptions", `{"endpoint":"https://push.example/x","keys":{"p256dh":"x","auth":"x"}}`, 201, 201, 201, 201},
	{"DELETE", "/me/push/subscriptions/{subscription}", "", 404, 404, 404, 404},
	{"GET", "/me/passkeys", "", 200, 200, 200, 200},
	{"POST", "/me/passkeys/options", `{"password":"correct horse battery"}`, 200, 200, 200, 200},
	{"POST", "/me/passkeys", `{"ceremony":"x","name":"Phone","credential":{}}`, 401, 401, 401, 401},
	{"DELETE", "/me/passkeys/{passkey}", "", 404, 404, 404, 404},
	{"POST", "/sessions/passkey/options", "", 200, 200, 200, 200},
	{"POST", "/sessions/passkey", `{"ceremony":"x","credential":{},"kind":"app"}`, 401, 401, 401, 401},
	{"POST", "/sessions/oidc", "", 404, 404, 404, 404},
	{"GET", "/sessions/oidc/callback", "", 404, 404, 404, 404},
	{"POST", "/password-resets", `{"email":"adult@example.org"}`, 202, 202, 202, 202},
	{"PUT", "/password-resets", `{"code":"x","password":"another horse battery"}`, 404, 404, 404, 404},
	{"POST", "/invitations/look", `{"code":"x"}`, 404, 404, 404, 404},
	{"POST", "/invitations/accept", `{"code":"x","name":"X","locale":"fr","kind":"app"}`, 404, 404, 404, 404},
	{"GET", "/staff/cases", "", 404, 404, 404, 404},
	{"PUT", "/staff/desk", `{}`, 404, 404, 404, 404},
	{"GET", "/staff/cases/{case}", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/take", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/messages", `{"text":"x"}`, 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/pictures", "x", 404, 404, 404, 404},
	{"GET", "/staff/cases/{case}/pictures/{picture}", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/notes", `{"text":"x"}`, 404, 404, 404, 404},
	{"PUT", "/staff/cases/{case}/contact", `{"text":"x"}`, 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/handover", `{"reason":"x","tried":"y"}`, 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/handover/accept", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/handover/decline", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/called", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/promise", `{"at":"2026-11-22T00:00:00Z","text":"x"}`, 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/wrap-up", `{"reason":"wifi","summary":"x"}`, 404, 404, 404, 404},
	{"GET", "/staff/members", "", 404, 404, 404, 404},
	{"PUT", "/staff/members", `{"email":"adult@example.org","role":"admin"}`, 404, 404, 404, 404},
	{"GET", "/staff/boxes/{serial}", "", 404, 404, 404, 404},
	{"POST", "/staff/boxes/{serial}/assign", `{"home":"11111111-1111-4111-8111-111111111111"}`, 404, 404, 404, 404},
	{"POST", "/staff/boxes/{serial}/swap", `{}`, 404, 404, 404, 404},
	{"POST", "/staff/boxes/{serial}/restock", `{}`, 404, 404, 404, 404},
	{"POST", "/staff/boxes/{serial}/retire", `{}`, 404, 404, 404, 404},
	{"GET", "/staff/visits", "", 404, 404, 404, 404},
	{"GET", "/staff/visits/{visit}", "", 404, 404, 404, 404},
	{"POST", "/staff/visits/{visit}/scan", `{"text":"box-7"}`, 404, 404, 404, 404},
	{"PUT", "/staff/visits/{visit}/steps/{step}", `{"kind":"way","at":"2026-11-21T18:00:00Z"}`, 404, 404, 404, 404},
	{"PUT", "/staff/visits/{visit}/photos/{photo}", shot(), 404, 404, 404, 404},
	{"GET", "/staff/visits/{visit}/photos/{photo}", "", 404, 404, 404, 404},
	{"DELETE", "/staff/visits/{visit}/photos/{photo}", "", 404, 404, 404, 404},
	{"GET", "/staff/visits/{visit}/report", "", 404, 404, 404, 404},
	{"GET", "/staff/visits/{visit}/report.pdf", "", 404, 404, 404, 404},
	{"GET", "/me/totp", "", 200, 200, 200, 200},
	{"POST", "/me/totp", `{"password":"correct horse battery"}`, 200, 200, 200, 200},
	{"PUT", "/me/totp", `{"code":"000000"}`, 422, 422, 422, 422},
	{"POST", "/me/totp/deletion", `{"password":"correct horse battery"}`, 404, 404, 404, 404},
	{"PUT", "/homes/{home}", `{"name":"Sea"}`, 404, 403, 200, 200},
	{"GET", "/homes/{home}/export", "", 404, 403, 403, 200},
	{"POST", "/homes/{home}/deletion", `{"password":"correct horse battery"}`, 404, 403, 403, 204},
	{"GET", "/homes/{home}/members", "", 404, 200, 200, 200},
	{"PUT", "/homes/{home}/members/{member}", `{"role":"adult"}`, 404, 403, 403, 404},
	{"DELETE", "/homes/{home}/members/{member}", "", 404, 403, 403, 404},
	{"POST", "/homes/{home}/members/{member}/entry", "", 404, 403, 404, 404},
	{"POST", "/sessions/entry", `{"code":"x","kind":"app"}`, 404, 404, 404, 404},
	{"GET", "/homes/{home}/invitations", "", 404, 403, 200, 200},
	{"POST", "/homes/{home}/invitations", `{"role":"owner"}`, 404, 403, 403, 201},
	{"DELETE", "/homes/{home}/invitations/{invitation}", "", 404, 403, 404, 404},
	{"GET", "/homes/{home}/help-desk", "", 404, 200, 200, 200},
	{"GET", "/homes/{home}/cases", "", 404, 200, 200, 200},
	{"GET", "/homes/{home}/cases/{case}", "", 404, 404, 404, 404},
	{"POST", "/homes/{home}/cases/{case}/messages", `{"text":"x"}`, 404, 404, 404, 404},
	{"POST", "/homes/{home}/cases/{case}/pictures", "x", 404, 404, 404, 404},
	{"POST", "/homes/{home}/cases/{case}/typing", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/typing", "", 404, 404, 404, 404},
	{"GET", "/homes/{home}/cases/{case}/pictures/{picture}", "", 404, 404, 404, 404},
	{"PUT", "/homes/{home}/cases/{case}/callback", `{}`, 404, 404, 404, 404},
	{"POST", "/homes/{home}/cases/{case}/close", `{"solved":true}`, 404, 404, 404, 404},
	{"POST", "/homes/{home}/help-requests", `{"screen":"/home"}`, 404, 201, 201, 201},
	{"GET", "/homes/{home}/support", "", 404, 200, 200, 200},
	{"POST", "/homes/{home}/support/{session}/consent", `{"scopes":["see"],"minutes":5,"text":"x"}`, 404, 403, 404, 404},
	{"POST", "/homes/{home}/support/{session}/refuse", "", 404, 403, 404, 404},
	{"POST", "/homes/{home}/support/{session}/end", "", 404, 403, 404, 404},
	{"POST", "/homes/{home}/support/{session}/extend", `{"minutes":5,"text":"x"}`, 404, 403, 404, 404},
	{"POST", "/staff/cases/{case}/sessions", asking, 404, 404, 404, 404},
	{"POST", "/homes/{home}/support/{session}/undo", "", 404, 403, 404, 404},
	{"GET", "/homes/{home}/support/{session}/receipt", "", 404, 403, 404, 404},
	{"GET", "/homes/{home}/support/{session}/proposals", "", 404, 403, 404, 404},
	{"POST", "/homes/{home}/support/{session}/proposals/{proposal}/approve", `{"hash":"x"}`, 404, 403, 404, 404},
	{"POST", "/homes/{home}/support/{session}/proposals/{proposal}/decline", "", 404, 403, 404, 404},
	{"GET", "/homes/{home}/audit", "", 404, 403, 200, 200},
	{"GET", "/staff/sessions/{session}/proposals", "", 404, 404, 404, 404},
	{"POST", "/staff/sessions/{session}/proposals", proposing, 404, 404, 404, 404},
	{"POST", "/homes/{home}/queries", ping, 404, 403, 409, 409},
	{"GET", "/homes/{home}/queries/{query}", "", 404, 403, 404, 404},
	{"GET", "/staff/events", "", 404, 404, 404, 404},
	{"GET", "/staff/sessions/{session}/queries", "", 404, 404, 404, 404},
	{"POST", "/staff/sessions/{session}/queries", ping, 404, 404, 404, 404},
	{"GET", "/staff/sessions/{session}/queries/{query}", "", 404, 404, 404, 404},
	{"DELETE", "/staff/sessions/{session}/queries/{query}", "", 404, 404, 404, 404},
	{"GET", "/staff/sessions", "", 404, 404, 404, 404},
	{"GET", "/staff/sessions/{session}", "", 404, 404, 404, 404},
	{"POST", "/staff/sessions/{session}/end", "", 404, 404, 404, 404},
	{"GET", "/homes/{home}/people/{id}/week", "", 404, 404, 404, 404},
	{"GET", "/homes/{home}/asks", "", 404, 200, 200, 200},
	{"POST", "/homes/{home}/asks", `{"minutes":30}`, 404, 201, 403, 403},
	{"POST", "/homes/{home}/support/{session}/ticket", "", 404, 404, 404, 404},
	{"POST", "/staff/sessions/{session}/ticket", "", 404, 404, 404, 404},
	{"PUT", "/homes/{home}/support/{session}/recording", `{"on":true,"text":"x"}`, 404, 404, 404, 404},
	{"GET", "/homes/{home}/recordings", "", 404, 200, 200, 200},
	{"GET", "/homes/{home}/recordings/{recording}", "", 404, 404, 404, 404},
	{"DELETE", "/homes/{home}/recordings/{recording}", "", 404, 404, 404, 404},
	{"GET", "/staff/cases/{case}/recordings", "", 404, 404, 404, 404},
	{"POST", "/staff/cases/{case}/recordings/{recording}/watch", "", 404, 404, 404, 404},
	{"GET", "/support/socket", "", 403, 403, 403, 403},
	{"POST", "/homes/{home}/asks/{ask}/seen", "", 404, 403, 404, 404},
	{"POST", "/homes/{home}/asks/{ask}/answer", "{}", 404, 403, 404, 404},
}

func TestEveryRouteKnowsWhoMay(t *testing.T) {
	for _, row := range access {
		t.Run(row.method+row.path, func(t *testing.T) {
			for name, want := range map[string]int{
				"neighbour": row.neighbour, "child": row.child, "adult": row.adult, "owner": row.owner,
			} {
				w := newWorld(t)
				w.ends() // so that a stream's answer does, too
				w.as(name).at(1).do(row.method, concrete(row.path), row.body).is(want)
				if want >= 400 && strings.Contains(w.hub.String(), "1 2") {
					t.Errorf("%s changed something", name)
				}
			}
			w := newWorld(t)
			if public(row.method, "/api"+row.path) {
				return
			}
			w.nobody().at(1).do(row.method, concrete(row.path), row.body).refuses(http.StatusUnauthorized, codeSignedOut)
		})
	}
}

func TestEveryOperationHasARow(t *testing.T) {
	w := newWorld(t)
	rows := map[string]bool{}
	for _, row := range access {
		rows[row.method+" "+row.path] = true
	}
	for path, item := range w.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if !rows[method+" "+path] {
				t.Errorf("%s %s has no row in the table of access", method, path)
			}
			delete(rows, method+" "+path)
			needs := false
			for _, p := range append(item.Parameters, operation.Parameters...) {
				needs = needs || p.Value.In == "header" && p.Value.Name == "If-Match"
			}
			route := "/api" + strings.NewReplacer("{", ":", "}", "").Replace(path)
			if guarded := strings.Contains(path, "{home}") && ruleOf(method, route).revision; guarded != needs {
				t.Errorf("%s %s: the document asks for If-Match: %v, the guard: %v", method, path, needs, guarded)
			}
			if open := operation.Security != nil && len(*operation.Security) == 0; open != public(method, route) {
				t.Errorf("%s %s is public in the document: %v", method, path, open)
			}
		}
	}
	for row := range rows {
		t.Errorf("%s is not in the document", row)
	}
}

func concrete(path string) string {
	if strings.HasSuffix(path, "/photos/{photo}") {
		path += "?kind=box&at=2026-11-21T18:00:00Z"
	}
	if strings.HasSuffix(path, "/timeline") {
		path += "?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"
	}
	return "/api" + strings.NewReplacer("{home}", home1, "{id}", "x", "{session}", nowhere, "{serial}", "box-7", "{revision}", "99", "{ask}", "x", "{case}", case1, "{query}", nowhere, "{proposal}", nowhere, "{recording}", nowhere, "{picture}", nowhere, "{member}", nowhere, "{invitation}", nowhere, "{passkey}", nowhere, "{subscription}", nowhere, "{visit}", visit1, "{step}", "s1", "{photo}", "p1").Replace(path)
}

func TestAnotherHomeAndNoHomeAreTheSame(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner").at(1)
	for _, row := range access {
		if !strings.Contains(row.path, "{home}") {
			continue
		}
		var bodies []string
		for _, id := range []string{home2, nowhere} {
			a := c.do(row.method, strings.Replace(concrete(row.path), home1, id, 1), row.body)
			a.refuses(http.StatusNotFound, codeNotFound)
			bodies = append(bodies, fmt.Sprint(string(a.body), len(a.header)))
		}
		if bodies[0] != bodies[1] {
			t.Errorf("%s %s tells them apart: %s", row.method, row.path, bodies)
		}
		w.pass(time.Second)
	}
	for _, id := range []string{"x", "%00", "..%2f", strings.ToUpper("aaaaaaaa-1111-4111-8111-111111111111"), "%7B" + home1 + "%7D", home1 + "%20"} {
		w.pass(time.Second)
		w.as("owner").do("GET", "/api/homes/"+id, "").is(http.StatusNotFound)
	}
}

func TestChangesNeedARevision(t *testing.T) {
	for _, row := range access {
		if !strings.Contains(row.path, "{home}") || !ruleOf(row.method, strings.NewReplacer("{", ":", "}", "").Replace("/api"+row.path)).revision {
			continue
		}
		w := newWorld(t)
		w.nurse.list = []assist.Session{{ID: nowhere, Home: home1}} // so that there is one whose changes can be undone
		c := w.as("owner")
		c.do(row.method, concrete(row.path), row.body).refuses(http.StatusPreconditionRequired, codeNeedsRevision)
		c.with("If-Match", "1").do(row.method, concrete(row.path), row.body).refuses(http.StatusBadRequest, codeRevision)
		stale := c.at(7).do(row.method, concrete(row.path), row.body)
		doc := stale.refuses(http.StatusPreconditionFailed, codeStale)
		if doc.Current == nil || doc.Current.Asked.Revision != 1 || stale.header.Get("ETag") != `"1"` {
			t.Errorf("%s %s: no current state: %s", row.method, row.path, stale.body)
		}
	}
}

func TestIfMatchIsReadStrictly(t *testing.T) {
	for text, want := range map[string]int64{
		`"1"`: 1, `"9223372036854775807"`: 1<<63 - 1, `W/"3"`: 3, ` "3" `: 3,
		`3`: 0, `*`: 0, `""`: 0, `"0"`: 0, `"-1"`: 0, `"+1"`: 0, `"01"`: 0, `"1", "2"`: 0, `"1`: 0, `"9223372036854775808"`: 0, `"1 "`: 0, `w/"1"`: 0, `"①"`: 0,
	} {
		got, err := baseOf(http.Header{"If-Match": {text}})
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	if _, err := baseOf(http.Header{"If-Match": {`"1"`, `"1"`}}); err == nil {
		t.Error("two headers")
	}
}

func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{`"1"`, `W/"12"`, `*`, "", `"1", "2"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		base, err := baseOf(http.Header{"If-Match": {text}})
		if err == nil && (base < 1 || !strings.Contains(text, etag(base))) || err != nil && base != 0 {
			t.Errorf("%q is %d, %v", text, base, err)
		}
	})
}

func TestBrowserSentByAnotherSiteIsRefused(t *testing.T) {
	w := newWorld(t)
	signIn := `{"email":"owner@example.org","password":"correct horse battery","kind":"browser"}`
	foreign := w.nobody().with("Sec-Fetch-Site", "cross-site")
	foreign.do("POST", "/api/sessions", signIn).refuses(http.StatusForbidden, codeOrigin)
	a := w.nobody().with("Sec-Fetch-Site", "same-origin").do("POST", "/api/sessions", signIn).is(http.StatusCreated)
	cookie := strings.Split(a.header.Get("Set-Cookie"), ";")[0]
	pause := `{"for":{"device":"phone"}}`
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		w.nobody().with("Cookie", cookie).with(header[0], header[1]).at(1).do("POST", home("/pause"), pause).
			refuses(http.StatusForbidden, codeOrigin)
	}
	w.nobody().with("Cookie", cookie).with("Sec-Fetch-Site", "cross-site").do("GET", home(""), "").is(http.StatusOK)
	w.nobody().with("Cookie", cookie).with("Sec-Fetch-Site", "same-origin").at(1).do("POST", home("/pause"), pause).is(http.StatusOK)
}
