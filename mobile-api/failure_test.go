package mobileapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/throttle"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

func TestStoreThatIsAwayIsWorthAnotherTry(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	w.hub.breaks(fmt.Errorf("reading home: %w", registry.ErrUnavailable))
	for _, a := range []*answer{
		c.do("GET", home(""), ""), c.do("GET", home("/events"), ""),
		c.at(1).do("POST", home("/pause"), `{"for":{"home":true}}`), c.at(1).do("POST", home("/history/1/undo"), ""),
	} {
		a.refuses(http.StatusServiceUnavailable, codeUnavailable)
		if a.header.Get("Retry-After") != "2" {
			t.Errorf("%s: Retry-After %q", a.what, a.header.Get("Retry-After"))
		}
	}
	w.hub.breaks(nil)
	w.store.Fail(registry.ErrUnavailable)
	c.do("GET", home(""), "").refuses(http.StatusServiceUnavailable, codeUnavailable)
	w.nobody().do("POST", "/api/sessions", signIn("owner", password, "app")).refuses(http.StatusServiceUnavailable, codeUnavailable)
	w.store.Fail(nil)
	c.do("GET", home(""), "").home()
}

func TestRequestHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.as("owner")
		w.hub.hangs = true
		began := time.Now()
		c.do("GET", home(""), "").refuses(http.StatusServiceUnavailable, codeUnavailable)
		if took := time.Since(began); took != patience {
			t.Errorf("took %s", took)
		}
	})
}

func TestChildLooksAndDoesNotChange(t *testing.T) {
	w := newWorld(t)
	w.as("child").at(1).do("POST", home("/pause"), `{"for":{"home":true}}`).refuses(http.StatusForbidden, codeRole)
}

