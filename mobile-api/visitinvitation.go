package mobileapi

import (
	"context"
	"errors"
	"slices"

	fieldvisit "github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// unjoined lets a technician touch a home only while nobody belongs to it: from then on it is theirs alone.
func (s *server) unjoined(ctx context.Context, id string) error {
	v, err := s.Visits.Look(ctx, id, whoVisits(ctx))
	if err != nil {
		return err
	}
	joined, err := s.joined(ctx, v)
	if err == nil && joined {
		err = fieldvisit.ErrJoined
	}
	return err
}

// inviteFirst makes the one way in that lives: a phone that lost the answer asks again.
func (s *server) inviteFirst(ctx context.Context, v *fieldvisit.Visit) (*VisitInvitation, error) {
	if v.State.Over() {
		return nil, fieldvisit.ErrOver
	}
	if v.Invited != nil {
		if err := s.Accounts.Uninvite(ctx, v.Home, v.Invited.ID); err != nil && !errors.Is(err, accounts.ErrCode) {
			return nil, err
		}
	}
	place := accounts.Membership{Home: v.Home, Role: accounts.RoleOwner}
	made, code, err := s.Accounts.Invite(ctx, visitOf(ctx).session.Member.Name, place, accounts.Approval{})
	if err != nil {
		return nil, err
	}
	kept, err := s.Visits.KeepInvited(ctx, v.ID, fieldvisit.Invited{ID: made.ID, At: made.Created, Expires: made.Expires}, whoVisits(ctx))
	if err != nil {
		return nil, err
	}
	*v = kept
	answer := &VisitInvitation{Code: code, URL: s.URL + "/join#" + code, Expires: made.Expires}
	if to := v.Order.Email; to != "" { // the QR code on the technician's screen is enough; a letter is for who has no phone at hand
		subject, text := inviteLetter(v.Order, answer.URL)
		answer.Mailed = s.Mail.Send(to, subject, text)
	}
	return answer, nil
}

// inviteLetter is in the customer's language.
func inviteLetter(o fieldvisit.Order, link string) (subject, text string) {
	if o.Locale == accounts.LocaleFrench {
		return "Votre accès à Carebox", "Bonjour,\n\nVotre box est installée. Créez votre compte ici, dans les 48 heures :\n\n" + link +
			"\n\nCe lien ne sert qu'une fois. Vous n'attendiez rien de nous ? Ne l'ouvrez pas.\n"
	}
	return "Your way into Carebox", "Hello,\n\nYour box is installed. Make your account here, within 48 hours:\n\n" + link +
		"\n\nThis link is good once. You did not expect it? Do not open it.\n"
}

// notAtWork keeps a technician from using the way into a customer's home that they have made.
func (s *server) notAtWork(ctx context.Context, code string) error {
	v := visitOf(ctx)
	if v.session.Member.Staff == "" {
		return nil
	}
	invited, err := s.Accounts.Invited(ctx, code, v.from)
	if err != nil {
		return err
	}
	live, err := s.Visits.Live(ctx, v.session.Member.ID)
	if err != nil {
		return err
	}
	past, err := s.Visits.Of(ctx, invited.Home) // the way in outlives the visit
	made := func(o fieldvisit.Visit) bool {
		return o.Technician == v.session.Member.ID && o.Invited != nil && o.Invited.ID == invited.ID
	}
	if err == nil && (slices.Contains(live, invited.Home) || slices.ContainsFunc(past, made)) {
		err = accounts.ErrCode
	}
	return err
}
