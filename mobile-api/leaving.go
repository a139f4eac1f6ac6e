package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// DeleteMe takes the account of who asks away, with their password if they have one.
func (s *server) DeleteMe(ctx context.Context, request DeleteMeRequestObject) (DeleteMeResponseObject, error) {
	v := visitOf(ctx)
	problems, err := problemsOf(s.Accounts.Remove(ctx, v.session.Member, request.Body.Password, v.from))
	if err != nil {
		return nil, err
	}
	if problems != nil {
		return nil, policies.Problems{{Code: problems[0].Code, Field: "password", Detail: problems[0].Detail}}
	}
	var answer DeleteMe204Response
	if v.session.Kind == accounts.KindBrowser {
		gone := v.cookie("", -1)
		answer.Headers.SetCookie = &gone
	}
	return answer, nil
}

// Readmit makes a code for a child who cannot sign in any more.
func (s *server) Readmit(ctx context.Context, request ReadmitRequestObject) (ReadmitResponseObject, error) {
	code, expires, err := s.Accounts.Readmit(ctx, request.Home, request.Member)
	if err != nil {
		return nil, err
	}
	return Readmit201JSONResponse{Code: code, URL: s.URL + "/enter#" + code, Expires: expires}, nil
}

// Enter signs the child of a code in.
func (s *server) Enter(ctx context.Context, request EnterRequestObject) (EnterResponseObject, error) {
	v, body := visitOf(ctx), request.Body
	if !body.Kind.Valid() {
		return nil, policies.Problems{{Code: policies.CodeWord, Field: "kind", Detail: "A kind is browser or app."}}
	}
	session, token, err := s.Accounts.Enter(ctx, body.Code, accounts.Credentials{Kind: body.Kind, Client: v.client, From: v.from})
	if err != nil {
		return nil, err
	}
	answer := Enter201JSONResponse{Body: SignedIn{Member: memberOf(session.Member)}}
	if body.Kind == accounts.KindApp {
		answer.Body.Token = token
	} else {
		answer.Headers.SetCookie = new(v.cookie(token, int(accounts.SessionMax.Seconds())))
	}
	return answer, nil
}
