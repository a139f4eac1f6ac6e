package broker

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/policies/wire"
)

func TestABoxSaysAndIsTold(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := heard(t, b)
	c := w.connect(w.client(b.Addr(), "box-1", w.box("box-1")))
	told := make(chan string, 1)
	done(t, c.Subscribe(wire.Down("box-1", "#"), 0, func(_ mqtt.Client, m mqtt.Message) { told <- m.Topic() + " " + string(m.Payload()) }))
	done(t, c.Publish(wire.Up("box-1", wire.UpHello), 0, false, "hello"))
	if got := next(t, all); got != "box-1 hello hello" {
		t.Errorf("heard %q", got)
	}
	if err := b.Send("box-1", wire.DownDesired, []byte("do")); err != nil {
		t.Fatal(err)
	}
	if got := next(t, told); got != "box/box-1/down/desired do" {
		t.Errorf("told %q", got)
	}
	if b.Boxes() != 1 {
		t.Errorf("%d boxes are connected", b.Boxes())
	}
}

func TestWhoMayConnect(t *testing.T) {
	w, foreign := newWorld(t), newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	heard(t, b)
	server := w.pair(w.authority.Server([]string{"box-1"}, time.Now()))
	for name, o := range map[string]*mqtt.ClientOptions{
		"no certificate":           w.client(b.Addr(), "box-1"),
		"foreign authority":        w.client(b.Addr(), "box-1", foreign.box("box-1")),
		"certificate of another":   w.client(b.Addr(), "box-1", w.box("box-2")),
		"longer client id":         w.client(b.Addr(), "box-11", w.box("box-1")),
		"client id with quotes":    w.client(b.Addr(), `x"-"box-1`, w.box("box-1")),
		"no client id":             w.client(b.Addr(), "", w.box("box-1")),
		"certificate of a server":  w.client(b.Addr(), "box-1", server),
		"name of the insider":      w.client(b.Addr(), insider, w.box("box-1")).SetUsername(insider).SetPassword("x"),
		"insider without password": w.client(b.Addr(), "box-1").SetUsername(insider),
	} {
		if _, err := try(o); err == nil {
			t.Errorf("%s: connected", name)
		}
	}
	w.connect(w.client(b.Addr(), "box-1", w.box("box-1")))
	old := w.client(b.Addr(), "box-1", w.box("box-1"))
	old.TLSConfig.MinVersion, old.TLSConfig.MaxVersion = tls.VersionTLS11, tls.VersionTLS11
	if _, err := try(old); err == nil {
		t.Error("TLS 1.1: connected")
	}
}

// printed is a client as the server would print it.
type printed string

func (p printed) String() string { return string(p) }

