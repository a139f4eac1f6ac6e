package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies/wire"
)

// helper is somebody of the staff with the home's case and, after consent, a session.
type helper struct {
	t     *testing.T
	h     *House
	token string
	kase  string
}

type visitSession struct {
	ID, State, EndedBy string
}

// openHelper signs staff in, who take what the family asks.
func openHelper(t *testing.T, h *House) *helper {
	t.Helper()
	code, err := totp.GenerateCode(h.Access.StaffCodes, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := &helper{t: t, h: h}
	var in struct{ Token string }
	body := map[string]string{"email": h.Access.StaffEmail, "password": h.Access.StaffPassword, "code": code, "kind": "app"}
	if err := call(t.Context(), http.MethodPost, h.Access.URL+"/api/sessions", nil, body, &in); err != nil {
		t.Fatal(err)
	}
	s.token = in.Token
	var kase struct{ ID string }
	s.family(http.MethodPost, "/help-requests", map[string]any{"screen": "/home", "text": "The TV freezes"}, &kase)
	s.kase = kase.ID
	s.staff(http.MethodPost, "/staff/cases/"+s.kase+"/take", "", nil, nil)
	return s
}

func (s *helper) family(method, path string, body, answer any) {
	s.t.Helper()
	c := s.h.Client
	header := http.Header{"Authorization": {"Bearer " + c.token}}
	if err := unhurried(s.t.Context(), func() error {
		return call(s.t.Context(), method, c.url+"/api/homes/"+c.home+path, header, body, answer)
	}); err != nil {
		s.t.Fatal(err)
	}
}

// try asks as the staff, for the customer of a session if there is one.
func (s *helper) try(ctx context.Context, method, path, session string, body, answer any) error {
	header := http.Header{"Authorization": {"Bearer " + s.token}}
	if session != "" {
		state, err := s.h.Client.State(ctx)
		if err != nil {
			return err
		}
		header.Set("Support-Session", session)
		header.Set("If-Match", fmt.Sprintf(`"%d"`, state.Asked.Revision))
		path = "/homes/" + s.h.Client.home + path
	}
	return call(ctx, method, s.h.Access.URL+"/api"+path, header, body, answer)
}

func (s *helper) staff(method, path, session string, body, answer any) {
	s.t.Helper()
	if err := unhurried(s.t.Context(), func() error { return s.try(s.t.Context(), method, path, session, body, answer) }); err != nil {
		s.t.Fatal(err)
	}
}

// over expects that the session does not let the staff do something any more.
func (s *helper) over(path, session string, body any) {
	s.t.Helper()
	if err := poll(s.t.Context(), "a refusal", func() error {
		err := s.try(s.t.Context(), http.MethodPost, path, session, body, nil)
		switch {
		case err == nil:
			return fatal{errors.New("it was done")}
		case strings.Contains(err.Error(), "403") && strings.Contains(err.Error(), "support-over"):
			return nil
		}
		return err
	}); err != nil {
		s.t.Errorf("%s after the end: %v", path, err)
	}
}

// begin is a session with consent.
func (s *helper) begin() visitSession {
	s.t.Helper()
	var one visitSession
	all := []string{"see", "diagnose", "change"}
	s.staff(http.MethodPost, "/staff/cases/"+s.kase+"/sessions", "", map[string]any{"scopes": all, "minutes": 15, "reason": "the TV"}, &one)
	s.family(http.MethodPost, "/support/"+one.ID+"/consent", map[string]any{"scopes": all, "minutes": 10, "text": "May I?"}, &one)
	return one
}

func (s *helper) now(id string) visitSession {
	s.t.Helper()
	var list []visitSession
	s.family(http.MethodGet, "/support", nil, &list)
	for _, one := range list {
		if one.ID == id {
			return one
		}
	}
	s.t.Fatalf("session %s is not there", id)
	return visitSession{}
}

// there waits until the cloud has heard the box.
func (s *helper) there() {
	s.t.Helper()
	if _, err := s.h.Client.Await(s.t.Context(), "the box to be there", func(now State) error {
		if now.Box == nil || !now.Box.Reachable {
			return errors.New("it is away")
		}
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
}

// ask is a query under a session, when it is over.
func (s *helper) ask(session string, args any) query {
	s.t.Helper()
	var q query
	path := "/staff/sessions/" + session + "/queries"
	s.staff(http.MethodPost, path, "", map[string]any{"kind": wire.QueryPing, "args": args}, &q)
	if err := poll(s.t.Context(), "the box to have measured", func() error {
		err := s.try(s.t.Context(), http.MethodGet, path+"/"+q.ID, "", nil, &q)
		if err == nil && q.State == "running" {
			err = errRunning
		}
		return err
	}); err != nil {
		s.t.Fatalf("%v\n%s", err, s.h.Log("agent"))
	}
	return q
}

// TestAPersonTakesOver: real cloud and agent. An agent measures and changes under the customer's consent; the customer takes
// it back and ends it; another session ends at the box's own page while the cloud is away, and is dead when it is back.
func TestAPersonTakesOver(t *testing.T) {
	h := newHouse(t, Options{})
	s := openHelper(t, h)
	s.there()
	one := s.begin()
	q := s.ask(one.ID, map[string]any{"host": testbed.InternetIPv6.String(), "count": 2})
	var ping wire.PingSummary
	if q.State != "done" || len(q.Results) != 3 || json.Unmarshal(q.Results[2].Data, &ping) != nil || ping.Received != 2 {
		t.Errorf("ping %+v", q)
	}
	s.staff(http.MethodPost, "/pause", one.ID, map[string]any{"for": map[string]any{"home": true}}, nil)
	paused, err := h.Client.InForce(t.Context())
	if err != nil || len(paused.Policy.Overrides) != 1 {
		t.Fatalf("paused for the customer: %v, %+v", err, paused.Policy.Overrides)
	}
	if _, err := h.Client.State(t.Context()); err != nil { // from what it shows
		t.Fatal(err)
	}
	if _, err := h.Client.Change(t.Context(), http.MethodPost, "/support/"+one.ID+"/undo", nil); err != nil {
		t.Fatal(err)
	}
	if back, err := h.Client.InForce(t.Context()); err != nil || len(back.Policy.Overrides) != 0 {
		t.Fatalf("taken back: %v, %+v", err, back.Policy.Overrides)
	}
	s.family(http.MethodPost, "/support/"+one.ID+"/end", nil, nil)
	s.over("/pause", one.ID, map[string]any{"for": map[string]any{"home": true}})
	s.over("/staff/sessions/"+one.ID+"/queries", "", map[string]any{"kind": wire.QueryPing})

	s.there()
	two := s.begin()
	s.ask(two.ID, map[string]any{"host": testbed.InternetIPv6.String(), "count": 1}) // so the box has its letter
	if err := h.KillCloud(); err != nil {
		t.Fatal(err)
	}
	if status, text := page(t, h, "POST", "/end", "grant="+two.ID); status != http.StatusSeeOther {
		t.Fatalf("ending at the box answered %d: %s", status, text)
	}
	if err := h.StartCloud(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := poll(t.Context(), "the session to be dead", func() error {
		if now := s.now(two.ID); now.State != "ended" || now.EndedBy != "box" {
			return errors.New(now.State)
		}
		return nil
	}); err != nil {
		t.Fatalf("%v\n%s", err, h.Log("agent"))
	}
	verify := exec.CommandContext(t.Context(), filepath.Join(h.options.Bin, "carebox-cloud"), "audit", "verify", "-config", h.cloudConfig())
	if out, err := verify.CombinedOutput(); err != nil {
		t.Errorf("the audit: %v, %s", err, out)
	}
}
