package mobileapi

import (
	"context"
	"errors"

	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// PutMe changes the member's name and language.
func (s *server) PutMe(ctx context.Context, request PutMeRequestObject) (PutMeResponseObject, error) {
	who, err := s.Accounts.Rename(ctx, visitOf(ctx).session.Member, request.Body.Name, request.Body.Locale)
	return PutMe200JSONResponse(memberOf(who)), err
}

// PutPassword changes the member's password.
func (s *server) PutPassword(ctx context.Context, request PutPasswordRequestObject) (PutPasswordResponseObject, error) {
	v := visitOf(ctx)
	problems, err := problemsOf(s.Accounts.ChangePassword(ctx, v.session, request.Body.Current, request.Body.New, v.from))
	for i, p := range problems {
		if p.Field == "password" {
			problems[i].Field = "new"
		}
	}
	if problems != nil {
		return nil, problems
	}
	if err != nil {
		return nil, err
	}
	return PutPassword204Response{}, nil
}

// ForgetPassword sends a letter to who has an account, and answers as if to everybody.
func (s *server) ForgetPassword(ctx context.Context, request ForgetPasswordRequestObject) (ForgetPasswordResponseObject, error) {
	who, code, err := s.Accounts.Forgot(ctx, request.Body.Email, visitOf(ctx).from)
	if err != nil {
		return nil, err
	}
	if who.ID != "" {
		subject, text := resetLetter(who, s.URL+"/reset#"+code)
		if !s.Mail.Send(who.Email, subject, text) {
			return nil, errors.New("the outbox is full")
		}
	}
	return ForgetPassword202Response{}, nil
}

// ResetPassword takes a code and a new password.
func (s *server) ResetPassword(ctx context.Context, request ResetPasswordRequestObject) (ResetPasswordResponseObject, error) {
	if err := s.Accounts.Reset(ctx, request.Body.Code, request.Body.Password, visitOf(ctx).from); err != nil {
		return nil, err
	}
	return ResetPassword204Response{}, nil
}

// resetLetter is in the member's language.
func resetLetter(who accounts.Member, link string) (subject, text string) {
	if who.Locale == accounts.LocaleFrench {
		return "Votre nouveau mot de passe Carebox", "Bonjour " + who.Name + ",\n\nChoisissez un nouveau mot de passe ici, dans l'heure :\n\n" + link +
			"\n\nSi vous n'avez rien demandé, ne faites rien : votre mot de passe reste le même.\n\nCarebox\n"
	}
	return "Your new Carebox password", "Hello " + who.Name + ",\n\nChoose a new password here, within an hour:\n\n" + link +
		"\n\nIf you did not ask for this, do nothing: your password stays the same.\n\nCarebox\n"
}
