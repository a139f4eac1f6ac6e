package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/registry"
	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

// hire signs somebody of the staff in, with a second factor, at one replica.
func (c *apiCloud) hire(name string, role accounts.StaffRole, replica int) *apiVisitor {
	c.t.Helper()
	who, email := accounts.New(c.data, time.Now), strings.ToLower(name)+"@carebox.example"
	m, err := who.Create(c.t.Context(), email, name, apiPassword)
	if err == nil {
		_, err = who.Employ(c.t.Context(), email, role, audit.Entry{})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.member[name] = email
	secret := sha256.Sum256([]byte(uuid.NewString()))
	sum := sha256.Sum256(secret[:])
	now := time.Now()
	row := struct {
		ID, Hash, Member, Kind, Client, Proof string
		Created, Used, Expires                time.Time
	}{uuid.NewString(), hex.EncodeToString(sum[:]), m.ID, "app", "console", "totp", now, now, now.Add(time.Hour)}
	if err := c.data.AddSession(c.t.Context(), row); err != nil {
		c.t.Fatal(err)
	}
	return &apiVisitor{t: c.t, url: c.url[replica], home: c.home, token: base64.RawURLEncoding.EncodeToString(secret[:])}
}

// patiently is do, again while the session asks too much.
func (v *apiVisitor) patiently(method, path string, base int64, body string, into any) int {
	v.t.Helper()
	for end := time.Now().Add(soon); ; {
		status := v.do(method, path, base, body, into)
		if status != http.StatusTooManyRequests || time.Now().After(end) {
			return status
		}
		<-time.After(100 * time.Millisecond)
	}
}

// ask is a session that the agent of a new case has asked for.
func (c *apiCloud) ask(family, agent *apiVisitor, scopes string) mobileapi.SupportSession {
	c.t.Helper()
	var help mobileapi.Case
	for taken := false; !taken; { // a case of another agent is over first
		if status := family.patiently("POST", "~/help-requests", 0, `{"screen":"/home","text":"The TV freezes"}`, &help); status != http.StatusCreated {
			c.t.Fatalf("asking for help: %d", status)
		}
		if taken = agent.patiently("POST", "/api/staff/cases/"+help.ID+"/take", 0, "", nil) == http.StatusOK; !taken {
			family.patiently("POST", "~/cases/"+help.ID+"/close", 0, `{"solved":true}`, nil)
		}
	}
	var asked mobileapi.SupportSession
	body := fmt.Sprintf(`{"scopes":%s,"minutes":15,"reason":"The TV freezes"}`, scopes)
	if status := agent.patiently("POST", "/api/staff/cases/"+help.ID+"/sessions", 0, body, &asked); status != http.StatusCreated {
		c.t.Fatalf("asking for a session: %d", status)
	}
	return asked
}

// consent is a session that has begun.
func (c *apiCloud) consent(family *apiVisitor, id, scopes string) mobileapi.SupportSession {
	c.t.Helper()
	var begun mobileapi.SupportSession
	body := fmt.Sprintf(`{"scopes":%s,"minutes":10,"text":"May Julie see your screen?"}`, scopes)
	if status := family.patiently("POST", "~/support/"+id+"/consent", 0, body, &begun); status != http.StatusOK {
		c.t.Fatalf("consenting: %d", status)
	}
	return begun
}

// grant is the newest grant that the box got.
func (c *apiCloud) grant() (wire.Grant, bool) {
	c.t.Helper()
	c.ether.mu.Lock()
	defer c.ether.mu.Unlock()
	list := c.ether.sent[wire.DownGrant]
	if len(list) == 0 {
		return wire.Grant{}, false
	}
	g, err := wire.OpenGrant(list[len(list)-1], c.key.Public().(ed25519.PublicKey), "box-1")
	if err != nil {
		c.t.Fatal(err)
	}
	return g, true
}

func TestASupportSessionIsTheCustomers(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada, leo, eve := c.signIn("Ada", 0), c.signIn("Léo", 0), c.signIn("Eve", 0)
		eve.home = c.home
		julie, marc := c.hire("Julie", accounts.StaffSupport, 1), c.hire("Marc", accounts.StaffSupport, 0)
		looks := ada.watch()
		<-looks
		asked := c.ask(ada, julie, `["see","diagnose","change"]`)
		select {
		case <-looks:
		case <-time.After(soon):
			t.Fatal("the family was not told")
		}
		path := "~/support/" + asked.ID
		for who, v := range map[string]*apiVisitor{"a neighbour": eve, "the agent": julie} {
			if status := v.do("POST", path+"/consent", 0, `{"scopes":["see"],"minutes":5,"text":"x"}`, nil); status != http.StatusNotFound {
				t.Errorf("%s consents: %d", who, status)
			}
		}
		if status := leo.do("POST", path+"/consent", 0, `{"scopes":["see"],"minutes":5,"text":"x"}`, nil); status != http.StatusForbidden {
			t.Errorf("a child consents: %d", status)
		}
		if status := ada.do("POST", path+"/consent", 0, `{"scopes":["see"],"minutes":16,"text":"x"}`, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("longer than was asked: %d", status)
		}
		if _, ok := c.grant(); ok {
			t.Error("the box has a letter before anybody consented")
		}
		begun := c.consent(ada, asked.ID, `["diagnose","change"]`)
		if begun.State != "active" || begun.Left < 500 || begun.Left > 600 || len(begun.Scopes) != 2 || begun.Consent == nil || len(begun.Consent.Text) != 64 {
			t.Errorf("begun %+v", begun)
		}
		g, _ := c.grant()
		if g.ID != begun.ID || g.Home != "home:"+c.home || g.Scope != "diagnose change" || g.Expires-g.Issued != 600 || g.Revision != 1 || g.Name != "Julie" {
			t.Errorf("letter %+v", g)
		}
		if status := ada.do("POST", path+"/consent", 0, `{"scopes":["diagnose"],"minutes":5,"text":"x"}`, nil); status != http.StatusConflict {
			t.Errorf("a second consent: %d", status)
		}
		if status := marc.do("GET", "/api/staff/sessions/"+asked.ID, 0, "", nil); status != http.StatusNotFound {
			t.Errorf("another agent reads: %d", status)
		}
		if status := marc.do("POST", "/api/staff/sessions/"+asked.ID+"/end", 0, "", nil); status != http.StatusNotFound {
			t.Errorf("another agent ends: %d", status)
		}
		var over mobileapi.SupportSession
		if status := ada.do("POST", path+"/end", 0, "", &over); status != http.StatusOK || over.State != "ended" || over.EndedBy != "customer" || over.Left != 0 {
			t.Errorf("ended: %d, %+v", status, over)
		}
		if g, _ := c.grant(); !g.Ended || g.Revision != 2 || g.ID != begun.ID {
			t.Errorf("letter %+v", g)
		}
		julie.do("GET", "/api/staff/sessions/"+asked.ID, 0, "", &over)
		if over.State != "ended" {
			t.Errorf("at the other replica: %+v", over)
		}
	})
}

