package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/policies"
)

// GetTOTP answers whether the member makes codes.
func (s *server) GetTOTP(ctx context.Context, _ GetTOTPRequestObject) (GetTOTPResponseObject, error) {
	active, err := s.Accounts.Factored(ctx, visitOf(ctx).session.Member)
	return GetTOTP200JSONResponse{Active: active}, err
}

// OfferTOTP makes a secret.
func (s *server) OfferTOTP(ctx context.Context, request OfferTOTPRequestObject) (OfferTOTPResponseObject, error) {
	v := visitOf(ctx)
	factor, err := s.Accounts.OfferFactor(ctx, v.session.Member, request.Body.Password, v.from)
	return OfferTOTP200JSONResponse{Secret: factor.Secret, URI: factor.URI}, ofPassword(err)
}

// KeepTOTP puts it in force.
func (s *server) KeepTOTP(ctx context.Context, request KeepTOTPRequestObject) (KeepTOTPResponseObject, error) {
	return KeepTOTP204Response{}, s.Accounts.KeepFactor(ctx, visitOf(ctx).session, request.Body.Code)
}

// DropTOTP takes it away.
func (s *server) DropTOTP(ctx context.Context, request DropTOTPRequestObject) (DropTOTPResponseObject, error) {
	v := visitOf(ctx)
	return DropTOTP204Response{}, ofPassword(s.Accounts.DropFactor(ctx, v.session.Member, request.Body.Password, v.from))
}

// ofPassword names the field of a body that has the password alone.
func ofPassword(err error) error {
	problems, other := problemsOf(err)
	if problems == nil {
		return other
	}
	return policies.Problems{{Code: problems[0].Code, Field: "password", Detail: problems[0].Detail}}
}
