package mobileapi

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// GetDocument answers openapi.yaml.
func (s *server) GetDocument(context.Context, GetDocumentRequestObject) (GetDocumentResponseObject, error) {
	return GetDocument200ApplicationYamlResponse{Body: bytes.NewReader(document), ContentLength: int64(len(document))}, nil
}

// SignIn makes a session: a cookie for a browser, a token for an app.
func (s *server) SignIn(ctx context.Context, request SignInRequestObject) (SignInResponseObject, error) {
	v, body := visitOf(ctx), request.Body
	if problems := signInProblems(body); problems != nil {
		return nil, problems
	}
	session, token, err := s.Accounts.SignIn(ctx, accounts.Credentials{
		Email: body.Email, Password: body.Password, Code: body.Code, Kind: body.Kind, Client: v.client, From: v.from,
	})
	if err != nil {
		return nil, err
	}
	answer := SignIn201JSONResponse{Body: SignedIn{Member: memberOf(session.Member)}}
	if body.Kind == accounts.KindApp {
		answer.Body.Token = token
	} else {
		cookie := v.cookie(token, int(accounts.SessionMax.Seconds()))
		answer.Headers.SetCookie = &cookie
	}
	return answer, nil
}

func signInProblems(body *SignIn) policies.Problems {
	var problems policies.Problems
	if body.Email == "" {
		problems = append(problems, policies.Problem{Code: "missing", Field: "email", Detail: "An email is missing."})
	}
	if body.Password == "" {
		problems = append(problems, policies.Problem{Code: "missing", Field: "password", Detail: "A password is missing."})
	}
	if !body.Kind.Valid() {
		problems = append(problems, policies.Problem{Code: policies.CodeWord, Field: "kind", Detail: "A kind is browser or app."})
	}
	return problems
}

// cookie lasts as long as a session can; the store knows when it really ends. A negative age takes it away.
func (v *visit) cookie(token string, age int) string {
	return (&http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: v.secure, SameSite: http.SameSiteStrictMode,
	}).String()
}

// ListSessions answers the member's own live sessions.
func (s *server) ListSessions(ctx context.Context, _ ListSessionsRequestObject) (ListSessionsResponseObject, error) {
	mine := visitOf(ctx).session
	sessions, err := s.Accounts.Sessions(ctx, mine.Member)
	if err != nil {
		return nil, err
	}
	answer := make(ListSessions200JSONResponse, len(sessions))
	for i, x := range sessions {
		answer[i] = Session{
			ID: x.ID, Kind: x.Kind, Proof: x.Proof, Client: x.Client, Created: x.Created, Used: x.Used, Expires: x.Expires, Current: x.ID == mine.ID,
		}
	}
	return answer, nil
}

// SignOut ends the session that asks.
func (s *server) SignOut(ctx context.Context, _ SignOutRequestObject) (SignOutResponseObject, error) {
	v := visitOf(ctx)
	if err := s.Accounts.End(ctx, v.session.Member.ID, v.session.ID); err != nil {
		return nil, err
	}
	var answer SignOut204Response
	if v.session.Kind == accounts.KindBrowser {
		gone := v.cookie("", -1)
		answer.Headers.SetCookie = &gone
	}
	return answer, nil
}

// RevokeSession ends one of the member's own sessions.
func (s *server) RevokeSession(ctx context.Context, request RevokeSessionRequestObject) (RevokeSessionResponseObject, error) {
	err := s.Accounts.End(ctx, visitOf(ctx).session.Member.ID, request.Session)
	if errors.Is(err, accounts.ErrSignedOut) {
		return nil, refuse(codeNotFound)
	}
	if err != nil {
		return nil, err
	}
	return RevokeSession204Response{}, nil
}

// GetMe answers who is signed in and where they belong.
func (s *server) GetMe(ctx context.Context, _ GetMeRequestObject) (GetMeResponseObject, error) {
	who := visitOf(ctx).session.Member
	homes, err := s.Accounts.Homes(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	answer := GetMe200JSONResponse{Member: memberOf(who), Homes: make([]Membership, len(homes))}
	for i, h := range homes {
		answer.Homes[i] = Membership{ID: h.Home, Name: h.Name, Role: h.Role, Person: h.Person}
	}
	return answer, nil
}

func memberOf(m accounts.Member) Member {
	return Member{ID: m.ID, Name: m.Name, Email: m.Email, Locale: m.Locale, Staff: m.Staff}
}
