package diagnose

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// heard is what came of one query, as JSON.
type heard struct {
	pieces []string
	last   string
	err    error
}

// ask puts one query and checks that each piece fits into a result.
func ask(ctx context.Context, t testing.TB, d *Doctor, kind wire.QueryKind, args string) heard {
	t.Helper()
	var h heard
	text := func(data any) string {
		body, err := json.Marshal(data)
		if err != nil || len(body) > wire.MaxResultData || body[0] != '{' {
			t.Errorf("%s: a piece of %d bytes, %v", kind, len(body), err)
		}
		return string(body)
	}
	last, err := d.Measure(ctx, wire.Query{ID: "q", Grant: "g", Kind: kind, Args: json.RawMessage(args), Seconds: 60}, func(data any) error {
		h.pieces = append(h.pieces, text(data))
		return ctx.Err()
	})
	if h.err = err; err == nil {
		h.last = text(last)
	}
	return h
}

func in[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestWrongArgumentsAreRefused(t *testing.T) {
	d := New(Parts{
		Neighbours: func() ([]wire.Neighbour, error) { return nil, nil }, Log: &Log{},
		Firewall: func(context.Context) ([]wire.Text, error) { return nil, nil },
		Gateways: func() ([]netip.Addr, error) { return nil, errors.New("no table") },
	})
	long := strings.Repeat("a", 300)
	for _, tt := range []struct {
		kind wire.QueryKind
		args string
	}{
		{"ping", ``}, {"ping", `{"host":""}`}, {"ping", `{"host":"192.0.2.1","count":21}`}, {"ping", `{"host":"192.0.2.1","count":-1}`},
		{"ping", `{"host":"192.0.2.1","family":6}`}, {"ping", `{"host":"2001:db8::1","family":4}`}, {"ping", `{"host":"192.0.2.1","family":5}`},
		{"ping", `{"host":"255.255.255.255"}`}, {"ping", `{"host":"224.0.0.1"}`}, {"ping", `{"host":"ff02::1"}`}, {"ping", `{"host":"::"}`},
		{"ping", `{"host":"0.0.0.0"}`}, {"ping", `{"host":"a b"}`}, {"ping", `{"host":"` + long + `"}`}, {"ping", `{"host":"192.0.2.1","size":9999}`},
		{"ping", `{"host":"192.0.2.1"}{}`}, {"ping", `{"host":["192.0.2.1"]}`}, {"ping", `{"host":"192.0.2.1;reboot"} x`},
		{"traceroute", `{"host":"192.0.2.1","maxHops":31}`}, {"traceroute", `{"host":"$(reboot)/"}`},
		{"dns", `{}`}, {"dns", `{"name":"example.com","type":"ANY"}`}, {"dns", `{"name":"example.com","server":"dns.example"}`},
		{"dns", `{"name":"example.com","server":"0.0.0.0"}`}, {"dns", `{"name":"example.com","type":"PTR"}`}, {"dns", `{"name":"` + long + `"}`},
		{"http", `{"url":"ftp://example.com/"}`}, {"http", `{"url":"file:///etc/shadow"}`}, {"http", `{"url":"http://u:p@example.com/"}`},
		{"http", `{"url":"http://"}`}, {"http", `{"url":"http://192.0.2.1/","method":"POST"}`}, {"http", `{"url":"http://` + strings.Repeat("a/", 2000) + `"}`},
		{"http", `{"url":"http://192.168.7.1/"}`}, {"http", `{"url":"http://127.0.0.1/"}`}, {"http", `{"url":"http://[::1]/"}`},
		{"http", `{"url":"http://[::ffff:10.0.0.1]/"}`}, {"http", `{"url":"http://[fe80::1]/"}`}, {"http", `{"url":"http://[fd00::1]/"}`},
		{"http", `{"url":"http://[64:ff9b::a00:1]/"}`}, {"http", `{"url":"http://100.64.0.1/"}`}, {"http", `{"url":"http://169.254.169.254/"}`},
		{"http", `{"url":"http://0.0.0.1/"}`}, {"http", `{"url":"http://localhost/"}`},
		{"speed", `{}`}, {"speed", `{"direction":"sideways"}`}, {"speed", `{"direction":"down","seconds":11}`},
		{"neighbours", `{"link":"wan"}`}, {"firewall", `{"table":"nat"}`}, {"log", `{"lines":201}`}, {"log", `{"lines":-1}`}, {"bundle", `{"all":true}`},
	} {
		if h := ask(t.Context(), t, d, tt.kind, tt.args); !errors.Is(h.err, wire.RefusedArgs) {
			t.Errorf("%s %.80s: %v %v", tt.kind, tt.args, h.err, h.last)
		}
	}
}

func TestWhatABoxDoesNotHave(t *testing.T) {
	d := New(Parts{})
	for _, kind := range []wire.QueryKind{"speed", "neighbours", "stations", "survey", "firewall", "shaper", "log", "newer", "cancel", ""} {
		args := `{}`
		if kind == wire.QuerySpeed {
			args = `{"direction":"up"}`
		}
		if h := ask(t.Context(), t, d, kind, args); !errors.Is(h.err, wire.RefusedUnsupported) {
			t.Errorf("%s: %v", kind, h.err)
		}
	}
	if h := ask(t.Context(), t, d, wire.QueryBundle, `{}`); h.err != nil || len(h.pieces) != 0 {
		t.Errorf("bundle: %+v", h)
	}
}

func TestRadiosAndNeighbours(t *testing.T) {
	var stations []policies.Station
	var neighbours []wire.Neighbour
	for i := range 250 {
		stations = append(stations, policies.Station{MAC: policies.MAC(fmt.Sprintf("02:00:00:00:00:%02x", i)), Signal: -50, Retries: 7, Since: time.Now()})
		neighbours = append(neighbours, wire.Neighbour{Address: "2001:db8::ffff:ffff", MAC: "02:00:00:00:00:0a", State: "stale", Link: "br-lan"})
	}
	var failed error
	d := New(Parts{
		Neighbours: func() ([]wire.Neighbour, error) { return neighbours, failed },
		Radios: func(context.Context) ([]policies.Radio, error) {
			return []policies.Radio{
				{Name: "wlan0", Channel: 6, Width: 20, Load: 40, Channels: []policies.Channel{{Number: 6, Busy: 30, Noise: -95}}},
				{Name: "wlan1", Channel: 36, Width: 80, Stations: stations},
			}, failed
		},
	})
	h := ask(t.Context(), t, d, wire.QueryStations, `{}`)
	if h.err != nil || len(h.pieces) != 4 || len(in[wire.StationsAnswer](t, h.pieces[3]).Stations) != 50 || !strings.Contains(h.pieces[0], `"stations":[]`) {
		t.Errorf("stations: %v, %d pieces, %.200s", h.err, len(h.pieces), h.pieces)
	}
	h = ask(t.Context(), t, d, wire.QuerySurvey, ``)
	if h.err != nil || len(h.pieces) != 2 || in[wire.SurveyAnswer](t, h.pieces[0]).Channels[0].Noise != -95 || !strings.Contains(h.pieces[1], `"channels":[]`) {
		t.Errorf("survey: %v %s", h.err, h.pieces)
	}
	h = ask(t.Context(), t, d, wire.QueryNeighbours, `{}`)
	if h.err != nil || len(h.pieces) != 2 || len(in[wire.NeighboursAnswer](t, h.last).Neighbours) != 50 {
		t.Errorf("neighbours: %v, %d pieces", h.err, len(h.pieces))
	}
	failed = errors.New("hostapd does not answer")
	for _, kind := range []wire.QueryKind{wire.QueryStations, wire.QueryNeighbours} {
		if h := ask(t.Context(), t, d, kind, `{}`); !errors.Is(h.err, wire.RefusedFailed) {
			t.Errorf("%s: %v", kind, h.err)
		}
	}
}

// Texts come whole and in order, however long and odd they are.
func TestTextsAreCutIntoPieces(t *testing.T) {
	rules := strings.Repeat("-A FORWARD -m comment --comment \"<é>\" -j ACCEPT\n", 2000)
	odd := strings.Repeat("é\x01\xff", 20_000) // no lines, and some of it is no text
	d := New(Parts{
		Firewall: func(context.Context) ([]wire.Text, error) {
			return []wire.Text{{Name: "iptables", Text: rules}, {Name: "odd", Text: odd}, {Name: "empty"}}, nil
		},
		Shaper: func(context.Context) ([]wire.Text, error) {
			return []wire.Text{{Name: "queues"}}, errors.New("no such link")
		},
		Neighbours: func() ([]wire.Neighbour, error) { return nil, errors.New("no netlink") },
		About:      func() any { return map[string]string{"version": "1.2"} },
		Log:        &Log{},
	})
	h := ask(t.Context(), t, d, wire.QueryFirewall, `{}`)
	whole := map[string]string{}
	for _, p := range h.pieces {
		text := in[wire.Text](t, p)
		whole[text.Name] += text.Text
	}
	if h.err != nil || whole["iptables"] != rules || whole["odd"] != strings.ToValidUTF8(odd, "\ufffd") || len(whole) != 3 {
		t.Errorf("%v: %d and %d bytes", h.err, len(whole["iptables"]), len(whole["odd"]))
	}
	if h := ask(t.Context(), t, d, wire.QueryShaper, `{}`); !errors.Is(h.err, wire.RefusedFailed) {
		t.Errorf("shaper: %v", h.err)
	}
	h = ask(t.Context(), t, d, wire.QueryBundle, `{}`)
	all := strings.Join(h.pieces, "\n")
	for _, part := range []string{`"about"`, `1.2`, `"iptables"`, `"queues"`, `no such link`, `no netlink`, `"log"`} {
		if !strings.Contains(all, part) {
			t.Errorf("the bundle lacks %s", part)
		}
	}
}

// What ends a query ends its measurement: nobody is asked any more.
func TestAContextEndsIt(t *testing.T) {
	names, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	page, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	d := atHome()
	d.port = names.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(wire.RefusedEnded)

	if h := ask(ctx, t, d, wire.QueryDNS, `{"name":"example.com","type":"TXT","server":"127.0.0.1"}`); !errors.Is(h.err, wire.RefusedEnded) {
		t.Errorf("dns: %v", h.err)
	}
	last, err := net.Dial("udp4", names.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer last.Close()
	if _, err := last.Write([]byte("nothing before this")); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 1500)
	if n, _, err := names.ReadFrom(buffer); err != nil || string(buffer[:n]) != "nothing before this" {
		t.Errorf("dns: %q was asked, %v", buffer[:n], err)
	}

	h := ask(ctx, t, d, wire.QueryHTTP, `{"url":"http://`+page.Addr().String()+`/"}`)
	if a := in[wire.HTTPAnswer](t, h.last); a.Error != "connect" {
		t.Errorf("http: %+v", a)
	}
}
