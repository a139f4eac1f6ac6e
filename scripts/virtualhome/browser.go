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
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// Browse lets Playwright be the family: a real browser against this house. What the browser cannot see, whether packets
// flow and what the paused phone is shown, it asks of a small server of ours. Script is one of the app's package.json.
func (h *House) Browse(ctx context.Context, out io.Writer, script string, env ...string) error {
	probe, err := NewProbe(ctx, h.Phone, testbed.InternetIPv4)
	if err != nil {
		return err
	}
	defer probe.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c := &control{house: h, probe: probe}
	server := &http.Server{Handler: c.routes(), ReadHeaderTimeout: time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	defer func() {
		_ = server.Close() // nothing waits for an answer any more
		<-done
	}()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute) // pictures of everything take long on a busy machine
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "--prefix", h.options.App, "run", "--silent", script)
	cmd.Env = append(append(os.Environ(), env...),
		"CAREBOX_URL="+strings.Replace(h.Access.URL, "127.0.0.1", "localhost", 1), // passkeys and workers want a name
		"CAREBOX_EMAIL="+h.Access.Email, "CAREBOX_PASSWORD="+h.Access.Password,
		"CAREBOX_STAFF_EMAIL="+h.Access.StaffEmail, "CAREBOX_STAFF_PASSWORD="+h.Access.StaffPassword, "CAREBOX_STAFF_CODES="+h.Access.StaffCodes,
		"CAREBOX_NEIGHBOUR_HOME="+h.Neighbour.Home, "CAREBOX_NEIGHBOUR_EMAIL="+h.Neighbour.Email, "CAREBOX_NEIGHBOUR_PASSWORD="+h.Neighbour.Password,
		"CAREBOX_HOME="+h.Access.Home, "CAREBOX_CONTROL=http://"+l.Addr().String())
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s in a browser: %w", script, err)
	}
	return nil
}

// control is what a browser test may ask of the house.
type control struct {
	house *House
	probe *Probe
}

func (c *control) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /phone", c.phone)
	mux.HandleFunc("POST /phone/address/{mac}", c.address)
	mux.HandleFunc("POST /agent/{what}", c.agent)
	mux.HandleFunc("POST /provider/{what}", c.provider)
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

func (c *control) agent(w http.ResponseWriter, r *http.Request) {
	var err error
	switch r.PathValue("what") {
	case "kill":
		err = c.house.KillAgent()
	case "start":
		err = c.house.StartAgent(context.WithoutCancel(r.Context()))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]bool{"ok": true})
}

// provider starts the operator's provider, or ends it as a crash would.
func (c *control) provider(w http.ResponseWriter, r *http.Request) {
	err := errors.New("the house has none")
	if p := c.house.provider; p != nil {
		switch r.PathValue("what") {
		case "kill":
			err = p.kill()
		case "start":
			err = p.start(r.Context())
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, map[string]bool{"ok": true})
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
