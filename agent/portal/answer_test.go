package portal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

var (
	mustAddr = netip.MustParseAddr
	self     = netip.MustParseAddrPort("192.168.7.1:8089")
)

const phoneMAC = policies.MAC("02:00:00:00:00:0a")

// house is a portal and what is around it: one phone at one address.
type house struct {
	*Server
	visitor  Visitor
	known    bool
	now      time.Time
	away     bool
	notified int
}

func newHouse(t *testing.T) *house {
	h := &house{visitor: looks(t)["paused"].visitor, known: true, now: evening(t)}
	h.Server = New(Parts{
		Home: h,
		Find: func(a netip.Addr) (policies.MAC, error) {
			if a != mustAddr("192.168.7.10") {
				return "", errors.New("nobody")
			}
			return phoneMAC, nil
		},
		Now: func() time.Time { return h.now }, Reachable: func() bool { return !h.away }, Asked: func() { h.notified++ },
	}, &Book{}, slog.New(slog.DiscardHandler))
	return h
}

func (h *house) Look(mac policies.MAC) (Visitor, bool) { return h.visitor, h.known && mac == phoneMAC }

func (h *house) get(host, path string) reply {
	return h.answer(request{method: "GET", host: host, path: path, self: self, peer: mustAddr("192.168.7.10")})
}

func (h *house) post(change func(*request)) reply {
	r := request{
		method: "POST", host: self.String(), path: "/ask", self: self, peer: mustAddr("192.168.7.10"), origin: "http://" + self.String(),
		form: map[string][]string{"minutes": {"30"}, "why": {"homework"}},
	}
	change(&r)
	return h.answer(r)
}

// probes are what systems ask, and what satisfies them.
var probes = map[string]reply{
	"connectivitycheck.gstatic.com/generate_204": {status: 204},
	"clients3.google.com/gen_204":                {status: 204},
	"captive.apple.com/hotspot-detect.html":      {status: 200, kind: "text/html", body: []byte(apple)},
	"www.apple.com/library/test/success.html":    {status: 200, kind: "text/html", body: []byte(apple)},
	"www.msftconnecttest.com/connecttest.txt":    {status: 200, kind: plain, body: []byte("Microsoft Connect Test")},
	"www.msftncsi.com/ncsi.txt":                  {status: 200, kind: plain, body: []byte("Microsoft NCSI")},
	"detectportal.firefox.com/canonical.html":    {status: 200, kind: "text/html", body: []byte(mozilla)},
	"detectportal.firefox.com/success.txt":       {status: 200, kind: plain, body: []byte("success\n")},
	"nmcheck.gnome.org/check_network_status.txt": {status: 200, kind: plain, body: []byte("NetworkManager is online\n")},
}

// An offline device's probes are led to the page, so that its system shows it; those of an online one are satisfied.
func TestProbes(t *testing.T) {
	h := newHouse(t)
	page := reply{status: 302, location: "http://192.168.7.1:8089/"}
	for address, satisfied := range probes {
		host, path, _ := strings.Cut(address, "/")
		h.visitor.Verdict.Online = false
		h.same(t, address+" offline", page, h.get(host, "/"+path))
		h.visitor.Verdict.Online = true
		h.same(t, address+" online", satisfied, h.get(host, "/"+path))
	}
	h.known = false
	h.same(t, "nobody's", page, h.get("captive.apple.com", "/hotspot-detect.html"))
}

func (h *house) same(t *testing.T, what string, want, got reply) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(reply{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: -want +got\n%s", what, diff)
	}
}

// Whatever is asked of anybody else leads to the page; what is sent to anybody else is refused.
func TestAstray(t *testing.T) {
	h := newHouse(t)
	for _, host := range []string{
		"example.com", "203.0.113.1", "[2001:db8:1::1]", "192.168.7.1", "192.168.7.1:80", "192.168.7.2:8089", "", "x:y:z",
	} {
		if got := h.get(host, "/any?thing"); got.status != 302 || got.location != "http://192.168.7.1:8089/" {
			t.Errorf("%q: %+v", host, got)
		}
		if got := h.post(func(r *request) { r.host = host }); got.status != 511 || h.notified != 0 {
			t.Errorf("POST to %q: %+v", host, got)
		}
	}
	// IPv6, and a link-local address, which cannot stand in a URL.
	six := netip.MustParseAddrPort("[2001:db8:7::1]:8089")
	got := h.answer(request{method: "GET", host: "example.com", path: "/", self: six, peer: mustAddr("192.168.7.10")})
	h.same(t, "IPv6", reply{status: 302, location: "http://[2001:db8:7::1]:8089/"}, got)
	near := netip.MustParseAddrPort("[fe80::1%br-lan]:8089")
	if got := h.answer(request{method: "GET", host: "example.com", path: "/", self: near, peer: mustAddr("192.168.7.10")}); got.status != 200 {
		t.Errorf("link-local: %+v", got)
	}
}

