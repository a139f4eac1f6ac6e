package push

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
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
	at := time.Date(2026, 11, 21, 20, 30, 0, 0, time.UTC)
	granted := registry.Ask{ID: "a", Minutes: 30, Why: wire.WhyGame, Answer: registry.AskAnswer{State: wire.AskGranted, Until: at}}
	refused := registry.Ask{ID: "a", Answer: registry.AskAnswer{State: wire.AskRefused}}
	for _, c := range []struct {
		event       registry.Event
		french, eng string
	}{
		{registry.Event{Kind: registry.KindAsk, Name: "Léo Martin", Ask: granted}, "Léo demande 30 min de plus", "Léo is asking for 30 more minutes"},
		{registry.Event{Kind: registry.KindAnswer, Ask: granted}, "Oui, jusqu'à 21:30", "Yes, until 21:30"},
		{registry.Event{Kind: registry.KindAnswer, Ask: refused}, "Pas cette fois", "Not this time"},
		{registry.Event{Kind: registry.KindCut, At: at.Add(9*time.Minute + time.Second)}, "Internet s'arrête dans 10 min", "Internet stops in 10 min"},
		{registry.Event{Kind: registry.KindCut, Name: "TV", At: at.Add(3 * time.Minute)}, "TV\u00a0: hors ligne dans 3 min", "TV: offline in 3 min"},
		{registry.Event{Kind: registry.KindDevice, Count: 1}, "Nouvel appareil sur votre Wi-Fi", "New device on your Wi-Fi"},
		{
			registry.Event{Kind: registry.KindDevice, Count: 1, Name: "Galaxy\n-A54-de-quelqu-un-au-nom-plus-long"},
			"Nouvel appareil sur votre Wi-Fi\u00a0: Galaxy-A54-de-quelqu-un-au-nom…", "New device on your Wi-Fi: Galaxy-A54-de-quelqu-un-au-nom…",
		},
		{registry.Event{Kind: registry.KindDevice, Count: 3, Name: "x"}, "3 nouveaux appareils sur votre Wi-Fi", "3 new devices on your Wi-Fi"},
		{registry.Event{Kind: registry.KindBox, Word: registry.WordGone, At: at}, "La box ne répond plus depuis 21:30", "The box has not answered since 21:30"},
		{registry.Event{Kind: registry.KindBox, Word: registry.WordBack, At: at}, "La box est revenue à 21:30", "The box came back at 21:30"},
		{registry.Event{Kind: registry.KindBox, Word: registry.WordApplied, At: at}, "C'est en vigueur depuis 21:30", "Your change is in force since 21:30"},
		{
			registry.Event{Kind: registry.KindHours, Count: 1, Name: "Sam Martin", Whose: "Élise Martin"},
			"Sam a changé les horaires d'Élise", "Sam changed the hours of Élise",
		},
		{registry.Event{Kind: registry.KindSupport, Word: registry.WordHere, Name: "Julie Petit"}, "Julie est là", "Julie is here"},
		{registry.Event{Kind: registry.KindSupport, Word: registry.WordMessage, Name: "Julie Petit"}, "Julie vous a répondu", "Julie has answered you"},
		{registry.Event{Kind: registry.KindSupport, Word: registry.WordClosed, Name: "Julie"}, "Julie a terminé. Est-ce résolu\u00a0?", "Julie has finished. Is it solved?"},
		{
			registry.Event{Kind: registry.KindSupport, Word: registry.WordPromise, Name: "Julie"},
			"Julie s'en occupe plus tard, c'est promis", "Julie will look again, it is promised",
		},
		{registry.Event{Kind: registry.KindHours, Name: "Sam", Whose: "Léo"}, "Sam a changé les horaires de Léo", "Sam changed the hours of Léo"},
		{registry.Event{Kind: registry.KindHours, Name: "Sam"}, "Sam a changé les horaires", "Sam changed the hours"},
		{registry.Event{Kind: registry.KindHours, Count: 4, Name: "Sam"}, "Les horaires ont changé 4 fois", "The hours were changed 4 times"},
	} {
		c.event.Zone = "Europe/Paris"
		for locale, want := range map[string]string{"fr": c.french, "en": c.eng} {
			m := words(c.event, locale).at(at, false)
			if m.Title != want {
				t.Errorf("%s %s: %q, want %q", c.event.Kind, locale, m.Title, want)
			}
			if said := fmt.Sprint(m.Title, m.Tag); strings.Contains(said, "Martin") || strings.Contains(said, "game") {
				t.Errorf("a lock screen would show %q", said)
			}
		}
	}
}

func TestQuietEndsByTheHomesClock(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	night, siesta := DefaultQuiet(), Quiet{On: true, From: "13:00", To: "15:30"}
	for _, c := range []struct {
		quiet    Quiet
		at, want string
	}{
		{night, "2026-11-21 21:59", "2026-11-21 21:59"}, {night, "2026-11-21 22:00", "2026-11-22 07:00"},
		{night, "2026-11-30 23:30", "2026-12-01 07:00"}, {night, "2026-11-22 06:59", "2026-11-22 07:00"},
		{night, "2026-11-22 07:00", "2026-11-22 07:00"}, {night, "2026-10-24 23:00", "2026-10-25 07:00"}, // an hour longer
		{siesta, "2026-11-21 12:59", "2026-11-21 12:59"}, {siesta, "2026-11-21 13:00", "2026-11-21 15:30"},
		{siesta, "2026-11-21 15:30", "2026-11-21 15:30"}, {Quiet{From: "22:00", To: "07:00"}, "2026-11-21 23:00", "2026-11-21 23:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, paris)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.quiet.end(at.UTC(), paris).In(paris).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%v at %s ends %s, want %s", c.quiet, c.at, got, c.want)
		}
	}
}

func TestWhoHasChosenNothingHearsOfAllButHours(t *testing.T) {
	if got := flipped(nil); !slices.Equal(got, []string{"hours"}) {
		t.Errorf("muted by default: %q", got)
	}
	for _, muted := range [][]string{nil, {"ask", "box"}, {"hours"}, {"ask", "hours"}, Kinds()} {
		if got := flipped(flipped(muted)); !slices.Equal(got, muted) {
			t.Errorf("%q became %q", muted, got)
		}
	}
}
