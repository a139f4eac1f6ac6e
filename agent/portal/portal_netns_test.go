package portal_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/portal"
	"github.com/carebox-project/carebox/agent/reconcile"
	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/agent/state"
	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

const port = 8089

// house is a virtual home whose box runs all of the agent but the uplink: the test is the cloud.
type house struct {
	*testbed.Home
	t     *testing.T
	key   ed25519.PrivateKey
	box   *reconcile.Reconciler
	book  *portal.Book
	rules *firewall.Firewall

	mu     sync.Mutex
	rung   int // times that the uplink was told of an ask
	issued time.Time
}

// open keeps a document in memory: what is on disk is another test's.
type open struct{}

func (open) Load(func([]byte) error) ([]byte, state.Notes, error) { return nil, state.Notes{}, nil }
func (open) SaveDesired([]byte) error                             { return nil }
func (open) SaveNotes(state.Notes) error                          { return nil }

type clock struct{}

func (clock) Now() time.Time     { return time.Now() }
func (clock) Synchronised() bool { return true }

func newHouse(t *testing.T) *house {
	t.Helper()
	if os.Getenv("CAREBOX_KERNEL") == "" {
		t.Skip("kernel ring: set CAREBOX_KERNEL=1 as root")
	}
	home, err := testbed.New(t.Context(), testbed.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{Home: home, t: t, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), book: &portal.Book{}}
	log := slog.New(slog.DiscardHandler)
	var queues *shaping.Shaper
	h.in(func() (err error) {
		cfg := firewall.Config{LAN: testbed.LAN, WAN: testbed.WAN, Mark: 0x3ff00000, Portal: port}
		if h.rules, err = firewall.New(t.Context(), cfg, log); err != nil {
			return err
		}
		queues, err = shaping.New(t.Context(), shaping.Config{LAN: cfg.LAN, WAN: cfg.WAN, Mark: cfg.Mark, Backend: h.rules.Backend()}, log)
		return err
	})
	h.box = reconcile.New(reconcile.Config{Box: "box-1", Keys: oneKey{h.key.Public().(ed25519.PublicKey)}}, reconcile.Parts{
		Firewall: h.rules, Marks: h.rules.Marks, Shaper: queues, Store: open{}, Clock: clock{}, Report: func(wire.Reported) {}, Asks: h.book,
	}, log)
	page := portal.New(portal.Parts{
		Home: h.box,
		Find: func(addr netip.Addr) (mac policies.MAC, err error) {
			err = home.Box.Do(func() (err error) { mac, err = devices.Find(testbed.LAN, addr); return err })
			return mac, err
		},
		Listen: func(ctx context.Context) (net.Listener, error) {
			return home.Box.Listen(func() (net.Listener, error) { return portal.Listen(ctx, testbed.LAN, port) })
		},
		Now: time.Now, Reachable: func() bool { return true },
		Asked: func() { h.mu.Lock(); defer h.mu.Unlock(); h.rung++ },
	}, h.book, log)
	h.run(func(ctx context.Context) error { return home.Box.Do(func() error { return h.box.Run(ctx) }) })
	h.run(page.Run)
	h.greet()
	return h
}

// run keeps something going until the test ends.
func (h *house) run(task func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- task(ctx) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

func (h *house) in(do func() error) {
	h.t.Helper()
	if err := h.Box.Do(do); err != nil {
		h.t.Fatal(err)
	}
}

// greet makes the internet answer plain HTTP by its name.
func (h *house) greet() {
	h.t.Helper()
	l, err := h.Internet.Listen(func() (net.Listener, error) { return net.Listen("tcp", ":80") })
	if err != nil {
		h.t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "internet") })}
	go func() { _ = server.Serve(l) }() // its end is the test's
	h.t.Cleanup(func() { server.Close() })
}

