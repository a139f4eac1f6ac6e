package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// ListPasskeys answers the member's own.
func (s *server) ListPasskeys(ctx context.Context, _ ListPasskeysRequestObject) (ListPasskeysResponseObject, error) {
	found, err := s.passkeys.List(ctx, visitOf(ctx).session.Member)
	if err != nil {
		return nil, err
	}
	list := make(ListPasskeys200JSONResponse, len(found))
	for i, p := range found {
		list[i] = passkeyOf(p)
	}
	return list, nil
}

// OfferPasskey begins to make one.
func (s *server) OfferPasskey(ctx context.Context, request OfferPasskeyRequestObject) (OfferPasskeyResponseObject, error) {
	v := visitOf(ctx)
	ceremony, err := s.passkeys.Offer(ctx, v.session.Member, request.Body.Password, v.from)
	problems, err := problemsOf(err)
	if problems != nil {
		return nil, policies.Problems{{Code: problems[0].Code, Field: "password", Detail: problems[0].Detail}}
	}
	return OfferPasskey200JSONResponse{Ceremony: ceremony.ID, Options: ceremony.Options}, err
}

// AddPasskey keeps it.
func (s *server) AddPasskey(ctx context.Context, request AddPasskeyRequestObject) (AddPasskeyResponseObject, error) {
	made, err := s.passkeys.Keep(ctx, visitOf(ctx).session.Member, request.Body.Ceremony, request.Body.Name, request.Body.Credential)
	return AddPasskey201JSONResponse(passkeyOf(made)), err
}

// DropPasskey takes one away.
func (s *server) DropPasskey(ctx context.Context, request DropPasskeyRequestObject) (DropPasskeyResponseObject, error) {
	if err := s.passkeys.Drop(ctx, visitOf(ctx).session.Member, request.Passkey); err != nil {
		return nil, err
	}
	return DropPasskey204Response{}, nil
}

// ChallengePasskey begins a sign-in.
func (s *server) ChallengePasskey(ctx context.Context, _ ChallengePasskeyRequestObject) (ChallengePasskeyResponseObject, error) {
	ceremony, err := s.passkeys.Challenge(ctx, visitOf(ctx).from)
	return ChallengePasskey200JSONResponse{Ceremony: ceremony.ID, Options: ceremony.Options}, err
}

// SignInByPasskey ends it.
func (s *server) SignInByPasskey(ctx context.Context, request SignInByPasskeyRequestObject) (SignInByPasskeyResponseObject, error) {
	v, body := visitOf(ctx), request.Body
	if !body.Kind.Valid() {
		return nil, policies.Problems{{Code: policies.CodeWord, Field: "kind", Detail: "A kind is browser or app."}}
	}
	session, token, err := s.passkeys.SignIn(ctx, body.Ceremony, body.Credential, accounts.Credentials{
		Kind: body.Kind, Client: v.client, From: v.from,
	})
	if err != nil {
		return nil, err
	}
	answer := SignInByPasskey201JSONResponse{Body: SignedIn{Member: memberOf(session.Member)}}
	if body.Kind == accounts.KindApp {
		answer.Body.Token = token
	} else {
		answer.Headers.SetCookie = new(v.cookie(token, int(accounts.SessionMax.Seconds())))
	}
	return answer, nil
}

func passkeyOf(p accounts.Passkey) Passkey {
	return Passkey{ID: p.ID, Name: p.Name, Created: p.Created, Used: known(p.Used)}
}
