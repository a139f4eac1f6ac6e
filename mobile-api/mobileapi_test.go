package mobileapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/assist/assisttest"
	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/visit/visittest"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/accounts/accountstest"
	"github.com/carebox-project/carebox/policies"
)

const (
	home1    = "11111111-1111-4111-8111-111111111111"
	home2    = "22222222-2222-4222-8222-222222222222"
	nowhere  = "33333333-3333-4333-8333-333333333333"
	password = "correct horse battery"
)

// A Saturday, 19:00 in Paris.
var begin = time.Date(2026, 11, 21, 18, 0, 0, 250_000_000, time.UTC)

// family is the policy of every home here: Léo's phone and laptop, a TV, a refused stick; nights from 21:30.
func family() policies.Policy {
	week := []policies.Day{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	return policies.Policy{
		Zone: "Europe/Paris",
		People: []policies.Person{
			{ID: "leo", Name: "Léo"}, {ID: "ada", Name: "Ada"},
		},
		Devices: []policies.Device{
			{ID: "phone", Name: "Phone", Kind: "phone", MACs: []policies.MAC{"02:00:00:00:00:0a"}, Person: "leo"},
			{ID: "laptop", Name: "Laptop", Kind: "laptop", MACs: []policies.MAC{"02:00:00:00:00:0b"}, Person: "leo"},
			{ID: "tv", Name: "TV", Kind: "tv", MACs: []policies.MAC{"02:00:00:00:00:0c"}},
			{ID: "stick", Name: "Stick", Kind: "tv", MACs: []policies.MAC{"02:00:00:00:00:0d"}, Refused: true},
		},
		Schedules: []policies.Schedule{
			{ID: "nights", For: policies.Target{Person: "leo"}, Days: week, Start: "21:30", Duration: 34200},
		},
	}
}

// world is the API with real accounts, a registry in memory, and a clock that only the test moves.
type world struct {
	t        *testing.T
	handler  http.Handler
	store    *accountstest.Store
	accounts *accounts.Accounts
	hub      *hub
	cases    *assisttest.Store
	nurse    *nurse
	drawer   *drawer
	air      *assisttest.Air
	stock    *shelf
	visits   *visittest.Store
	box      *letterbox
	bell     *bell
	log      *journal
	doc      *openapi3.T
	router   routers.Router
	member   map[string]string // ids
	ending   chan struct{}
	metrics  *prometheus.Registry
	mu       sync.Mutex
	now      time.Time
}

// journal is a log that is read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: begin, log: &journal{}, member: map[string]string{}, ending: make(chan struct{})}
	w.store = accountstest.New(map[string]string{home1: "City", home2: "Sea", visit1: "Chez Camille"})
	w.accounts = accounts.New(w.store, w.clock)
	w.hub, w.cases, w.box, w.bell, w.nurse = newHub(w.clock), assisttest.New(), &letterbox{}, newBell(), &nurse{}
	w.visits = visittest.New()
	w.drawer, w.air = &drawer{}, &assisttest.Air{}
	w.stock = &shelf{now: w.clock, items: map[string]enrolment.Item{}, lives: map[string][]enrolment.Event{}}
	w.hub.add(home1, family())
	w.hub.add(home2, family())
	for name, role := range map[string]accounts.Role{"owner": accounts.RoleOwner, "adult": accounts.RoleAdult, "child": accounts.RoleChild} {
		w.join(name, accounts.Membership{Home: home1, Role: role, Person: map[accounts.Role]string{accounts.RoleChild: "leo"}[role]})
	}
	w.join("neighbour", accounts.Membership{Home: home2, Role: accounts.RoleOwner})
	w.rebuild(func(*Config) {})
	w.doc, w.router = contract()
	return w
}

// rebuild makes the API anew, with one thing otherwise.
func (w *world) rebuild(change func(*Config)) {
	w.t.Helper()
	w.metrics = prometheus.NewRegistry()
	c := Config{
		Accounts: w.accounts, Homes: w.hub, Cases: w.helpers(), Care: w.nurse, Tickets: w.drawer, Relay: w.air, Boxes: w.stock, Visits: w.newOffice(), Mail: w.box, Push: w.bell, URL: "https://carebox.example", Metrics: w.metrics, Now: w.clock, Ending: w.ending,
		Log:     slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Proxies: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")},
	}
	change(&c)
	var err error
	if w.handler, err = New(c); err != nil {
		w.t.Fatal(err)
	}
}

// helpers is real cases on a store in memory.
func (w *world) helpers() *assist.Cases {
	return assist.NewCases(assist.CasesConfig{Store: w.cases, Homes: w.hub, Now: w.clock})
}

// contract is openapi.yaml, read once.
var contract = sync.OnceValues(func() (*openapi3.T, routers.Router) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err == nil {
		err = doc.Validate(context.Background())
	}
	if err != nil {
		panic(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		panic(err)
	}
	return doc, router
})

// hashed is the hash of password, made once.
var hashed = sync.OnceValue(func() string {
	store := accountstest.New(nil)
	if _, err := accounts.New(store, time.Now).Create(context.Background(), "a@example.org", "A", password); err != nil {
		panic(err)
	}
	row, _ := store.MemberByEmail(context.Background(), "a@example.org")
	return row.Password
})

// ends is the server shutting down.
func (w *world) ends() { close(w.ending) }

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) join(name string, place accounts.Membership) {
	w.t.Helper()
	row := accountstest.MemberRow{
		ID: uuid.NewString(), Name: name, Email: name + "@example.org", Locale: accounts.LocaleFrench, Password: hashed(),
	}
	if _, err := w.store.AddMember(w.t.Context(), row); err != nil {
		w.t.Fatal(err)
	}
	if err := w.accounts.Join(w.t.Context(), row.ID, place); err != nil {
		w.t.Fatal(err)
	}
	w.member[name] = row.ID
}

