package broker

import (
	"bufio"
	"crypto/tls"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/cloud/porttest"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestAClusterOfTwoIsRefused(t *testing.T) {
	for name, c := range map[string]*Cluster{
		"two":         {Name: "a", Routes: []string{"h1:6222", "h2:6222"}},
		"one":         {Name: "a", Routes: []string{"h1:6222"}},
		"twice":       {Name: "a", Routes: []string{"h1:6222", "h2:6222", "h1:6222"}},
		"no name":     {Routes: []string{"h1:6222", "h2:6222", "h3:6222"}},
		"not a route": {Name: "a", Routes: []string{"h1:6222", "h2:6222", "h3"}},
	} {
		if err := c.Check(); err == nil {
			t.Errorf("%s: accepted", name)
		} else if name == "two" && !strings.Contains(err.Error(), "three or more") {
			t.Errorf("two: it does not say what to do: %v", err)
		}
	}
	if err := (*Cluster)(nil).Check(); err != nil {
		t.Error(err)
	}
}

// TestOnlyAReplicaOpensARoute connects to the cluster's listener as strangers and as a box would.
func TestOnlyAReplicaOpensARoute(t *testing.T) {
	w, foreign := newWorld(t), newWorld(t)
	route := porttest.Free(t, 1)[0]
	c := w.config("127.0.0.1:0")
	c.Cluster = &Cluster{Name: "a", Listen: route, Routes: []string{route, "127.0.0.1:1", "127.0.0.1:2"}}
	w.open(c)
	for name, who := range map[string]struct {
		certificates []tls.Certificate
		want         bool
	}{
		"nobody":  {nil, false},
		"a box":   {[]tls.Certificate{w.box("box-1")}, false},
		"foreign": {[]tls.Certificate{foreign.pair(foreign.authority.Server([]string{"127.0.0.1"}, time.Now()))}, false},
		"replica": {[]tls.Certificate{w.pair(w.authority.Server([]string{"127.0.0.1"}, time.Now()))}, true},
	} {
		if got := opens(t, route, &tls.Config{RootCAs: w.pool, Certificates: who.certificates, MinVersion: tls.VersionTLS12}); got != who.want {
			t.Errorf("%s: a route opens: %v", name, got)
		}
	}
}

// opens reports whether the server introduces itself on a route.
func opens(t *testing.T, route string, config *tls.Config) bool {
	t.Helper()
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: soon}, "tcp", route, config)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetReadDeadline(time.Now().Add(soon)) // it cannot fail on an open connection
	word, err := bufio.NewReader(conn).ReadString(' ')
	return err == nil && word == "INFO "
}

func TestABoxThatDoesNotReadIsCut(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	all := heard(t, b)
	var raw net.Conn
	o := w.client(b.Addr(), "box-1", w.box("box-1"))
	o.SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) {
		conn, err := tls.Dial("tcp", b.Addr(), o.TLSConfig)
		if err != nil {
			return nil, err
		}
		raw = conn.NetConn()
		return conn, nil
	})
	stuck := make(chan bool)
	defer close(stuck)
	c := w.connect(o)
	done(t, c.Subscribe(wire.Down("box-1", "#"), 0, func(mqtt.Client, mqtt.Message) { <-stuck }))
	if err := raw.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	other := w.connect(w.client(b.Addr(), "box-2", w.box("box-2")))
	big := make([]byte, 400<<10)
	waitFor(t, func() bool {
		if err := b.Send("box-1", wire.DownDesired, big); err != nil {
			t.Fatal(err)
		}
		return b.Boxes() == 1
	})
	done(t, other.Publish(wire.Up("box-2", wire.UpHello), 0, false, "fine"))
	if got := next(t, all); got != "box-2 hello fine" {
		t.Errorf("heard %q", got)
	}
}