func TestRequestsAreCountedByRouteAndStatus(t *testing.T) {
	w := newWorld(t)
	w.as("owner").do("GET", home(""), "")
	w.as("owner").do("GET", "/api/homes/"+nowhere, "")
	families, err := w.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(families)
	for _, want := range []string{"carebox_http_request_seconds", "carebox_http_streams", `value:"/api/homes/:home"`, `value:"200"`, `value:"404"`} {
		if !strings.Contains(strings.ReplaceAll(text, ": ", ":"), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, home1) {
		t.Error("a home is named in the metrics")
	}
}

func TestWhatNobodyExpectedIsToldToTheLogOnly(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	w.hub.breaks(errors.New("relation home does not exist"))
	a := c.do("GET", home(""), "")
	doc := a.refuses(http.StatusInternalServerError, codeInternal)
	if strings.Contains(string(a.body), "relation") || !strings.Contains(w.log.String(), "relation") ||
		!strings.Contains(w.log.String(), "request="+doc.ID) || doc.ID == "" || a.header.Get("X-Request-Id") != doc.ID {
		t.Errorf("answer %s\nlog %s", a.body, w.log)
	}
	w.hub.breaks(nil)
	w.hub.panics = true
	doc = c.do("GET", home(""), "").refuses(http.StatusInternalServerError, codeInternal)
	if !strings.Contains(w.log.String(), "hub is broken") || !strings.Contains(w.log.String(), doc.ID) {
		t.Errorf("log %s", w.log)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	w := newWorld(t)
	c := w.as("owner")
	c.do("GET", "/api/nothing", "").refuses(http.StatusNotFound, codeNotFound)
	c.do("GET", home("/nothing"), "").refuses(http.StatusNotFound, codeNotFound)
	w.nobody().do("GET", "/api/nothing", "").refuses(http.StatusUnauthorized, codeSignedOut)
	w.nobody().do("GET", "/", "").refuses(http.StatusNotFound, codeNotFound)
	c.at(1).do("PATCH", home(""), "{}").refuses(http.StatusMethodNotAllowed, codeMethod)
	if a := c.do("PATCH", "/api/me", "").is(http.StatusMethodNotAllowed); !strings.Contains(a.header.Get("Allow"), "GET") {
		t.Errorf("Allow is %q", a.header.Get("Allow"))
	}
	if strings.Contains(w.log.String(), "nothing") || !strings.Contains(w.log.String(), "route=none") {
		t.Errorf("the log is\n%s", w.log)
	}
}

func TestAnswersAreNotKeptNorFramed(t *testing.T) {
	w := newWorld(t)
	for _, a := range []*answer{w.as("owner").do("GET", home(""), ""), w.nobody().do("GET", home(""), ""), w.nobody().do("GET", "/x", "")} {
		for key, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.header.Get(key); got != want {
				t.Errorf("%s: %s is %q", a.what, key, got)
			}
		}
	}
}

// Every code is in the table of README.md and described in openapi.yaml, with its status.
func TestEveryCodeIsDocumented(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []code{
		codeJSON, codeParameter, codeRevision, codeSignedOut, codeCredentials, codePasskey, codeRole, codeOrigin, codeOwner, codeChild, codeAnswered, codeLastOwner, codeAlready, codeNotFound, codeMethod, codeConflict,
		codeStale, codeTooLarge, codeMediaType, codeInvalid, codeNeedsRevision, codeThrottled, codeRequests, codeStreams, codeInternal, codeUnavailable,
	} {
		status, title := c.describe()
		if row := fmt.Sprintf("| %d | `%s` |", status, c); !strings.Contains(string(readme), row) {
			t.Errorf("README.md has no row %s", row)
		}
		if !strings.Contains(string(document), "`"+string(c)+"`") {
			t.Errorf("openapi.yaml does not name %s", c)
		}
		if c != codeInternal && status == http.StatusInternalServerError || title == "" {
			t.Errorf("%s is not described", c)
		}
	}
}

func TestErrorsAreMappedOnce(t *testing.T) {
	for err, want := range map[error]code{
		errors.New("x"): codeInternal, context.DeadlineExceeded: codeUnavailable, context.Canceled: codeUnavailable,
		fmt.Errorf("a: %w", registry.ErrNotFound): codeNotFound, &throttle.Throttled{After: time.Second}: codeThrottled,
		&http.MaxBytesError{}: codeTooLarge, accounts.ErrCredentials: codeCredentials,
	} {
		if got := refusalOf(err).code; got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
}

// Nothing that lets somebody in, and nothing that names a person, is in the log, whatever goes wrong.
func TestLogHasNoSecrets(t *testing.T) {
	w := newWorld(t)
	browser := w.nobody().do("POST", "/api/sessions", signIn("owner", password, "browser"))
	cookie := strings.TrimPrefix(strings.Split(browser.header.Get("Set-Cookie"), ";")[0], "carebox=")
	var app SignedIn
	w.nobody().do("POST", "/api/sessions", signIn("owner", password, "app")).decode(&app)
	w.nobody().do("POST", "/api/sessions", signIn("owner", "another secret word", "app")).is(http.StatusUnauthorized)
	w.nobody().do("POST", "/api/sessions", `{"email":"owner@example.org","password":"another secret word"`).is(http.StatusBadRequest)
	w.nobody().with("Authorization", "Bearer a-wrong-token").do("GET", "/api/me?token=in-the-query", "").is(http.StatusUnauthorized)
	c := w.nobody().with("Authorization", "Bearer "+app.Token)
	c.at(1).do("PUT", home("/devices/x"), `{"id":"x","name":"Secret name","kind":"tv","macs":["02:00:00:00:00:ff"]}`).home()
	c.do("GET", "/api/sessions/in-the-path", "").is(http.StatusMethodNotAllowed)
	w.hub.breaks(errors.New("broken"))
	w.nobody().with("Cookie", "carebox="+cookie).do("GET", home(""), "").is(http.StatusInternalServerError)
	log := w.log.String()
	for _, secret := range []string{
		password, "another secret word", cookie, app.Token, "a-wrong-token", "in-the-query", "in-the-path", "owner@", "Secret name", "02:00:00:00:00",
	} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if strings.Count(log, "answered") != 8 || !strings.Contains(log, "route=/api/homes/:home ") {
		t.Errorf("the log is\n%s", log)
	}
}
