package broker

import (
	"testing"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/policies/wire"
)

// TestNobodyMeasuresForAnotherBox: with another box's certificate, or without one, nobody answers for a box, ends its grants
// or reads what it is asked.
func TestNobodyMeasuresForAnotherBox(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	all, told := heard(t, b), make(chan string, 10)
	box := w.connect(w.client(b.Addr(), "box-2", w.box("box-2")))
	done(t, box.Subscribe(wire.Down("box-2", "#"), 0, func(_ mqtt.Client, m mqtt.Message) { told <- m.Topic() }))
	evil := w.connect(w.client(b.Addr(), "box-1", w.box("box-1")))
	stolen := make(chan string, 10)
	for _, what := range []string{wire.DownGrant, wire.DownQuery} {
		for _, filter := range []string{wire.Down("box-2", what), wire.Down("+", what), "+/box-2/+/" + what} {
			if !evil.Subscribe(filter, 0, func(_ mqtt.Client, m mqtt.Message) { stolen <- m.Topic() }).WaitTimeout(soon) {
				t.Fatalf("subscribing %s: no answer", filter)
			}
		}
		done(t, evil.Publish(wire.Down("box-2", what), 0, false, "x"))
	}
	for _, what := range []string{wire.UpResult, wire.UpEnded} {
		done(t, evil.Publish(wire.Up("box-2", what), 0, false, "x"))
	}
	for _, what := range []string{wire.DownGrant, wire.DownQuery} {
		if err := b.Send("box-2", what, []byte("a letter")); err != nil {
			t.Fatal(err)
		}
		if got := next(t, told); got != wire.Down("box-2", what) {
			t.Errorf("told %q", got)
		}
	}
	for _, what := range []string{wire.UpResult, wire.UpEnded} {
		done(t, evil.Publish(wire.Up("box-1", what), 0, false, "its own"))
		if got := next(t, all); got != "box-1 "+what+" its own" {
			t.Errorf("the cloud heard %q", got)
		}
	}
	if _, err := try(w.client(b.Addr(), "box-2")); err == nil {
		t.Error("connected without a certificate")
	}
	if len(stolen) > 0 || len(told) > 0 {
		t.Errorf("%d letters were read, %d forged", len(stolen), len(told))
	}
}