func TestClientIDIsReadFromTheServersOwnForm(t *testing.T) {
	for text, want := range map[string]bool{
		`127.0.0.1:1 - mid:7 - "box-1"`:                 true,
		`[::1]:1 - mid:7 - "box-1"`:                     true,
		`127.0.0.1:1 - mid:7`:                           false,
		`127.0.0.1:1 - mid:7 - box-1`:                   false,
		`127.0.0.1:1 - mid:7 - "box-1" - "v1"`:          false,
		`127.0.0.1:1 - mid:7 - "x\" - \"box-1"`:         false,
		`127.0.0.1:1 - mid:x - "box-1"`:                 false,
		`127.0.0.1:1 - cid:7 - "box-1"`:                 false,
		`127.0.0.1:1 - mid:7 - "box-2" - mid:8 "box-1"`: false,
	} {
		if got := isClient(struct {
			visitor
			printed
		}{printed: printed(text)}, "box-1"); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if isClient(visitor{}, "box-1") {
		t.Error("a client that does not print itself was let in")
	}
}

func TestABoxReachesNothingElse(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	all := heard(t, b)
	other := make(chan string, 100)
	if err := b.Hear(func(home string) { other <- home }); err != nil {
		t.Fatal(err)
	}
	victim := w.connect(w.client(b.Addr(), "box-2", w.box("box-2")))
	done(t, victim.Subscribe(wire.Down("box-2", "#"), 0, func(_ mqtt.Client, m mqtt.Message) { other <- m.Topic() }))
	evil := w.connect(w.client(b.Addr(), "box-1", w.box("box-1")))
	stolen := make(chan string, 100)
	for _, filter := range []string{"#", "box/#", "box/+/down/desired", "box/box-2/down/#", "box/box-2/up/hello", "live/#", "$SYS/#", "$MQTT/#", "$JS/#"} {
		token := evil.Subscribe(filter, 0, func(_ mqtt.Client, m mqtt.Message) { stolen <- m.Topic() })
		if !token.WaitTimeout(soon) {
			t.Fatalf("subscribing %s: no answer", filter)
		}
	}
	for _, topic := range []string{
		wire.Down("box-2", wire.DownDesired), wire.Up("box-2", wire.UpHello), wire.Down("box-1", wire.DownDesired),
		"live/home", "$JS/API/STREAM/LIST", "$MQTT/sess/x", "box/box-1/up", "box/box-1/up/other",
	} {
		done(t, evil.Publish(topic, 0, false, "x"))
		done(t, evil.Publish(topic, 1, true, "x"))
	}
	if err := b.Send("box-2", "still-there", nil); err != nil {
		t.Fatal(err)
	}
	if got := next(t, other); got != "box/box-2/down/still-there" {
		t.Errorf("the other box or a watcher heard %q", got)
	}
	done(t, evil.Publish(wire.Up("box-1", wire.UpHeartbeat), 0, false, "end"))
	if got := next(t, all); got != "box-1 heartbeat end" {
		t.Errorf("the cloud heard %q", got)
	}
	if len(stolen) > 0 {
		t.Errorf("the box read %q", <-stolen)
	}
}

func TestWills(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	all := heard(t, b)
	for _, topic := range []string{wire.Up("box-2", wire.UpGone), wire.Up("box-1", wire.UpGone)} {
		var raw net.Conn
		o := w.client(b.Addr(), "box-1", w.box("box-1")).SetWill(topic, "gone", 0, false)
		o.SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) {
			var err error
			raw, err = tls.Dial("tcp", b.Addr(), o.TLSConfig)
			return raw, err
		})
		c := w.connect(o)
		done(t, c.Publish(wire.Up("box-1", wire.UpHeartbeat), 0, false, topic))
		if got := next(t, all); got != "box-1 heartbeat "+topic {
			t.Errorf("heard %q", got)
		}
		_ = raw.Close() // without saying goodbye
		waitFor(t, func() bool { return b.Boxes() == 0 })
	}
	if got := next(t, all); got != "box-1 gone gone" {
		t.Errorf("heard %q: the will for another box must not be delivered, its own must", got)
	}
}

