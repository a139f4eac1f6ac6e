package registry

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

func say(t *testing.T, a *air, what string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	a.handle("box-1", what, data)
}

func TestPresenceIsTheAgeOfTheNewestMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m, a := lab(t)
		synctest.Wait()
		look, err := r.Watch(t.Context(), "h1")
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		reachable := func() bool {
			state, err := r.State(t.Context(), "h1")
			if err != nil {
				t.Fatal(err)
			}
			return state.Box.Reachable
		}
		for _, step := range []struct {
			say       string
			after     time.Duration // then look
			reachable bool
			told      bool
		}{
			{"", 5 * time.Second, false, false},
			{wire.UpHeartbeat, 1500 * time.Millisecond, true, true},
			{wire.UpHeartbeat, 40 * time.Second, true, false},
			{"", 9 * time.Second, true, false},
			{"", 3 * time.Second, false, true}, // 52 s of silence
			{wire.UpHeartbeat, 2 * time.Second, true, true},
			{wire.UpGone, 1 * time.Second, true, false}, // a hint
			{"", 3 * time.Second, false, true},
			{wire.UpHeartbeat, 2 * time.Second, true, true},
			{wire.UpGone, 500 * time.Millisecond, true, false},
			{wire.UpHeartbeat, 4 * time.Second, true, true}, // it had only reconnected
			{"", 44 * time.Second, true, false},
		} {
			if step.say != "" {
				say(t, a, step.say, wire.Heartbeat{Revision: 1})
			}
			time.Sleep(step.after)
			synctest.Wait()
			told := false
			select {
			case <-look:
				told = true
			default:
			}
			if got := reachable(); got != step.reachable || told != step.told {
				t.Errorf("after %v (%q): reachable %v, told %v; want %v, %v; %v",
					time.Since(began), step.say, got, told, step.reachable, step.told, m)
			}
		}
	})
}

func TestALostPublishIsRepairedByTheHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m, a := lab(t)
		synctest.Wait()
		say(t, a, wire.UpHeartbeat, wire.Heartbeat{Revision: 1})
		time.Sleep(2 * time.Second)
		a.mu.Lock()
		a.cut = true
		a.mu.Unlock()
		state, err := r.Change(t.Context(), "h1", 1, Edit{Apply: func(p *policies.Policy) error {
			p.Unknown = policies.UnknownQuarantine
			return nil
		}})
		if err != nil || state.Asked.Revision != 2 {
			t.Fatalf("a change that could not be published: %v; %v", err, m)
		}
		a.mu.Lock()
		a.cut = false
		a.mu.Unlock()
		time.Sleep(20 * time.Second)
		if n := a.count(); n != 0 {
			t.Fatalf("%d documents were sent to a box that said nothing", n)
		}
		say(t, a, wire.UpHeartbeat, wire.Heartbeat{Revision: 1})
		time.Sleep(2 * time.Second)
		if n := a.count(); n != 1 {
			t.Errorf("%d documents were sent, want 1", n)
		}
		say(t, a, wire.UpHeartbeat, wire.Heartbeat{Revision: 2})
		time.Sleep(2 * time.Second)
		if n := a.count(); n != 1 {
			t.Errorf("%d documents were sent in all: the box had it", n)
		}
	})
}

func TestWhatComesWhileTheDatabaseIsAwayIsTakenLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m, a := lab(t)
		synctest.Wait()
		m.set(true)
		for i := range int64(1000) {
			say(t, a, wire.UpReported, wire.Reported{Box: "box-1", InForce: i})
		}
		say(t, a, wire.UpHeartbeat, wire.Heartbeat{Revision: 0})
		time.Sleep(10 * time.Millisecond)
		m.set(false)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		state, err := r.State(t.Context(), "h1")
		if err != nil || state.Box.Reported == nil || state.Box.Reported.InForce != 999 || !state.Box.Reachable {
			t.Errorf("box %+v, %v", state.Box, err)
		}
		if a.count() == 0 {
			t.Error("the old revision in the heartbeat was forgotten")
		}
	})
}

