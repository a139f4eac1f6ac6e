package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/keyring"
	"github.com/carebox-project/carebox/cloud/push"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/cloud/visit"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const apiPassword = "correct horse battery"

// apiBoth runs a test with SQLite and, where CAREBOX_POSTGRES names a server, with a PostgreSQL schema of its own.
func apiBoth(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "carebox.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, apiSchema(t)) })
}

func apiSchema(t *testing.T) string {
	t.Helper()
	server := os.Getenv("CAREBOX_POSTGRES")
	if server == "" {
		t.Skip("database ring: set CAREBOX_POSTGRES to a URL")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("carebox_api_%016x", rand.Uint64())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// apiCloud is replicas of registry and API on one database, with a home of two members and its box.
type apiCloud struct {
	t      *testing.T
	ether  *ether
	key    ed25519.PrivateKey
	home   string
	member map[string]string
	url    []string // of each replica
	letter chan string
	data   *store.Store
	office *enrolment.Office
	rung   atomic.Int64 // certificates were taken back
}

func newAPICloud(t *testing.T, database string, replicas int) *apiCloud {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &apiCloud{t: t, ether: &ether{}, key: key, home: uuid.NewString(), member: map[string]string{}, letter: make(chan string, 10)}
	data, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	data.Patience = soon
	data.Seal(key)
	c.data = data
	c.office = enrolment.NewOffice(enrolment.Config{
		Store: data, Attempts: throttle.New(data, time.Now), Now: time.Now, Revoked: func() { c.rung.Add(1) }, Log: slog.New(slog.DiscardHandler),
	})
	c.furnish(data)
	for range replicas {
		c.url = append(c.url, c.serve(data))
	}
	return c
}

// Send keeps a letter's text.
func (c *apiCloud) Send(_, _, text string) bool {
	c.letter <- text
	return true
}

func (c *apiCloud) furnish(data *store.Store) {
	c.t.Helper()
	seed, err := registry.NewSeed(registry.Home{ID: c.home, Name: "City"}, "Europe/Paris", time.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	seed.Box = "box-1"
	if err := data.AddHomes(c.t.Context(), []registry.Seed{seed}); err != nil {
		c.t.Fatal(err)
	}
	who := accounts.New(data, time.Now)
	for name, role := range map[string]accounts.Role{"Ada": accounts.RoleOwner, "Léo": accounts.RoleChild, "Eve": ""} {
		m, err := who.Create(c.t.Context(), strings.ToLower(name[:1])+"@example.org", name, apiPassword)
		if err != nil {
			c.t.Fatal(err)
		}
		c.member[name] = m.Email
		if role != "" {
			err = who.Join(c.t.Context(), m.ID, accounts.Membership{Home: c.home, Role: role, Person: map[string]string{"Léo": "leo"}[name]})
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *apiCloud) serve(data *store.Store) string {
	c.t.Helper()
	metrics, log := prometheus.NewRegistry(), slog.New(slog.DiscardHandler)
	bell, err := push.Open(c.t.Context(), push.Config{Store: data, URL: "https://carebox.example", Private: true, Log: log})
	if err != nil {
		c.t.Fatal(err)
	}
	ring, err := keyring.Open(c.t.Context(), keyring.Config{
		Store: data, Link: c.ether, Keys: []ed25519.PrivateKey{c.key}, Now: time.Now, Log: log,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	care := assist.NewSessions(assist.SessionConfig{Store: data, Link: c.ether, Keys: ring, Issuer: "https://carebox.example", Log: log})
	homes := registry.New(registry.Config{Store: data, Link: c.ether, Keys: ring, Herald: bell, Care: care, Log: log, Metrics: metrics})
	cases := assist.NewCases(assist.CasesConfig{Store: data, Homes: homes, Herald: bell, Left: ending(care, log), Log: log})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		var both errgroup.Group
		both.Go(func() error { return homes.Run(ctx) })
		both.Go(func() error { return bell.Run(ctx) })
		both.Go(func() error { return care.Run(ctx) })
		ended <- both.Wait()
	}()
	visits := visit.NewOffice(visit.Config{Store: data, Boxes: c.office, Homes: homes, Meter: care, Key: c.key, Now: time.Now, Log: log})
	api, err := mobileapi.New(mobileapi.Config{
		Visits:   visits,
		Accounts: accounts.New(data, time.Now), Homes: homes, Cases: cases, Care: care, Tickets: assist.NewTickets(data), Relay: c.ether, Boxes: c.office, Mail: c, Push: bell, URL: "https://carebox.example", Log: log, Metrics: metrics, Ending: ctx.Done(),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	server := httptest.NewServer(api)
	c.t.Cleanup(func() {
		cancel()
		server.Close()
		<-ended
	})
	return server.URL
}

// apiVisitor is somebody with an app, at one replica.
type apiVisitor struct {
	t     *testing.T
	url   string
	home  string
	token string

	support string // session under which they act for a customer, "" for none

	cookie string // of a browser, instead
}

func (c *apiCloud) signIn(name string, replica int) *apiVisitor {
	c.t.Helper()
	v := &apiVisitor{t: c.t, url: c.url[replica], home: c.home}
	var in struct{ Token string }
	body := fmt.Sprintf(`{"email":%q,"password":%q,"kind":"app"}`, c.member[name], apiPassword)
	if status := v.do("POST", "/api/sessions", 0, body, &in); status != http.StatusCreated {
		c.t.Fatalf("signing in: %d", status)
	}
	v.token = in.Token
	return v
}

// do sends a request, made from a revision if it is not 0, and reads the answer.
func (v *apiVisitor) do(method, path string, base int64, body string, into any) int {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+strings.Replace(path, "~", "/api/homes/"+v.home, 1), strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if base > 0 {
		r.Header.Set("If-Match", fmt.Sprintf(`"%d"`, base))
	}
	if v.support != "" {
		r.Header.Set("Support-Session", v.support)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if into != nil && len(data) > 0 {
		if err := json.Unmarshal(data, into); err != nil {
			v.t.Fatalf("%s %s: %v: %s", method, path, err, data)
		}
	}
	return answer.StatusCode
}

// change is a change that must be taken.
func (v *apiVisitor) change(method, path string, base int64, body string) mobileapi.HomeState {
	v.t.Helper()
	var raw json.RawMessage
	status := v.do(method, path, base, body, &raw)
	var state mobileapi.HomeState
	if err := json.Unmarshal(raw, &state); err != nil || status != http.StatusOK {
		v.t.Fatalf("%s %s: %d: %s", method, path, status, raw)
	}
	return state
}

func (v *apiVisitor) state() mobileapi.HomeState { v.t.Helper(); return v.change("GET", "~", 0, "") }

// watch is the data of each look.
func (v *apiVisitor) watch() <-chan string {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), "GET", v.url+"/api/homes/"+v.home+"/events", nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+v.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		v.t.Fatalf("watching: %v, %v", answer, err)
	}
	looks := make(chan string, 100)
	go func() {
		defer close(looks)
		defer func() { _ = answer.Body.Close() }()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				looks <- data
			}
		}
	}()
	return looks
}

// obey is the box taking the newest Desired and proving it.
func (c *apiCloud) obey() {
	c.t.Helper()
	c.ether.mu.Lock()
	desired, receive := c.ether.desired, c.ether.receive
	c.ether.mu.Unlock()
	doc, err := wire.Open(desired, c.key.Public().(ed25519.PublicKey), "box-1")
	if err != nil {
		c.t.Fatal(err)
	}
	policy, err := policies.Parse(doc.Policy)
	if err != nil {
		c.t.Fatal(err)
	}
	now := time.Now().UTC()
	said := wire.Reported{Box: "box-1", At: now, Accepted: doc.Revision, InForce: doc.Revision, Since: now, Clock: wire.Clock{Synchronised: true, Rule: "keep-last"}}
	for _, d := range policy.Devices {
		said.Devices = append(said.Devices, wire.DeviceState{
			ID: d.ID, MAC: string(d.MACs[0]), Present: true, InForce: true, Verdict: policies.Decide(policy, d.ID, nil, now),
		})
	}
	message, err := json.Marshal(said)
	if err != nil {
		c.t.Fatal(err)
	}
	receive("box-1", wire.UpReported, message)
}

// until waits for a condition.
func (c *apiCloud) until(what string, met func() bool) {
	c.t.Helper()
	deadline, tick := time.After(soon), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for !met() {
		select {
		case <-deadline:
			c.t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}
