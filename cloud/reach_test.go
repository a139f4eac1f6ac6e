package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/registry"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// reach is what an agent may do in a home, and under which of its scopes. All that the document has and that is not here
// is the family's alone.
var reach = map[string]string{
	"GET /homes/{home}":                                "see change",
	"GET /homes/{home}/timeline":                       "see change",
	"POST /homes/{home}/timeline":                      "see change",
	"GET /homes/{home}/history":                        "see change",
	"GET /homes/{home}/history/{revision}":             "see change",
	"GET /homes/{home}/members":                        "see change",
	"POST /homes/{home}/history/{revision}/undo":       "change",
	"POST /homes/{home}/pause":                         "change",
	"POST /homes/{home}/bonus":                         "change",
	"POST /homes/{home}/resume":                        "change",
	"DELETE /homes/{home}/overrides/{id}":              "change",
	"PUT /homes/{home}/people/{id}":                    "change",
	"PUT /homes/{home}/devices/{id}":                   "change",
	"PUT /homes/{home}/schedules/{id}":                 "change",
	"DELETE /homes/{home}/schedules/{id}":              "change",
	"PUT /homes/{home}/exceptions/{id}":                "change",
	"DELETE /homes/{home}/exceptions/{id}":             "change",
	"PUT /homes/{home}/budgets/{id}":                   "change",
	"DELETE /homes/{home}/budgets/{id}":                "change",
	"PUT /homes/{home}/reservations/{id}":              "change",
	"DELETE /homes/{home}/reservations/{id}":           "change",
	"PUT /homes/{home}/policy":                         "change approval",
	"DELETE /homes/{home}/people/{id}":                 "change approval",
	"DELETE /homes/{home}/devices/{id}":                "change approval",
	"PUT /homes/{home}/members/{member}":               "change approval",
	"DELETE /homes/{home}/members/{member}":            "change approval",
	"POST /homes/{home}/invitations":                   "change approval",
	"POST /staff/sessions/{session}/queries":           "diagnose",
	"POST /staff/sessions/{session}/proposals":         "change",
	"GET /staff/sessions/{session}":                    "always",
	"GET /staff/sessions/{session}/queries":            "always",
	"GET /staff/sessions/{session}/proposals":          "always",
	"GET /staff/sessions/{session}/queries/{query}":    "always",
	"DELETE /staff/sessions/{session}/queries/{query}": "always",
}

// later is what would end the session that the table is about.
var later = []string{"POST /staff/sessions/{session}/end", "POST /staff/sessions/{session}/ticket"}

// bodies are of requests that need one to be judged; all others send an empty object.
var bodies = map[string]string{
	"POST /staff/sessions/{session}/queries":   pingBody,
	"POST /staff/sessions/{session}/proposals": `{"operation":"pause","value":{"for":{"home":true}},"revision":1}`,
}

// operations are those of the document that are of a home or of a support session.
func (c *apiCloud) operations() []string {
	c.t.Helper()
	answer, err := http.Get(c.url[0] + "/api/openapi.yaml")
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		c.t.Fatal(err)
	}
	var all []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if op := method + " " + path; (strings.Contains(path, "{home}") || strings.Contains(path, "/staff/sessions/{session}")) && !slices.Contains(later, op) {
				all = append(all, op)
			}
		}
	}
	for op := range reach {
		if !slices.Contains(all, op) {
			c.t.Errorf("%s is not in the document", op)
		}
	}
	slices.Sort(all)
	return all
}

// want is what the agent of a session gets: "" where it is let in.
func want(op, phase, scope string) string {
	rule, known := reach[op]
	switch {
	case rule == "always":
		return ""
	case !known:
		return "403 support-scope"
	case phase != "during":
		return "403 support-over"
	case !slices.Contains(strings.Fields(rule), scope):
		return "403 support-scope"
	case strings.HasSuffix(rule, " approval"):
		return "403 support-approval"
	}
	return ""
}

