package uplink

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/carebox-project/carebox/policies/wire"
)

// fakeInbox keeps what came in.
type fakeInbox struct {
	messages chan []byte
	letters  chan string
	oversize chan int
}

func newInbox() *fakeInbox {
	return &fakeInbox{make(chan []byte, 8), make(chan string, 8), make(chan int, 8)}
}

func (i *fakeInbox) Receive(message []byte) { i.messages <- message }
func (i *fakeInbox) Grant(message []byte)   { i.letters <- "grant " + string(message) }
func (i *fakeInbox) Query(message []byte)   { i.letters <- "query " + string(message) }
func (i *fakeInbox) Oversize(bytes int)     { i.oversize <- bytes }

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(time.Minute):
		t.Fatal("nothing came in")
	}
	panic("unreachable")
}

// start runs an uplink to a broker until the test ends, or until the function that it returns is called.
func start(t *testing.T, u *Uplink) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := u.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

func decode[T any](t *testing.T, p *packets.PublishPacket, what string) T {
	t.Helper()
	var v T
	if p.TopicName != wire.Up("box-1", what) || p.Qos != 0 || p.Retain {
		t.Fatalf("published to %q with QoS %d, retain %v; want %s", p.TopicName, p.Qos, p.Retain, what)
	}
	if err := json.Unmarshal(p.Payload, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func year() (from, to time.Time) { return time.Now().Add(-time.Hour), time.Now().Add(time.Hour) }

func TestConversation(t *testing.T) {
	ca, inbox := newAuthority(t), newInbox()
	from, to := year()
	b := newBroker(t, ca.issue("broker", from, to))
	u := New(Config{
		Box: "box-1", Version: "1.2", Capabilities: []string{"firewall"}, Now: time.Now, Dial: b.dialer(ca.issue("box-1", from, to), time.Now),
	}, inbox, slog.New(slog.DiscardHandler))
	u.Report(wire.Reported{Box: "box-1", Accepted: 4, InForce: 3})
	stop := start(t, u)

	c := next[*packets.ConnectPacket](b)
	if c.ClientIdentifier != "box-1" || !c.CleanSession || c.ProtocolVersion != 4 {
		t.Errorf("connected as %v", c)
	}
	if !c.WillFlag || c.WillTopic != "box/box-1/up/gone" || c.WillRetain {
		t.Errorf("connected as %v", c)
	}
	s := next[*packets.SubscribePacket](b)
	slices.Sort(s.Topics)
	if want := []string{"box/box-1/down/desired", "box/box-1/down/grant", "box/box-1/down/query"}; !slices.Equal(s.Topics, want) ||
		!bytes.Equal(s.Qoss, make([]byte, 3)) {
		t.Errorf("subscribed to %v at %v", s.Topics, s.Qoss)
	}
	hello := decode[wire.Hello](t, next[*packets.PublishPacket](b), wire.UpHello)
	if hello.Revision != 4 || hello.Version != "1.2" || hello.Schema != wire.Schema || hello.TZ == "" || hello.At.IsZero() {
		t.Errorf("hello %+v", hello)
	}
	if r := decode[wire.Reported](t, next[*packets.PublishPacket](b), wire.UpReported); r.InForce != 3 {
		t.Errorf("reported %+v", r)
	}

	b.publish("box/box-1/down/desired", []byte("signed"))
	if got := receive(t, inbox.messages); string(got) != "signed" {
		t.Errorf("received %q", got)
	}
	b.publish("box/box-1/down/desired", make([]byte, 10<<20))
	if got := receive(t, inbox.oversize); got < 10<<20 {
		t.Errorf("oversize %d", got)
	}
	b.publish("box/box-1/down/desired", bytes.Repeat([]byte("x"), wire.MaxDesired))
	if got := receive(t, inbox.messages); len(got) != wire.MaxDesired {
		t.Errorf("received %d bytes after a message that was too long", len(got))
	}

	b.publish("box/box-1/down/grant", []byte("letter"))
	b.publish("box/box-1/down/query", []byte("ping"))
	if one, two := receive(t, inbox.letters), receive(t, inbox.letters); one != "grant letter" || two != "query ping" {
		t.Errorf("received %q, then %q", one, two)
	}
	if err := u.Say(t.Context(), wire.Result{Query: "q", Grant: "g", Seq: 1}); err != nil {
		t.Error(err)
	}
	if r := decode[wire.Result](t, next[*packets.PublishPacket](b), wire.UpResult); r.Query != "q" {
		t.Errorf("result %+v", r)
	}

	u.Report(wire.Reported{Box: "box-1", Accepted: 5, InForce: 5})
	if r := decode[wire.Reported](t, next[*packets.PublishPacket](b), wire.UpReported); r.InForce != 5 {
		t.Errorf("reported %+v", r)
	}
	b.drop()
	next[*packets.ConnectPacket](b)
	next[*packets.SubscribePacket](b)
	if h := decode[wire.Hello](t, next[*packets.PublishPacket](b), wire.UpHello); h.Revision != 5 {
		t.Errorf("hello %+v after a break", h)
	}
	decode[wire.Reported](t, next[*packets.PublishPacket](b), wire.UpReported)

	stop()
	if p := next[*packets.PublishPacket](b); p.TopicName != "box/box-1/up/gone" {
		t.Errorf("said %q at the end", p.TopicName)
	}
	next[*packets.DisconnectPacket](b)
}

func TestRefusedSubscriptionIsNoConnection(t *testing.T) {
	ca := newAuthority(t)
	from, to := year()
	b := newBroker(t, ca.issue("broker", from, to))
	b.grant = 0x80
	dial := b.dialer(ca.issue("box-1", from, to), time.Now)
	u := New(Config{Box: "box-1", Now: time.Now, Dial: dial}, newInbox(), slog.New(slog.DiscardHandler))
	start(t, u)
	next[*packets.ConnectPacket](b)
	next[*packets.SubscribePacket](b)
	next[*packets.DisconnectPacket](b)
	if c := u.Connection(); c.Connected {
		t.Errorf("connection %+v", c)
	}
}

func TestCertificatesAreJudgedAtTheGivenTime(t *testing.T) {
	ca := newAuthority(t)
	from := time.Now().Add(-time.Hour)
	b := newBroker(t, ca.issue("broker", from, from.Add(2*time.Hour)))
	id := ca.issue("box-1", from, from.Add(2*time.Hour))
	for name, test := range map[string]struct {
		now  time.Time
		want string
	}{
		"1970":     {time.Unix(0, 0), "expired or is not yet valid"},
		"in time":  {time.Now(), ""},
		"far away": {time.Now().Add(24 * time.Hour), "expired"},
	} {
		conn, err := b.dialer(id, func() time.Time { return test.now })(t.Context())
		if err == nil {
			conn.Close()
		}
		if (test.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestForeignBrokerIsRefused(t *testing.T) {
	from, to := year()
	b := newBroker(t, newAuthority(t).issue("broker", from, to))
	if _, err := b.dialer(newAuthority(t).issue("box-1", from, to), time.Now)(t.Context()); err == nil {
		t.Error("a broker of another authority was believed")
	}
}

func TestCheckBox(t *testing.T) {
	from, to := year()
	id := newAuthority(t).issue("box-1", from, to)
	if err := CheckBox(id.Certificate, "box-1"); err != nil {
		t.Error(err)
	}
	if err := CheckBox(id.Certificate, "box-2"); err == nil {
		t.Error("a certificate for box-1 was taken for box-2")
	}
	if err := CheckBox([]byte("nothing"), "box-1"); err == nil {
		t.Error("no certificate was taken for one")
	}
}
