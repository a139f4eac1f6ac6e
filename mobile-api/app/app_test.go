package app

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		".keep":                {Data: []byte("kept")},
		"index.html":           {Data: []byte(`<meta property="csp-nonce" nonce="{{.Nonce}}"><script nonce="{{.Nonce}}"></script><meta content="{{.Contact}}"><b>{{.Provider}}</b><i>{{.Operator}}</i><meta name="m" content="{{.Mirror}}">`)},
		"mirror.html":          {Data: []byte(`mirror<meta content="{{.App}}">`)},
		"worker.js":            {Data: []byte("worker")},
		"assets/main-1a.js":    {Data: []byte("plain")},
		"assets/main-1a.js.gz": {Data: []byte("gzipped")},
		"assets/main-1a.js.br": {Data: []byte("brotli")},
	}
}

func ask(t *testing.T, method, path string, header ...string) *http.Response {
	t.Helper()
	h, err := newHandler(built(), Words{Contact: `<"+33">`, Operator: `<Fibre>`, Provider: `<Acme & Co>`}, Origins{App: "https://carebox.example"})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var text strings.Builder
	if err := r.Write(&text); err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(text.String(), "\r\n\r\n")
	return after
}

func TestIndexHasTheOperatorsWords(t *testing.T) {
	page := body(t, ask(t, http.MethodGet, "/sign-in"))
	for _, want := range []string{`<meta content="&lt;&#34;+33&#34;&gt;">`, `<b>&lt;Acme &amp; Co&gt;</b>`, `<i>&lt;Fibre&gt;</i>`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in page %s", want, page)
		}
	}
}

func TestIndexHasItsOwnNonce(t *testing.T) {
	nonce := regexp.MustCompile(`'nonce-([\w-]{22})'`)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/person/leo", "/activity", "/index.html"} {
		r := ask(t, http.MethodGet, path)
		found := nonce.FindStringSubmatch(r.Header.Get("Content-Security-Policy"))
		if found == nil || seen[found[1]] {
			t.Fatalf("%s: policy %q has no new nonce", path, r.Header.Get("Content-Security-Policy"))
		}
		seen[found[1]] = true
		page := body(t, r)
		if strings.Count(page, `nonce="`+found[1]+`"`) != 2 || strings.Contains(page, mark) {
			t.Errorf("%s: the page does not carry the nonce %s everywhere: %s", path, found[1], page)
		}
		if r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the page may be stored: %q", path, r.Header.Get("Cache-Control"))
		}
	}
}

func TestTheMirrorRunsAndFetchesNothingForeign(t *testing.T) {
	r := ask(t, http.MethodGet, "/mirror")
	if got := body(t, r); r.StatusCode != http.StatusOK || got != `mirror<meta content="">` {
		t.Fatalf("%d %q", r.StatusCode, got)
	}
	policy := r.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy %q has no %q", policy, part)
		}
	}
	if strings.Contains(policy, "*") || strings.Contains(policy, "http") {
		t.Errorf("policy %q lets others in", policy)
	}
	if got := body(t, ask(t, http.MethodGet, "/mirror.html")); strings.HasPrefix(got, "mirror") {
		t.Error("the page is there without its policy")
	}
	if got := ask(t, http.MethodGet, "/").Header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-src 'self'") || !strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("the app's own policy is %q", got)
	}
}

func TestTheMirrorUnderANameOfItsOwn(t *testing.T) {
	h, err := newHandler(built(), Words{}, Origins{App: "https://carebox.example", Mirror: "https://mirror.example:8443"})
	if err != nil {
		t.Fatal(err)
	}
	at := func(host, path string) *http.Response {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.Host = host
		recorder := httptest.NewRecorder()
		h.ServeHTTP(recorder, request)
		return recorder.Result()
	}
	for place, want := range map[[2]string]int{
		{"mirror.example:8443", "/mirror"}: 200, {"MIRROR.example", "/mirror"}: 200, {"mirror.example", "/assets/main-1a.js"}: 200,
		{"mirror.example", "/"}: 404, {"mirror.example", "/support"}: 404, {"mirror.example", "/worker.js"}: 404, {"mirror.example", "/api/me"}: 404,
		{"mirror.example", "/index.html"}: 404, {"carebox.example", "/mirror"}: 404, {"carebox.example", "/assets/main-1a.js"}: 200,
		{"carebox.example", "/"}: 200, {"mirror.example.evil.example", "/mirror"}: 404,
	} {
		if got := at(place[0], place[1]).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", place, got, want)
		}
	}
	page := at("mirror.example", "/mirror")
	if policy := page.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors https://carebox.example") {
		t.Errorf("the mirror's policy is %q", policy)
	}
	if got := body(t, page); got != `mirror<meta content="https://carebox.example">` {
		t.Errorf("the mirror's page is %s", got)
	}
	index := at("carebox.example", "/")
	if policy := index.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-src https://mirror.example:8443;") {
		t.Errorf("the app's policy is %q", policy)
	}
	if got := body(t, index); !strings.Contains(got, `name="m" content="https://mirror.example:8443"`) {
		t.Errorf("the index page is %s", got)
	}
}

func TestFilesInTheBestForm(t *testing.T) {
	for _, test := range []struct{ accept, encoding, want string }{
		{"", "", "plain"},
		{"gzip, deflate", "gzip", "gzipped"},
		{"gzip, deflate, br", "br", "brotli"},
		{"br;q=0, gzip;q=0.5", "gzip", "gzipped"},
		{"gzip;q=0", "", "plain"},
	} {
		r := ask(t, http.MethodGet, "/assets/main-1a.js", "Accept-Encoding", test.accept)
		if got := body(t, r); got != test.want || r.Header.Get("Content-Encoding") != test.encoding {
			t.Errorf("%q: got %q as %q, want %q as %q", test.accept, got, r.Header.Get("Content-Encoding"), test.want, test.encoding)
		}
		if !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%q: a hashed file is not immutable: %q", test.accept, r.Header.Get("Cache-Control"))
		}
	}
}

func TestUnhashedFilesAreAskedForAgain(t *testing.T) {
	first := ask(t, http.MethodGet, "/worker.js")
	if got := first.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
	if got := ask(t, http.MethodGet, "/worker.js", "If-None-Match", first.Header.Get("ETag")).StatusCode; got != http.StatusNotModified {
		t.Errorf("the same file again: %d", got)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	for path, want := range map[string]int{
		"/assets/gone-2b.js": 404, "/assets/main-1a.js.gz": 404, "/api/me": 404, "/api": 404, "/../secret": 200, "/.keep": 200,
	} {
		if got := ask(t, http.MethodGet, path).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if got := ask(t, http.MethodPost, "/").StatusCode; got != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", got)
	}
}

func TestNotBuilt(t *testing.T) {
	h, err := newHandler(fstest.MapFS{".keep": {}}, Words{}, Origins{})
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if recorder.Code != http.StatusServiceUnavailable || !strings.Contains(recorder.Body.String(), "npm run build") {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}

func TestAnIndexWithoutPlaceForANonceIsRefused(t *testing.T) {
	if _, err := newHandler(fstest.MapFS{"index.html": {Data: []byte("<html>")}}, Words{}, Origins{}); err == nil {
		t.Error("it was taken")
	}
}

func TestWhatIsEmbedded(t *testing.T) {
	if _, err := Handler(Words{}, Origins{}); err != nil {
		t.Error(err)
	}
}
