package diagnose

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// fakeDNS answers every question with a code, or with records of one kind; it says nothing where the name has "silent" in it.
func fakeDNS(t *testing.T) uint16 {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := dnsAnswer(buffer[:n]); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
}

func dnsAnswer(q []byte) []byte {
	end := 12 // of the question: labels, type and class
	name := ""
	for end < len(q) && q[end] != 0 {
		name += string(q[end+1:end+1+int(q[end])]) + "."
		end += 1 + int(q[end])
	}
	end += 5
	kind := binary.BigEndian.Uint16(q[end-4:])
	code := map[string]byte{"gone": 3, "broken": 2, "forbidden": 5, "strange": 11}[strings.SplitN(name, ".", 2)[0]]
	if strings.HasPrefix(name, "silent") {
		return nil
	}
	a := append([]byte{}, q[:end]...)
	a[2], a[3] = 0x81, 0x80|code
	copy(a[4:12], []byte{0, 1, 0, 0, 0, 0, 0, 0})
	data := map[uint16][]byte{
		1: {192, 0, 2, 7}, 28: append([]byte{0x20, 1, 0x0d, 0xb8}, make([]byte, 12)...), 16: append([]byte{5}, "v=one"...),
		15: {0, 10, 2, 'm', 'x', 0}, 2: {2, 'n', 's', 0}, 12: {3, 'b', 'o', 'x', 0}, 33: {0, 1, 0, 2, 0, 53, 2, 's', 'v', 0},
	}[kind]
	if code != 0 || data == nil {
		return a
	}
	a[7] = 1
	a = append(a, 0xc0, 12, byte(kind>>8), byte(kind), 0, 1, 0, 0, 0, 60, 0, byte(len(data)))
	return append(a, data...)
}

func TestDNS(t *testing.T) {
	d := New(Parts{})
	d.port = fakeDNS(t)
	for _, tt := range []struct{ kind, name, want string }{
		{"A", "tv.example", "NOERROR 192.0.2.7"}, {"AAAA", "tv.example", "NOERROR 2001:db8::"}, {"TXT", "tv.example.", "NOERROR v=one"},
		{"MX", "tv.example", "NOERROR 10 mx."}, {"NS", "tv.example", "NOERROR ns."}, {"SRV", "_x._udp.example", "NOERROR 1 2 53 sv."},
		{"PTR", "192.0.2.7", "NOERROR box."}, {"PTR", "2001:db8::7", "NOERROR box."}, {"CNAME", "tv.example", "NOERROR tv.example."},
		{"A", "gone.example", "NXDOMAIN"}, {"A", "broken.example", "SERVFAIL"}, {"A", "forbidden.example", "REFUSED"},
		{"A", "strange.example", "RCODE11"}, {"A", "silent.example", "TIMEOUT"},
	} {
		h := ask(t.Context(), t, d, wire.QueryDNS, fmt.Sprintf(`{"name":%q,"type":%q,"server":"127.0.0.1"}`, tt.name, tt.kind))
		if h.err != nil {
			t.Errorf("%s of %s: %v", tt.kind, tt.name, h.err)
			continue
		}
		a := in[wire.DNSAnswer](t, h.last)
		got := a.Code
		for _, r := range a.Answers {
			got += " " + r.Data
			if r.Name != tt.name || r.Type != tt.kind {
				t.Errorf("%+v", r)
			}
		}
		if got != tt.want || a.Server != "127.0.0.1" || a.Answers == nil || a.RTT <= 0 {
			t.Errorf("%s of %s: %s, want %s: %+v", tt.kind, tt.name, got, tt.want, a)
		}
	}
	d.port = 1 // nobody
	h := ask(t.Context(), t, d, wire.QueryDNS, `{"name":"example.com","server":"127.0.0.1"}`)
	if a := in[wire.DNSAnswer](t, h.last); a.Code != "UNREACHABLE" {
		t.Errorf("where nobody listens: %+v %v", a, h.err)
	}
}

// atHome is a doctor to whom this machine is the way to the internet.
func atHome() *Doctor {
	return New(Parts{Gateways: func() ([]netip.Addr, error) { return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil }})
}

