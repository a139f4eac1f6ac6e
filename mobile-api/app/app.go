// Package app serves the web app of a family: the files that `npm run build` left in dist, embedded, so that Node is
// needed to build and never to run. The index page carries a nonce of its own per request, for a content security
// policy without exceptions for scripts. It knows nothing of the API beside it.
package app

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// mark stands in the built index page where each request gets its nonce (vite.config.ts, html.cspNonce), the others where an
// operator's words go (index.html).
const (
	mark   = "{{.Nonce}}"
	person = "{{.Contact}}"
	door   = "{{.Provider}}"
	house  = "{{.Operator}}"
	drawer = "{{.Mirror}}" // the origin of the mirror's page, in the index page
	asker  = "{{.App}}"    // the app's origin, in the mirror's page
)

// Words are what the page says in an operator's own words.
type Words struct {
	Contact  string // how a person is reached: a phone number, an email, an address of the web, "" for none
	Operator string // what people call the operator, "" for nothing
	Provider string // the name of the button by which staff sign in at the operator's provider, "" for none
}

// Origins are the addresses (scheme, name, port) under which the app is served. Mirror is that of the page in which somebody
// else's screen is drawn, "" for the app's own: under another name nothing in that page, whatever a browser may let it do,
// has the cookie of who looks at it.
type Origins struct {
	App    string
	Mirror string
}

// Handler serves the app at the root of a host. A path that is no file is one of the app's own screens and gets the
// index page; only below /api and /assets a missing thing is not found. Where the app was not built, the index page
// says so. Under the mirror's name there is nothing but its page and the files that it needs.
func Handler(words Words, origins Origins) (http.Handler, error) {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("opening the built app: %w", err)
	}
	return newHandler(root, words, origins)
}

func newHandler(root fs.FS, words Words, origins Origins) (http.Handler, error) {
	index, err := fs.ReadFile(root, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return http.HandlerFunc(notBuilt), nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the index page: %w", err)
	}
	if !bytes.Contains(index, []byte(mark)) {
		return nil, errors.New("reading the index page: it has no place for a nonce")
	}
	mirror, err := fs.ReadFile(root, mirrorPage)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the mirror's page: %w", err)
	}
	files, err := readFiles(root)
	if err != nil {
		return nil, err
	}
	for place, said := range map[string]string{person: words.Contact, door: words.Provider, house: words.Operator, drawer: origins.Mirror} {
		index = bytes.ReplaceAll(index, []byte(place), []byte(html.EscapeString(said)))
	}
	h := &handler{index: index, mirror: mirror, files: files, origins: origins}
	if origins.Mirror != "" {
		h.mirror = bytes.ReplaceAll(mirror, []byte(asker), []byte(html.EscapeString(origins.App)))
		h.apart = hostname(origins.Mirror)
	} else {
		h.mirror = bytes.ReplaceAll(mirror, []byte(asker), nil)
	}
	return h, nil
}

// hostname is the name in an origin.
func hostname(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

type handler struct {
	index  []byte
	mirror []byte // empty where it was not built
	apart  string // the name under which the mirror's page is, "" for that of the app

	origins Origins
	files   map[string]file // by path below the root, without a leading slash
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "same-origin")
	aside := h.apart != "" && h.isApart(r)
	switch f, ok := h.files[name]; {
	case ok && (!aside || below(name, "assets")):
		f.serve(w, r, name)
	case below(name, "api") || below(name, "assets"):
		http.NotFound(w, r)
	case name == "mirror" && aside == (h.apart != ""):
		h.serveMirror(w, r)
	case aside || name == "mirror":
		http.NotFound(w, r)
	default:
		h.serveIndex(w, r)
	}
}

// isApart reports whether a request came under the mirror's name.
func (h *handler) isApart(r *http.Request) bool {
	return strings.EqualFold((&url.URL{Host: r.Host}).Hostname(), h.apart)
}

func below(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

func (h *handler) serveIndex(w http.ResponseWriter, r *http.Request) {
	nonce := newNonce()
	page := bytes.ReplaceAll(h.index, []byte(mark), []byte(nonce))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", policy(nonce, cmp.Or(h.origins.Mirror, "'self'")))
	w.Header().Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
	w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
	w.Header().Set("Content-Length", fmt.Sprint(len(page)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(page) // the one who asked is gone: nobody to tell
}

// serveMirror answers the page in which somebody else's screen is drawn. It is shown inside our own pages alone, and
// whatever is drawn in it runs nothing and fetches nothing but style sheets of ours.
func (h *handler) serveMirror(w http.ResponseWriter, r *http.Request) {
	if len(h.mirror) == 0 {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-cache")
	around := "'self'"
	if h.apart != "" {
		around = h.origins.App
	}
	header.Set("Content-Security-Policy", mirrorPolicy+around)
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), fullscreen=()")
	header.Set("Content-Length", fmt.Sprint(len(h.mirror)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(h.mirror) // the one who asked is gone: nobody to tell
}

const (
	mirrorPage   = "mirror.html"
	mirrorPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
		"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors "
)

// policy lets the page run our files alone. Style elements need the nonce; style attributes are set by scripts of the
// component library and cannot carry one. The one frame is the mirror's.
func policy(nonce, mirror string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; style-src-attr 'unsafe-inline'; " +
		"img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src " + mirror + "; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

func newNonce() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // it never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(random[:])
}

func notBuilt(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = fmt.Fprintln(w, "This program was built without the web app: run `npm ci && npm run build` in mobile-api/app and build it again."+
		"\nThe API is complete: see /api/openapi.yaml.")
}

// typeOf is the media type of a file by its name, not by the tables of the machine that serves.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".webmanifest":
		return "application/manifest+json"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}
