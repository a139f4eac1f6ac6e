package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/keyring"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/store"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// TestASessionGoesWithItsAgentAndItsHome: a case that is handed over takes no session along, and a home that goes ends
// what lives in it; the audit then says nothing of the family, and is whole.
func TestASessionGoesWithItsAgentAndItsHome(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		julie, marc := c.hire("Julie", accounts.StaffSupport, 1), c.hire("Marc", accounts.StaffSupport, 0)
		begun := c.consent(ada, c.ask(ada, julie, `["see","change"]`).ID, `["see","change"]`)
		julie.support = begun.ID
		julie.change("PUT", "~/devices/tv", 1, tvBody)
		julie.support = ""
		its := "/api/staff/cases/" + begun.Case
		if got := marc.code("POST", its+"/sessions", 0, `{"scopes":["see"],"minutes":5,"reason":"x"}`); got != "409 case-not-yours" {
			t.Errorf("asking in another's case: %s", got)
		}
		if status := marc.do("PUT", "/api/staff/desk", 0, `{}`, nil); status != http.StatusNoContent {
			t.Fatalf("sitting down: %d", status)
		}
		var me mobileapi.Me
		marc.do("GET", "/api/me", 0, "", &me)
		offer := `{"to":"` + me.Member.ID + `","reason":"lunch","tried":"the TV"}`
		if status := julie.do("POST", its+"/handover", 0, offer, nil); status != http.StatusOK {
			t.Fatalf("handing over: %d", status)
		}
		if status := marc.do("POST", its+"/handover/accept", 0, "", nil); status != http.StatusOK {
			t.Fatalf("accepting: %d", status)
		}
		var list []mobileapi.SupportSession
		ada.do("GET", "~/support", 0, "", &list)
		if len(list) != 1 || list[0].State != "ended" || list[0].EndedBy != "hand-over" {
			t.Errorf("after the hand-over: %+v", list)
		}
		if by := c.ender(ada); by != "Julie" {
			t.Errorf("it was ended by %q", by)
		}
		second := c.again(ada, marc, begun.Case)
		if second.Staff.Name != "Marc" {
			t.Errorf("the new agent's: %+v", second)
		}
		var export mobileapi.Export
		if status := ada.do("GET", "~/export", 0, "", &export); status != http.StatusOK || len(export.Support) != 2 || len(export.Audit) < 6 {
			t.Errorf("export: %d, %d sessions, %d lines", status, len(export.Support), len(export.Audit))
		}
		if status := ada.do("POST", "~/deletion", 0, `{"password":"`+apiPassword+`"}`, nil); status != http.StatusNoContent {
			t.Fatalf("deleting: %d", status)
		}
		if g, _ := c.grant(); g.ID != second.ID || !g.Ended {
			t.Errorf("the box still knows %+v", g)
		}
		if got := marc.code("GET", "/api/staff/sessions/"+second.ID, 0, ""); got != "404 not-found" {
			t.Errorf("the session of a home that is gone: %s", got)
		}
		for _, l := range c.verify() {
			if l.Home == c.home && !l.Erased() || strings.Contains(l.Content, "Ada") {
				t.Errorf("line %d says %q", l.Seq, l.Content)
			}
		}
	})
}

// ender is whom the audit names for the newest end of a session.
func (c *apiCloud) ender(family *apiVisitor) string {
	c.t.Helper()
	var account []mobileapi.AuditLine
	family.do("GET", "~/audit", 0, "", &account)
	for _, l := range account {
		if l.Verb == "support-ended" && l.Actor != nil {
			return l.Actor.Name
		}
	}
	return ""
}

// A case that its customer calls solved ends their agent's session by them.
func TestWhoSaysThatItIsSolvedEndsTheSession(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 0)
		for _, end := range []struct {
			who              *apiVisitor
			path, body, want string
		}{
			{ada, "~/cases/%s/close", `{"solved":true}`, "customer Ada"},
			{julie, "/api/staff/cases/%s/wrap-up", `{"reason":"tv","summary":"Well."}`, "staff Julie"},
		} {
			begun := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
			if status := end.who.do("POST", fmt.Sprintf(end.path, begun.Case), 0, end.body, nil); status != http.StatusOK {
				t.Fatalf("ending it: %d", status)
			}
			var list []mobileapi.SupportSession
			ada.do("GET", "~/support", 0, "", &list)
			if got := fmt.Sprint(list[0].EndedBy, " ", c.ender(ada)); list[0].ID != begun.ID || got != end.want {
				t.Errorf("ended by %s, want %s", got, end.want)
			}
		}
	})
}

