package push

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies/wire"
)

func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "::1": false,
		"::ffff:127.0.0.1": false, "fe80::1": false, "fd00::1": false, "ff02::1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "::": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %v", text, got)
		}
	}
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer inside.Close()
	if answer, err := newClient(false).Get(inside.URL); err == nil {
		_ = answer.Body.Close()
		t.Error("a private address answered")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer inside.Close()
	outside := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer outside.Close()
	answer, err := newClient(true).Get(outside.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestWhatIsWrongWithASubscriptionIsSaidAtOnce(t *testing.T) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := Subscription{
		Endpoint: "https://push.example/x", P256dh: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), Auth: "AAAAAAAAAAAAAAAAAAAAAA==",
	}
	codes := func(p *Push, s Subscription) (codes []string) {
		for _, x := range p.check(s) {
			codes = append(codes, x.Code+" "+x.Field)
		}
		return codes
	}
	strict, loose := &Push{}, &Push{Config: Config{Private: true}}
	if got := codes(strict, good); got != nil {
		t.Errorf("a good one: %q", got)
	}
	if got := codes(strict, Subscription{}); !slices.Equal(got, []string{"endpoint endpoint", "key p256dh", "key auth"}) {
		t.Errorf("nothing: %q", got)
	}
	for endpoint, private := range map[string]bool{
		"http://push.example/x": true, "https://push.example:8443/x": false, "https://a:b@push.example/x": false, "ftp://push.example": false, "%": false,
	} {
		s := good
		s.Endpoint = endpoint
		if codes(strict, s) == nil || (codes(loose, s) == nil) != private {
			t.Errorf("%s: %q, %q", endpoint, codes(strict, s), codes(loose, s))
		}
	}
}

func TestWordsAreOfTheMembersLanguageAndTheHomesClock(t *testing.T) {
	granted := registry.Event{Name: "Léo", Zone: "Europe/Paris", Ask: registry.Ask{ID: "a", Minutes: 30, Why: wire.WhyGame, Answer: registry.AskAnswer{
		State: wire.AskGranted, Until: time.Date(2026, 11, 21, 20, 30, 0, 0, time.UTC),
	}}}
	for _, c := range []struct{ kind, locale, want string }{
		{KindAsk, "fr", "Léo demande 30 min de plus"}, {KindAsk, "en", "Léo is asking for 30 more minutes"},
		{KindAnswer, "fr", "Oui, jusqu'à 21:30"}, {KindAnswer, "en", "Yes, until 21:30"},
	} {
		if got := words(granted, c.kind, c.locale).Title; got != c.want {
			t.Errorf("%s %s: %q", c.kind, c.locale, got)
		}
	}
}