// got is the refusal of an answer, "" where the visitor was let in, whatever became of their request then.
func (v *apiVisitor) got(op, session string) string {
	v.t.Helper()
	method, path, _ := strings.Cut(op, " ")
	path = strings.NewReplacer("{home}", v.home, "{session}", session, "{revision}", "9", "{id}", "x").Replace(path)
	for strings.Contains(path, "{") { // any other id
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + uuid.Nil.String() + path[to+1:]
	}
	if strings.HasSuffix(path, "/timeline") {
		path += "?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z"
	}
	body := bodies[op]
	if body == "" {
		body = "{}"
	}
	at := *v
	if !strings.Contains(op, "{home}") {
		at.support = ""
	}
	for {
		var raw json.RawMessage
		var problem mobileapi.ProblemDocument
		status := at.do(method, "/api"+path, 1, body, &raw)
		_ = json.Unmarshal(raw, &problem) // an answer that is none has no code
		switch {
		case problem.Code == "too-many-requests":
			<-time.After(100 * time.Millisecond) // the bucket of a session lets go by itself
		case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
			return fmt.Sprint(status, " ", problem.Code)
		default:
			return ""
		}
	}
}

// TestNobodyReachesFurtherThanTheCustomerSaid: each operation of a home and of a session, with each scope, before, during
// and after the session, by everybody who is not the family.
func TestNobodyReachesFurtherThanTheCustomerSaid(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		c.connect()
		ada, eve := c.signIn("Ada", 0), c.signIn("Eve", 0)
		eve.home = c.home
		julie := c.hire("Julie", accounts.StaffSupport, 1)
		others := map[string]*apiVisitor{
			"404 not-found":  c.hire("Marc", accounts.StaffSupport, 0),
			"404 not-found ": c.hire("Sam", accounts.StaffSupervisor, 1),
			"403 staff-role": c.hire("Tom", accounts.StaffTechnician, 0),
			"401 signed-out": {t: t, url: c.url[0], home: c.home},
			"404":            eve,
			"404 ":           c.signIn("Ada", 1),
		}
		operations := c.operations()
		judge := func(phase, scope, session string) {
			t.Helper()
			julie.support = session
			for _, op := range operations {
				let := want(op, phase, scope)
				switch got := julie.got(op, session); {
				case got == let:
				case let == "" && got == "404 not-found" && !strings.HasSuffix(op, "{home}") && strings.HasSuffix(op, "}"), strings.HasSuffix(op, "/undo") && let == "" && got == "404 not-found":
					// let in, and there is no such thing
				default:
					t.Errorf("the agent, %s, %s: %s: %q, want %q", phase, scope, op, got, let)
				}
				if phase == "before" && scope != "see" || phase == "after" && scope != "change" {
					continue // for the others once will do: what was asked for is nothing to them
				}
				for refusal, v := range others {
					wanted := strings.TrimSpace(refusal)
					if wanted == "403 staff-role" && strings.Contains(op, "{home}") || wanted == "404" {
						wanted = "404 not-found"
					}
					v.support = session
					if got := v.got(op, session); got != wanted {
						t.Errorf("%s, %s, %s: %s: %q", refusal, phase, scope, op, got)
					}
				}
			}
			julie.support = ""
		}
		for _, scope := range []string{"see", "diagnose", "change"} {
			asked := c.ask(ada, julie, `["`+scope+`"]`)
			judge("before", scope, asked.ID)
			begun := c.consent(ada, asked.ID, `["`+scope+`"]`)
			judge("during", scope, begun.ID)
			if status := ada.patiently("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
				t.Fatalf("ending: %d", status)
			}
			judge("after", scope, begun.ID)
		}
		foreign(t, c, ada, julie, slices.Sorted(maps.Keys(reach)))
	})
}

// foreign is a live session used in another home: it opens nothing there.
func foreign(t *testing.T, c *apiCloud, ada, julie *apiVisitor, operations []string) {
	t.Helper()
	seed, err := registry.NewSeed(registry.Home{ID: uuid.NewString(), Name: "Sea"}, "Europe/Paris", time.Now())
	if err == nil {
		err = c.data.AddHomes(t.Context(), []registry.Seed{seed})
	}
	if err != nil {
		t.Fatal(err)
	}
	begun := c.consent(ada, c.ask(ada, julie, `["see","change"]`).ID, `["see","change"]`)
	elsewhere := *julie
	elsewhere.home, elsewhere.support = seed.Home.ID, begun.ID
	for _, op := range operations {
		if got := elsewhere.got(op, begun.ID); strings.Contains(op, "{home}") && got != "404 not-found" {
			t.Errorf("in another home: %s: %q", op, got)
		}
	}
}
