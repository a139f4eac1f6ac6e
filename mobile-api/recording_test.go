package mobileapi

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

const recording1 = "66666666-6666-4666-8666-666666666666"

// archive is what is kept of screens, in memory.
type archive struct {
	list    []assist.Recording
	frames  []string // kind and seq of each, in order
	slow    chan struct{}
	keeping error
	holder  string // who has the case; "" is anybody
	watched []assist.Watcher
}

func (n *nurse) Record(_ context.Context, by assist.Switch) (assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.in(by.Home, by.Session)
	if err != nil || one.Customer != by.Member {
		return assist.Session{}, assist.ErrUnknown
	}
	one.Recording = by.On
	return *one, nil
}

func (n *nurse) Keep(ctx context.Context, session string, list []assist.Shown) error {
	n.mu.Lock()
	slow, fail := n.archive.slow, n.archive.keeping
	n.mu.Unlock()
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return registry.ErrUnavailable
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.find(func(s assist.Session) bool { return s.ID == session })
	switch {
	case err != nil:
		return err
	case fail != nil:
		return fail
	case !one.Recording:
		return assist.ErrOver
	}
	for _, shown := range list {
		n.archive.frames = append(n.archive.frames, fmt.Sprintf("%d.%d", shown.Frame[0], binary.BigEndian.Uint32(shown.Frame[12:])))
	}
	return nil
}

// kept is what was kept so far.
func (n *nurse) kept() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.archive.frames, " ")
}

func (n *nurse) Recordings(_ context.Context, home, member string) ([]assist.Recording, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.archive.list), func(r assist.Recording) bool {
		return r.Home != home || member != "" && r.Member != member
	}), nil
}

func (n *nurse) played(keep func(assist.Recording) bool) (*assist.Played, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.ContainsFunc(n.archive.list, keep) {
		return nil, assist.ErrRecordingGone
	}
	return assist.NewPlayed([]byte("frames"), func() {}), nil
}

func (n *nurse) Replay(_ context.Context, home, id, member string) (*assist.Played, error) {
	return n.played(func(r assist.Recording) bool { return r.Home == home && r.ID == id && r.Member == member })
}

func (n *nurse) Forget(_ context.Context, home, id string, by assist.Closing) error {
	if _, err := n.Replay(context.Background(), home, id, by.Who); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.archive.list = slices.DeleteFunc(n.archive.list, func(r assist.Recording) bool { return r.ID == id })
	return nil
}

func (n *nurse) RecordingsOf(_ context.Context, kase string, by assist.Watcher) ([]assist.Recording, []assist.Gone, error) {
	if !by.Any && n.archive.holder != "" {
		return nil, nil, assist.ErrNotHeld
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.archive.list), func(r assist.Recording) bool { return r.Case != kase }),
		[]assist.Gone{{At: begin, Expired: true}}, nil
}

func (n *nurse) Watch(_ context.Context, kase, id string, by assist.Watcher) (*assist.Played, error) {
	if !by.Any && n.archive.holder != "" {
		return nil, assist.ErrNotHeld
	}
	p, err := n.played(func(r assist.Recording) bool { return r.Case == kase && r.ID == id })
	n.mu.Lock()
	defer n.mu.Unlock()
	n.archive.watched = append(n.archive.watched, by)
	return p, err
}

// filmed is a world with a recording of an adult's screen.
func filmed(t *testing.T) *world {
	t.Helper()
	w := staffed(t)
	w.nurse.archive.holder = "somebody"
	w.nurse.archive.list = []assist.Recording{{
		ID: recording1, Case: case1, Home: home1, Member: w.member["adult"], Name: "adult", Begun: begin, Until: begin.Add(assist.KeptFor),
		Newest: begin.Add(time.Minute), Parts: 3, Bytes: 9, On: true,
	}}
	return w
}

func TestARecordingIsItsMembersAlone(t *testing.T) {
	w := filmed(t)
	var list []Recording
	w.as("adult").do("GET", home("/recordings"), "").is(http.StatusOK).decode(&list)
	if len(list) != 1 || list[0].ID != recording1 || list[0].Case != case1 || list[0].Member.Name != "adult" || list[0].Newest == nil || !list[0].On {
		t.Errorf("%+v", list)
	}
	for _, who := range []string{"owner", "child"} {
		w.as(who).do("GET", home("/recordings"), "").is(http.StatusOK).decode(&list)
		if len(list) != 0 {
			t.Errorf("%s sees %+v", who, list)
		}
		w.as(who).do("GET", home("/recordings/"+recording1), "").refuses(http.StatusNotFound, codeRecordingGone)
		w.as(who).do("DELETE", home("/recordings/"+recording1), "").refuses(http.StatusNotFound, codeRecordingGone)
	}
	a := w.as("adult").do("GET", home("/recordings/"+recording1), "").is(http.StatusOK)
	if string(a.body) != "frames" || a.header.Get("Content-Type") != "application/octet-stream" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q, %v", a.body, a.header)
	}
	w.as("adult").do("DELETE", home("/recordings/"+recording1), "").is(http.StatusNoContent)
	w.as("adult").do("DELETE", home("/recordings/"+recording1), "").refuses(http.StatusNotFound, codeRecordingGone)
}