func (h *house) family() policies.Policy {
	p := policies.NewPolicy("Europe/Paris")
	p.People = []policies.Person{{ID: "leo", Name: "Léo"}}
	p.Devices = []policies.Device{
		{ID: "phone", Name: "Phone", Kind: "phone", MACs: []policies.MAC{h.Phone.MAC}, Person: "leo"},
		{ID: "laptop", Name: "Laptop", Kind: "laptop", MACs: []policies.MAC{h.Laptop.MAC}},
	}
	return p
}

func (h *house) paused() policies.Policy {
	p := h.family()
	p.Overrides = []policies.Override{
		{ID: "o", For: policies.Target{Person: "leo"}, Mode: policies.ModePause, At: time.Now().Add(-time.Minute), By: "Camille"},
	}
	return p
}

// send is what the cloud says; each is issued after the one before it.
func (h *house) send(revision int64, p policies.Policy, asks ...wire.Answer) {
	h.t.Helper()
	data, err := policies.Marshal(p)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.issued = h.issued.Add(time.Millisecond); h.issued.Before(time.Now()) {
		h.issued = time.Now()
	}
	m, err := wire.Sign(h.key, wire.Desired{Box: "box-1", Schema: wire.Schema, Revision: revision, Issued: h.issued, Policy: data, Asks: asks})
	if err != nil {
		h.t.Fatal(err)
	}
	h.box.Receive(m)
}

