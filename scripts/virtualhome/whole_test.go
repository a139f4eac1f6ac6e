package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/agent/uplink"
)

// binaries are built once for all tests of the whole ring. In the laboratory's machine they are there: it would take long.
var binaries = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("CAREBOX_BIN"); dir != "" {
		return dir, nil
	}
	dir, err := os.MkdirTemp("", "carebox-bin-")
	if err != nil {
		return "", err
	}
	for _, area := range []string{"agent", "cloud"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, "carebox-"+area), "../../"+area)
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("building %s: %w: %s", area, err, out)
		}
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	if dir := os.Getenv(deskOf); dir != "" {
		if err := newDesk(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if os.Getenv(ring) != "" && os.Getenv("CAREBOX_BIN") == "" {
		if dir, err := binaries(); err == nil {
			_ = os.RemoveAll(dir) // what is left is the temporary folder's business
		}
	}
	os.Exit(code)
}

// ring is set where this machine may be made a home of: root, or root of a user namespace.
const ring = "CAREBOX_KERNEL"

// newHouse is a house for one test, gone with it.
func newHouse(t *testing.T, o Options) *House {
	t.Helper()
	if os.Getenv(ring) == "" {
		t.Skip("whole ring: set CAREBOX_KERNEL=1 as root")
	}
	return openHouse(t, o)
}

func openHouse(t *testing.T, o Options) *House {
	t.Helper()
	var err error
	if o.Bin, err = binaries(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if o.HTTP, err = l.(*net.TCPListener).File(); err != nil {
		t.Fatal(err)
	}
	h, err := NewHouse(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("agent:\n%s\ncloud:\n%s", tail([]byte(h.Log("agent"))), tail([]byte(h.Log("cloud"))))
			for _, name := range []string{"hostapd", "phone", "tv"} { // there are none without Wi-Fi
				t.Logf("%s:\n%s", name, tail([]byte(h.Log(name))))
			}
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func TestBrowser(t *testing.T) {
	h := newHouse(t, Options{App: "../../mobile-api/app", Provider: true, Neighbour: true})
	var out strings.Builder
	err := h.Browse(t.Context(), &out, "e2e")
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
}

func TestStories(t *testing.T) {
	for _, backend := range []string{"nft", "legacy"} {
		for name, story := range stories() {
			t.Run(backend+"/"+name, func(t *testing.T) {
				told := &telling{House: newHouse(t, story.needs(Options{Home: testbed.Options{Backend: backend}}))}
				for _, s := range story.steps {
					f, err := s.tell(t.Context(), told)
					if err != nil {
						t.Fatalf("%s: %v", s.name, err)
					}
					t.Logf("%s: %v", s.name, f)
				}
			})
		}
	}
}

func TestBoxOfflineTakesTheChangeLater(t *testing.T) {
	h := newHouse(t, Options{})
	ctx := t.Context()
	probe := newProbe(t, h)
	awaitState(t, h, "the box to be shown as reachable", func(s State) bool { return s.Box != nil && s.Box.Reachable })
	if err := h.KillAgent(); err != nil {
		t.Fatal(err)
	}
	awaitState(t, h, "the box to be shown as out of reach", func(s State) bool { return s.Box != nil && !s.Box.Reachable })
	s, err := h.Client.Change(ctx, http.MethodPost, "/pause", onPhone())
	if err != nil {
		t.Fatal(err)
	}
	if s.Delivery != "waiting-for-box" {
		t.Errorf("delivery = %q, want waiting-for-box", s.Delivery)
	}
	if d := s.Device("leo-phone"); d.Asked.Online || d.InForce == nil || !d.InForce.Verdict.Online {
		t.Errorf("phone = %+v, want asked offline and in force still online", d)
	}
	if err := h.StartAgent(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Client.InForce(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := probe.Await(ctx, false); err != nil {
		t.Fatal(err)
	}
}

func TestAcceptedChangeSurvivesAKilledCloud(t *testing.T) {
	for name, url := range databases(t) {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, Options{Database: url})
			ctx := t.Context()
			probe := newProbe(t, h)
			if err := h.KillAgent(); err != nil { // so that only the database can know
				t.Fatal(err)
			}
			if _, err := h.Client.Change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
				t.Fatal(err)
			}
			if err := h.KillCloud(); err != nil {
				t.Fatal(err)
			}
			if err := h.StartCloud(ctx); err != nil {
				t.Fatal(err)
			}
			if err := h.StartAgent(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := probe.Await(ctx, false); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Client.InForce(ctx); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestNobodySpeaksForAnotherBox(t *testing.T) {
	h := newHouse(t, Options{Boxes: 1})
	if err := h.KillAgent(); err != nil {
		t.Fatal(err)
	}
	own, err := h.dialAs("box-00001")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, box string
		want      bool
	}{
		{"its own certificate", "box-00001", true},
		{"another box's certificate", h.Access.Box, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			link := uplink.New(uplink.Config{Box: c.box, Version: "test", Now: time.Now, Dial: own}, nobody{}, slog.New(slog.DiscardHandler))
			done := make(chan error, 1)
			go func() { done <- link.Run(ctx) }()
			defer func() {
				stop()
				<-done
			}()
			if err := poll(ctx, "an answer of the broker", func() error {
				if s := link.Connection(); !s.Connected && s.Error == "" {
					return fmt.Errorf("connection is %+v", s)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if s := link.Connection(); s.Connected != c.want {
				t.Errorf("connection is %+v, want connected %t", s, c.want)
			}
		})
	}
}

// nobody takes no message.
type nobody struct{}

func (nobody) Receive([]byte) {}
func (nobody) Oversize(int)   {}
func (nobody) Grant([]byte)   {}
func (nobody) Query([]byte)   {}

func newProbe(t *testing.T, h *House) *Probe {
	t.Helper()
	p, err := NewProbe(t.Context(), h.Phone, testbed.InternetIPv4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	if _, err := p.Await(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	return p
}

func awaitState(t *testing.T, h *House, what string, ok func(State) bool) {
	t.Helper()
	if _, err := h.Client.Await(t.Context(), what, func(s State) error {
		if !ok(s) {
			return fmt.Errorf("delivery is %q", s.Delivery)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// databases are what to test with: SQLite's URL is empty, PostgreSQL's is a new database.
func databases(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"sqlite": ""}
	if os.Getenv("CAREBOX_POSTGRES") != "" {
		all["postgres"] = newPostgres(t)
	}
	return all
}

func newPostgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("CAREBOX_POSTGRES")
	if server == "" {
		t.Skip("whole ring: set CAREBOX_POSTGRES to the URL of a server")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	name := "house_" + strings.ToLower(rand.Text()[:10])
	if out, err := exec.Command("psql", server, "-qc", "CREATE DATABASE "+name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("psql", server, "-qc", "DROP DATABASE "+name+" WITH (FORCE)").CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	u.Path = "/" + name
	return u.String()
}

func TestDatabaseRestartLosesNothing(t *testing.T) {
	restart := os.Getenv("CAREBOX_POSTGRES_RESTART")
	if restart == "" {
		t.Skip("whole ring: set CAREBOX_POSTGRES_RESTART to a program that restarts the server")
	}
	h := newHouse(t, Options{Database: newPostgres(t)})
	ctx := t.Context()
	probe := newProbe(t, h)
	if _, err := h.Client.Change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(ctx, restart).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	awaitState(t, h, "the pause to be in force", func(s State) bool { return s.Delivery == "in-force" })
	if _, err := probe.Await(ctx, false); err != nil {
		t.Fatal(err)
	}
	if err := poll(ctx, "the next change to be taken", func() error {
		_, err := h.Client.Change(ctx, http.MethodPost, "/resume", onPhone())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := probe.Await(ctx, true); err != nil {
		t.Fatal(err)
	}
}
