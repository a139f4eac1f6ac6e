package mobileapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/mirror"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestASocketIsForOurOwnPages(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	cookie := p.cookie("adult", accounts.ProofPassword)
	server := strings.TrimPrefix(p.url[0], "http://")
	for name, c := range map[string]struct {
		header http.Header
		query  string
		want   int
	}{
		"ours":              {http.Header{"Cookie": {cookie}, "Origin": {p.url[0]}}, "", 101},
		"behind a proxy":    {http.Header{"Cookie": {cookie}, "Origin": {"https://carebox.example"}}, "", 101},
		"no origin":         {http.Header{"Cookie": {cookie}}, "", 403},
		"null":              {http.Header{"Cookie": {cookie}, "Origin": {"null"}}, "", 403},
		"foreign":           {http.Header{"Cookie": {cookie}, "Origin": {"https://evil.example"}}, "", 403},
		"a longer name":     {http.Header{"Cookie": {cookie}, "Origin": {"http://" + server + ".evil.example"}}, "", 403},
		"nobody":            {http.Header{"Origin": {p.url[0]}}, "", 401},
		"an app":            {http.Header{"Authorization": p.as("adult").header["Authorization"], "Origin": {p.url[0]}}, "", 403},
		"secret in the URL": {http.Header{"Cookie": {cookie}, "Origin": {p.url[0]}}, "?ticket=x", 400},
	} {
		conn, response, err := websocket.Dial(t.Context(), p.url[0]+socketPath+c.query, &websocket.DialOptions{HTTPHeader: c.header})
		if response == nil || response.StatusCode != c.want {
			t.Errorf("%s: %v %v, want %d", name, response, err, c.want)
		}
		if conn != nil {
			_ = conn.CloseNow()
		}
	}
	p.nobody().with("Cookie", cookie).with("Origin", "http://example.com").with("Host", "example.com").do("GET", socketPath, "").
		refuses(http.StatusUpgradeRequired, codeUpgrade)
}

func TestATicketIsGoodOnceInItsOwnSignIn(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	mine, other := p.cookie("support", accounts.ProofPasskey), p.cookie("support", accounts.ProofPasskey)
	path := "/api/staff/sessions/" + session1 + "/ticket"
	used := p.ticket(path, mine)
	s := p.dial(0, mine)
	s.say(`{"type":"hello","ticket":"` + used + `"}`)
	s.until(`"session"`)
	for name, c := range map[string]struct{ cookie, hello string }{
		"used":            {mine, `{"type":"hello","ticket":"` + used + `"}`},
		"another sign-in": {other, `{"type":"hello","ticket":"` + p.ticket(path, mine) + `"}`},
		"made up":         {mine, `{"type":"hello","ticket":"made-up"}`},
		"none":            {mine, `{"type":"hello"}`},
		"a role claimed":  {mine, `{"type":"hello","ticket":"` + p.ticket(path, mine) + `","end":"customer"}`},
		"no hello":        {mine, `{"type":"key.want"}`},
		"not JSON":        {mine, `hello`},
	} {
		s := p.dial(1, c.cookie)
		s.say(c.hello)
		if status, _ := s.closed(); status != websocket.StatusPolicyViolation {
			t.Errorf("%s: closed with %d", name, status)
		}
	}
	for who, proof := range map[string]accounts.Proof{"supervisor": accounts.ProofPasskey, "admin": accounts.ProofPasskey} {
		p.by(proof, who).do("POST", path, "").refuses(http.StatusNotFound, codeNotFound)
	}
	for _, who := range []string{"owner", "child"} { // of the home, but it is not their screen
		p.as(who).do("POST", home("/support/"+session1+"/ticket"), "").refuses(http.StatusNotFound, codeNotFound)
	}
	blind := newPair(t, wire.ScopeDiagnose)
	blind.by(accounts.ProofPasskey, "support").do("POST", path, "").refuses(http.StatusForbidden, codeSupportScope)
	blind.as("adult").do("POST", home("/support/"+session1+"/ticket"), "").refuses(http.StatusForbidden, codeSupportScope)
}

func TestSightAndGesturesCrossReplicas(t *testing.T) {
	p := newPair(t, wire.ScopeSee, wire.ScopeChange)
	looker := p.looker(1)
	looker.until(`"session"`, `"name":"\u003cb\u003eJulie\u003c/b\u003e"`, `"left":600000`)
	screen := p.screen(0)
	screen.until(`"session"`, `"generation":1`, `"see","change"`)
	looker.until(`"here"`)
	screen.until(`"seen"`)
	screen.until(`"key.want"`)
	screen.show(piece(2, 1, 1, 10)) // before any key frame: it would be a wrong picture
	screen.show(piece(1, 1, 0, 10))
	screen.show(piece(2, 1, 1, 10))
	if got := looker.until("frame"); got != "frame 1 0" {
		t.Errorf("first came %s", got)
	}
	looker.until("frame 2 1")
	screen.say(`{"type":"screen","route":"person","width":390,"height":844}`)
	looker.until(`"screen"`, `"route":"person"`, `"generation":1`)
	for _, gesture := range []string{
		`{"type":"point","generation":1,"epoch":1,"node":7,"fx":0.5,"fy":0.25}`, `{"type":"mark","shape":"ring","anchor":"pause"}`, `{"type":"clear"}`,
		`{"type":"show","anchor":"pause"}`, `{"type":"go","route":"person","params":{"id":"leo"}}`,
	} {
		looker.say(gesture)
		screen.until(gesture)
	}
	newer := p.screen(1)
	newer.until(`"generation":2`)
	status, passed := screen.closed()
	if status != statusOver || !strings.Contains(passed[len(passed)-1], "another-page") {
		t.Errorf("the older page: %d %q", status, passed)
	}
	_ = newer.conn.Close(websocket.StatusNormalClosure, "")
	looker.until(`"away"`)
}

