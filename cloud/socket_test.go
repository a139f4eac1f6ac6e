package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// browser is the sign-in of a browser at a replica: its cookie.
func (c *apiCloud) browser(name string, proof accounts.Proof) string {
	c.t.Helper()
	m, err := c.data.MemberByEmail(c.t.Context(), c.member[name])
	if err != nil {
		c.t.Fatal(err)
	}
	secret := sha256.Sum256([]byte(uuid.NewString()))
	sum := sha256.Sum256(secret[:])
	now := time.Now()
	row := struct {
		ID, Hash, Member, Kind, Client, Proof string
		Created, Used, Expires                time.Time
	}{uuid.NewString(), hex.EncodeToString(sum[:]), m.ID, "browser", "browser", string(proof), now, now, now.Add(time.Hour)}
	if err := c.data.AddSession(c.t.Context(), row); err != nil {
		c.t.Fatal(err)
	}
	return "carebox=" + base64.RawURLEncoding.EncodeToString(secret[:])
}

// dial is a socket at a replica, with a ticket from another.
func (c *apiCloud) dial(replica int, cookie, path string) *websocket.Conn {
	c.t.Helper()
	var answer struct{ Ticket string }
	v := &apiVisitor{t: c.t, url: c.url[1-replica], home: c.home, cookie: cookie}
	if status := v.do("POST", path, 0, "", &answer); status != http.StatusCreated {
		c.t.Fatalf("asking for a ticket: %d", status)
	}
	conn, _, err := websocket.Dial(c.t.Context(), c.url[replica]+"/api/support/socket", &websocket.DialOptions{
		HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {c.url[replica]}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	hello := fmt.Sprintf(`{"type":"hello","ticket":%q}`, answer.Ticket)
	if err := conn.Write(c.t.Context(), websocket.MessageText, []byte(hello)); err != nil {
		c.t.Fatal(err)
	}
	return conn
}

func read(t *testing.T, conn *websocket.Conn, words ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		_, message, err := conn.Read(ctx)
		if err != nil {
			t.Fatalf("waiting for %q: %v", words, err)
		}
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(string(message), word) }) {
			return string(message)
		}
	}
}

func closing(t *testing.T, conn *websocket.Conn) websocket.StatusCode {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// The whole way on both databases: consent, tickets, two replicas, and the end by the customer.
func TestTheSocketOfASession(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		julie := c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
		looker := c.dial(1, c.browser("Julie", accounts.ProofTOTP), "/api/staff/sessions/"+begun.ID+"/ticket")
		read(t, looker, `"type":"session"`) // then it follows: a screen says but once that it is here
		cookie := c.browser("Ada", accounts.ProofPassword)
		screen := c.dial(0, cookie, "~/support/"+begun.ID+"/ticket")
		read(t, looker, `"here"`)
		read(t, screen, `"seen"`)
		newer := c.dial(1, cookie, "~/support/"+begun.ID+"/ticket")
		if status := closing(t, screen); status != 4001 {
			t.Errorf("an older page: closed with %d", status)
		}
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Fatalf("ending: %d", status)
		}
		for _, conn := range []*websocket.Conn{looker, newer} {
			if status := closing(t, conn); status != 4001 {
				t.Errorf("after the end: closed with %d", status)
			}
		}
		v := &apiVisitor{t: t, url: c.url[0], home: c.home, cookie: cookie}
		if status := v.do("POST", "~/support/"+begun.ID+"/ticket", 0, "", nil); status != http.StatusForbidden {
			t.Errorf("a ticket after the end: %d", status)
		}
	})
}

// What an agent saw is on the customer's receipt while it goes on and after it, whichever replica ends; the audit tells its
// digest, and finds out who changes it.
func TestTheReceiptTellsWhatWasSeen(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		julie := c.hire("Julie", accounts.StaffSupport, 1)
		begun := c.consent(ada, c.ask(ada, julie, `["see"]`).ID, `["see"]`)
		looker := c.dial(1, c.browser("Julie", accounts.ProofTOTP), "/api/staff/sessions/"+begun.ID+"/ticket")
		read(t, looker, `"type":"session"`)
		screen := c.dial(0, c.browser("Ada", accounts.ProofPassword), "~/support/"+begun.ID+"/ticket")
		read(t, screen, `"seen"`)
		for _, name := range []string{"home", "person", "home", "tv"} {
			said := fmt.Sprintf(`{"type":"screen","route":%q,"width":390,"height":844}`, name)
			if err := screen.Write(t.Context(), websocket.MessageText, []byte(said)); err != nil {
				t.Fatal(err)
			}
			read(t, looker, `"screen"`, name)
		}
		var receipt mobileapi.SupportReceipt
		for end := time.Now().Add(30 * time.Second); len(receipt.Screens) < 3; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the receipt has %+v", receipt.Screens)
			}
			ada.do("GET", "~/support/"+begun.ID+"/receipt", 0, "", &receipt)
		}
		if status := ada.do("POST", "~/support/"+begun.ID+"/end", 0, "", nil); status != http.StatusOK {
			t.Fatalf("ending: %d", status)
		}
		closing(t, looker)
		ada.do("GET", "~/support/"+begun.ID+"/receipt", 0, "", &receipt)
		rows, told := [][]any{}, receipt.Lines[len(receipt.Lines)-2]
		for _, one := range receipt.Screens {
			rows = append(rows, []any{one.Screen, one.First.UnixMicro(), one.Last.UnixMicro()})
		}
		text, err := json.Marshal(rows)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		if told.Verb != "support-seen" || told.Actor.Name != "Julie" || told.Detail["screens"] != 3.0 || told.Detail["sum"] != hex.EncodeToString(sum[:]) {
			t.Errorf("the line %+v, of %s", told, text)
		}
		var export mobileapi.Export
		if status := ada.do("GET", "~/export", 0, "", &export); status != http.StatusOK || len(export.Screens) != 3 || export.Screens[0].Session != begun.ID {
			t.Errorf("export: %d, %+v", status, export.Screens)
		}
		if got := c.signIn("Léo", 0).code("GET", "~/support/"+begun.ID+"/receipt", 0, ""); got != "403 role" {
			t.Errorf("a child reads the receipt: %s", got)
		}
	})
}
