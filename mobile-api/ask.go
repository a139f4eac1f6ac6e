package mobileapi

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// ListAsks answers the wishes for more time of the last day; a child's own.
func (s *server) ListAsks(ctx context.Context, request ListAsksRequestObject) (ListAsksResponseObject, error) {
	list, err := s.Homes.Asks(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	place := visitOf(ctx).place
	answer := ListAsks200JSONResponse{}
	for _, ask := range list {
		if place.Role != accounts.RoleChild || ask.Person != "" && ask.Person == place.Person {
			answer = append(answer, askOf(ask))
		}
	}
	return answer, nil
}

// CreateAsk is a child asking for more time.
func (s *server) CreateAsk(ctx context.Context, request CreateAskRequestObject) (CreateAskResponseObject, error) {
	ask, err := s.Homes.Ask(ctx, registry.Ask{
		Home: request.Home, Person: visitOf(ctx).place.Person, Device: request.Body.Device,
		Minutes: request.Body.Minutes, Why: request.Body.Why,
	})
	if err != nil {
		return nil, err
	}
	return CreateAsk201JSONResponse(askOf(ask)), nil
}

// SeeAsk tells the child that somebody has read it.
func (s *server) SeeAsk(ctx context.Context, request SeeAskRequestObject) (SeeAskResponseObject, error) {
	ask, err := s.Homes.See(ctx, request.Home, request.Ask, visitOf(ctx).actor())
	return SeeAsk200JSONResponse(askOf(ask)), err
}

// AnswerAsk grants or refuses; the first answer counts.
func (s *server) AnswerAsk(ctx context.Context, request AnswerAskRequestObject) (AnswerAskResponseObject, error) {
	minutes, refuse, found := request.Body.read()
	if found != nil {
		return nil, found
	}
	actor := visitOf(ctx).actor()
	if refuse {
		if _, err := s.Homes.Refuse(ctx, request.Home, request.Ask, actor); err != nil {
			return nil, err
		}
		home, err := s.answer(s.Homes.State(ctx, request.Home))
		return AnswerAsk200JSONResponse{home}, err
	}
	home, err := s.answer(s.Homes.Grant(ctx, request.Home, request.Ask, registry.Grant{
		Actor: actor, Minutes: minutes,
		Change: func(ask registry.Ask) registry.Change {
			return registry.Change{Code: "bonus", Subject: subject(ask.Target())}
		},
		Apply: func(p *policies.Policy, state registry.State, ask registry.Ask) (until time.Time, err error) {
			now := s.Now()
			m := Moment{For: ask.Target(), Minutes: &ask.Answer.Minutes}
			err = by(ctx, p, func() error { return bonus(p, m, registry.UsageOf(*p, reportedOf(state), now), now) })
			return granted(*p, m.For), err
		},
	}))
	return AnswerAsk200JSONResponse{home}, err
}

// granted is when the last bonus of exactly a target ends.
func granted(p policies.Policy, target Target) time.Time {
	var end time.Time
	for _, o := range p.Overrides {
		if o.Mode == policies.ModeBonus && o.For == target && o.Until.After(end) {
			end = *o.Until
		}
	}
	return end
}

// read is what an answer says: minutes, 0 for as many as were asked for, or no.
func (a *AskAnswer) read() (minutes int, refuse bool, found policies.Problems) {
	if a.Minutes != nil {
		if minutes = *a.Minutes; minutes < 1 || minutes > maxMinutes {
			found = append(found, policies.Problem{Code: "range", Field: "minutes", Detail: "Minutes are 1 to 10080."})
		}
	}
	if a.Refuse && a.Minutes != nil {
		found = append(found, policies.Problem{Code: "minutes-or-refuse", Field: "refuse", Detail: "Either minutes or a refusal, not both."})
	}
	return minutes, a.Refuse, found
}

func askOf(a registry.Ask) Ask {
	return Ask{
		ID: a.ID, Device: a.Device, Person: a.Person, Minutes: a.Minutes, Why: a.Why, At: a.At, State: a.Answer.State,
		By: a.Answer.By.Name, Granted: a.Answer.Minutes, Until: known(a.Answer.Until), Answered: known(a.Answer.At),
	}
}
