package mobileapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts/accountstest"
)

// page is a browser's side of a live stream.
type page struct {
	*httptest.ResponseRecorder
	mu    sync.Mutex
	text  string
	close context.CancelFunc
	ended chan struct{}
}

func (p *page) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text += string(data)
	return len(data), nil
}

// take is what has come since the last time.
func (p *page) take() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := p.text
	p.text = ""
	return text
}

func (p *page) isOpen() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

func (c *client) watch() *page { return c.watching(home("/events")) }

func (c *client) watching(path string) *page {
	ctx, cancel := context.WithCancel(context.Background())
	p := &page{ResponseRecorder: httptest.NewRecorder(), close: cancel, ended: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, "GET", path, nil)
	for key, values := range c.header {
		r.Header[key] = values
	}
	go func() {
		defer close(p.ended)
		c.w.handler.ServeHTTP(p, r)
	}()
	synctest.Wait()
	return p
}

const look1, look2, here = "event: look\ndata: {\"revision\":1}\n\n", "event: look\ndata: {\"revision\":2}\n\n", ": here\n\n"

func TestStreamSaysLookAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.as("child")
		p := c.watch()
		if got := p.take(); got != look1 || p.Header().Get("Content-Type") != "text/event-stream" ||
			p.Header().Get("X-Accel-Buffering") != "no" || p.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("first %q, %v", got, p.Header())
		}
		w.as("owner").at(1).do("POST", home("/pause"), `{"for":{"home":true}}`).home()
		synctest.Wait()
		if got := p.take(); got != look2 {
			t.Errorf("after a change %q", got)
		}
		w.hub.says(home1, box(2))
		synctest.Wait()
		if got := p.take(); got != look2 {
			t.Errorf("after a report %q", got)
		}
		w.hub.says(home2, box(1))
		time.Sleep(2*heartbeat + time.Second)
		if got := p.take(); got != here+here {
			t.Errorf("in silence %q", got)
		}
		p.close()
		<-p.ended
	})
}

func TestStreamEndsWithTheSessionTheMembershipAndTheServer(t *testing.T) {
	for name, end := range map[string]func(w *world, c *client){
		"sign-out": func(_ *world, c *client) { c.do("DELETE", "/api/sessions/current", "").is(http.StatusNoContent) },
		"membership": func(w *world, _ *client) {
			if err := w.store.PutMembership(w.t.Context(), accountstest.MembershipRow{Member: w.member["owner"], Home: home1}); err != nil {
				w.t.Fatal(err)
			}
		},
		"server": func(w *world, _ *client) { w.ends() },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			c := w.as("owner")
			p := c.watch()
			end(w, c)
			time.Sleep(30 * time.Second)
			synctest.Wait()
			if p.isOpen() {
				t.Errorf("%s: still open", name)
			}
			p.close()
			<-p.ended
		})
	}
}

// TestOpenPhonesHearOfARoleAtOnce waits for no heartbeat: synctest's clock stands still.
func TestOpenPhonesHearOfARoleAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		owner := w.as("owner")
		seat := home("/members/" + w.member["adult"])
		p, mine := w.as("adult").watch(), owner.watch()
		p.take()
		owner.do("PUT", seat, `{"role":"child","person":"leo"}`).is(http.StatusOK)
		synctest.Wait()
		if got := p.take(); got != look1 || !p.isOpen() {
			t.Errorf("after the change of role %q", got)
		}
		mine.take()
		owner.do("DELETE", seat, "").is(http.StatusNoContent)
		synctest.Wait()
		if got := p.take(); got != "" || p.isOpen() {
			t.Errorf("after the removal %q, open %v", got, p.isOpen())
		}
		if got := mine.take(); got != look1 || !mine.isOpen() {
			t.Errorf("who stays hears %q", got)
		}
		mine.close()
		p.close()
		<-mine.ended
		<-p.ended
	})
}

func TestStreamOutlivesAStoreThatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p := w.as("owner").watch()
		p.take()
		w.store.Fail(registry.ErrUnavailable)
		time.Sleep(heartbeat + time.Second)
		if got := p.take(); got != here || !p.isOpen() {
			t.Errorf("%q", got)
		}
		p.close()
		<-p.ended
	})
}

func TestSessionHasItsStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.as("owner")
		var pages []*page
		for range maxStreams {
			pages = append(pages, c.watch())
		}
		c.do("GET", home("/events"), "").refuses(http.StatusTooManyRequests, codeStreams)
		pages[0].close()
		<-pages[0].ended
		pages = append(pages, c.watch(), w.as("owner").watch())
		for _, p := range pages[1:] {
			if !strings.HasPrefix(p.take(), look1) {
				t.Error("a stream did not begin")
			}
			p.close()
			<-p.ended
		}
		synctest.Wait()
		if len(w.hub.watchers) != 0 {
			t.Errorf("%d watchers are left", len(w.hub.watchers))
		}
	})
}
