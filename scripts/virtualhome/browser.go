package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Browse lets Playwright be the family: a real browser against this house. What the browser cannot see, whether packets
// flow and what the paused phone is shown, it asks of a small server of ours. Script is one of the app's package.json.
func (h *House) Browse(ctx context.Context, out io.Writer, script string, env ...string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	leave, err := h.attend(ctx, l, func(*http.ServeMux) {})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer leave()
	return h.run(ctx, out, script, append(env, h.environment(l.Addr().String())...))
}

// run is one of the app's scripts, in the house.
func (h *House) run(ctx context.Context, out io.Writer, script string, env []string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute) // pictures of everything take long on a busy machine
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "--prefix", h.options.App, "run", "--silent", script)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s in a browser: %w", script, err)
	}
	return nil
}

// attend answers what browsers' scripts ask of the house, and more, until leave is called.
func (h *House) attend(ctx context.Context, l net.Listener, more func(*http.ServeMux)) (leave func(), err error) {
	probe, err := NewProbe(ctx, h.Phone, testbed.InternetIPv4)
	if err != nil {
		return nil, err
	}
	c := &control{house: h, probe: probe}
	mux := c.routes()
	more(mux)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	return func() {
		_ = server.Close() // nothing waits for an answer any more
		<-done
		probe.Close()
	}, nil
}

// environment is what a browser's script is told of the house, and of where it can ask more.
func (h *House) environment(control string) []string {
	a, n := h.Access, h.Neighbour
	return []string{
		"CAREBOX_URL=" + strings.Replace(a.URL, "127.0.0.1", "localhost", 1), // passkeys and workers want a name
		"CAREBOX_EMAIL=" + a.Email, "CAREBOX_PASSWORD=" + a.Password,
		"CAREBOX_STAFF_EMAIL=" + a.StaffEmail, "CAREBOX_STAFF_PASSWORD=" + a.StaffPassword, "CAREBOX_STAFF_CODES=" + a.StaffCodes,
		"CAREBOX_NEIGHBOUR_HOME=" + n.Home, "CAREBOX_NEIGHBOUR_EMAIL=" + n.Email, "CAREBOX_NEIGHBOUR_PASSWORD=" + n.Password,
		"CAREBOX_HOME=" + a.Home, "CAREBOX_CONTROL=http://" + control,
	}
}

// control is what a browser test may ask of the house.
type control struct {
	house *House
	probe *Probe
	off   atomic.Bool  // the cloud is cut off from the box
	links atomic.Int64 // of the box to the cloud, before that
}

func (c *control) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /phone", c.phone)
	mux.HandleFunc("POST /phone/address/{mac}", c.address)
	for part, l := range c.levers() {
		mux.Handle("POST /"+part+"/{what}", l)
	}
	mux.HandleFunc("GET /links", func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]int{"links": c.house.links()}) })
	mux.HandleFunc("GET /refused/{session}", c.refused)
	mux.HandleFunc("GET /page", c.page)
	mux.HandleFunc("POST /page", c.page)
	v := &visits{tale: &telling{House: c.house}, own: c.house.Access.Box}
	mux.HandleFunc("POST /visits", v.plan)
	mux.HandleFunc("POST /carton/{what}", v.plug)
	return mux
}

// phone says since when the phone's packets have been answered, or refused.
func (c *control) phone(w http.ResponseWriter, _ *http.Request) {
	online, since := c.probe.State()
	answer(w, map[string]any{"online": online, "since": since})
}

// address lets the phone come back under another address, as phones do that make up one for each network.
func (c *control) address(w http.ResponseWriter, r *http.Request) {
	if err := c.house.Disguise(r.Context(), r.PathValue("mac")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]bool{"ok": true})
}

// lever is what a test may do to a part of the house, by its word.
type lever map[string]func(context.Context) error

func (l lever) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	pull := l[r.PathValue("what")]
	if pull == nil {
		http.NotFound(w, r)
		return
	}
	if err := pull(context.WithoutCancel(r.Context())); err != nil { // who asked may go: what was begun is done
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]bool{"ok": true})
}

// levers end parts of the house as a crash would, and start them again.
func (c *control) levers() map[string]lever {
	h := c.house
	now := func(do func() error) func(context.Context) error {
		return func(context.Context) error { return do() }
	}
	all := map[string]lever{
		"agent": {"kill": now(h.KillAgent), "start": h.StartAgent},
		"cloud": {"kill": now(h.KillCloud), "start": h.StartCloud},
		"link": {
			"cut":  c.cut,
			"mend": c.mend,
		},
		"mirror": {
			"apart": func(ctx context.Context) error {
				return h.placeMirror(ctx, strings.Replace(h.Access.URL, "127.0.0.1", "mirror.localhost", 1))
			},
			"beside": func(ctx context.Context) error { return h.placeMirror(ctx, "") },
		},
	}
	if p := h.provider; p != nil {
		all["provider"] = lever{"kill": now(p.kill), "start": p.start}
	}
	return all
}

// placeMirror starts the cloud anew with a customer's screen drawn in a page of an origin of its own, or of the app's ("").
func (h *House) placeMirror(ctx context.Context, origin string) error {
	if err := amend(h.cloudConfig(), map[string]any{"mirrorOrigin": origin}); err != nil {
		return err
	}
	return errors.Join(h.KillCloud(), h.StartCloud(ctx))
}

// cut drops all between box and cloud, and remembers how often the box had come to the cloud by then.
func (c *control) cut(ctx context.Context) error {
	if c.off.Swap(true) {
		return nil
	}
	c.links.Store(int64(c.house.links()))
	return c.house.cutLink(ctx, true)
}

func (c *control) mend(ctx context.Context) error {
	if !c.off.Swap(false) {
		return nil
	}
	return c.house.cutLink(ctx, false)
}

// refused says how the box turned away what was on its way under a session when the link was cut: "" while it has not.
func (c *control) refused(w http.ResponseWriter, r *http.Request) {
	answer(w, map[string]string{"how": c.house.turnedAway(r.PathValue("session"), int(c.links.Load()))})
}

// page opens an address on the phone, as its system would, and hands over what comes back. Names are all the internet's.
func (c *control) page(w http.ResponseWriter, r *http.Request) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err == nil && net.ParseIP(host) == nil {
				address = net.JoinHostPort(testbed.InternetIPv4.String(), port)
			}
			return c.house.Phone.Dial(ctx, network, address)
		},
	}}
	req, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.Query().Get("url"), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req.ContentLength = r.ContentLength
	req.Header.Set("Accept-Language", r.Header.Get("Accept-Language"))
	if r.Method == http.MethodPost {
		req.Header.Set("Content-Type", r.Header.Get("Content-Type"))
		req.Header.Set("Origin", req.URL.Scheme+"://"+req.URL.Host)
	}
	resp, err := client.Do(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(body) // the test at the other end sees what is missing
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // the test at the other end sees what is missing
}
