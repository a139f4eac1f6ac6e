package mobileapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// Propose shows a customer a change.
func (s *server) Propose(ctx context.Context, request ProposeRequestObject) (ProposeResponseObject, error) {
	staff, body := visitOf(ctx).session.Member.ID, *request.Body
	one, err := s.Care.Check(ctx, request.Session, staff, wire.ScopeChange)
	if err != nil {
		return nil, err
	}
	state, err := s.Homes.State(ctx, one.Home)
	if err != nil {
		return nil, err
	}
	p := assist.Proposal{Session: one.ID, Home: one.Home, Revision: body.Revision}
	if body.Operation == "invite" || list(body.List) == members {
		err = s.draftKin(ctx, &p, state, body)
	} else {
		err = s.draft(ctx, &p, state, body)
	}
	if err == nil && len(p.Differences) == 0 {
		err = policies.Problems{{Code: "nothing", Detail: "Nothing would be different."}}
	}
	if err != nil {
		return nil, err
	}
	p, err = s.Care.Propose(ctx, p, staff)
	return Propose201JSONResponse(proposalOf(p)), err
}

// draft fills in what would become of the policy.
func (s *server) draft(ctx context.Context, p *assist.Proposal, state registry.State, body ProposedChange) error {
	what, apply, err := s.proposed(ctx, state, body)
	if err != nil {
		return err
	}
	before, after, err := s.Homes.Try(ctx, p.Home, p.Revision, apply)
	if err != nil {
		return err
	}
	p.Code, p.Subject, p.Policy = what.Code, what.Subject, after
	p.Differences, err = differencesOf(before, after)
	return err
}

// proposed is a change as one of the home's own operations would make it.
func (s *server) proposed(ctx context.Context, state registry.State, body ProposedChange) (registry.Change, func(*policies.Policy) error, error) {
	in := list(body.List)
	needs := body.Operation == "put" || body.Operation == "remove"
	if needs && (!slices.Contains(lists(), in) || in == overrides) {
		return registry.Change{}, nil, policies.Problems{{Code: policies.CodeWord, Field: "list", Detail: "There is no such list."}}
	}
	switch body.Operation {
	case "put":
		return registry.Change{Code: in.word(), Subject: body.ID}, func(p *policies.Policy) error {
			_, err := put(p, in, body.ID, body.Value)
			return valued(err)
		}, nil
	case "remove":
		return registry.Change{Code: in.word() + "-removed", Subject: body.ID}, func(p *policies.Policy) error { return remove(p, in, body.ID) }, nil
	case "policy":
		policy, err := policies.Parse(body.Value)
		if err != nil {
			return registry.Change{}, nil, valued(err)
		}
		what, err := changeOf(state.Asked.Policy, policy)
		return what, func(p *policies.Policy) error { *p = policy; return nil }, err
	case "lift":
		return registry.Change{Code: "lift", Subject: body.ID}, func(p *policies.Policy) error { return lift(p, body.ID) }, nil
	case "pause", "bonus", "resume":
		return s.proposedMoment(ctx, state, body)
	}
	return registry.Change{}, nil, policies.Problems{{Code: policies.CodeWord, Field: "operation", Detail: "There is no such operation."}}
}

func (s *server) proposedMoment(ctx context.Context, state registry.State, body ProposedChange) (registry.Change, func(*policies.Policy) error, error) {
	var m Moment
	if err := readValue(body.Value, &m); err != nil {
		return registry.Change{}, nil, policies.Problems{{Code: policies.CodeType, Field: "value", Detail: "This is no moment."}}
	}
	now := s.Now()
	apply := map[string]func(*policies.Policy) error{
		"pause":  func(p *policies.Policy) error { return by(ctx, p, func() error { return pause(p, m, now) }) },
		"resume": func(p *policies.Policy) error { return resume(p, m.For, now) },
		"bonus": func(p *policies.Policy) error {
			return by(ctx, p, func() error { return bonus(p, m, registry.UsageOf(*p, reportedOf(state), now), now) })
		},
	}[string(body.Operation)]
	return registry.Change{Code: string(body.Operation), Subject: subject(m.For)}, func(p *policies.Policy) error { return valued(apply(p)) }, nil
}

// readValue reads the value of a proposal, strictly.
func readValue(value json.RawMessage, into any) error {
	in := json.NewDecoder(bytes.NewReader(value))
	in.DisallowUnknownFields()
	return in.Decode(into)
}

// valued makes the paths of problems go through the proposal's value.
func valued(err error) error {
	if found, other := problemsOf(err); other == nil && found != nil {
		return within("value", found)
	}
	return err
}