func TestPageAndAPI(t *testing.T) {
	h := newHouse(t)
	own := self.String()
	if got := h.get(own, "/"); got.status != 200 || !strings.Contains(string(got.body), "Internet is paused on this device") {
		t.Errorf("%d %s", got.status, got.body)
	}
	h.same(t, "captive", reply{status: 200, kind: "application/captive+json",
		body: []byte(`{"captive":true,"user-portal-url":"http://192.168.7.1:8089/"}`)}, h.get(own, "/captive"))
	h.visitor.Verdict.Online = true
	h.same(t, "free", reply{status: 200, kind: "application/captive+json",
		body: []byte(`{"captive":false,"seconds-remaining":4200,"user-portal-url":"http://192.168.7.1:8089/"}`)}, h.get(own, "/captive"))
	for path, want := range map[string]int{"/favicon.ico": 404, "/ask": 303, "/etc/passwd": 404, "//": 404} {
		if got := h.get(own, path); got.status != want {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := h.post(func(r *request) { r.path = "/" }); got.status != 405 {
		t.Errorf("POST /: %d", got.status)
	}
	h.known = false
	if got := h.get(own, "/"); got.status != 200 || !strings.Contains(string(got.body), "One moment") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// An ask leaves once; the page tells how far it is.
func TestAsk(t *testing.T) {
	h := newHouse(t)
	back := reply{status: 303, location: "/"}
	h.same(t, "ask", back, h.post(func(*request) {}))
	h.same(t, "ask again", back, h.post(func(*request) {}))
	open := h.book.Open(h.now)
	if len(open) != 1 || h.notified != 1 || open[0].Minutes != 30 || open[0].Why != wire.WhyHomework || open[0].MAC != string(phoneMAC) {
		t.Fatalf("asked %+v, said %d times", open, h.notified)
	}
	if page := string(h.get(self.String(), "/").body); !strings.Contains(page, "Sent at 17:50") || strings.Contains(page, "<form") {
		t.Error(page)
	}
	h.away = true
	if page := string(h.get(self.String(), "/").body); !strings.Contains(page, "your request leaves as soon as it can.") {
		t.Error(page)
	}
}

func TestAsksThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*house, *request)
		status int
	}{
		"another page's":     {func(_ *house, r *request) { r.origin = "http://evil.example" }, 403},
		"nobody's":           {func(_ *house, r *request) { r.origin = "null" }, 403},
		"no minutes":         {func(_ *house, r *request) { r.form.Del("minutes") }, 400},
		"too many minutes":   {func(_ *house, r *request) { r.form.Set("minutes", "600") }, 400},
		"a free reason":      {func(_ *house, r *request) { r.form.Set("why", "because") }, 400},
		"of an online one":   {func(h *house, _ *request) { h.visitor.Verdict.Online = true }, 303},
		"of a refused one":   {func(h *house, _ *request) { h.visitor.Verdict.Reason.Kind = policies.KindRefused }, 303},
		"of an unnamed one":  {func(h *house, _ *request) { h.visitor.Device = "" }, 303},
		"of who is not here": {func(_ *house, r *request) { r.peer = mustAddr("192.168.7.77") }, 303},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			got := h.post(func(r *request) { c.change(h, r) })
			if got.status != c.status || h.notified != 0 || len(h.book.Open(h.now)) != 0 {
				t.Errorf("%+v, said %d times", got, h.notified)
			}
		})
	}
}

// Any device of the home ends a support session, also one that the box does not know and with the cloud away; another's page does not.
func TestASupportSessionIsEnded(t *testing.T) {
	h := newHouse(t)
	here, ended := []Helper{{Grant: "g1", Name: `<b>"Julie"`, Measures: true, Left: 31 * time.Minute}}, []string{}
	h.parts.Helpers = func() []Helper { return here }
	h.parts.End = func(grant string) bool {
		ended = append(ended, grant)
		here = nil
		return grant == "g1"
	}
	h.away = true
	end := func(change func(*request)) reply {
		return h.post(func(r *request) {
			r.path, r.form = "/end", map[string][]string{"grant": {"g1"}}
			change(r)
		})
	}
	if page := string(h.get(self.String(), "/").body); !strings.Contains(page, "&lt;b&gt;&#34;Julie&#34; may measure your box until 18:21.") ||
		!strings.Contains(page, `name="grant" value="g1"`) {
		t.Error(page)
	}
	for name, c := range map[string]struct {
		change func(*request)
		status int
	}{
		"another page's":  {func(r *request) { r.origin = "http://evil.example" }, 403},
		"nobody's":        {func(r *request) { r.origin = "null" }, 403},
		"without a grant": {func(r *request) { r.form = nil }, 400},
		"a long one":      {func(r *request) { r.form.Set("grant", strings.Repeat("g", 65)) }, 400},
		"only looking":    {func(r *request) { r.method = "GET" }, 303},
		"another method":  {func(r *request) { r.method = "PUT" }, 405},
		"another host":    {func(r *request) { r.host = "evil.example" }, 511},
	} {
		if got := end(c.change); got.status != c.status || len(ended) != 0 {
			t.Errorf("%s: %+v, ended %q", name, got, ended)
		}
	}
	unknown := func(r *request) { r.peer = mustAddr("192.168.7.77") }
	if got := end(unknown); got.status != 303 || got.location != "/?ended" || len(ended) != 1 || ended[0] != "g1" {
		t.Errorf("%+v, ended %q", got, ended)
	}
	if page := string(h.get(self.String(), "/").body); strings.Contains(page, "Julie") {
		t.Error(page)
	}
	end(unknown) // what has ended before is as good
	page := h.answer(request{method: "GET", host: self.String(), path: "/", self: self, peer: mustAddr("192.168.7.77"), ended: true})
	if !strings.Contains(string(page.body), "It has ended.") {
		t.Errorf("%s", page.body)
	}
}

