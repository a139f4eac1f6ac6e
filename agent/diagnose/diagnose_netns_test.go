package diagnose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/agent/devices"
	"github.com/carebox-project/carebox/agent/firewall"
	"github.com/carebox-project/carebox/agent/shaping"
	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// here names the query that this process is to answer where it stands: sockets of goroutines follow no thread into a namespace,
// so a whole process goes there.
const here = "CAREBOX_MEASURE"

func TestMain(m *testing.M) {
	if text := os.Getenv(here); text != "" {
		if err := measureHere(context.Background(), text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// measureHere answers a query, a line of JSON for each result.
func measureHere(ctx context.Context, text string) error {
	var q wire.Query
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, time.Duration(q.Seconds)*time.Second, wire.RefusedDeadline)
	defer cancel()
	parts := Parts{LAN: testbed.LAN, Gateways: devices.Gateways, Neighbours: devices.Neighbours}
	if q.Kind == wire.QueryFirewall || q.Kind == wire.QueryShaper {
		if err := enforce(ctx, &parts); err != nil {
			return err
		}
	}
	out := json.NewEncoder(os.Stdout)
	last, err := New(parts).Measure(ctx, q, func(data any) error { return out.Encode(data) })
	if err != nil {
		return err
	}
	return out.Encode(last)
}

// enforce puts rules and queues of the agent's into the namespace.
func enforce(ctx context.Context, parts *Parts) error {
	log := slog.New(slog.DiscardHandler)
	const mark = 0x3ff00000
	rules, err := firewall.New(ctx, firewall.Config{LAN: testbed.LAN, WAN: testbed.WAN, Mark: mark}, log)
	if err != nil {
		return err
	}
	phone := firewall.Device{ID: "phone", MACs: []policies.MAC{"02:00:00:00:00:0a"}}
	if err := rules.Apply(ctx, firewall.Wanted{Devices: []firewall.Device{phone}}); err != nil {
		return err
	}
	queues, err := shaping.New(ctx, shaping.Config{LAN: testbed.LAN, WAN: testbed.WAN, Mark: mark, Backend: rules.Backend()}, log)
	if err != nil {
		return err
	}
	floor := shaping.Floor{ID: "films", Marks: []uint32{rules.Marks()["phone"]}, Down: 5_000_000}
	err = queues.Apply(ctx, shaping.Wanted{Line: policies.Line{Down: 50_000_000, Up: 10_000_000}, Floors: []shaping.Floor{floor}})
	parts.Firewall, parts.Shaper = rules.Text, queues.Text
	return err
}

// from is what a node answers to a query, the last result last.
func from(t *testing.T, n *testbed.Node, kind wire.QueryKind, args string) []string {
	t.Helper()
	out, err := tell(t, n, kind, args, 60)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", kind, args, err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func tell(t *testing.T, n *testbed.Node, kind wire.QueryKind, args string, seconds int) ([]byte, error) {
	t.Helper()
	query, err := json.Marshal(wire.Query{ID: "q", Grant: "g", Kind: kind, Args: json.RawMessage(args), Seconds: seconds})
	if err != nil {
		t.Fatal(err)
	}
	cmd := n.Command(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), here+"="+string(query))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		err = errors.Join(err, errors.New(errs.String()))
	}
	return out, err
}

// serveInternet is a web server and a name server at the other end of the line.
func serveInternet(t *testing.T, home *testbed.Home) {
	t.Helper()
	l, err := home.Internet.Listen(func() (net.Listener, error) { return net.Listen("tcp", ":80") })
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })}
	done := make(chan struct{}, 2)
	go func() {
		_ = server.Serve(l)
		done <- struct{}{}
	}()
	var names net.PacketConn
	err = home.Internet.Do(func() (err error) {
		names, err = net.ListenPacket("udp", ":53")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, peer, err := names.ReadFrom(buffer)
			if err != nil {
				break
			}
			_, _ = names.WriteTo(dnsAnswer(buffer[:n]), peer)
		}
		done <- struct{}{}
	}()
	t.Cleanup(func() {
		_, _ = server.Close(), names.Close()
		<-done
		<-done
	})
}

func TestTheKernelRing(t *testing.T) {
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
	serveInternet(t, home)
	t.Run("ping", func(t *testing.T) { pings(t, home) })
	t.Run("traceroute", func(t *testing.T) { traces(t, home) })
	t.Run("dns and http", func(t *testing.T) { asks(t, home) })
	t.Run("neighbours", func(t *testing.T) { meets(t, home) })
	t.Run("rules and queues", func(t *testing.T) { reads(t, home) })
}

