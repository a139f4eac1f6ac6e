package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	mobileapi "github.com/carebox-project/carebox/mobile-api"
	"github.com/carebox-project/carebox/policies/wire"
)

// gadget is a browser with its push service (RFC 8030).
type gadget struct {
	t       *testing.T
	service *httptest.Server
	key     *ecdh.PrivateKey
	auth    []byte
	answers chan int // what the service says; 201 when empty
	heard   chan map[string]any
	headers chan http.Header
}

func newGadget(t *testing.T) *gadget {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	g := &gadget{
		t: t, key: key, auth: make([]byte, 16), answers: make(chan int, 10), heard: make(chan map[string]any, 10), headers: make(chan http.Header, 10),
	}
	_, _ = rand.Read(g.auth)
	g.service = httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(g.service.Close)
	return g
}

func (g *gadget) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		g.t.Error(err)
	}
	g.headers <- r.Header
	select {
	case status := <-g.answers:
		w.WriteHeader(status)
		return
	default:
	}
	var message map[string]any
	if err := json.Unmarshal(g.decrypt(body), &message); err != nil {
		g.t.Error(err)
	}
	w.WriteHeader(http.StatusCreated)
	g.heard <- message
}

// decrypt reads a message as a browser does (RFC 8291, one record of RFC 8188).
func (g *gadget) decrypt(body []byte) []byte {
	salt, length := body[:16], int(body[20])
	sender, err := ecdh.P256().NewPublicKey(body[21 : 21+length])
	if err != nil {
		g.t.Error(err)
		return nil
	}
	secret, err := g.key.ECDH(sender)
	if err != nil {
		g.t.Error(err)
		return nil
	}
	info := append([]byte("WebPush: info\x00"), g.key.PublicKey().Bytes()...)
	input, _ := hkdf.Key(sha256.New, secret, g.auth, string(append(info, sender.Bytes()...)), 32)
	content, _ := hkdf.Key(sha256.New, input, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce, _ := hkdf.Key(sha256.New, input, salt, "Content-Encoding: nonce\x00", 12)
	block, _ := aes.NewCipher(content)
	sealed, _ := cipher.NewGCM(block)
	if size := binary.BigEndian.Uint32(body[16:20]); int(size) < len(body)-21-length {
		g.t.Errorf("records of %d bytes", size)
	}
	text, err := sealed.Open(nil, nonce, body[21+length:], nil)
	if err != nil {
		g.t.Error(err)
	}
	return bytes.TrimSuffix(bytes.TrimRight(text, "\x00"), []byte{2})
}

func (g *gadget) body() string {
	return fmt.Sprintf(`{"endpoint":%q,"keys":{"p256dh":%q,"auth":%q}}`, g.service.URL+"/secret-place",
		base64.RawURLEncoding.EncodeToString(g.key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(g.auth))
}

func (g *gadget) next() map[string]any {
	g.t.Helper()
	select {
	case m := <-g.heard:
		return m
	case <-time.After(soon):
		g.t.Fatal("nothing came")
		return nil
	}
}

func TestAPIAskWakesTheParentsAndTheAnswerTheChild(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, leo := c.signIn("Ada", 0), c.signIn("Léo", 0)
		ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
		hers, his := newGadget(t), newGadget(t)
		for v, g := range map[*apiVisitor]*gadget{ada: hers, leo: his} {
			if status := v.do("POST", "/api/me/push/subscriptions", 0, g.body(), nil); status != http.StatusCreated {
				t.Fatalf("subscribing: %d", status)
			}
		}
		hers.answers <- http.StatusTooManyRequests // it tries again
		var ask mobileapi.Ask
		leo.do("POST", "~/asks", 0, `{"minutes":30,"why":"homework"}`, &ask)
		m := hers.next()
		if m["title"] != "Léo is asking for 30 more minutes" || m["kind"] != "ask" || m["ask"] != ask.ID || m["home"] != c.home {
			t.Errorf("she hears %v", m)
		}
		<-hers.headers
		h := <-hers.headers
		if h.Get("Ttl") != "7200" || h.Get("Urgency") != "high" || h.Get("Topic") == "" || h.Get("Content-Encoding") != "aes128gcm" ||
			!strings.HasPrefix(h.Get("Authorization"), "vapid t=") {
			t.Errorf("headers %v", h)
		}
		ada.do("POST", "~/asks/"+ask.ID+"/answer", 0, `{"refuse":true}`, nil)
		if m := his.next(); m["title"] != "Not this time" || m["kind"] != "answer" {
			t.Errorf("he hears %v", m)
		}
		if len(hers.heard) > 0 {
			t.Error("she hears her own answer")
		}
	})
}

func TestAPIABrowserThatIsGoneOrSignedOutIsForgotten(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, leo := c.signIn("Ada", 0), c.signIn("Léo", 0)
		ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
		g := newGadget(t)
		subscribed := func() int {
			var settings mobileapi.PushSettings
			ada.do("GET", "/api/me/push", 0, "", &settings)
			return len(settings.Subscriptions)
		}
		ada.do("POST", "/api/me/push/subscriptions", 0, g.body(), nil)
		if n := subscribed(); n != 1 {
			t.Fatalf("%d subscriptions", n)
		}
		g.answers <- http.StatusGone
		leo.do("POST", "~/asks", 0, `{"minutes":30}`, nil)
		c.until("forgotten when gone", func() bool { return subscribed() == 0 })
		second := c.signIn("Ada", 0)
		second.do("POST", "/api/me/push/subscriptions", 0, g.body(), nil)
		if n := subscribed(); n != 1 {
			t.Fatalf("%d subscriptions", n)
		}
		second.do("DELETE", "/api/sessions/current", 0, "", nil)
		if n := subscribed(); n != 0 {
			t.Errorf("%d subscriptions after signing out", n)
		}
	})
}

