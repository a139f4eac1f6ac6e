package uplink

import (
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/carebox-project/carebox/policies/wire"
)

// fakePins are called by names of one letter.
type fakePins struct {
	next atomic.Pointer[string]
	got  chan []byte
}

func (p *fakePins) Said() (key, next string) { return "a", *p.next.Load() }

func (p *fakePins) Succeed(message []byte) error {
	p.got <- message
	return errors.New("refused")
}

func TestHelloSaysWhichKeysAreBelievedAndSaysItAgainWhenTheyChange(t *testing.T) {
	ca, from, to := newAuthority(t), time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	b := newBroker(t, ca.issue("broker", from, to))
	pins := &fakePins{got: make(chan []byte, 1)}
	pins.next.Store(new(""))
	u := New(Config{Box: "box-1", Now: time.Now, Pins: pins, Dial: b.dialer(ca.issue("box-1", from, to), time.Now)}, newInbox(),
		slog.New(slog.DiscardHandler))
	start(t, u)
	next[*packets.ConnectPacket](b)
	s := next[*packets.SubscribePacket](b)
	slices.Sort(s.Topics)
	if !slices.Contains(s.Topics, "box/box-1/down/key") || !slices.Contains(s.Topics, "box/box-1/down/desired") {
		t.Errorf("subscribed to %v", s.Topics)
	}
	if h := decode[wire.Hello](t, next[*packets.PublishPacket](b), wire.UpHello); h.Key != "a" || h.Next != "" {
		t.Errorf("hello %+v", h)
	}
	b.publish("box/box-1/down/key", []byte("letter"))
	if got := receive(t, pins.got); string(got) != "letter" {
		t.Errorf("received %q", got)
	}
	pins.next.Store(new("b"))
	u.Greet()
	if h := decode[wire.Hello](t, next[*packets.PublishPacket](b), wire.UpHello); h.Key != "a" || h.Next != "b" {
		t.Errorf("hello %+v", h)
	}
}