func pings(t *testing.T, home *testbed.Home) {
	for _, to := range []string{testbed.InternetIPv4.String(), testbed.InternetIPv6.String(), "192.168.7.10", "2001:db8:7::a"} {
		got := from(t, home.Box, wire.QueryPing, fmt.Sprintf(`{"host":%q,"count":3}`, to))
		sum := in[wire.PingSummary](t, got[len(got)-1])
		if len(got) != 4 || sum.Address != to || sum.Sent != 3 || sum.Received != 3 || sum.Min <= 0 || sum.Min > sum.Avg || sum.Avg > sum.Max {
			t.Errorf("%s: %v", to, got)
		}
		if r := in[wire.PingReply](t, got[0]); r.Seq != 1 || r.From != to || r.RTT <= 0 || r.Lost {
			t.Errorf("%s: %+v", to, r)
		}
	}
	got := from(t, home.Box, wire.QueryPing, `{"host":"192.168.7.99","count":1}`)
	if sum := in[wire.PingSummary](t, got[len(got)-1]); sum.Sent != 1 || sum.Received != 0 || !in[wire.PingReply](t, got[0]).Lost {
		t.Errorf("of nobody: %v", got)
	}
	if out, err := tell(t, home.Box, wire.QueryPing, `{"host":"192.168.7.99","count":20}`, 1); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Errorf("longer than its deadline: %v\n%s", err, out)
	}
}

// traces goes from the phone: the box is the first on its way.
func traces(t *testing.T, home *testbed.Home) {
	for to, first := range map[string]string{
		testbed.InternetIPv4.String(): testbed.BoxIPv4.String(), testbed.InternetIPv6.String(): testbed.BoxIPv6.String(),
	} {
		got := from(t, home.Phone, wire.QueryTraceroute, fmt.Sprintf(`{"host":%q}`, to))
		sum := in[wire.TracerouteSummary](t, got[len(got)-1])
		if len(got) != 3 || !sum.Reached || sum.Hops != 2 || sum.Address != to {
			t.Fatalf("%s: %v", to, got)
		}
		one, two := in[wire.Hop](t, got[0]), in[wire.Hop](t, got[1])
		if one.Hop != 1 || one.From != first || one.RTT <= 0 || two.Hop != 2 || two.From != to {
			t.Errorf("%s: %+v %+v", to, one, two)
		}
	}
}

func asks(t *testing.T, home *testbed.Home) {
	got := from(t, home.Box, wire.QueryDNS, fmt.Sprintf(`{"name":"tv.example","server":%q}`, testbed.InternetIPv4))
	if a := in[wire.DNSAnswer](t, got[0]); a.Code != "NOERROR" || len(a.Answers) != 1 || a.Answers[0].Data != "192.0.2.7" {
		t.Errorf("dns: %v", got)
	}
	for _, host := range []string{testbed.InternetIPv4.String(), "[" + testbed.InternetIPv6.String() + "]"} {
		got := from(t, home.Box, wire.QueryHTTP, fmt.Sprintf(`{"url":"http://%s/"}`, host))
		if a := in[wire.HTTPAnswer](t, got[0]); a.Status != 200 || a.Bytes != 5 || a.Connect <= 0 {
			t.Errorf("http: %v", got)
		}
	}
	for _, inside := range []string{testbed.BoxIPv4.String(), "192.168.7.10", "203.0.113.2", "[" + testbed.BoxIPv6.String() + "]", "[2001:db8:7::a]"} {
		if out, err := tell(t, home.Box, wire.QueryHTTP, fmt.Sprintf(`{"url":"http://%s/"}`, inside), 5); err == nil || !strings.Contains(err.Error(), "args") {
			t.Errorf("http to %s: %v\n%s", inside, err, out)
		}
	}
	// Whose way to the internet is a private network's router may ask that one, and only that one, by http.
	got = from(t, home.Phone, wire.QueryHTTP, fmt.Sprintf(`{"url":"http://%s/"}`, testbed.BoxIPv4))
	if a := in[wire.HTTPAnswer](t, got[0]); a.Address != testbed.BoxIPv4.String() || a.Error != "connect" {
		t.Errorf("http to the gateway: %v", got)
	}
}

func meets(t *testing.T, home *testbed.Home) {
	got := from(t, home.Box, wire.QueryNeighbours, `{}`)
	found := map[string]wire.Neighbour{}
	for _, n := range in[wire.NeighboursAnswer](t, got[len(got)-1]).Neighbours {
		found[n.Address] = n
	}
	for address, mac := range map[string]string{"192.168.7.10": "02:00:00:00:00:0a", "2001:db8:7::a": "02:00:00:00:00:0a"} {
		if n := found[address]; n.MAC != mac || n.Link != testbed.LAN || n.State == "" || n.State == "none" {
			t.Errorf("%s: %+v of %v", address, n, found)
		}
	}
}

func reads(t *testing.T, home *testbed.Home) {
	rules := strings.Join(from(t, home.Box, wire.QueryFirewall, `{}`), "\n")
	for _, part := range []string{"iptables", "ip6tables", ":FORWARD", "CAREBOX", "COMMIT"} {
		if !strings.Contains(rules, part) {
			t.Errorf("the rules lack %q: %s", part, rules)
		}
	}
	queues := strings.Join(from(t, home.Box, wire.QueryShaper, `{}`), "\n")
	for _, part := range []string{"queues of " + testbed.LAN, "queues of " + testbed.WAN, "qdisc htb", "class htb", "rate ", "films: 5000000 bit/s down"} {
		if !strings.Contains(queues, part) {
			t.Errorf("the queues lack %q: %s", part, queues)
		}
	}
}
