package mobileapi

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestAGazeIsKeptUntilItWasKept(t *testing.T) {
	var g gaze
	at := time.Unix(1000, 0)
	g.stay(at) // nothing was said yet
	if list, _, _ := g.news(at); list != nil {
		t.Errorf("at first %+v", list)
	}
	g.look("home", at)
	list, another, number := g.news(at.Add(time.Second))
	if !another || len(list) != 1 || list[0] != (assist.Glimpse{Screen: "home", First: time.Second, Last: time.Second}) {
		t.Errorf("one screen: %v, %+v", another, list)
	}
	g.look("tv", at.Add(2*time.Second)) // while the first is being kept
	g.done(number)
	if list, another, _ := g.news(at.Add(2 * time.Second)); !another || len(list) != 2 {
		t.Errorf("two screens: %v, %+v", another, list)
	}
	_, _, number = g.news(at)
	g.done(number)
	g.stay(at.Add(4 * time.Second))
	list, another, _ = g.news(at.Add(5 * time.Second))
	i := slices.IndexFunc(list, func(one assist.Glimpse) bool { return one.Screen == "tv" })
	if another || i < 0 || list[i] != (assist.Glimpse{Screen: "tv", First: 3 * time.Second, Last: time.Second}) {
		t.Errorf("the second for longer: %v, %+v", another, list)
	}
	_, _, number = g.news(at)
	g.done(number)
	g.look("", at.Add(6*time.Second))
	g.stay(at.Add(7 * time.Second))
	if list, _, _ := g.news(at); list != nil {
		t.Errorf("after the page has gone: %+v", list)
	}
}

// screens waits until the account has so many of them.
func (p *pair) screens(want int) map[string][2]time.Time {
	p.t.Helper()
	var receipt SupportReceipt
	for end := time.Now().Add(patient); len(receipt.Screens) != want; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("the account has %+v, want %d", receipt.Screens, want)
		}
		p.as("adult").do("GET", home("/support/"+session1+"/receipt"), "").is(http.StatusOK).decode(&receipt)
	}
	found := map[string][2]time.Time{}
	for _, one := range receipt.Screens {
		if one.Last.Before(one.First) || one.Session != session1 {
			p.t.Errorf("%+v", one)
		}
		found[one.Screen] = [2]time.Time{one.First, one.Last}
	}
	return found
}

// unseen is a page that goes to a screen while nobody looks: when it returns, the server has passed that on.
func (p *pair) unseen(page *socket, route string) {
	p.t.Helper()
	passed := make(chan struct{})
	var once sync.Once
	stop, err := p.air.Follow(session1, wayUp, func(_ string, message []byte) {
		if strings.Contains(string(message), `"route":"`+route+`"`) {
			once.Do(func() { close(passed) })
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	defer stop()
	page.say(`{"type":"screen","route":"` + route + `","width":1,"height":1}`)
	select {
	case <-passed:
	case <-time.After(patient):
		p.t.Fatalf("the server does not pass %q on", route)
	}
}

func TestOnlyWhatSomebodyLooksAtIsKept(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	screen := p.screen(0)
	screen.until(`"session"`)
	p.unseen(screen, "members")
	looker := p.looker(1)
	looker.until(`"session"`)
	screen.say(`{"type":"screen","route":"tv","width":1,"height":1}`)
	screen.say(`{"type":"screen","route":"leo","width":1,"height":1}`)                    // no name of a screen
	screen.say(`{"type":"screen","route":"activity","width":1,"height":1,"blind":"big"}`) // there is no picture of it
	screen.say(`{"type":"beat","epoch":1,"seq":1,"visible":true}`)
	looker.until(`"beat"`)
	first := p.screens(2)
	if _, is := first["tv"]; !is || first["other"][0].IsZero() {
		t.Errorf("the account has %v", first)
	}
	_ = looker.conn.Close(websocket.StatusNormalClosure, "")
	for end := time.Now().Add(patient); p.air.Listening() > 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the agent's socket goes on")
		}
	}
	p.unseen(screen, "settings")
	again := p.looker(0)
	again.until(`"session"`) // what the page heard of "seen" may be the first one's
	screen.say(`{"type":"screen","route":"hours","width":1,"height":1}`)
	again.until(`"hours"`)
	last := p.screens(3)
	if last["hours"][0].IsZero() || last["tv"][0].After(first["tv"][0]) { // said again a moment quicker, it was a moment earlier
		t.Errorf("the account has %v, before %v", last, first)
	}
}
