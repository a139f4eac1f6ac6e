package mobileapi

import (
	"reflect"
	"strings"
	"testing"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

func TestAPutPolicySaysWhatItChanged(t *testing.T) {
	leo := policies.Target{Person: "leo"}
	day := func(id string, of policies.Target) policies.Exception {
		return policies.Exception{ID: id, For: of, Date: "2026-12-24"}
	}
	type policy = policies.Policy
	for _, row := range []struct {
		name, code, subject string
		edit                func(*policy)
	}{
		{"tonight", "exception", "tonight", func(p *policy) { p.Exceptions = append(p.Exceptions, day("tonight", leo)) }},
		{"day gone", "exception-removed", "old", func(p *policy) { p.Exceptions = nil }},
		{"day replaced", "exceptions", "person:leo", func(p *policy) { p.Exceptions = []policies.Exception{day("new", leo)} }},
		{"holidays", "exceptions", "home", func(p *policy) {
			home := policies.Target{Home: true}
			p.Exceptions = append(p.Exceptions, day("a", home), day("b", home))
		}},
		{"days of two", "exceptions", "", func(p *policy) {
			p.Exceptions = append(p.Exceptions, day("a", leo), day("b", policies.Target{Device: "tv"}))
		}},
		{"one rule", "schedule", "nights", func(p *policy) { p.Schedules[0].Start = "22:00" }},
		{"a week", "schedules", "person:leo", func(p *policy) {
			more := p.Schedules[0]
			more.ID, p.Schedules[0].Start = "more", "22:00"
			p.Schedules = append([]policies.Schedule{more}, p.Schedules...)
		}},
		{"zone", "zone", "Europe/Paris Asia/Tokyo", func(p *policy) { p.Zone = "Asia/Tokyo" }},
		{"unknown", "unknown", "allow refuse", func(p *policy) { p.Unknown = policies.UnknownRefuse }},
		{"effect", "effect", "no-internet no-wifi", func(p *policy) { p.Effect = policies.EffectNoWiFi }},
		{"clock", "clock", "keep-last allow", func(p *policy) { p.Clock = policies.ClockAllow }},
		{"clock said", "policy", "", func(p *policy) { p.Clock = policies.ClockKeepLast }},
		{"order", "policy", "", func(p *policy) { p.People[0], p.People[1] = p.People[1], p.People[0] }},
		{"named with a new owner", "device", "tv", func(p *policy) {
			p.People = append(p.People, policies.Person{ID: "mia", Name: "Mia"})
			p.Devices[2].Person = "mia"
		}},
		{"devices", "devices", "", func(p *policy) { p.Devices[0].Name, p.Devices[1].Name = "A", "B" }},
		{"person with all of theirs", "person-removed", "leo", func(p *policy) {
			p.People, p.Schedules, p.Exceptions = p.People[1:], nil, nil
			p.Devices[0].Person, p.Devices[1].Person = "", ""
		}},
		{"device with its day", "device-removed", "stick", func(p *policy) { p.Devices, p.Exceptions = p.Devices[:3], nil }},
		{"one override", "overrides", "person:leo", func(p *policy) {
			p.Overrides = append(p.Overrides, policies.Override{ID: "o", For: leo, Mode: "pause"})
		}},
		{"mixed", "policy", "schedules zone", func(p *policy) { p.Zone, p.Schedules = "Asia/Tokyo", nil }},
		{"two lists", "policy", "devices schedules", func(p *policy) { p.Devices[0].Name, p.Schedules[0].Start = "A", "22:00" }},
	} {
		before, after := family(), family()
		before.Exceptions = []policies.Exception{day("old", leo)}
		after.Exceptions = []policies.Exception{day("old", leo)}
		row.edit(&after)
		got, err := changeOf(before, after)
		if want := (registry.Change{Code: row.code, Subject: row.subject}); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", row.name, got, err, want)
		}
	}
}

func TestNoKeyOfAPolicyIsLeftOutOfItsDifference(t *testing.T) {
	known := map[list]bool{}
	for _, key := range append(lists(), settings()...) {
		known[key] = true
	}
	for field := range reflect.TypeFor[policies.Policy]().Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("json"), ","); !known[list(key)] {
			t.Errorf("%s is in no difference", key)
		}
	}
}