func TestTheInboxKeepsTheNewestOfEachKind(t *testing.T) {
	in, now := newInbox(), time.Now()
	for i := range 3 {
		at := now.Add(time.Duration(i) * time.Second)
		for _, what := range []string{wire.UpHello, wire.UpReported} {
			if !in.put(message{box: "box-1", what: what, body: []byte{byte(i)}, at: at}) {
				t.Fatal("no room")
			}
		}
	}
	in.putBack(message{box: "box-1", what: wire.UpHello, body: []byte{9}, at: now}) // it has been overtaken
	list := in.queueOf("box-1").take()
	if len(list) != 2 || list[0].what != wire.UpHello || list[0].body[0] != 2 || list[1].body[0] != 2 {
		t.Errorf("got %v", list)
	}
	big := []byte(strings.Repeat("x", 1<<20))
	n := 0
	for in.put(message{box: strings.Repeat("b", n+1), what: wire.UpReported, body: big, at: now}) && n < 1000 {
		n++
	}
	if n < 8 || n > maxHeld>>20 {
		t.Errorf("%d MB were kept", n)
	}
	if q := in.queueOf("box-1"); q.held < 0 || q.held > maxHeld/workers {
		t.Errorf("%d bytes are held", q.held)
	}
}

func FuzzReceive(f *testing.F) {
	for i, seed := range []string{
		`{"box":"box-1","schema":1,"revision":1}`, `{"revision":1}`, `{"box":"box-1","inForce":1,"devices":[{"verdict":{}}]}`,
		`{"box":"box-1","schema":1,"revision":9223372036854775807}`, `{"revision":-1}`, "null", "[]", "\xff", "{\"box\":\"box-1\",\"\\u0000\":\"\xff\"}",
	} {
		f.Add(uint8(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		r, m, a := still(t)
		what := []string{wire.UpHello, wire.UpHeartbeat, wire.UpReported, wire.UpGone, wire.UpAsk, wire.UpEnded, wire.UpResult}[kind%7]
		if r.receive(t.Context(), message{box: "box-1", what: what, body: body, at: time.Now()}) {
			t.Error("it wants to be taken again")
		}
		r.flush(t.Context())
		state, err := r.State(t.Context(), "h1")
		if err != nil || state.Asked.Revision < 1 || state.Asked.Revision > 1+ahead+1 {
			t.Errorf("%v, %v", m, err)
		}
		for _, sent := range a.sent {
			if _, err := wire.Open(sent, r.Keys.Of(t.Context(), "box-1").Public().(publicKey), "box-1"); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestWhatIsNoMessageIsNoSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m, _ := still(t)
		say := func(what, body string) bool {
			t.Helper()
			if r.receive(t.Context(), message{box: "box-1", what: what, body: []byte(body), at: time.Now()}) {
				t.Errorf("%q wants to be taken again", body)
			}
			r.flush(t.Context())
			state, err := r.State(t.Context(), "h1")
			if err != nil {
				t.Fatal(err)
			}
			return state.Box.Reachable
		}
		for body, what := range map[string]string{
			"null":            wire.UpHeartbeat,
			" null":           wire.UpHeartbeat,
			`{"revision":-1}`: wire.UpHeartbeat,
			`{"revision":1`:   wire.UpHeartbeat,
			`{"box":"box-1","schema":1,"revision":-1}`:                        wire.UpHello,
			`{"box":"box-1","schema":0}`:                                      wire.UpHello,
			`{"box":"box-1","schema":1,"key":"no fingerprint"}`:               wire.UpHello,
			`{"box":"box-1","schema":1,"ended":[{"jti":"no letter"}]}`:        wire.UpHello,
			`{"box":"box-1","schema":1}` + strings.Repeat(" ", wire.MaxHello): wire.UpHello,
			`{"revision":1}` + strings.Repeat(" ", wire.MaxHello):             wire.UpHeartbeat,
		} {
			if say(what, body) {
				t.Errorf("%s %.60q is taken for a sign of life: %v", what, body, m)
			}
		}
		if !say(wire.UpHeartbeat, `{"revision":1}`) {
			t.Error("a heartbeat is no sign of life")
		}
	})
}