// again is a session in a case that its agent has already.
func (c *apiCloud) again(family, agent *apiVisitor, id string) mobileapi.SupportSession {
	c.t.Helper()
	var asked mobileapi.SupportSession
	if status := agent.do("POST", "/api/staff/cases/"+id+"/sessions", 0, `{"scopes":["see"],"minutes":5,"reason":"x"}`, &asked); status != http.StatusCreated {
		c.t.Fatalf("asking for a session: %d", status)
	}
	var begun mobileapi.SupportSession
	if status := family.do("POST", "~/support/"+asked.ID+"/consent", 0, `{"scopes":["see"],"minutes":5,"text":"x"}`, &begun); status != http.StatusOK {
		c.t.Fatalf("consenting: %d", status)
	}
	return begun
}

// leaver is a link on which whoever asked has gone by the time that it is used.
type leaver struct {
	*ether
	gone context.CancelFunc
}

func (l leaver) Announce(about string) error {
	l.gone()
	return l.ether.Announce(about)
}

// nursery keeps the sessions of the same cloud in another way.
func (c *apiCloud) nursery(config assist.SessionConfig) *assist.Sessions {
	c.t.Helper()
	ring, err := keyring.Open(c.t.Context(), keyring.Config{Store: c.data, Link: c.ether, Keys: []ed25519.PrivateKey{c.key}, Now: time.Now, Log: config.Log})
	if err != nil {
		c.t.Fatal(err)
	}
	config.Keys, config.Issuer = ring, "https://carebox.example"
	return assist.NewSessions(config)
}

// TestWhoHasGoneKeepsNoSessionAlive: a browser that closes in the middle is no reason for an agent, or a box, to go on.
func TestWhoHasGoneKeepsNoSessionAlive(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c, log := newAPICloud(t, database, 1), slog.New(slog.DiscardHandler)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 0)
		begun := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
		for name, end := range map[string]func(context.Context, *assist.Sessions, string) error{
			"customer": func(ctx context.Context, care *assist.Sessions, id string) error {
				_, err := care.End(ctx, c.home, id, assist.Closing{})
				return err
			},
			"agent": func(ctx context.Context, care *assist.Sessions, _ string) error {
				gone, cancel := context.WithCancel(ctx)
				cancel()
				ending(care, log)(gone, assist.Case{ID: begun.Case}, "j")
				return nil
			},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			care := c.nursery(assist.SessionConfig{Store: c.data, Link: leaver{c.ether, cancel}, Log: log})
			live := c.again(ada, julie, begun.Case)
			if err := end(ctx, care, live.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := care.Check(t.Context(), live.ID, live.Staff.ID, "see"); !errors.Is(err, assist.ErrOver) {
				t.Errorf("%s: %v", name, err)
			}
			if g, _ := c.grant(); g.ID != live.ID || !g.Ended {
				t.Errorf("%s: the box knows %+v", name, g)
			}
			cancel()
		}
	})
}

// forgetful ends a session and does not say so, once.
type forgetful struct {
	*store.Store
	heard bool
}

func (f *forgetful) CloseSupport(ctx context.Context, id string, by assist.Closing) (assist.Session, bool, error) {
	one, closed, err := f.Store.CloseSupport(ctx, id, by)
	if !f.heard && err == nil {
		f.heard = true
		return assist.Session{}, false, registry.ErrUnavailable
	}
	return one, closed, err
}

// TestABoxHearsOfAnEndWhoseAnswerWasLost: whoever ends it again, because they were told that it cannot be now, tells the box.
func TestABoxHearsOfAnEndWhoseAnswerWasLost(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, julie := c.signIn("Ada", 0), c.hire("Julie", accounts.StaffSupport, 0)
		begun := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
		care := c.nursery(assist.SessionConfig{Store: &forgetful{Store: c.data}, Link: c.ether, Log: slog.New(slog.DiscardHandler)})
		if _, err := care.End(t.Context(), c.home, begun.ID, assist.Closing{}); !errors.Is(err, registry.ErrUnavailable) {
			t.Fatal(err)
		}
		if _, err := care.End(t.Context(), c.home, begun.ID, assist.Closing{}); err != nil {
			t.Fatal(err)
		}
		if g, _ := c.grant(); g.ID != begun.ID || !g.Ended {
			t.Errorf("the box knows %+v", g)
		}
	})
}
