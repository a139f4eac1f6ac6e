package mobileapi

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

// fresh is how old a sign-in of the staff may be that asks a customer for a session.
const freshFor = 8 * time.Hour

// ListSupport answers the sessions of a home: to a child, that there are some.
func (s *server) ListSupport(ctx context.Context, request ListSupportRequestObject) (ListSupportResponseObject, error) {
	found, err := s.Care.Of(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	list := supportsOf(found)
	if visitOf(ctx).place.Role == accounts.RoleChild {
		for i := range list {
			list[i].Reason, list[i].Consent, list[i].Case = "", nil, ""
		}
	}
	return ListSupport200JSONResponse(list), nil
}

// ConsentToSupport begins a session.
func (s *server) ConsentToSupport(ctx context.Context, request ConsentToSupportRequestObject) (ConsentToSupportResponseObject, error) {
	a := visitOf(ctx).answer(request.Home, request.Session)
	a.Scopes, a.Minutes, a.Text = scopesOf(request.Body.Scopes), request.Body.Minutes, request.Body.Text
	a.Record = request.Body.Record
	one, err := s.Care.Consent(ctx, a)
	return ConsentToSupport200JSONResponse(supportOf(one)), err
}

// ExtendSupport lets a session go on.
func (s *server) ExtendSupport(ctx context.Context, request ExtendSupportRequestObject) (ExtendSupportResponseObject, error) {
	a := visitOf(ctx).answer(request.Home, request.Session)
	a.Minutes, a.Text = request.Body.Minutes, request.Body.Text
	one, err := s.Care.Extend(ctx, a)
	return ExtendSupport200JSONResponse(supportOf(one)), err
}

// RefuseSupport is a no.
func (s *server) RefuseSupport(ctx context.Context, request RefuseSupportRequestObject) (RefuseSupportResponseObject, error) {
	one, err := s.Care.Refuse(ctx, request.Home, request.Session, visitOf(ctx).closing())
	return RefuseSupport200JSONResponse(supportOf(one)), err
}

// EndSupport ends a session for the customer.
func (s *server) EndSupport(ctx context.Context, request EndSupportRequestObject) (EndSupportResponseObject, error) {
	one, err := s.Care.End(ctx, request.Home, request.Session, visitOf(ctx).closing())
	return EndSupport200JSONResponse(supportOf(one)), err
}

// AskForSession asks the customer of a case.
func (s *server) AskForSession(ctx context.Context, request AskForSessionRequestObject) (AskForSessionResponseObject, error) {
	login, body := visitOf(ctx).session, request.Body
	if s.Now().Sub(login.Created) > freshFor {
		return nil, refuse(codeSupportFresh)
	}
	one, err := s.Care.Ask(ctx, assist.Asking{
		Case: request.Case, Staff: login.Member.ID, StaffName: login.Member.Name, Login: login.ID,
		Scopes: scopesOf(body.Scopes), Minutes: body.Minutes, Reason: body.Reason,
	})
	return AskForSession201JSONResponse(supportOf(one)), err
}

// ListOwnSessions answers those of the staff that asks.
func (s *server) ListOwnSessions(ctx context.Context, _ ListOwnSessionsRequestObject) (ListOwnSessionsResponseObject, error) {
	found, err := s.Care.By(ctx, visitOf(ctx).session.Member.ID)
	return ListOwnSessions200JSONResponse(supportsOf(found)), err
}

// GetOwnSession answers one of them.
func (s *server) GetOwnSession(ctx context.Context, request GetOwnSessionRequestObject) (GetOwnSessionResponseObject, error) {
	one, err := s.Care.Own(ctx, request.Session, visitOf(ctx).session.Member.ID)
	return GetOwnSession200JSONResponse(supportOf(one)), err
}

// EndOwnSession ends one of them.
func (s *server) EndOwnSession(ctx context.Context, request EndOwnSessionRequestObject) (EndOwnSessionResponseObject, error) {
	one, err := s.Care.EndOwn(ctx, request.Session, visitOf(ctx).closing())
	return EndOwnSession200JSONResponse(supportOf(one)), err
}

// answer is somebody's who consents.
func (v *visit) answer(home, session string) assist.Answer {
	who := v.session.Member
	return assist.Answer{Home: home, ID: session, By: who.ID, Name: who.Name, Locale: who.Locale, Device: v.session.Client}
}

// closing is somebody's who refuses or ends.
func (v *visit) closing() assist.Closing {
	return assist.Closing{State: assist.StateEnded, Who: v.session.Member.ID, Name: v.session.Member.Name}
}

func scopesOf(list SupportScopes) []wire.Scope { return list }

func supportsOf(found []assist.Session) []SupportSession {
	list := make([]SupportSession, len(found))
	for i, one := range found {
		list[i] = supportOf(one)
	}
	return list
}

func supportOf(s assist.Session) SupportSession {
	one := SupportSession{
		ID: s.ID, Case: s.Case, Home: s.Home, HomeName: s.HomeName, Customer: SupportPerson{ID: s.Customer, Name: s.CustomerName},
		Staff: SupportPerson{ID: s.Staff, Name: s.StaffName}, AskedScopes: filled(s.AskedScopes), AskedMinutes: s.AskedMinutes, Reason: s.Reason,
		State: s.State, Scopes: filled(s.Scopes), Minutes: s.Minutes, Asked: s.Asked, Started: known(s.Started), Deadline: known(s.Deadline),
		Left: int(s.Left / time.Second), Ended: known(s.EndedAt), EndedBy: s.EndedBy, Replaces: s.Replaces, ReplacedBy: s.ReplacedBy,
	}
	one.Recording = SupportRecording{On: s.Recording, Until: known(s.KeptUntil), Full: s.Full}
	if s.Consent.By != "" {
		one.Consent = &SupportAgreement{
			By: SupportPerson{ID: s.Consent.By, Name: s.Consent.Name}, At: s.Consent.At, Text: s.Consent.Text, Locale: s.Consent.Locale,
		}
	}
	return one
}
