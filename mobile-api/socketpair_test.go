package mobileapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/accounts/accountstest"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	session1 = "44444444-4444-4444-8444-444444444444"
	patient  = 30 * time.Second // of a machine that does much else
)

// drawer is tickets in memory.
type drawer struct {
	mu      sync.Mutex
	tickets map[string]assist.Ticket
	count   uint32
	staff   string // of every session
}

func (d *drawer) Issue(_ context.Context, t assist.Ticket) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tickets == nil {
		d.tickets = map[string]assist.Ticket{}
	}
	secret := rand.Text()
	d.tickets[secret] = t
	return secret, nil
}

func (d *drawer) Redeem(_ context.Context, secret, login string) (assist.Ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, found := d.tickets[secret]
	delete(d.tickets, secret)
	if !found || t.Login != login {
		return assist.Ticket{}, assist.ErrUnknown
	}
	t.Staff = d.staff
	if t.End == assist.EndScreen {
		d.count++
		t.Generation = d.count
	}
	return t, nil
}

// pair is a support session of an adult's screen and an agent, with two replicas.
type pair struct {
	*world
	url [2]string
}

func newPair(t *testing.T, scopes ...wire.Scope) *pair {
	t.Helper()
	p := &pair{world: staffed(t)}
	p.nurse.list = []assist.Session{{
		ID: session1, Case: nowhere, Home: home1, Customer: p.member["adult"], Staff: p.member["support"], StaffName: "<b>Julie</b>",
		State: assist.StateActive, AskedScopes: scopes, AskedMinutes: 10, Reason: "r", Scopes: scopes, Minutes: 10, Left: 10 * time.Minute,
	}}
	p.drawer.staff = p.member["support"]
	for i := range p.url {
		p.rebuild(func(*Config) {})
		server := httptest.NewServer(p.handler)
		t.Cleanup(server.Close)
		p.url[i] = server.URL
	}
	return p
}

// change changes the session as the database would, and announces it.
func (p *pair) change(by func(*assist.Session)) {
	p.nurse.mu.Lock()
	by(&p.nurse.list[0])
	p.nurse.mu.Unlock()
	p.hub.Announce(assist.AboutSession(session1))
}

// cookie is a browser's sign-in.
func (p *pair) cookie(name string, proof accounts.Proof) string {
	p.t.Helper()
	secret := []byte(rand.Text() + rand.Text())[:32]
	sum := sha256.Sum256(secret)
	now := p.clock()
	row := accountstest.SessionRow{
		ID: uuid.NewString(), Member: p.member[name], Kind: string(accounts.KindBrowser), Proof: string(proof), Hash: hex.EncodeToString(sum[:]),
		Created: now, Used: now, Expires: now.AddDate(0, 1, 0),
	}
	if err := p.store.AddSession(p.t.Context(), row); err != nil {
		p.t.Fatal(err)
	}
	return cookieName + "=" + base64.RawURLEncoding.EncodeToString(secret)
}

// ticket asks for a ticket, at any replica.
func (p *pair) ticket(path, cookie string) string {
	p.t.Helper()
	var answer SupportTicket
	p.nobody().with("Cookie", cookie).with("Sec-Fetch-Site", "same-origin").do("POST", path, "").is(http.StatusCreated).decode(&answer)
	return answer.Ticket
}

// socket is one end.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
	ctx  context.Context
}

func (p *pair) dial(replica int, cookie string) *socket {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*patient)
	p.t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, p.url[replica]+socketPath, &websocket.DialOptions{
		HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {p.url[replica]}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	p.t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{p.t, conn, ctx}
}

func (p *pair) screen(replica int) *socket {
	p.t.Helper()
	cookie := p.cookie("adult", accounts.ProofPassword)
	s := p.dial(replica, cookie)
	s.say(`{"type":"hello","ticket":"` + p.ticket(home("/support/"+session1+"/ticket"), cookie) + `"}`)
	return s
}

func (p *pair) looker(replica int) *socket {
	p.t.Helper()
	cookie := p.cookie("support", accounts.ProofPasskey)
	s := p.dial(replica, cookie)
	s.say(`{"type":"hello","ticket":"` + p.ticket("/api/staff/sessions/"+session1+"/ticket", cookie) + `"}`)
	return s
}

func (s *socket) say(text string) {
	s.t.Helper()
	if err := s.conn.Write(s.ctx, websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatalf("saying %.60s: %v", text, err)
	}
}

func (s *socket) show(frame []byte) {
	s.t.Helper()
	if err := s.conn.Write(s.ctx, websocket.MessageBinary, frame); err != nil {
		s.t.Fatalf("showing: %v", err)
	}
}

// until reads until a message that has all the words; a frame is "frame KIND SEQ".
func (s *socket) until(words ...string) string {
	s.t.Helper()
	var passed []string
	for {
		kind, message, err := s.conn.Read(s.ctx)
		if err != nil {
			s.t.Fatalf("waiting for %q: %v after %q", words, err, passed)
		}
		text := string(message)
		if kind == websocket.MessageBinary {
			text = fmt.Sprintf("frame %d %d", message[0], binary.BigEndian.Uint32(message[12:]))
		}
		found := true
		for _, word := range words {
			found = found && strings.Contains(text, word)
		}
		if found {
			return text
		}
		passed = append(passed, text)
	}
}

// closed reads to the end, and answers how it was closed and what came before.
func (s *socket) closed() (websocket.StatusCode, []string) {
	s.t.Helper()
	var passed []string
	for {
		kind, message, err := s.conn.Read(s.ctx)
		if err != nil {
			var end websocket.CloseError
			if !errors.As(err, &end) {
				s.t.Fatalf("was not closed: %v", err)
			}
			return end.Code, passed
		}
		if kind == websocket.MessageBinary {
			message = []byte("frame")
		}
		passed = append(passed, string(message))
	}
}

// piece is a frame of the picture: kind 1 is a key frame, 2 a delta.
func piece(kind byte, generation, seq uint32, size int) []byte {
	b := make([]byte, 16+size)
	b[0], b[2] = kind, 1
	binary.BigEndian.PutUint32(b[4:], generation)
	binary.BigEndian.PutUint32(b[8:], 1)
	binary.BigEndian.PutUint32(b[12:], seq)
	return b
}