func TestHTTP(t *testing.T) {
	visits := 0
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visits++
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "http://192.168.1.1/secret", http.StatusFound)
		case "/long":
			_, _ = io.Copy(w, io.LimitReader(zeroes{}, 10<<20))
		case "/broken":
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "\x00\x01 none of HTTP\r\n\r\n")
				_ = conn.Close()
			}
		default:
			_, _ = io.WriteString(w, "hello")
		}
	})
	plain, secure := httptest.NewServer(pages), httptest.NewTLSServer(pages)
	defer plain.Close()
	defer secure.Close()
	secure.Config.ErrorLog = nil
	gone := httptest.NewServer(pages)
	gone.Close()
	d := atHome()
	for _, tt := range []struct{ args, want string }{
		{`{"url":"` + plain.URL + `/"}`, "200 5 "}, {`{"url":"` + plain.URL + `","method":"HEAD"}`, "200 0 "},
		{`{"url":"` + plain.URL + `/moved"}`, "302 48 "}, {`{"url":"` + plain.URL + `/broken"}`, "0 0 answer"},
		{`{"url":"` + secure.URL + `/"}`, "0 0 certificate"}, {`{"url":"` + strings.Replace(plain.URL, "http", "https", 1) + `/"}`, "0 0 tls"},
		{`{"url":"` + gone.URL + `/"}`, "0 0 connect"}, {`{"url":"http://does-not-exist.invalid/"}`, "0 0 resolve"},
	} {
		h := ask(t.Context(), t, d, wire.QueryHTTP, tt.args)
		if h.err != nil {
			t.Errorf("%s: %v", tt.args, h.err)
			continue
		}
		a := in[wire.HTTPAnswer](t, h.last)
		if got := fmt.Sprintf("%d %d %s", a.Status, a.Bytes, a.Error); got != tt.want || a.Total <= 0 || a.Error == "" && (a.Connect <= 0 || a.First < a.Connect) {
			t.Errorf("%s: %s, want %s: %+v", tt.args, got, tt.want, a)
		}
	}
	before := visits
	a := in[wire.HTTPAnswer](t, ask(t.Context(), t, d, wire.QueryHTTP, `{"url":"`+plain.URL+`/moved"}`).last)
	if a.Location != "http://192.168.1.1/secret" || visits != before+1 {
		t.Errorf("%+v, %d visits", a, visits-before)
	}
	a = in[wire.HTTPAnswer](t, ask(t.Context(), t, d, wire.QueryHTTP, `{"url":"`+plain.URL+`/long"}`).last)
	if a.Status != 200 || a.Bytes < 100_000 || a.Bytes > maxPage {
		t.Errorf("a long page: %+v", a)
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A server that says nothing holds nobody once the query is over.
func TestASilentServerIsLeft(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	here := silent.Addr().(*net.TCPAddr).AddrPort()
	for _, scheme := range []string{"http", "https"} {
		to, err := site(wire.HTTPArgs{URL: fmt.Sprintf("%s://%s/", scheme, here), Method: http.MethodGet})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan struct{})
		go func() {
			if c, err := silent.Accept(); err == nil {
				_, _ = c.Read(make([]byte, 1)) // it has been asked
				cancel()
				<-left
				c.Close()
			}
		}()
		v := visit{method: http.MethodGet, to: to, begun: time.Now()}
		go func() {
			defer close(left)
			v.fetch(ctx, here.Addr()) // which has no end of its own
		}()
		select {
		case <-left:
			if v.answer.Error == "" {
				t.Errorf("%s: %+v", scheme, v.answer)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s: it waits on", scheme)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
	f.Add([]byte("HTTP/1.1 302 Found\r\nLocation: //x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, page []byte) {
		to, err := site(wire.HTTPArgs{URL: "http://example.com/", Method: "GET"})
		if err != nil {
			t.Fatal(err)
		}
		v := visit{method: "GET", to: to, begun: time.Now()}
		_ = v.talk(t.Context(), &script{in: strings.NewReader(string(page))}) // it returns
		if v.answer.Bytes > int64(len(page)) || len(v.answer.Location) > maxURL {
			t.Errorf("%+v", v.answer)
		}
	})
}

// script is a connection of which one side is written beforehand.
type script struct {
	net.Conn
	in io.Reader
}

func (s *script) Read(p []byte) (int, error)  { return s.in.Read(p) }
func (s *script) Write(p []byte) (int, error) { return len(p), nil }

// fakeCloud measures as the cloud does, as fast as it can.
func fakeCloud(t *testing.T, status *int) *Doctor {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != speedPath || r.Host != "cloud.example":
			http.Error(w, "not here", http.StatusNotFound)
		case *status != 0:
			w.WriteHeader(*status)
		case r.Method == http.MethodPost:
			n, _ := io.Copy(io.Discard, r.Body)
			_ = json.NewEncoder(w).Encode(map[string]any{"bytes": n, "seconds": 2})
		default:
			for end := time.Now().Add(time.Second); time.Now().Before(end); {
				if _, err := w.Write(make([]byte, 32<<10)); err != nil {
					return
				}
			}
		}
	}))
	t.Cleanup(server.Close)
	return New(Parts{Host: "cloud.example", Cloud: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", server.Listener.Addr().String())
	}})
}

