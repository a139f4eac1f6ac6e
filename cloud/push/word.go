package push

import (
	"fmt"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// message is what the app's service worker gets.
type message struct {
	Kind  string `json:"kind"`
	Home  string `json:"home"`
	Ask   string `json:"ask"`
	Tag   string `json:"tag"` // one with the same tag takes its place
	Title string `json:"title"`
}

// words is an event in somebody's language.
func words(e registry.Event, kind, locale string) message {
	m := message{Kind: kind, Home: e.Ask.Home, Ask: e.Ask.ID, Tag: kind + ":" + e.Ask.ID}
	french := locale == "fr"
	until := ""
	if zone, err := policies.Location(e.Zone); err == nil && !e.Ask.Answer.Until.IsZero() {
		until = e.Ask.Answer.Until.In(zone).Format("15:04")
	}
	switch {
	case kind == KindAsk && french:
		m.Title = fmt.Sprintf("%s demande %d min de plus", e.Name, e.Ask.Minutes)
	case kind == KindAsk:
		m.Title = fmt.Sprintf("%s is asking for %d more minutes", e.Name, e.Ask.Minutes)
	case e.Ask.Answer.State == wire.AskGranted && french:
		m.Title = "Oui, jusqu'à " + until
	case e.Ask.Answer.State == wire.AskGranted:
		m.Title = "Yes, until " + until
	case french:
		m.Title = "Pas cette fois"
	default:
		m.Title = "Not this time"
	}
	return m
}
