package mobileapi

import (
	"context"
	"slices"

	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// ListMembers answers who belongs to the home.
func (s *server) ListMembers(ctx context.Context, request ListMembersRequestObject) (ListMembersResponseObject, error) {
	list, err := s.kin(ctx, request.Home)
	return ListMembers200JSONResponse(list), err
}

func (s *server) kin(ctx context.Context, home string) ([]Kin, error) {
	v := visitOf(ctx)
	family, err := s.Accounts.Family(ctx, home)
	if err != nil {
		return nil, err
	}
	list := make([]Kin, len(family))
	for i, k := range family {
		list[i] = Kin{
			ID: k.Member.ID, Name: k.Member.Name, Email: k.Member.Email, Role: k.Role, Person: k.Person, Me: k.Member.ID == v.session.Member.ID,
		}
		if (v.place.Role == accounts.RoleChild || v.support != nil) && !list[i].Me {
			list[i].Email = ""
		}
	}
	return list, nil
}

// PutMember changes a member's place.
func (s *server) PutMember(ctx context.Context, request PutMemberRequestObject) (PutMemberResponseObject, error) {
	if err := s.move(ctx, request.Home, request.Member, *request.Body, accounts.Approval{}); err != nil {
		return nil, err
	}
	list, err := s.kin(ctx, request.Home)
	return PutMember200JSONResponse(list), err
}

func (s *server) move(ctx context.Context, home, member string, p Place, under accounts.Approval) error {
	place, err := s.placeIn(ctx, home, p)
	if err != nil {
		return err
	}
	if err := s.Accounts.Move(ctx, member, place, under); err != nil {
		return err
	}
	s.Homes.Announce(home) // their open phones can do less, or more, at once
	return nil
}

// placeIn checks that a child is somebody in the home's policy, and that nobody else is.
func (s *server) placeIn(ctx context.Context, home string, p Place) (accounts.Membership, error) {
	place := accounts.Membership{Home: home, Role: p.Role, Person: p.Person}
	if err := p.Role.Check(); err != nil {
		return place, err
	}
	if p.Role != accounts.RoleChild {
		if p.Person != "" {
			return place, policies.Problems{{Code: "child-person", Field: "person", Detail: "Only a child is a person of the policy."}}
		}
		return place, nil
	}
	state, err := s.Homes.State(ctx, home)
	if err != nil {
		return place, err
	}
	if !slices.ContainsFunc(state.Asked.Policy.People, func(o policies.Person) bool { return o.ID == p.Person }) {
		return place, policies.Problems{{Code: policies.CodeReference, Field: "person", Detail: "The home has no such person."}}
	}
	return place, nil
}

// RemoveMember ends a membership: an owner anybody's, an adult their own.
func (s *server) RemoveMember(ctx context.Context, request RemoveMemberRequestObject) (RemoveMemberResponseObject, error) {
	if err := s.part(ctx, request.Home, request.Member, accounts.Approval{}); err != nil {
		return nil, err
	}
	return RemoveMember204Response{}, nil
}

func (s *server) part(ctx context.Context, home, member string, under accounts.Approval) error {
	v := visitOf(ctx)
	if v.place.Role != accounts.RoleOwner && member != v.session.Member.ID {
		return refuse(codeOwner)
	}
	if err := s.Accounts.Leave(ctx, member, home, under); err != nil {
		return err
	}
	s.Homes.Announce(home) // ends their live events
	return nil
}

// ListInvitations answers those that nobody has used.
func (s *server) ListInvitations(ctx context.Context, request ListInvitationsRequestObject) (ListInvitationsResponseObject, error) {
	list, err := s.invitations(ctx, request.Home)
	return ListInvitations200JSONResponse(list), err
}

func (s *server) invitations(ctx context.Context, home string) ([]Invitation, error) {
	found, err := s.Accounts.Invitations(ctx, home)
	if err != nil {
		return nil, err
	}
	list := make([]Invitation, len(found))
	for i, x := range found {
		list[i] = invitationOf(x)
	}
	return list, nil
}

// Invite makes a code for one person.
func (s *server) Invite(ctx context.Context, request InviteRequestObject) (InviteResponseObject, error) {
	made, err := s.invite(ctx, request.Home, *request.Body, accounts.Approval{})
	return Invite201JSONResponse(made), err
}

func (s *server) invite(ctx context.Context, home string, p Place, under accounts.Approval) (NewInvitation, error) {
	v := visitOf(ctx)
	if p.Role == accounts.RoleOwner && v.place.Role != accounts.RoleOwner {
		return NewInvitation{}, refuse(codeOwner)
	}
	place, err := s.placeIn(ctx, home, p)
	if err != nil {
		return NewInvitation{}, err
	}
	invitation, code, err := s.Accounts.Invite(ctx, v.session.Member.Name, place, under)
	if err != nil {
		return NewInvitation{}, err
	}
	s.Homes.Announce(home) // who proposed it, and who else was shown the proposal, see that it was made
	return NewInvitation{Invitation: invitationOf(invitation), Code: code, URL: s.URL + "/join#" + code}, nil
}

// TakeBackInvitation makes a code worth nothing.
func (s *server) TakeBackInvitation(ctx context.Context, request TakeBackInvitationRequestObject) (TakeBackInvitationResponseObject, error) {
	if err := s.Accounts.Uninvite(ctx, request.Home, request.Invitation); err != nil {
		return nil, err
	}
	return TakeBackInvitation204Response{}, nil
}

// LookAtInvitation tells what a code lets into.
func (s *server) LookAtInvitation(ctx context.Context, request LookAtInvitationRequestObject) (LookAtInvitationResponseObject, error) {
	x, err := s.Accounts.Invited(ctx, request.Body.Code, visitOf(ctx).from)
	if err != nil {
		return nil, err
	}
	return LookAtInvitation200JSONResponse{Home: x.HomeName, Role: x.Role, Inviter: x.Inviter, Expires: x.Expires}, nil
}

// AcceptInvitation makes an account and signs it in.
func (s *server) AcceptInvitation(ctx context.Context, request AcceptInvitationRequestObject) (AcceptInvitationResponseObject, error) {
	v, body := visitOf(ctx), request.Body
	if !body.Kind.Valid() {
		return nil, policies.Problems{{Code: policies.CodeWord, Field: "kind", Detail: "A kind is browser or app."}}
	}
	session, token, place, err := s.Accounts.Accept(ctx, body.Code, accounts.Newcomer{Name: body.Name, Locale: body.Locale, Credentials: accounts.Credentials{
		Email: body.Email, Password: body.Password, Kind: body.Kind, Client: v.client, From: v.from,
	}})
	if err != nil {
		return nil, err
	}
	answer := AcceptInvitation201JSONResponse{Body: Welcome{Member: memberOf(session.Member), Home: place.Home}}
	if body.Kind == accounts.KindApp {
		answer.Body.Token = token
	} else {
		answer.Headers.SetCookie = new(v.cookie(token, int(accounts.SessionMax.Seconds())))
	}
	return answer, nil
}

// AcceptInvitationAsMember gives the member who asks one more home.
func (s *server) AcceptInvitationAsMember(
	ctx context.Context, request AcceptInvitationAsMemberRequestObject,
) (AcceptInvitationAsMemberResponseObject, error) {
	v := visitOf(ctx)
	if err := s.notAtWork(ctx, request.Body.Code); err != nil {
		return nil, err
	}
	place, err := s.Accounts.AcceptAs(ctx, request.Body.Code, v.session.Member, v.from)
	if err != nil {
		return nil, err
	}
	state, err := s.Homes.State(ctx, place.Home)
	if err != nil {
		return nil, err
	}
	return AcceptInvitationAsMember201JSONResponse{ID: place.Home, Name: state.Home.Name, Role: place.Role, Person: place.Person}, nil
}

func invitationOf(x accounts.Invitation) Invitation {
	return Invitation{ID: x.ID, Role: x.Role, Person: x.Person, Inviter: x.Inviter, Created: x.Created, Expires: x.Expires}
}
