package mobileapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// list is one of the policy's lists by its JSON key; its entries have ids.
type list string

const (
	people       list = "people"
	devices      list = "devices"
	schedules    list = "schedules"
	exceptions   list = "exceptions"
	budgets      list = "budgets"
	reservations list = "reservations"
)

// word is the list's in codes of changes.
func (l list) word() string {
	if l == people {
		return "person"
	}
	return strings.TrimSuffix(string(l), "s")
}

// change makes the next revision of a home from the one that the request names.
func (s *server) change(ctx context.Context, home string, what registry.Change, apply func(*policies.Policy) error) (HomeJSONResponse, error) {
	v := visitOf(ctx)
	return s.answer(s.Homes.Change(ctx, home, v.base, registry.Edit{Actor: v.actor(), Change: what, Apply: apply}))
}

// PutPolicy replaces the whole policy.
func (s *server) PutPolicy(ctx context.Context, request PutPolicyRequestObject) (PutPolicyResponseObject, error) {
	policy, err := policies.Parse(*request.Body)
	if err != nil {
		return nil, err
	}
	// Of a home that is not at the base any more nothing is changed, so what it had there does not matter.
	state, err := s.Homes.State(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	what, err := changeOf(state.Asked.Policy, policy)
	if err != nil {
		return nil, err
	}
	home, err := s.change(ctx, request.Home, what, func(p *policies.Policy) error {
		*p = policy
		return nil
	})
	return PutPolicy200JSONResponse{home}, err
}

func (s *server) put(ctx context.Context, home string, in list, id string, body json.RawMessage) (HomeJSONResponse, error) {
	at := 0
	answer, err := s.change(ctx, home, registry.Change{Code: in.word(), Subject: id}, func(p *policies.Policy) (err error) {
		at, err = put(p, in, id, body)
		return err
	})
	if found, other := problemsOf(err); other == nil && found != nil {
		err = below(found, fmt.Sprintf("%s[%d]", in, at)) // what the box cannot keep
	}
	return answer, err
}

func (s *server) remove(ctx context.Context, home string, from list, id string) (HomeJSONResponse, error) {
	return s.change(ctx, home, registry.Change{Code: from.word() + "-removed", Subject: id}, func(p *policies.Policy) error {
		return remove(p, from, id)
	})
}

// put creates or replaces the entry with an id and says where it is. The body goes into the policy's JSON as it came and
// the whole is parsed, so that one place says what is right; problems of the body have their paths from its own beginning.
func put(p *policies.Policy, in list, id string, body json.RawMessage) (int, error) {
	whole, entries, err := open(*p, in)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(entries, func(e json.RawMessage) bool { return idOf(e) == id })
	if at < 0 {
		at = len(entries)
		entries = append(entries, nil)
	}
	entries[at] = body
	changed, err := parse(whole, in, entries)
	found, err := problemsOf(err)
	if err != nil {
		return at, err
	}
	found = below(found, fmt.Sprintf("%s[%d]", in, at))
	if said := idOf(body); said != "" && said != id {
		found = append(found, policies.Problem{Code: "id-path", Field: "id", Detail: "The id differs from the one in the path."})
	}
	if found != nil {
		return at, found
	}
	*p = changed
	return at, nil
}

// remove takes the entry with an id away, and the pauses and bonuses of a person or device with it: they mean nothing
// any more. Lasting rules that name it are somebody's decision and stay as problems.
func remove(p *policies.Policy, from list, id string) error {
	if target := (map[list]policies.Target{people: {Person: id}, devices: {Device: id}})[from]; target != (policies.Target{}) {
		p.Overrides = slices.DeleteFunc(p.Overrides, func(o policies.Override) bool { return o.For == target })
	}
	whole, entries, err := open(*p, from)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(entries, func(e json.RawMessage) bool { return idOf(e) == id })
	if len(rest) == len(entries) {
		return refuse(codeNotFound)
	}
	changed, err := parse(whole, from, rest)
	if err != nil {
		return err
	}
	*p = changed
	return nil
}

// open is a policy's JSON by key, and the entries of one list.
func open(p policies.Policy, in list) (map[list]json.RawMessage, []json.RawMessage, error) {
	data, err := policies.Marshal(p)
	if err != nil {
		return nil, nil, err
	}
	whole, entries := map[list]json.RawMessage{}, []json.RawMessage{}
	if err := json.Unmarshal(data, &whole); err != nil {
		return nil, nil, fmt.Errorf("opening policy: %w", err)
	}
	if err := json.Unmarshal(whole[in], &entries); err != nil {
		return nil, nil, fmt.Errorf("opening %s of policy: %w", in, err)
	}
	return whole, entries, nil
}

// parse closes what open opened, with other entries.
func parse(whole map[list]json.RawMessage, in list, entries []json.RawMessage) (policies.Policy, error) {
	data, err := json.Marshal(entries)
	if err != nil {
		return policies.Policy{}, fmt.Errorf("closing %s of policy: %w", in, err)
	}
	whole[in] = data
	if data, err = json.Marshal(whole); err != nil {
		return policies.Policy{}, fmt.Errorf("closing policy: %w", err)
	}
	return policies.Parse(data)
}

// idOf is an entry's id, "" where it has none that is a text: then Parse says so.
func idOf(entry json.RawMessage) string {
	var members map[string]json.RawMessage
	var id string
	if json.Unmarshal(entry, &members) != nil || json.Unmarshal(members["id"], &id) != nil {
		return ""
	}
	return id
}

// problemsOf parts what somebody did wrong from what went wrong.
func problemsOf(err error) (policies.Problems, error) {
	var found policies.Problems
	if errors.As(err, &found) {
		return found, nil
	}
	return nil, err
}

// within makes the paths of problems go through one more key.
func within(key string, found policies.Problems) policies.Problems {
	found = slices.Clone(found)
	for i := range found {
		found[i].Field = strings.TrimSuffix(join(key, found[i].Field), ".")
	}
	return found
}

// below makes paths that go through a part of the policy begin in it.
func below(found policies.Problems, part string) policies.Problems {
	found = slices.Clone(found)
	for i := range found {
		if rest, ok := strings.CutPrefix(found[i].Field, part); ok && (rest == "" || rest[0] == '.') {
			found[i].Field = strings.TrimPrefix(rest, ".")
		}
	}
	return found
}
