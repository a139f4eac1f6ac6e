package mobileapi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// Proposals about who belongs to a home: what they are called, and where their one difference is.
const (
	kinPut     = "member"
	kinRemoved = "member-removed"
	kinInvited = "invitation"

	members     list = "members"
	invitations list = "invitations"
)

func ofKin(code string) bool { return code == kinPut || code == kinRemoved || code == kinInvited }

// seat is a place in a home as a difference shows it.
type seat struct {
	Name   string        `json:"name,omitempty"` // "" of whoever is invited
	Role   accounts.Role `json:"role"`
	Person string        `json:"person"` // of a child
}

// draftKin fills in what would become of the members, judged as the family's own change would be. Whether the member who
// approves is an owner is found out when they do.
func (s *server) draftKin(ctx context.Context, p *assist.Proposal, state registry.State, body ProposedChange) error {
	if state.Asked.Revision != body.Revision {
		return &registry.Stale{State: state}
	}
	d := assist.Difference{Path: string(invitations)}
	var was, is seat
	var err error
	p.Code = map[string]string{"invite": kinInvited, "put": kinPut, "remove": kinRemoved}[string(body.Operation)]
	if p.Code == "" {
		return policies.Problems{{Code: policies.CodeWord, Field: "operation", Detail: "There is no such operation."}}
	}
	if p.Code != kinRemoved {
		if is, err = s.seatFor(ctx, p.Home, body.Value); err != nil {
			return valued(err)
		}
	}
	if p.Code != kinInvited {
		p.Subject, d.Path = body.ID, string(members)+"/"+body.ID
		if was, err = s.seatOf(ctx, p.Home, body.ID, is.Role); err != nil {
			return err
		}
		if is.Name = was.Name; is == was {
			return nil
		}
	}
	if d.Before, err = was.shown(); err != nil {
		return err
	}
	if d.After, err = is.shown(); err != nil {
		return err
	}
	p.Differences = []assist.Difference{d}
	return nil
}

// shown is a seat as JSON, nothing of one that is none.
func (s seat) shown() (json.RawMessage, error) {
	if s.Role == "" {
		return nil, nil
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encoding a place: %w", err)
	}
	return data, nil
}

// seatIn is what shown made.
func seatIn(data json.RawMessage) (s seat, err error) {
	if data == nil {
		return s, nil
	}
	if err = json.Unmarshal(data, &s); err != nil {
		err = fmt.Errorf("reading a place: %w", err)
	}
	return s, err
}

// seatFor reads the place that a proposal asks for.
func (s *server) seatFor(ctx context.Context, home string, value json.RawMessage) (seat, error) {
	var p Place
	if err := readValue(value, &p); err != nil {
		return seat{}, policies.Problems{{Code: policies.CodeType, Detail: "This is no place in a home."}}
	}
	place, err := s.placeIn(ctx, home, p)
	return seat{Role: place.Role, Person: place.Person}, err
}

// seatOf is the place that a member has, who may get another role or (with "") none. ErrNobody, ErrLastOwner.
func (s *server) seatOf(ctx context.Context, home, member string, role accounts.Role) (seat, error) {
	family, err := s.Accounts.Family(ctx, home)
	if err != nil {
		return seat{}, err
	}
	is := func(k accounts.Kin) bool { return k.Member.ID == member }
	at := slices.IndexFunc(family, is)
	if at < 0 {
		return seat{}, accounts.ErrNobody
	}
	one := family[at]
	another := slices.ContainsFunc(family, func(k accounts.Kin) bool { return k.Role == accounts.RoleOwner && !is(k) })
	if one.Role == accounts.RoleOwner && role != accounts.RoleOwner && !another {
		return seat{}, accounts.ErrLastOwner
	}
	return seat{Name: one.Member.Name, Role: one.Role, Person: one.Person}, nil
}

// approveKin makes a change of the members that was proposed: as the family's own operation of it, with its rules, by the
// member who approves.
func (s *server) approveKin(ctx context.Context, one assist.Session, p assist.Proposal) (ApproveProposalResponseObject, error) {
	d := p.Differences[0]
	was, err := seatIn(d.Before)
	if err != nil {
		return nil, err
	}
	is, err := seatIn(d.After)
	if err != nil {
		return nil, err
	}
	v := visitOf(ctx)
	under := accounts.Approval{
		Session: one.ID, Staff: one.Staff, Proposal: p.ID, Member: v.session.Member.ID, Was: accounts.Membership{Role: was.Role, Person: was.Person},
	}
	member, to := strings.TrimPrefix(d.Path, string(members)+"/"), Place{Role: is.Role, Person: is.Person}
	switch p.Code {
	case kinInvited:
		made, err := s.invite(ctx, p.Home, to, under)
		return ApproveProposal201JSONResponse(made), err
	case kinPut:
		if v.place.Role != accounts.RoleOwner {
			return nil, refuse(codeOwner)
		}
		return ApproveProposal204Response{}, s.move(ctx, p.Home, member, to, under)
	}
	return ApproveProposal204Response{}, s.part(ctx, p.Home, member, under)
}