// visit is one request of a node; headers are lines.
func (h *house) visit(n *testbed.Node, to netip.AddrPort, request string) (*http.Response, string) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	c, err := n.Dial(ctx, "tcp", to.String())
	if err != nil {
		h.t.Fatalf("%s did not reach %s: %v", n.Name, to, err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := io.WriteString(c, request); err != nil {
		h.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		h.t.Fatalf("%s at %s: %v", n.Name, to, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp, string(body)
}

func get(host, path string) string {
	return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Language: fr-FR\r\nConnection: close\r\n\r\n", path, host)
}

// follow goes where a request was led to, and returns what is said there.
func (h *house) follow(n *testbed.Node, resp *http.Response) string {
	h.t.Helper()
	host, ok := strings.CutPrefix(resp.Header.Get("Location"), "http://")
	if resp.StatusCode != http.StatusFound || !ok {
		h.t.Fatalf("%s was answered %s %v", n.Name, resp.Status, resp.Header)
	}
	host = strings.TrimSuffix(host, "/")
	_, body := h.visit(n, netip.MustParseAddrPort(host), get(host, "/"))
	return body
}

func (h *house) await(what string, so func() bool) {
	h.t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("in vain: %s", what)
		}
	}
}

var outside = []netip.AddrPort{netip.AddrPortFrom(testbed.InternetIPv4, 80), netip.AddrPortFrom(testbed.InternetIPv6, 80)}

// A paused phone's plain HTTP, to anywhere and to every system's probe, ends at its page in both families; that of
// others goes on.
func TestPausedPhoneSeesItsPage(t *testing.T) {
	h := newHouse(t)
	h.send(1, h.family())
	for _, to := range outside {
		if _, body := h.visit(h.Phone, to, get("example.com", "/")); body != "internet" {
			t.Errorf("online: %q", body)
		}
	}
	h.send(2, h.paused())
	h.await("the pause", func() bool { return h.box.Reported().InForce == 2 })
	for _, to := range outside {
		for _, address := range []string{"example.com/a?b", "connectivitycheck.gstatic.com/generate_204", "captive.apple.com/hotspot-detect.html",
			"www.msftconnecttest.com/connecttest.txt", "detectportal.firefox.com/canonical.html"} {
			host, path, _ := strings.Cut(address, "/")
			resp, _ := h.visit(h.Phone, to, get(host, "/"+path))
			page := h.follow(h.Phone, resp)
			if !strings.Contains(page, "Internet est en pause sur cet appareil") || !strings.Contains(page, "Camille a mis en pause") {
				t.Errorf("%s at %s: %s", address, to, page)
			}
		}
		if _, body := h.visit(h.Laptop, to, get("example.com", "/")); body != "internet" {
			t.Errorf("the laptop sees %q", body)
		}
	}
	h.send(3, h.family())
	h.await("the internet", func() bool {
		_, body := h.visit(h.Phone, outside[1], get("example.com", "/"))
		return body == "internet"
	})
	own := netip.AddrPortFrom(testbed.BoxIPv4, port)
	h.await("the page of an online phone", func() bool {
		_, page := h.visit(h.Phone, own, get(own.String(), "/"))
		return strings.Contains(page, "Internet marche sur cet appareil")
	})
}

// Nobody reaches the page from outside.
func TestPageIsNotOnTheWAN(t *testing.T) {
	h := newHouse(t)
	own := netip.AddrPortFrom(testbed.BoxIPv4, port)
	h.await("the page", func() bool {
		c, err := h.Laptop.Dial(t.Context(), "tcp", own.String())
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	for _, addr := range []netip.Addr{h.Box.IPv4, h.Box.IPv6} {
		if c, err := h.Internet.Dial(ctx, "tcp", netip.AddrPortFrom(addr, port).String()); err == nil {
			c.Close()
			t.Errorf("the internet reached the page at %s", addr)
		}
	}
}

// A child asks; the page shows what becomes of it until the packets flow.
func TestChildAsks(t *testing.T) {
	h := newHouse(t)
	p := h.paused()
	h.send(1, p)
	h.await("the pause", func() bool { return h.box.Reported().InForce == 1 })
	own := netip.AddrPortFrom(testbed.BoxIPv6, port)
	page := func() string { _, body := h.visit(h.Phone, own, get(own.String(), "/")); return body }
	shows := func(what string) {
		t.Helper()
		h.await(what, func() bool { return strings.Contains(page(), what) })
	}
	if !strings.Contains(page(), "<form") {
		t.Fatalf("nothing can be asked:\n%s", page())
	}
	ask := func() {
		t.Helper()
		const form = "minutes=30&why=homework"
		resp, _ := h.visit(h.Phone, own, fmt.Sprintf("POST /ask HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nContent-Length: %d\r\n\r\n%s",
			own, own, len(form), form))
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("asking was answered %s", resp.Status)
		}
	}
	ask()
	ask()
	open := h.book.Open(time.Now())
	h.mu.Lock()
	rung := h.rung
	h.mu.Unlock()
	if len(open) != 1 || rung != 1 || open[0].Device != "phone" || open[0].MAC != string(h.Phone.MAC) || open[0].Minutes != 30 {
		t.Fatalf("open %+v, said %d times", open, rung)
	}
	shows("Demande envoyée à")
	answer := wire.Answer{ID: open[0].ID, Device: "phone", State: wire.AskSeen, By: "Camille", Asked: open[0].At, At: time.Now()}
	h.send(1, p, answer)
	shows("Camille l’a vue")
	if open := h.book.Open(time.Now()); len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
	answer.State, answer.At = wire.AskRefused, time.Now()
	h.send(1, p, answer)
	shows("Pas cette fois.")
	ask()
	if open := h.book.Open(time.Now()); len(open) != 0 {
		t.Errorf("asked again at once: %+v", open)
	}
	until := time.Now().Add(30 * time.Minute)
	answer.State, answer.At, answer.Until = wire.AskGranted, time.Now(), &until
	p.Overrides = append(p.Overrides, policies.Override{
		ID: "b", For: policies.Target{Device: "phone"}, Mode: policies.ModeBonus, At: time.Now(), Until: &until, By: "Camille",
	})
	h.send(2, p, answer)
	shows("Oui\u202f! Tu as jusqu’à")
	h.await("the internet", func() bool {
		_, body := h.visit(h.Phone, outside[0], get("example.com", "/"))
		return body == "internet"
	})
}

// oneKey is an operator's key that nothing follows.
type oneKey struct{ ed25519.PublicKey }

func (k oneKey) Try(open func(ed25519.PublicKey) error) error    { return open(k.PublicKey) }
func (k oneKey) Recall(open func(ed25519.PublicKey) error) error { return open(k.PublicKey) }