func TestAPIWhoDoesNotWantToHearIsNotWoken(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 1)
		ada, leo := c.signIn("Ada", 0), c.signIn("Léo", 0)
		ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
		quiet, his := newGadget(t), newGadget(t)
		ada.do("POST", "/api/me/push/subscriptions", 0, quiet.body(), nil)
		leo.do("POST", "/api/me/push/subscriptions", 0, his.body(), nil)
		if status := ada.do("PUT", "/api/me/push", 0, `{"muted":["thunder"]}`, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("muting a word: %d", status)
		}
		var settings mobileapi.PushSettings
		ada.do("PUT", "/api/me/push", 0, `{"muted":["ask"]}`, &settings)
		if len(settings.Muted) != 1 || settings.Key == "" {
			t.Errorf("settings %+v", settings)
		}
		var ask mobileapi.Ask
		leo.do("POST", "~/asks", 0, `{"minutes":30}`, &ask)
		ada.do("POST", "~/asks/"+ask.ID+"/answer", 0, `{"refuse":true}`, nil)
		his.next() // one after the other: the ask was dealt with before
		if len(quiet.heard) > 0 {
			t.Errorf("she heard %v", <-quiet.heard)
		}
	})
}

// report is the box saying what it sees.
func (c *apiCloud) report(said wire.Reported) {
	c.t.Helper()
	said.Box, said.At = "box-1", time.Now()
	body, err := json.Marshal(said)
	if err != nil {
		c.t.Fatal(err)
	}
	c.ether.say("box-1", wire.UpReported, body)
}

// always is a night that ends an hour from now or has just ended an hour ago.
func always(quiet bool) string {
	zone, _ := time.LoadLocation("Europe/Paris")
	from, to := time.Now().In(zone).Add(-time.Hour), time.Now().In(zone).Add(time.Hour)
	if !quiet {
		from, to = to, from
	}
	return fmt.Sprintf(`{"on":true,"from":%q,"to":%q}`, from.Format("15:04"), to.Format("15:04"))
}

func TestAPIAnUnknownDeviceIsToldOnceByOneOfTwoReplicas(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		hers := newGadget(t)
		ada.do("POST", "/api/me/push/subscriptions", 0, hers.body(), nil)
		var settings mobileapi.PushSettings
		ada.do("GET", "/api/me/push", 0, "", &settings)
		if settings.Quiet != (mobileapi.Quiet{On: true, From: "22:00", To: "07:00"}) || fmt.Sprint(settings.Muted) != "[hours]" {
			t.Errorf("who has chosen nothing: %+v", settings)
		}
		if status := ada.do("PUT", "/api/me/push", 0, `{"muted":[],"quiet":{"on":true,"from":"25:00","to":"7"}}`, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("wrong times: %d", status)
		}
		ada.do("PUT", "/api/me/push", 0, `{"muted":["hours"],"quiet":`+always(false)+`}`, nil)
		for i := range 4 { // the newest of a kind is taken: they differ, and come one after the other
			c.report(wire.Reported{InForce: int64(i), Devices: []wire.DeviceState{{MAC: "02:00:00:00:00:0f", Hostname: "Galaxy A54", Present: true}}})
		}
		m := hers.next()
		if m["title"] != "New device on your Wi-Fi: Galaxy A54" || m["kind"] != "device" || m["home"] != c.home || m["screen"] != "home" {
			t.Errorf("she hears %v", m)
		}
		h := <-hers.headers
		if h.Get("Urgency") != "normal" {
			t.Errorf("headers %v", h)
		}
		ada.do("PUT", "/api/me/push", 0, `{"muted":["hours"],"quiet":`+always(true)+`}`, nil)
		c.report(wire.Reported{Devices: []wire.DeviceState{{MAC: "02:00:00:00:00:1f", Present: true}}}) // at night: it waits
		leo := c.signIn("Léo", 0)
		ada.change("PUT", "~/people/leo", 1, `{"id":"leo","name":"Léo"}`)
		leo.do("POST", "~/asks", 0, `{"minutes":30}`, nil)
		if m := hers.next(); m["kind"] != "ask" {
			t.Errorf("she hears %v", m)
		}
	})
}

func TestAPIWhoAskedHearsThatItIsInForceLate(t *testing.T) {
	apiBoth(t, func(t *testing.T, database string) {
		c := newAPICloud(t, database, 2)
		ada := c.signIn("Ada", 0)
		hers := newGadget(t)
		ada.do("POST", "/api/me/push/subscriptions", 0, hers.body(), nil)
		ada.do("PUT", "/api/me/push", 0, `{"muted":[],"quiet":`+always(false)+`}`, nil)
		first, err := c.data.Home(t.Context(), c.home)
		if err != nil {
			t.Fatal(err)
		}
		var me mobileapi.Me
		ada.do("GET", "/api/me", 0, "", &me)
		late := first.Asked
		late.At, late.Actor.Member = time.Now().Add(-time.Hour), me.Member.ID
		if _, err := c.data.Append(t.Context(), late, 1, 0); err != nil {
			t.Fatal(err)
		}
		c.report(wire.Reported{InForce: 2, Since: time.Now()})
		if m := hers.next(); m["kind"] != "box" || m["screen"] != "activity" || !strings.HasPrefix(fmt.Sprint(m["title"]), "Your change is in force since ") {
			t.Errorf("she hears %v", m)
		}
	})
}