func TestStaffSeeWhatWasKeptAsTheirRoleGoes(t *testing.T) {
	w := filmed(t)
	way := "/api/staff/cases/" + case1 + "/recordings"
	w.by(accounts.ProofPasskey, "support").do("GET", way, "").refuses(http.StatusForbidden, codeRecordingHeld)
	w.by(accounts.ProofPasskey, "support").do("POST", way+"/"+recording1+"/watch", "").refuses(http.StatusForbidden, codeRecordingHeld)
	for _, who := range []string{"supervisor", "admin"} {
		var found CaseRecordings
		w.by(accounts.ProofPasskey, who).do("GET", way, "").is(http.StatusOK).decode(&found)
		if len(found.List) != 1 || len(found.Gone) != 1 || !found.Gone[0].Expired {
			t.Errorf("%s sees %+v", who, found)
		}
		w.by(accounts.ProofPasskey, who).do("POST", way+"/"+recording1+"/watch", "").is(http.StatusOK)
	}
	if n := w.nurse.archive.watched; len(n) != 2 || n[0].ID != w.member["supervisor"] {
		t.Errorf("watched by %+v", n)
	}
}

// Kept is what an agent is shown from the switch on, from a key frame of then; and nothing after it.
func TestWhatIsShownIsKept(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	screen := p.screen(0)
	screen.until(`"session"`, `"recording":false`)
	looker := p.looker(1)
	looker.until(`"recording":false`)
	screen.until(`"key.want"`)
	screen.show(piece(1, 1, 0, 10))
	screen.show(piece(2, 1, 1, 10))
	looker.until("frame 2 1")
	p.change(func(s *assist.Session) { s.Recording = true })
	screen.until(`"recording":true`)
	looker.until(`"recording":true`)
	screen.until(`"key.want"`)
	screen.show(piece(2, 1, 2, 10)) // of the picture before: it begins nothing
	screen.show(piece(1, 1, 0, 10))
	screen.show(piece(2, 1, 1, 10))
	looker.until("frame 1 0")
	p.until("what was shown is kept", func() bool { return p.nurse.kept() == "1.0 2.1" })
	p.change(func(s *assist.Session) { s.Recording = false })
	screen.until(`"recording":false`)
	screen.show(piece(2, 1, 2, 10))
	looker.until("frame 2 2")
	_ = screen.conn.CloseNow()
	looker.until(`"away"`)
	if got := p.nurse.kept(); got != "1.0 2.1" {
		t.Errorf("kept %q", got)
	}
}

// While nobody looks the page is asked for nothing.
func TestNothingIsKeptThatNobodyWasShown(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	p.nurse.list[0].Recording = true
	screen := p.screen(0)
	screen.until(`"recording":true`)
	p.change(func(*assist.Session) {})
	if got := screen.until(`"type":`); !strings.Contains(got, `"session"`) {
		t.Errorf("it was asked %s", got)
	}
	looker := p.looker(1)
	looker.until(`"session"`)
	screen.until(`"key.want"`)
	screen.show(piece(1, 1, 0, 10))
	p.until("it is kept", func() bool { return p.nurse.kept() == "1.0" })
}

// A page that goes takes nothing along that was shown, and another begins anew with a key frame, at another replica.
func TestARecordingGoesOnInAnotherPage(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	p.nurse.list[0].Recording = true
	looker, screen := p.looker(1), p.screen(0)
	screen.until(`"key.want"`)
	screen.show(piece(1, 1, 0, 10))
	screen.show(piece(2, 1, 1, 10))
	looker.until("frame 2 1")
	newer := p.screen(1)
	newer.until(`"key.want"`)
	newer.show(piece(1, 2, 0, 10))
	newer.show(piece(2, 2, 1, 10))
	p.until("both are kept", func() bool {
		got := strings.Split(p.nurse.kept(), " ")
		return len(got) == 4 && got[0] == "1.0"
	})
}

// A store that is away or slow: the picture is live all the same, and the recording goes on with a key frame.
func TestAStoreThatIsAwayHarmsNoPicture(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	slow := make(chan struct{})
	p.nurse.list[0].Recording, p.nurse.archive.slow = true, slow
	looker, screen := p.looker(1), p.screen(0)
	screen.until(`"key.want"`)
	screen.show(piece(1, 1, 0, 10))
	for seq := range uint32(20) {
		screen.show(piece(2, 1, seq+1, 1000))
		looker.until(fmt.Sprintf("frame 2 %d", seq+1))
	}
	screen.until(`"key.want"`) // what waited was lost
	p.nurse.mu.Lock()
	p.nurse.archive.slow = nil
	p.nurse.mu.Unlock()
	p.until("it goes on", func() bool { // what comes before the loss is known is lost with it
		screen.show(piece(1, 1, 0, 10))
		return strings.HasSuffix(p.nurse.kept(), "1.0")
	})
}

func TestAFullRecordingIsNotAFault(t *testing.T) {
	p := newPair(t, wire.ScopeSee)
	p.nurse.list[0].Recording, p.nurse.archive.keeping = true, assist.ErrRecordingFull
	looker, screen := p.looker(1), p.screen(0)
	screen.until(`"key.want"`)
	screen.show(piece(1, 1, 0, 10))
	looker.until("frame 1 0")
	screen.until(`"key.want"`) // it was told, and begins again until the session says otherwise
	p.change(func(s *assist.Session) { s.Recording, s.Full = false, true })
	screen.until(`"recording":false`)
	if strings.Contains(p.log.String(), "could not keep") {
		t.Error("a full recording is in the log")
	}
}

// until waits for a condition.
func (p *pair) until(what string, met func() bool) {
	p.t.Helper()
	deadline, tick := time.After(2*patient), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !met() {
		select {
		case <-deadline:
			p.t.Fatalf("never: %s; kept %q", what, p.nurse.kept())
		case <-tick.C:
		}
	}
}