// speak sends bytes to a server over a real connection and reads what comes back until its end.
func speak(t testing.TB, h *house, sent string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.serve(ctx, l) }()
	defer func() {
		stop()
		<-done
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, strings.ReplaceAll(sent, "SELF", l.Addr().String())); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestConversation(t *testing.T) {
	h := newHouse(t)
	h.parts.Find = func(netip.Addr) (policies.MAC, error) { return phoneMAC, nil }
	for sent, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: SELF\r\nAccept-Language: fr-FR,fr;q=0.9,en;q=0.5\r\n\r\n":             "HTTP/1.1 200 OK",
		"HEAD / HTTP/1.1\r\nHost: SELF\r\n\r\n":                                                        "HTTP/1.1 200 OK",
		"GET / HTTP/1.0\r\nHost: SELF\r\n\r\n":                                                         "HTTP/1.1 200 OK",
		"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n":                                "HTTP/1.1 302 Found",
		"POST /ask HTTP/1.1\r\nHost: SELF\r\nContent-Length: 10\r\n\r\nminutes=15":                     "HTTP/1.1 303 See Other",
		"POST /ask HTTP/1.1\r\nHost: SELF\r\nContent-Length: 5000\r\n\r\n" + strings.Repeat("a", 5000): "HTTP/1.1 413",
		"GET /" + strings.Repeat("a", maxRequest) + " HTTP/1.1\r\n\r\n":                                "HTTP/1.1 400",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n":                                         "HTTP/1.1 400",
	} {
		got := speak(t, h, sent)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%.60q: %.200s", sent, got)
		}
		resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), &http.Request{Method: sent[:strings.Index(sent, " ")+1]})
		if strings.HasPrefix(sent, "HEAD") {
			if body := got[strings.Index(got, "\r\n\r\n")+4:]; body != "" {
				t.Errorf("HEAD had a body: %q", body)
			}
			continue
		}
		if err != nil || !resp.Close || resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%.60q: %v, %+v", sent, err, resp)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\nHost: 192.168.7.1:8089\r\nAccept-Language: fr\r\n\r\n"))
	f.Add([]byte("POST /ask HTTP/1.1\r\nHost: 192.168.7.1:8089\r\nContent-Length: 23\r\n\r\nminutes=30&why=homework"))
	f.Add([]byte("POST /end HTTP/1.1\r\nHost: 192.168.7.1:8089\r\nContent-Length: 8\r\n\r\ngrant=g1"))
	f.Add([]byte("POST /ask HTTP/1.1\r\nHost: 192.168.7.1:8089\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nminut\r\n"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		h := newHouse(t)
		c := &script{in: bytes.NewReader(sent)}
		if err := h.converse(c, mustAddr("192.168.7.10")); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(c.out.String(), "HTTP/1.1 ") {
			t.Fatalf("%q was answered %q", sent, c.out.String())
		}
		for _, a := range h.book.Open(h.now) {
			if a.Device != "phone" || a.Minutes > 60 || a.ID == "" {
				t.Fatalf("%q asked %+v", sent, a)
			}
		}
	})
}

// script is a connection of which one side is written beforehand.
type script struct {
	net.Conn
	in  io.Reader
	out bytes.Buffer
}

func (s *script) Read(p []byte) (int, error)  { return s.in.Read(p) }
func (s *script) Write(p []byte) (int, error) { return s.out.Write(p) }
func (s *script) SetDeadline(time.Time) error { return nil }
func (s *script) LocalAddr() net.Addr         { return net.TCPAddrFromAddrPort(self) }

func TestLanguages(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "fr": "fr", "fr-CA": "fr", "FR-fr,en;q=0.8": "fr", "en-US,en;q=0.9,fr;q=0.8": "en", "de,fr;q=0.5,en;q=0.4": "fr",
		"en;q=0,fr;q=0.1": "fr", "fr;q=0": "en", "fr;q=2": "en", "fr;q=NaN": "en", "*": "en", "frr": "en", ";;;,,,": "en",
		"en;q=0.5, fr ; q=0.7": "fr",
	} {
		if got := choose(header).tag; got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	f.Add("fr-FR,fr;q=0.9,en;q=0.5")
	f.Fuzz(func(t *testing.T, header string) {
		if l := choose(header); l != &french && l != &english {
			t.Error("no language")
		}
	})
}
