package mobileapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

func signIn(name, password, kind string) string {
	return fmt.Sprintf(`{"email":%q,"password":%q,"kind":%q}`, name+"@example.org", password, kind)
}

func TestBrowserGetsACookieAndAnAppAToken(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		header [2]string
		from   string
		secure bool
	}{
		{[2]string{"X-Forwarded-Proto", "https"}, "203.0.113.9:1", true},
		{[2]string{"X-Forwarded-Proto", "https"}, "192.0.2.1:1", false}, // no proxy that we know
		{[2]string{"X-Forwarded-Proto", "http"}, "203.0.113.9:1", false},
	} {
		a := w.nobody().with(c.header[0], c.header[1]).from(c.from).do("POST", "/api/sessions", signIn("owner", password, "browser"))
		var in SignedIn
		a.is(http.StatusCreated).decode(&in)
		cookie := a.header.Get("Set-Cookie")
		if in.Token != "" || in.Member.Name != "owner" || in.Member.Locale != "fr" {
			t.Errorf("answer %s", a.body)
		}
		for _, want := range []string{"carebox=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=31536000"} {
			if !strings.Contains(cookie, want) {
				t.Errorf("cookie %s without %s", cookie, want)
			}
		}
		if strings.Contains(cookie, "Secure") != c.secure || (a.header.Get("Strict-Transport-Security") != "") != c.secure {
			t.Errorf("from %s by %s: %s", c.from, c.header, cookie)
		}
	}
	a := w.nobody().do("POST", "/api/sessions", signIn("owner", password, "app")).is(http.StatusCreated)
	if a.header.Get("Set-Cookie") != "" {
		t.Error("an app got a cookie")
	}
}

func TestTokenOfOneKindIsNotTheOther(t *testing.T) {
	w := newWorld(t)
	a := w.nobody().do("POST", "/api/sessions", signIn("owner", password, "browser"))
	cookie := strings.Split(a.header.Get("Set-Cookie"), ";")[0]
	w.nobody().with("Cookie", cookie).do("GET", "/api/me", "").is(http.StatusOK)
	token := strings.TrimPrefix(cookie, "carebox=")
	w.nobody().with("Authorization", "Bearer "+token).do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	app := w.as("owner")
	w.nobody().with("Cookie", "carebox="+app.token).do("GET", "/api/me", "").refuses(http.StatusUnauthorized, codeSignedOut)
	for _, wrong := range []string{"Bearer", "Bearer ", "Basic eDp5", "Bearer x", "bearer " + app.token + "x"} {
		a := w.nobody().with("Authorization", wrong).do("GET", "/api/me", "")
		a.refuses(http.StatusUnauthorized, codeSignedOut)
		if a.header.Get("WWW-Authenticate") == "" {
			t.Error("401 without WWW-Authenticate")
		}
	}
}

func TestSignInSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	post := func(body string) *answer { return w.nobody().do("POST", "/api/sessions", body) }
	post(`{}`).finds("missing email", "missing password", "word kind")
	post(`{"email":1,"password":[],"kind":"app","Kind":"app","remember":true}`).
		finds("type email", "type password", "key-unknown Kind", "key-unknown remember")
	post(`[]`).finds("type ")
	post(`null`).finds("type ")
	post(`{"email":`).refuses(http.StatusBadRequest, codeJSON)
	post("{\"email\":\"\xff\"}").refuses(http.StatusBadRequest, codeJSON)
	post(`{} {}`).refuses(http.StatusBadRequest, codeJSON)
	w.nobody().with("Content-Type", "application/json").do("POST", "/api/sessions", "").refuses(http.StatusBadRequest, codeJSON)
	w.nobody().with("Content-Type", "text/plain").do("POST", "/api/sessions", "{}").refuses(http.StatusUnsupportedMediaType, codeMediaType)
	w.nobody().with("Content-Type", "application/x-www-form-urlencoded").do("POST", "/api/sessions", "email=x").
		refuses(http.StatusUnsupportedMediaType, codeMediaType)
	wrong := post(signIn("owner", "wrong horse battery", "app"))
	unknown := post(signIn("stranger", password, "app"))
	wrong.refuses(http.StatusUnauthorized, codeCredentials)
	if string(wrong.body) != string(unknown.body) || wrong.status != unknown.status {
		t.Errorf("an unknown email is told apart: %s, %s", wrong.body, unknown.body)
	}
}