func TestASupportSessionEndsByItself(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		julie := c.hire("Julie", accounts.StaffSupport, 1)
		state := func(id string) mobileapi.SupportSession {
			var one mobileapi.SupportSession
			var list []mobileapi.SupportSession
			ada.do("GET", "~/support", 0, "", &list)
			for _, s := range list {
				if s.ID == id {
					one = s
				}
			}
			return one
		}
		first := c.consent(ada, c.ask(ada, julie, `["diagnose"]`).ID, `["diagnose"]`)
		var next mobileapi.SupportSession
		if status := ada.do("POST", "~/support/"+first.ID+"/extend", 0, `{"minutes":20,"text":"More?"}`, &next); status != http.StatusOK ||
			next.Replaces != first.ID || next.Left < 1100 || next.Scopes[0] != wire.ScopeDiagnose {
			t.Fatalf("extending: %d, %+v", status, next)
		}
		if old := state(first.ID); old.State != "ended" || old.EndedBy != "replaced" || old.ReplacedBy != next.ID {
			t.Errorf("the one before: %+v", old)
		}
		ended, err := json.Marshal(wire.Ended{Grant: next.ID, By: wire.EndedByBox, At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		c.ether.say("box-1", wire.UpEnded, ended)
		c.until("the box's end", func() bool { return state(next.ID).EndedBy == "box" })
		c.until("the box is told", func() bool { g, _ := c.grant(); return g.ID == next.ID && g.Ended })

		third := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
		if status := julie.do("DELETE", "/api/sessions/current", 0, "", nil); status != http.StatusNoContent {
			t.Fatalf("signing out: %d", status)
		}
		c.until("the end after signing out", func() bool { return state(third.ID).EndedBy == "sign-out" })

		marc := c.hire("Marc", accounts.StaffSupervisor, 0)
		fourth := c.consent(ada, c.ask(ada, marc, `["see"]`).ID, `["see"]`)
		if _, err := accounts.New(c.data, time.Now).Employ(t.Context(), c.member["Marc"], "", audit.Entry{}); err != nil {
			t.Fatal(err)
		}
		c.until("the end after the role", func() bool { return state(fourth.ID).EndedBy == "sign-out" })

		sam := c.hire("Sam", accounts.StaffSupport, 0)
		fifth := c.consent(ada, c.ask(ada, sam, `["see"]`).ID, `["see"]`)
		var me mobileapi.Me
		ada.do("GET", "/api/me", 0, "", &me)
		place := accounts.Membership{Home: c.home, Role: accounts.RoleChild}
		if err := accounts.New(c.data, time.Now).Join(t.Context(), me.Member.ID, place); err != nil {
			t.Fatal(err)
		}
		c.until("the end after the customer's place", func() bool { return state(fifth.ID).EndedBy == "customer" })
	})
}

// town is a home of an adult and a child.
type town struct{ told []registry.Event }

func (*town) Home(context.Context, string) (registry.Record, error) { return registry.Record{}, nil }

func (*town) MembersOf(context.Context, string) ([]struct{ Member, Name, Email, Role, Person string }, error) {
	return []struct{ Member, Name, Email, Role, Person string }{{Member: "ada", Role: "owner"}, {Member: "leo", Role: "child", Person: "leo"}}, nil
}

func (w *town) Tell(e registry.Event) { w.told = append(w.told, e) }

// TestWhoMayConsentIsWoken: an agent whom a child has called is answered by an adult.
func TestWhoMayConsentIsWoken(t *testing.T) {
	w := &town{}
	ask := asking(w, w, slog.New(slog.DiscardHandler))
	for _, customer := range []string{"ada", "leo", "gone"} {
		ask(t.Context(), assist.Session{ID: "s", Home: "h", Case: "k", Customer: customer, StaffName: "Julie"})
	}
	of := func(member, but, kase string) registry.Event {
		return registry.Event{Kind: registry.KindSupport, Word: registry.WordSession, Home: "h", Name: "Julie", Member: member, But: but, Case: kase}
	}
	want := []registry.Event{of("ada", "", "k"), of("", "leo", ""), of("", "gone", "")}
	if diff := cmp.Diff(want, w.told); diff != "" {
		t.Error(diff)
	}
}
