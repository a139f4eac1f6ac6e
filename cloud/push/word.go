package push

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// message is what the app's service worker gets.
type message struct {
	Kind   string `json:"kind"`
	Home   string `json:"home"`
	Screen string `json:"screen"` // that a tap opens: home, activity, help
	Ask    string `json:"ask,omitempty"`
	Case   string `json:"case,omitempty"`
	Tag    string `json:"tag"` // one with the same tag takes its place
	Title  string `json:"title"`
	Silent bool   `json:"silent,omitempty"`

	title   func(now time.Time) string
	lives   time.Duration // for a browser that is not there
	urgency webpush.Urgency
}

const (
	screenHome     = "home"
	screenActivity = "activity"
	screenHelp     = "help"
	longest        = 30 // letters of a device's name
)

// at is a message as it is sent.
func (m message) at(now time.Time, silent bool) message {
	m.Title, m.Silent = m.title(now), silent
	return m
}

// words is an event in somebody's language.
func words(e registry.Event, locale string) message {
	say := saying{Event: e, french: locale == "fr"}
	m := message{
		Kind: string(e.Kind), Home: e.Home, Screen: screenHome, Tag: string(e.Kind) + ":" + e.Home, lives: 12 * time.Hour,
		urgency: webpush.UrgencyNormal,
	}
	switch e.Kind {
	case registry.KindAsk:
		m.Ask, m.Tag, m.lives, m.urgency, m.title = e.Ask.ID, "ask:"+e.Ask.ID, 2*time.Hour, webpush.UrgencyHigh, say.ask
	case registry.KindAnswer:
		m.Ask, m.Tag, m.lives, m.urgency, m.title = e.Ask.ID, "answer:"+e.Ask.ID, 2*time.Hour, webpush.UrgencyHigh, say.answer
	case registry.KindCut:
		m.lives, m.title = max(time.Until(e.At), time.Minute), say.cut
	case registry.KindDevice:
		m.Tag, m.title = fmt.Sprintf("device:%d", e.At.Unix()), say.device
	case registry.KindHours:
		m.Screen, m.urgency, m.title = screenActivity, webpush.UrgencyLow, say.hours
	case registry.KindSupport:
		m.Screen, m.Case, m.Tag, m.urgency, m.title = screenHelp, e.Case, "support:"+e.Case, webpush.UrgencyHigh, say.support
	default:
		m.title = say.box
		if e.Word == registry.WordApplied {
			m.Screen, m.Tag = screenActivity, "applied:"+e.Home
		}
	}
	return m
}

// saying is the words of one event.
type saying struct {
	registry.Event
	french bool
}

// in is a sentence of the one or the other language.
func (s saying) in(french, english string, values ...any) string {
	if s.french {
		return fmt.Sprintf(french, values...)
	}
	return fmt.Sprintf(english, values...)
}

func (s saying) ask(time.Time) string {
	return s.in("%s demande %d min de plus", "%s is asking for %d more minutes", first(s.Name), s.Ask.Minutes)
}

func (s saying) answer(time.Time) string {
	if s.Ask.Answer.State == wire.AskGranted {
		return s.in("Oui, jusqu'à %s", "Yes, until %s", s.clock(s.Ask.Answer.Until))
	}
	return s.in("Pas cette fois", "Not this time")
}

func (s saying) cut(now time.Time) string {
	minutes := max(int(math.Ceil(s.At.Sub(now).Minutes())), 1)
	if s.Name != "" {
		return s.in("%s\u00a0: hors ligne dans %d min", "%s: offline in %d min", hostname(s.Name), minutes)
	}
	return s.in("Internet s'arrête dans %d min", "Internet stops in %d min", minutes)
}

func (s saying) device(time.Time) string {
	switch {
	case s.Count > 1:
		return s.in("%d nouveaux appareils sur votre Wi-Fi", "%d new devices on your Wi-Fi", s.Count)
	case s.Name == "":
		return s.in("Nouvel appareil sur votre Wi-Fi", "New device on your Wi-Fi")
	}
	return s.in("Nouvel appareil sur votre Wi-Fi\u00a0: %s", "New device on your Wi-Fi: %s", hostname(s.Name))
}

func (s saying) box(time.Time) string {
	switch s.Word {
	case registry.WordGone:
		return s.in("La box ne répond plus depuis %s", "The box has not answered since %s", s.clock(s.At))
	case registry.WordBack:
		return s.in("La box est revenue à %s", "The box came back at %s", s.clock(s.At))
	}
	return s.in("C'est en vigueur depuis %s", "Your change is in force since %s", s.clock(s.At))
}

func (s saying) hours(time.Time) string {
	switch {
	case s.Count > 1:
		return s.in("Les horaires ont changé %d fois", "The hours were changed %d times", s.Count)
	case s.Whose != "":
		return s.in("%s a changé les horaires %s", "%s changed the hours of %s", first(s.Name), s.of(first(s.Whose)))
	}
	return s.in("%s a changé les horaires", "%s changed the hours", first(s.Name))
}

func (s saying) support(time.Time) string {
	name := first(s.Name)
	switch s.Word {
	case registry.WordMessage:
		return s.in("%s vous a répondu", "%s has answered you", name)
	case registry.WordPromise:
		return s.in("%s s'en occupe plus tard, c'est promis", "%s will look again, it is promised", name)
	case registry.WordClosed:
		return s.in("%s a terminé. Est-ce résolu\u00a0?", "%s has finished. Is it solved?", name)
	case registry.WordSession:
		return s.in("%s demande votre accord", "%s asks for your consent", name)
	}
	return s.in("%s est là", "%s is here", name)
}

// of is a name that something is of.
func (s saying) of(name string) string {
	switch {
	case !s.french:
		return name
	case strings.IndexAny(name, "AEIOUÀÂÄÉÈÊËÎÏÔÖÙÛÜ") == 0:
		return "d'" + name
	}
	return "de " + name
}

// hostname is what a device calls itself, which may be anything.
func hostname(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if letters := []rune(name); len(letters) > longest {
		return string(letters[:longest]) + "…"
	}
	return name
}

// clock is an instant by the home's clock.
func (s saying) clock(at time.Time) string {
	zone, err := policies.Location(s.Zone)
	if err != nil || at.IsZero() {
		return ""
	}
	return at.In(zone).Format("15:04")
}

// first is a first name: a lock screen is read by others.
func first(name string) string {
	name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
	return name
}