// differencesOf is what of a policy is otherwise, in the order of its keys.
func differencesOf(before, after policies.Policy) ([]assist.Difference, error) {
	was, err := membersOf(before)
	if err != nil {
		return nil, err
	}
	is, err := membersOf(after)
	if err != nil {
		return nil, err
	}
	var all []assist.Difference
	for _, key := range lists() {
		some, err := entriesThatDiffer(key, was[key], is[key])
		if err != nil {
			return nil, fmt.Errorf("comparing %s of policies: %w", key, err)
		}
		all = append(all, some...)
	}
	for _, key := range settings() {
		if !bytes.Equal(was[key], is[key]) {
			all = append(all, assist.Difference{Path: string(key), Before: was[key], After: is[key]})
		}
	}
	return all, nil
}

func entriesThatDiffer(key list, before, after json.RawMessage) ([]assist.Difference, error) {
	var was, is []json.RawMessage
	if err := json.Unmarshal(before, &was); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(after, &is); err != nil {
		return nil, err
	}
	var all []assist.Difference
	for _, old := range was {
		at := slices.IndexFunc(is, func(now json.RawMessage) bool { return idOf(now) == idOf(old) })
		switch {
		case at < 0:
			all = append(all, assist.Difference{Path: string(key) + "/" + idOf(old), Before: old})
		case !bytes.Equal(old, is[at]):
			all = append(all, assist.Difference{Path: string(key) + "/" + idOf(old), Before: old, After: is[at]})
		}
	}
	for _, now := range is {
		if !slices.ContainsFunc(was, func(old json.RawMessage) bool { return idOf(now) == idOf(old) }) {
			all = append(all, assist.Difference{Path: string(key) + "/" + idOf(now), After: now})
		}
	}
	return all, nil
}

// ListOwnProposals answers those of one's own session.
func (s *server) ListOwnProposals(ctx context.Context, request ListOwnProposalsRequestObject) (ListOwnProposalsResponseObject, error) {
	one, err := s.Care.Own(ctx, request.Session, visitOf(ctx).session.Member.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.proposals(ctx, one.ID)
	return ListOwnProposals200JSONResponse(list), err
}

// ListProposals answers them to the customer.
func (s *server) ListProposals(ctx context.Context, request ListProposalsRequestObject) (ListProposalsResponseObject, error) {
	one, _, err := s.Care.Session(ctx, request.Home, request.Session)
	if err != nil {
		return nil, err
	}
	list, err := s.proposals(ctx, one.ID)
	return ListProposals200JSONResponse(list), err
}

func (s *server) proposals(ctx context.Context, session string) ([]SupportProposal, error) {
	found, err := s.Care.Proposals(ctx, session)
	list := make([]SupportProposal, len(found))
	for i, p := range found {
		list[i] = proposalOf(p)
	}
	return list, err
}

// ApproveProposal makes the change that was proposed. Whose session it is, and that it lives, is checked where it is stored.
func (s *server) ApproveProposal(ctx context.Context, request ApproveProposalRequestObject) (ApproveProposalResponseObject, error) {
	one, p, err := s.Care.Proposal(ctx, request.Home, request.Session, request.Proposal, request.Body.Hash)
	if err != nil {
		return nil, err
	}
	if ofKin(p.Code) {
		return s.approveKin(ctx, one, p)
	}
	actor := visitOf(ctx).actor()
	actor.Act = registry.Act{Staff: one.Staff, Name: one.StaffName, Session: one.ID, Proposal: p.ID}
	home, err := s.answer(s.Homes.Change(ctx, request.Home, p.Revision, registry.Edit{
		Actor: actor, Change: registry.Change{Code: p.Code, Subject: p.Subject},
		Apply: func(policy *policies.Policy) error { *policy = p.Policy; return nil },
	}))
	return ApproveProposal200JSONResponse{home}, err
}

// DeclineProposal is a no.
func (s *server) DeclineProposal(ctx context.Context, request DeclineProposalRequestObject) (DeclineProposalResponseObject, error) {
	if err := s.Care.Decline(ctx, request.Home, request.Session, request.Proposal, visitOf(ctx).closing()); err != nil {
		return nil, err
	}
	return DeclineProposal204Response{}, nil
}

func proposalOf(p assist.Proposal) SupportProposal {
	return SupportProposal{
		ID: p.ID, Session: p.Session, Change: Change{Code: p.Code, Subject: p.Subject}, Revision: p.Revision, Hash: p.Hash, State: p.State,
		Asked: p.Asked, Left: int(p.Left / time.Second), Differences: shownDifferences(p.Differences),
	}
}

func shownDifferences(list []assist.Difference) []PolicyDifference {
	shown := make([]PolicyDifference, len(list))
	for i, d := range list {
		shown[i] = PolicyDifference{Path: d.Path, Before: d.Before, After: d.After}
	}
	return shown
}