func TestAPictureOfAnotherBuild(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	screen := p.screen(0)
	screen.until(`"session"`)
	cookie := p.cookie("support", accounts.ProofPasskey)
	looker := p.dial(1, cookie)
	looker.say(`{"type":"hello","build":"index-b2","ticket":"` + p.ticket("/api/staff/sessions/"+session1+"/ticket", cookie) + `"}`)
	screen.until(`"seen"`, `"build":"index-b2"`)
	looker.say(`{"type":"key.want","inline":true}`)
	screen.until(`"key.want"`, `"inline":true`)
	looker.say(`{"type":"key.want"}`)
	if got := screen.until(`"key.want"`); strings.Contains(got, "inline") {
		t.Errorf("sheets were asked for once, and again: %s", got)
	}
}

// Each message from each end, with each set of scopes: what comes of it. What is not here closes the socket.
func TestGates(t *testing.T) {
	type outcome string
	const passes, refused, closes outcome = "passes", "refused", "closes"
	texts := map[string]struct {
		text          string
		screen        outcome
		looker, steer outcome // with see alone; with change too
	}{
		"beat":     {`{"type":"beat","epoch":1,"seq":1,"visible":true}`, passes, closes, closes},
		"screen":   {`{"type":"screen","route":"home","width":1,"height":1}`, passes, closes, closes},
		"key.want": {`{"type":"key.want"}`, closes, passes, passes},
		"point":    {`{"type":"point","node":1,"fx":0,"fy":0}`, closes, passes, passes},
		"mark":     {`{"type":"mark","node":1,"shape":"ring"}`, closes, passes, passes},
		"clear":    {`{"type":"clear"}`, closes, passes, passes},
		"show":     {`{"type":"show","anchor":"pause"}`, closes, passes, passes},
		"go":       {`{"type":"go","route":"home"}`, closes, refused, passes},
		"hello":    {`{"type":"hello","ticket":"x"}`, closes, closes, closes},
		"session":  {`{"type":"session"}`, closes, closes, closes},
		"over":     {`{"type":"over"}`, closes, closes, closes},
		"seen":     {`{"type":"seen"}`, closes, closes, closes},
		"evil":     {`{"type":"evil"}`, closes, closes, closes},
		"extra":    {`{"type":"go","route":"home","url":"//evil"}`, closes, closes, closes},
	}
	for name, c := range texts {
		for end, want := range map[string]outcome{"screen": c.screen, "looker": c.looker, "steer": c.steer} {
			t.Run(name+" "+end, func(t *testing.T) {
				t.Parallel()
				scopes := []wire.Scope{wire.ScopeSee}
				if end == "steer" {
					scopes = append(scopes, wire.ScopeChange)
				}
				p := newPair(t, scopes...)
				screen, looker := p.screen(0), p.looker(1)
				screen.until(`"seen"`)
				says, hears := looker, screen
				if end == "screen" {
					says, hears = screen, looker
				}
				says.say(c.text)
				switch want {
				case passes:
					hears.until(`"type":"` + name)
				case refused:
					says.until(`"error"`, `"scope"`)
				case closes:
					if status, _ := says.closed(); status != websocket.StatusPolicyViolation {
						t.Errorf("closed with %d", status)
					}
				}
				if want == passes || end == "screen" {
					return
				}
				looker = p.looker(0) // the other end was not disturbed
				looker.say(`{"type":"clear"}`)
				screen.until(`"clear"`)
			})
		}
	}
}

func TestFramesHaveLimits(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	for name, c := range map[string]struct {
		end  func(int) *socket
		send []byte
		want websocket.StatusCode
	}{
		"a part too long":        {p.screen, make([]byte, mirror.MaxCustomer+1), websocket.StatusMessageTooBig},
		"no frame":               {p.screen, make([]byte, 100), websocket.StatusPolicyViolation},
		"another generation":     {p.screen, piece(1, 99, 0, 10), websocket.StatusPolicyViolation},
		"an agent shows":         {p.looker, piece(1, 1, 0, 10), websocket.StatusPolicyViolation},
		"an agent says too much": {p.looker, make([]byte, mirror.MaxAgent+1), websocket.StatusMessageTooBig},
	} {
		s := c.end(0)
		s.until(`"session"`)
		s.show(c.send)
		if status, _ := s.closed(); status != c.want {
			t.Errorf("%s: closed with %d, want %d", name, status, c.want)
		}
	}
}

