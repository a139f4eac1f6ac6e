package broker

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/carebox-project/carebox/cloud/porttest"
)

const mirrored = "0e1b7d3c-5a52-4a7e-9f0a-5f1f6d1f2a11"

// follows hears a session, as way, word and message.
func follows(t *testing.T, b *Broker, session, way string) <-chan string {
	t.Helper()
	heard := make(chan string, 1000)
	stop, err := b.Follow(session, way, func(word string, message []byte) { heard <- fmt.Sprintf("%s %s %.20s", way, word, message) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return heard
}

func relay(t *testing.T, b *Broker, session, way, word, message string) {
	t.Helper()
	if err := b.Relay(session, way, word, []byte(message)); err != nil {
		t.Fatal(err)
	}
}

func TestASupportSessionGoesEachWay(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	other := strings.Replace(mirrored, "0e", "0f", 1)
	up, down, foreign := follows(t, b, mirrored, WayUp), follows(t, b, mirrored, WayDown), follows(t, b, other, WayUp)
	relay(t, b, mirrored, WayUp, "m", "picture")
	relay(t, b, mirrored, WayDown, "g", "gesture")
	relay(t, b, other, WayUp, "m", "foreign")
	if got := []string{next(t, up), next(t, down), next(t, foreign)}; fmt.Sprint(got) != "[up m picture down g gesture up m foreign]" {
		t.Errorf("heard %q", got)
	}
	for _, bad := range []string{"", "*", ">", "a.b", mirrored + ".up.m", mirrored + " x", strings.ToUpper(mirrored), strings.Repeat("a", 65)} {
		if err := b.Relay(bad, WayUp, "m", nil); err == nil {
			t.Errorf("relayed for %q", bad)
		}
		if _, err := b.Follow(bad, WayUp, func(string, []byte) {}); err == nil {
			t.Errorf("follows %q", bad)
		}
	}
	if b.Relay(mirrored, ">", "m", nil) == nil || b.Relay(mirrored, WayUp, "m.*", nil) == nil {
		t.Error("relayed by a name that is none")
	}
	if _, err := b.Follow(mirrored, "*", func(string, []byte) {}); err == nil {
		t.Error("follows both ways")
	}
}

func TestManyFollowAndStop(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	for range 3 {
		var stops []func()
		heard := make(chan string, 100)
		for i := range 50 {
			stop, err := b.Follow(fmt.Sprintf("%032x", i), WayUp, func(word string, _ []byte) { heard <- word })
			if err != nil {
				t.Fatal(err)
			}
			stops = append(stops, stop)
		}
		relay(t, b, fmt.Sprintf("%032x", 49), WayUp, "m", "")
		if got := next(t, heard); got != "m" {
			t.Errorf("heard %q", got)
		}
		for _, stop := range stops {
			stop()
		}
	}
	if n := b.mirrors.connections(); n > 5 {
		t.Errorf("%d connections for 50 at once", n)
	}
	if n := b.Boxes(); n != 0 {
		t.Errorf("%d boxes", n)
	}
}

// A box sits on the same server. It hears nothing of a support session and says nothing into one, whatever it asks for.
func TestABoxCannotReachASupportSession(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	heard(t, b)
	up, down := follows(t, b, mirrored, WayUp), follows(t, b, mirrored, WayDown)
	spied := make(chan string, 100)
	spy := func(_ mqtt.Client, m mqtt.Message) { spied <- m.Topic() }
	for i, topic := range []string{"assist/#", "#", "+/+/+/+", "$SYS/#", "assist/" + mirrored + "/up/m", "$share/x/assist/#", "assist.>"} {
		id := fmt.Sprintf("box-%d", i)
		c, err := try(w.client(b.Addr(), id, w.box(id)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Disconnect(0) })
		c.Subscribe(topic, 0, spy).WaitTimeout(soon) // refused, or deaf
		for _, into := range []string{"assist/" + mirrored + "/down/g", "assist/" + mirrored + "/up/m"} {
			c.Publish(into, 0, true, "from a box").WaitTimeout(soon)
		}
	}
	box := w.connect(w.client(b.Addr(), "box-9", w.box("box-9")))
	heardOf := make(chan string, 10)
	done(t, box.Subscribe("box/box-9/down/#", 0, func(_ mqtt.Client, m mqtt.Message) { heardOf <- m.Topic() }))
	relay(t, b, mirrored, WayUp, "m", "picture")
	relay(t, b, mirrored, WayDown, "g", "gesture")
	if got := []string{next(t, up), next(t, down)}; fmt.Sprint(got) != "[up m picture down g gesture]" {
		t.Errorf("heard %q", got)
	}
	if err := b.Send("box-9", "desired", []byte("after all that")); err != nil {
		t.Fatal(err)
	}
	next(t, heardOf)
	for _, c := range []<-chan string{spied, up, down} {
		select {
		case got := <-c:
			t.Errorf("somebody heard %q", got)
		default:
		}
	}
}

func TestASupportSessionCrossesReplicas(t *testing.T) {
	w := newWorld(t)
	routes := porttest.Free(t, 3)
	var all []*Broker
	for i, route := range routes {
		c := w.config("127.0.0.1:0")
		c.Folder, c.Certificate = t.TempDir(), w.pair(w.authority.Server([]string{"127.0.0.1"}, time.Now()))
		c.Cluster = &Cluster{Name: fmt.Sprintf("r%d", i), Listen: route, Routes: routes}
		all = append(all, w.open(c))
	}
	up := follows(t, all[2], mirrored, WayUp)
	picture := string(bytes.Repeat([]byte("k"), 256<<10))
	waitFor(t, func() bool { // until the replicas have found each other
		relay(t, all[0], mirrored, WayUp, "m", picture)
		select {
		case got := <-up:
			return got == "up m kkkkkkkkkkkkkkkkkkkk"
		default:
			return false
		}
	})
	waitFor(t, func() bool { return all[1].Ready(t.Context()) == nil }) // MQTT's own store works beside it
}

// Speaking does not look at what following makes longer.
func TestOneSpeaksWhileOthersBeginToFollow(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.config("127.0.0.1:0"))
	var all sync.WaitGroup
	all.Go(func() {
		for range 1000 {
			_ = b.Relay(mirrored, WayUp, "m", []byte("picture"))
		}
	})
	for i := range 3 * maxFilters {
		follows(t, b, fmt.Sprintf("%032x", i), WayUp)
	}
	all.Wait()
}