// as is a member who signed in with an app and a password before.
func (w *world) as(name string) *client {
	w.t.Helper()
	return w.by(accounts.ProofPassword, name)
}

// by is a member who signed in with an app before, in that way.
func (w *world) by(proof accounts.Proof, name string) *client {
	w.t.Helper()
	secret := []byte(rand.Text() + rand.Text())[:32]
	sum := sha256.Sum256(secret)
	now := w.clock()
	row := accountstest.SessionRow{
		ID: uuid.NewString(), Member: w.member[name], Kind: string(accounts.KindApp), Proof: string(proof), Hash: hex.EncodeToString(sum[:]),
		Created: now, Used: now, Expires: now.AddDate(0, 1, 0),
	}
	if err := w.store.AddSession(w.t.Context(), row); err != nil {
		w.t.Fatal(err)
	}
	token := base64.RawURLEncoding.EncodeToString(secret)
	return &client{w: w, header: http.Header{"Authorization": {"Bearer " + token}}, token: token}
}

func (w *world) nobody() *client { return &client{w: w, header: http.Header{}} }

// client sends requests and holds every answer against openapi.yaml.
type client struct {
	w      *world
	header http.Header
	token  string
	remote string // address and port; "" is 192.0.2.1:1234
}

// from is the client at another address.
func (c *client) from(remote string) *client {
	other := c.with("X-Nothing", "")
	other.remote = remote
	return other
}

// with is the client with one more header; "" takes it away.
func (c *client) with(key, value string) *client {
	other := &client{w: c.w, header: c.header.Clone(), token: c.token, remote: c.remote}
	other.header.Set(key, value)
	if value == "" {
		other.header.Del(key)
	}
	return other
}

// at is the client with If-Match.
func (c *client) at(revision int64) *client { return c.with("If-Match", etag(revision)) }

type answer struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

func (c *client) do(method, path, body string) *answer {
	c.w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if r.RemoteAddr = c.remote; c.remote == "" {
		r.RemoteAddr = "192.0.2.1:1234"
	}
	for key, values := range c.header {
		r.Header[key] = values
	}
	if r.Header.Get("Transfer-Encoding") != "" {
		r.ContentLength = -1
	}
	if body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	recorder := httptest.NewRecorder()
	c.w.handler.ServeHTTP(recorder, r)
	a := &answer{
		t: c.w.t, what: method + " " + path, status: recorder.Code, header: recorder.Header(), body: recorder.Body.Bytes(),
	}
	c.w.conforms(r, a)
	return a
}

// conforms is the document's word on an answer.
func (w *world) conforms(r *http.Request, a *answer) {
	w.t.Helper()
	route, params, err := w.router.FindRoute(r)
	if err != nil {
		return // not a path of the document
	}
	err = openapi3filter.ValidateResponse(w.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true, ExcludeResponseBody: a.header.Get("Content-Type") == "text/event-stream",
		},
	})
	if err != nil {
		w.t.Errorf("%s: %d is not as in openapi.yaml: %v\n%s", a.what, a.status, err, a.body)
	}
}

func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.status, status, a.body)
	}
	return a
}

// home reads a state.
func (a *answer) home() HomeState {
	a.t.Helper()
	a.is(http.StatusOK)
	var home HomeState
	a.decode(&home)
	if got := a.header.Get("ETag"); got != etag(home.Asked.Revision) {
		a.t.Errorf("%s: ETag %s at revision %d", a.what, got, home.Asked.Revision)
	}
	return home
}

// refuses reads a problem and checks its code.
func (a *answer) refuses(status int, code code) ProblemDocument {
	a.t.Helper()
	a.is(status)
	var doc ProblemDocument
	a.decode(&doc)
	if doc.Code != string(code) || doc.Status != status || a.header.Get("Content-Type") != "application/problem+json" {
		a.t.Errorf("%s: %s, want %s: %s", a.what, doc.Code, code, a.body)
	}
	return doc
}

// finds reads what is wrong, as "code field".
func (a *answer) finds(want ...string) {
	a.t.Helper()
	doc := a.refuses(http.StatusUnprocessableEntity, codeInvalid)
	var got []string
	for _, p := range doc.Problems {
		got = append(got, p.Code+" "+p.Field)
		if p.Detail == "" {
			a.t.Errorf("%s: %s without a sentence", a.what, p.Code)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		a.t.Errorf("%s: problems %q, want %q", a.what, got, want)
	}
}

func (a *answer) decode(into any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		a.t.Fatalf("%s: %v: %s", a.what, err, a.body)
	}
}

func home(rest string) string { return "/api/homes/" + home1 + rest }

func TestNewNeedsWhatItStandsOn(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("made of nothing")
	}
	w := newWorld(t)
	metrics := prometheus.NewRegistry()
	c := Config{Accounts: w.accounts, Homes: w.hub, Cases: w.helpers(), Care: w.nurse, Tickets: w.drawer, Relay: w.air, Boxes: w.stock, Visits: w.newOffice(), Mail: w.box, Push: w.bell, Log: slog.New(slog.DiscardHandler), Metrics: metrics}
	if _, err := New(c); err != nil {
		t.Error(err)
	}
	if _, err := New(c); err == nil {
		t.Error("counted twice in one place")
	}
}

func TestDocumentIsServed(t *testing.T) {
	a := newWorld(t).nobody().do("GET", "/api/openapi.yaml", "").is(http.StatusOK)
	if !bytes.Equal(a.body, document) {
		t.Error("another document")
	}
}
