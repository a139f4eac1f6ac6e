package mobileapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const overrides list = "overrides"

// lists and settings are the keys of a policy, in the order in which a change of several is told.
func lists() []list {
	return []list{people, devices, schedules, exceptions, budgets, reservations, overrides}
}

func settings() []list { return []list{"zone", "unknown", "effect", "clock"} }

// touch is what happened to the entries of one list.
type touch struct {
	put, gone []string // ids
	about     []string // whom they are for, as a subject; "" for an entry that is for nobody
}

// changeOf names what became different where a whole policy was put, as precisely as one code and one subject can: a
// history that says "several rules" for a moved bedtime helps nobody.
func changeOf(before, after policies.Policy) (registry.Change, error) {
	was, err := membersOf(before)
	if err != nil {
		return registry.Change{}, err
	}
	is, err := membersOf(after)
	if err != nil {
		return registry.Change{}, err
	}
	var changed []string
	var change registry.Change // the last one, which counts where it is the only one
	touched := map[list]touch{}
	for _, key := range lists() {
		t, err := touchOf(was[key], is[key])
		if err != nil {
			return registry.Change{}, fmt.Errorf("comparing %s of policies: %w", key, err)
		}
		if t.some() {
			touched[key], change = t, t.change(key)
			changed = append(changed, string(key))
		}
	}
	if one, ok := along(touched); ok && len(touched) > 1 {
		change, changed = one, changed[:1]
	}
	for _, key := range settings() {
		if old, now := setting(was[key]), setting(is[key]); old != now {
			change = registry.Change{Code: string(key), Subject: old + " " + now}
			changed = append(changed, string(key))
		}
	}
	if len(changed) != 1 {
		return registry.Change{Code: "policy", Subject: strings.Join(changed, " ")}, nil
	}
	return change, nil
}

// along is the one change that brings the others with it: a person or device that goes takes its rules along, and a
// device may be named together with its new owner.
func along(touched map[list]touch) (registry.Change, bool) {
	person, device := touched[people], touched[devices]
	rules := false
	for _, key := range lists()[2:] {
		rules = rules || len(touched[key].put) > 0 && key != reservations
	}
	switch {
	case rules:
	case len(person.gone) == 1 && len(person.put) == 0 && len(device.gone) == 0:
		return person.change(people), true
	case !person.some() && len(device.gone) == 1 && len(device.put) == 0:
		return device.change(devices), true
	case len(touched) == 2 && len(person.put) == 1 && len(person.gone) == 0 && len(device.put) == 1 && len(device.gone) == 0:
		return device.change(devices), true
	}
	return registry.Change{}, false
}

func (t touch) some() bool { return len(t.put)+len(t.gone) > 0 }

func (t touch) change(in list) registry.Change {
	switch {
	case in == overrides:
	case len(t.put) == 1 && len(t.gone) == 0:
		return registry.Change{Code: in.word(), Subject: t.put[0]}
	case len(t.put) == 0 && len(t.gone) == 1:
		return registry.Change{Code: in.word() + "-removed", Subject: t.gone[0]}
	}
	subject := ""
	if len(t.about) == 1 {
		subject = t.about[0]
	}
	return registry.Change{Code: string(in), Subject: subject}
}

// touchOf compares two lists by id; the order of entries is no rule.
func touchOf(before, after json.RawMessage) (touch, error) {
	var was, is []json.RawMessage
	if err := json.Unmarshal(before, &was); err != nil {
		return touch{}, err
	}
	if err := json.Unmarshal(after, &is); err != nil {
		return touch{}, err
	}
	var t touch
	for _, e := range is {
		if !slices.ContainsFunc(was, func(old json.RawMessage) bool { return bytes.Equal(old, e) }) {
			t.put = append(t.put, idOf(e))
			t.names(e)
		}
	}
	for _, e := range was {
		if !slices.ContainsFunc(is, func(now json.RawMessage) bool { return idOf(now) == idOf(e) }) {
			t.gone = append(t.gone, idOf(e))
			t.names(e)
		}
	}
	return t, nil
}

func (t *touch) names(entry json.RawMessage) {
	var of struct {
		For *policies.Target `json:"for"`
	}
	about := ""
	if json.Unmarshal(entry, &of) == nil && of.For != nil {
		about = subject(Target(*of.For))
	}
	if !slices.Contains(t.about, about) {
		t.about = append(t.about, about)
	}
}

func membersOf(p policies.Policy) (map[list]json.RawMessage, error) {
	data, err := policies.Marshal(p)
	if err != nil {
		return nil, err
	}
	members := map[list]json.RawMessage{}
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, fmt.Errorf("opening policy: %w", err)
	}
	return members, nil
}

// standing is all entries of a policy that have ids, as the changes that put them.
func standing(p policies.Policy) map[registry.Change]bool {
	all := map[registry.Change]bool{}
	add := func(in list, id string) { all[registry.Change{Code: in.word(), Subject: id}] = true }
	for _, e := range p.People {
		add(people, e.ID)
	}
	for _, e := range p.Devices {
		add(devices, e.ID)
	}
	for _, e := range p.Schedules {
		add(schedules, e.ID)
	}
	for _, e := range p.Exceptions {
		add(exceptions, e.ID)
	}
	for _, e := range p.Budgets {
		add(budgets, e.ID)
	}
	for _, e := range p.Reservations {
		add(reservations, e.ID)
	}
	return all
}

// goneOf is the entry that a revision put, where it stands no more, so that it can still be named; nil elsewhere.
func goneOf(d registry.Document, stands map[registry.Change]bool) (json.RawMessage, error) {
	in := slices.IndexFunc(lists(), func(in list) bool { return in.word() == d.Change.Code })
	if in < 0 || stands[d.Change] {
		return nil, nil
	}
	_, entries, err := open(d.Policy, lists()[in])
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(entries, func(e json.RawMessage) bool { return idOf(e) == d.Change.Subject }); at >= 0 {
		return entries[at], nil
	}
	return nil, nil
}

// setting is one word of the home; only the clock's may be absent.
func setting(member json.RawMessage) string {
	word := ""
	if json.Unmarshal(member, &word) != nil || word == "" {
		return string(policies.ClockKeepLast)
	}
	return word
}