func TestSignInIsThrottled(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.nobody().do("POST", "/api/sessions", signIn("owner", "wrong horse battery", "app")).is(http.StatusUnauthorized)
	}
	a := w.nobody().do("POST", "/api/sessions", signIn("owner", password, "app"))
	a.refuses(http.StatusTooManyRequests, codeThrottled)
	if a.header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	// A proxy that we know speaks for others; who claims to be one does not.
	w.nobody().with("X-Forwarded-For", "198.51.100.7").do("POST", "/api/sessions", signIn("owner", password, "app")).
		is(http.StatusTooManyRequests)
	w.nobody().with("X-Forwarded-For", "198.51.100.7").from("203.0.113.9:1").
		do("POST", "/api/sessions", signIn("owner", password, "app")).is(http.StatusCreated)
	w.pass(30 * time.Second)
	w.nobody().do("POST", "/api/sessions", signIn("owner", password, "app")).is(http.StatusCreated)
}

func TestSessionsAreSeenAndEnded(t *testing.T) {
	w := newWorld(t)
	mine, other, neighbour := w.as("owner"), w.as("owner").with("User-Agent", "Old phone"), w.as("neighbour")
	var sessions []Session
	mine.do("GET", "/api/sessions", "").decode(&sessions)
	if len(sessions) != 2 {
		t.Fatalf("%d sessions", len(sessions))
	}
	lost := sessions[0]
	if lost.Current {
		lost = sessions[1]
	}
	neighbour.do("DELETE", "/api/sessions/"+lost.ID, "").refuses(http.StatusNotFound, codeNotFound)
	mine.do("DELETE", "/api/sessions/%00", "").is(http.StatusNotFound)
	mine.do("DELETE", "/api/sessions/"+lost.ID, "").is(http.StatusNoContent)
	other.do("GET", "/api/me", "").is(http.StatusUnauthorized)
	mine.do("DELETE", "/api/sessions/current", "").is(http.StatusNoContent)
	mine.do("GET", "/api/me", "").is(http.StatusUnauthorized)

	a := w.nobody().do("POST", "/api/sessions", signIn("owner", password, "browser"))
	browser := w.nobody().with("Cookie", strings.Split(a.header.Get("Set-Cookie"), ";")[0])
	gone := browser.do("DELETE", "/api/sessions/current", "").is(http.StatusNoContent).header.Get("Set-Cookie")
	if !strings.Contains(gone, "carebox=;") || !strings.Contains(gone, "Max-Age=0") {
		t.Errorf("cookie is not taken away: %q", gone)
	}
}

func TestMeNamesHomesAndRoles(t *testing.T) {
	w := newWorld(t)
	if err := w.accounts.Join(t.Context(), w.member["child"], accounts.Membership{Home: home2, Role: accounts.RoleAdult}); err != nil {
		t.Fatal(err)
	}
	var me Me
	w.as("child").do("GET", "/api/me", "").decode(&me)
	if fmt.Sprint(me.Homes) != fmt.Sprint([]Membership{{ID: home1, Name: "City", Person: "leo", Role: "child"}, {ID: home2, Name: "Sea", Role: "adult"}}) || me.Member.Email != "child@example.org" {
		t.Errorf("%+v", me)
	}
}

func TestSessionHasItsRate(t *testing.T) {
	w := newWorld(t)
	c, other := w.as("owner"), w.as("owner")
	for range rateBurst {
		c.do("GET", "/api/me", "").is(http.StatusOK)
	}
	a := c.do("GET", "/api/me", "")
	a.refuses(http.StatusTooManyRequests, codeRequests)
	if a.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	other.do("GET", "/api/me", "").is(http.StatusOK)
	w.pass(time.Second)
	for range rateSecond {
		c.do("GET", "/api/me", "").is(http.StatusOK)
	}
	c.do("GET", "/api/me", "").is(http.StatusTooManyRequests)
}

func TestRatesForgetWhoIsGone(t *testing.T) {
	now := begin
	r := newRates(func() time.Time { return now })
	for i := range 100 {
		r.wait(fmt.Sprint(i))
	}
	now = now.Add(2 * ratesSwept)
	r.wait("new")
	if len(r.session) != 1 {
		t.Errorf("%d are remembered", len(r.session))
	}
}