func TestTooMuchOfAPictureIsLeftOut(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	looker, screen := p.looker(1), p.screen(0)
	screen.until(`"seen"`)
	screen.show(piece(1, 1, 0, 10))
	for seq := range uint32(10) {
		screen.show(piece(2, 1, seq+1, 60_000))
	}
	screen.until(`"slow"`)
	looker.until("frame 1 0")
	looker.until("frame 2 1")
}

func TestTheEndEndsBothSockets(t *testing.T) {
	for name, c := range map[string]struct {
		by   func(*assist.Session)
		code string
	}{
		"ended":    {func(s *assist.Session) { s.State = assist.StateEnded }, "ended"},
		"narrowed": {func(s *assist.Session) { s.Scopes = []wire.Scope{wire.ScopeDiagnose} }, "scope"},
		"deadline": {func(s *assist.Session) { s.Left = time.Millisecond }, "deadline"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, wire.ScopeSee)
			looker, screen := p.looker(1), p.screen(0)
			screen.until(`"seen"`)
			screen.show(piece(1, 1, 0, 10))
			looker.until("frame")
			p.change(c.by)
			for end, s := range map[string]*socket{"looker": looker, "screen": screen} {
				status, passed := s.closed()
				if status != statusOver || len(passed) == 0 || passed[len(passed)-1] != `{"type":"over","code":"`+c.code+`"}` {
					t.Errorf("%s: closed with %d after %q", end, status, passed)
				}
			}
			for deadline := time.Now().Add(patient); p.air.Listening() > 0; {
				if time.Now().After(deadline) {
					t.Fatalf("%d still follow", p.air.Listening())
				}
				time.Sleep(time.Millisecond) // between two looks
			}
		})
	}
}

// Nobody announces it: it is found all the same.
func TestSignedOutIsFoundWithoutAWord(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	cookie := p.cookie("support", accounts.ProofPasskey)
	s := p.dial(0, cookie)
	s.say(`{"type":"hello","ticket":"` + p.ticket("/api/staff/sessions/"+session1+"/ticket", cookie) + `"}`)
	s.until(`"session"`)
	p.nobody().with("Cookie", cookie).with("Sec-Fetch-Site", "same-origin").do("DELETE", "/api/sessions/current", "").is(http.StatusNoContent)
	if status, passed := s.closed(); status != statusOver || !strings.Contains(passed[len(passed)-1], "signed-out") {
		t.Errorf("closed with %d after %q", status, passed)
	}
}

// A database that cannot be asked for longer than a moment: nobody knows whether the session lives, so nobody looks.
func TestBlindSocketsClose(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	s := p.looker(0)
	s.until(`"session"`)
	p.nurse.mu.Lock()
	p.nurse.fail = registry.ErrUnavailable
	p.nurse.mu.Unlock()
	if status, _ := s.closed(); status != statusStale {
		t.Errorf("closed with %d", status)
	}
}

// The deadline is known: it waits for no database.
func TestADeadlineWaitsForNobody(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	p.nurse.list[0].Left = 2*checkTime + time.Second
	s := p.looker(0)
	s.until(`"session"`)
	stuck := make(chan struct{})
	defer close(stuck)
	p.nurse.mu.Lock()
	p.nurse.stuck = stuck
	p.nurse.mu.Unlock()
	if status, passed := s.closed(); status != statusOver || len(passed) == 0 || !strings.Contains(passed[len(passed)-1], "deadline") {
		t.Errorf("closed with %d after %q", status, passed)
	}
}

// One that cannot be asked at the very beginning says nothing of the session, either.
func TestBlindSocketsDoNotBegin(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	cookie := p.cookie("support", accounts.ProofPasskey)
	s := p.dial(0, cookie)
	ticket := p.ticket("/api/staff/sessions/"+session1+"/ticket", cookie)
	p.nurse.mu.Lock()
	p.nurse.fail = registry.ErrUnavailable
	p.nurse.mu.Unlock()
	s.say(`{"type":"hello","ticket":"` + ticket + `"}`)
	if status, passed := s.closed(); status != statusStale || len(passed) != 0 {
		t.Errorf("closed with %d after %q", status, passed)
	}
}

func TestAServerThatEndsLetsBrowsersComeBack(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	s := p.looker(0)
	s.until(`"session"`)
	p.ends()
	if status, _ := s.closed(); status != statusStale {
		t.Errorf("closed with %d", status)
	}
}

// Nothing of a ticket, a name or a picture is in a log.
func TestSocketsKeepLogsClean(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	cookie := p.cookie("support", accounts.ProofPasskey)
	ticket := p.ticket("/api/staff/sessions/"+session1+"/ticket", cookie)
	s := p.dial(0, cookie)
	s.say(`{"type":"hello","ticket":"` + ticket + `"}`)
	s.until(`"session"`)
	s.say(`{"type":"evil","secret":"s3cr3t"}`)
	s.closed()
	log := p.log.String()
	for _, secret := range []string{ticket, "s3cr3t", "Julie", strings.TrimPrefix(cookie, cookieName+"=")} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(log, session1) {
		t.Error("the log does not say which session")
	}
}