func TestTheSecondConnectionTakesOver(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	heard(t, b)
	lost := make(chan error, 1)
	cert := w.box("box-1")
	w.connect(w.client(b.Addr(), "box-1", cert).SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
	second := w.connect(w.client(b.Addr(), "box-1", cert))
	next(t, lost)
	told := make(chan string, 1)
	done(t, second.Subscribe(wire.Down("box-1", "#"), 0, func(_ mqtt.Client, m mqtt.Message) { told <- string(m.Payload()) }))
	if err := b.Send("box-1", wire.DownDesired, []byte("second")); err != nil {
		t.Fatal(err)
	}
	if got := next(t, told); got != "second" {
		t.Errorf("told %q", got)
	}
}

// A Hello is said once, so nobody is let in to say it to nobody.
func TestNobodyIsLetInBeforeSomebodyListens(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	if c, err := try(w.client(b.Addr(), "box-1", w.box("box-1"))); err == nil {
		c.Disconnect(0)
		t.Fatal("a box was let in")
	}
	all := heard(t, b)
	c := w.connect(w.client(b.Addr(), "box-1", w.box("box-1")))
	done(t, c.Publish(wire.Up("box-1", wire.UpHello), 0, false, "hello"))
	if got := next(t, all); got != "box-1 hello hello" {
		t.Errorf("heard %q", got)
	}
}

func TestBadClientsHurtNobody(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	all := heard(t, b)
	good := w.connect(w.client(b.Addr(), "box-1", w.box("box-1")))

	lost := make(chan error, 1)
	big := w.connect(w.client(b.Addr(), "box-2", w.box("box-2")).SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
	big.Publish(wire.Up("box-2", wire.UpReported), 0, false, strings.Repeat("x", 1<<20))
	next(t, lost)

	dial := &tls.Config{RootCAs: w.pool, Certificates: []tls.Certificate{w.box("box-3")}, MinVersion: tls.VersionTLS12}
	var open []net.Conn
	for i := range 50 { // garbage before and after the handshake, and silence
		plain, err := net.Dial("tcp", b.Addr())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, plain)
		if i%2 == 0 {
			_, _ = plain.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
		}
		if i%10 == 0 {
			secure, err := tls.Dial("tcp", b.Addr(), dial)
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, secure)
			_, _ = secure.Write([]byte(strings.Repeat("\xff\x00garbage", 100)))
		}
	}
	rude := w.connect(w.client(b.Addr(), "box-4", w.box("box-4")))
	for i := range 2 * maxFilters {
		rude.Subscribe(wire.Down("box-4", fmt.Sprint(i)), 0, nil).WaitTimeout(100 * time.Millisecond)
	}
	done(t, good.Publish(wire.Up("box-1", wire.UpHeartbeat), 0, false, "fine"))
	if got := next(t, all); got != "box-1 heartbeat fine" {
		t.Errorf("heard %q", got)
	}
	for _, c := range open {
		_ = c.Close()
	}
}

func TestBoxesComeBackAfterARestart(t *testing.T) {
	w := newWorld(t)
	c := w.config("127.0.0.1:0")
	first, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	heard(t, first)
	c.Listen = first.Addr()
	back := make(chan bool, 10)
	o := w.client(c.Listen, "box-1", w.box("box-1")).SetAutoReconnect(true).SetMaxReconnectInterval(200 * time.Millisecond).
		SetOnConnectHandler(func(mqtt.Client) { back <- true })
	box := w.connect(o)
	next(t, back)
	first.Close()
	waitFor(t, func() bool { return !box.IsConnectionOpen() })
	second := w.open(c)
	all := heard(t, second)
	next(t, back)
	done(t, box.Publish(wire.Up("box-1", wire.UpHello), 0, false, "again"))
	if got := next(t, all); got != "box-1 hello again" {
		t.Errorf("heard %q", got)
	}
}

// Nobody waits for a listener that cannot be.
func TestAPortInUseIsAnErrorAtOnce(t *testing.T) {
	w := newWorld(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	b, err := Open(t.Context(), w.config(busy.Addr().String()))
	if err == nil {
		b.Close()
		t.Fatal("it opened")
	}
	if !strings.Contains(err.Error(), "address already in use") {
		t.Error(err)
	}
}

func TestACertificateThatWasTakenBack(t *testing.T) {
	w := newWorld(t)
	cert := w.box("box-1")
	var taken atomic.Bool
	serial := cert.Leaf.SerialNumber.Text(16)
	c := w.config("127.0.0.1:0")
	c.Revoked = func(s string) bool { return taken.Load() && s == serial }
	b := w.open(c)
	heard(t, b)
	lost := make(chan error, 1)
	w.connect(w.client(b.Addr(), "box-1", cert).SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
	w.connect(w.client(b.Addr(), "box-2", w.box("box-2")).SetConnectionLostHandler(func(mqtt.Client, error) { t.Error("another box was cut off") }))
	taken.Store(true)
	if err := b.Cut("box-1"); err != nil {
		t.Fatal(err)
	}
	next(t, lost)
	if _, err := try(w.client(b.Addr(), "box-1", cert)); err == nil {
		t.Error("it is back with the certificate that was taken")
	}
	w.connect(w.client(b.Addr(), "box-1", w.box("box-1"))) // a new one is good
	if err := b.Cut("box-7"); err != nil {
		t.Errorf("cutting a box that is not there: %v", err)
	}
}