func TestSpeed(t *testing.T) {
	status := 0
	d := fakeCloud(t, &status)
	for _, direction := range []string{"down", "up"} {
		h := ask(t.Context(), t, d, wire.QuerySpeed, fmt.Sprintf(`{"direction":%q,"seconds":2}`, direction))
		if h.err != nil {
			t.Fatalf("%s: %v", direction, h.err)
		}
		s := in[wire.Speed](t, h.last)
		if s.Direction != direction || s.Bytes <= 0 || s.Seconds <= 0 || s.Rate != int64(float64(s.Bytes)*8/s.Seconds) {
			t.Errorf("%s: %+v", direction, s)
		}
		for _, p := range h.pieces {
			if s := in[wire.Speed](t, p); s.Direction != direction || s.Rate <= 0 {
				t.Errorf("%s: %s", direction, p)
			}
		}
	}
	for code, want := range map[int]wire.Refusal{429: wire.RefusedBusy, 503: wire.RefusedBusy, 403: wire.RefusedFailed, 302: wire.RefusedFailed} {
		status = code
		if h := ask(t.Context(), t, d, wire.QuerySpeed, `{"direction":"down"}`); !errors.Is(h.err, want) {
			t.Errorf("%d: %v", code, h.err)
		}
	}
}

func TestOneMeasurementOfTheLineAtOnce(t *testing.T) {
	inside := make(chan struct{})
	d := New(Parts{Cloud: func(ctx context.Context) (net.Conn, error) {
		close(inside)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan heard)
	go func() { done <- ask(ctx, t, d, wire.QuerySpeed, `{"direction":"down"}`) }()
	<-inside
	if h := ask(t.Context(), t, d, wire.QuerySpeed, `{"direction":"up"}`); !errors.Is(h.err, wire.RefusedBusy) {
		t.Errorf("a second one: %v", h.err)
	}
	cancel(wire.RefusedEnded)
	if h := <-done; h.err == nil {
		t.Errorf("it went on: %+v", h)
	}
	if d.testing.Load() {
		t.Error("the line is held for ever")
	}
}

// With IPv6 the devices of a home have addresses of the internet.
func TestWhatIsInTheHomeIsNotVisited(t *testing.T) {
	parse := func(all ...string) (list []net.Addr) {
		for _, text := range all {
			ip, on, err := net.ParseCIDR(text)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, &net.IPNet{IP: ip, Mask: on.Mask})
		}
		return list
	}
	home := parse("2001:db8:1::1/64", "192.168.7.1/24")
	own := append(parse("203.0.113.20/24"), home...)
	for text, want := range map[string]bool{
		"203.0.113.9": true, "2001:db8:2::9": true, "203.0.113.20": false, "2001:db8:1::1": false, "2001:db8:1::9": false, "192.168.7.9": false,
	} {
		if err := outside(netip.MustParseAddr(text), own, home); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
