package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/policies"
)

// PutHome changes the home's name.
func (s *server) PutHome(ctx context.Context, request PutHomeRequestObject) (PutHomeResponseObject, error) {
	home, err := s.answer(s.Homes.Rename(ctx, request.Home, request.Body.Name))
	return PutHome200JSONResponse{home}, err
}

// DeleteHome takes the home away, with the password of the owner who asks.
func (s *server) DeleteHome(ctx context.Context, request DeleteHomeRequestObject) (DeleteHomeResponseObject, error) {
	v := visitOf(ctx)
	problems, err := problemsOf(s.Accounts.Confirm(ctx, v.session.Member, request.Body.Password, v.from))
	if err != nil {
		return nil, err
	}
	if problems != nil {
		return nil, policies.Problems{{Code: problems[0].Code, Field: "password", Detail: problems[0].Detail}}
	}
	if err := s.Care.EndHome(ctx, request.Home, v.closing()); err != nil {
		return nil, err
	}
	if err := s.Homes.Delete(ctx, request.Home); err != nil {
		return nil, err
	}
	return DeleteHome204Response{}, nil
}

// ExportHome answers all that is kept of the home.
func (s *server) ExportHome(ctx context.Context, request ExportHomeRequestObject) (ExportHomeResponseObject, error) {
	answer := ExportHome200JSONResponse{Exported: s.Now().UTC(), Asks: []Ask{}, Online: []OnlineHour{}}
	state, err := s.Homes.State(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	if answer.Home, err = s.homeState(state); err != nil {
		return nil, err
	}
	if answer.Members, err = s.kin(ctx, request.Home); err != nil {
		return nil, err
	}
	if answer.Invitations, err = s.invitations(ctx, request.Home); err != nil {
		return nil, err
	}
	if answer.Cases, err = s.keptCases(ctx, request.Home); err != nil {
		return nil, err
	}
	recordings, err := s.Care.Recordings(ctx, request.Home, "")
	if err != nil {
		return nil, err
	}
	answer.Recordings = recordingsOf(recordings)
	if answer.Visits, err = s.keptVisits(ctx, request.Home); err != nil {
		return nil, err
	}
	kept, err := s.Homes.Kept(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	for _, ask := range kept.Asks {
		answer.Asks = append(answer.Asks, askOf(ask))
	}
	for _, o := range kept.Online {
		answer.Online = append(answer.Online, OnlineHour{Person: o.Person, Date: string(o.Date), Hour: o.Hour, Minutes: o.Minutes})
	}
	if state.Box != nil {
		answer.Report = state.Box.Reported
	}
	seen, err := s.Care.Seen(ctx, request.Home, "")
	if err != nil {
		return nil, err
	}
	answer.Screens = screensOf(seen)
	if answer.Support, answer.Audit, err = s.supported(ctx, request.Home); err != nil {
		return nil, err
	}
	answer.Revisions, err = s.revisions(ctx, request.Home, state.Asked.Revision+1)
	return answer, err
}

// revisions is every document of a home below a number, newest first.
func (s *server) revisions(ctx context.Context, home string, before int64) ([]Revision, error) {
	list := []Revision{}
	for before > 1 {
		documents, err := s.Homes.History(ctx, home, before, maxHistoryLimit)
		if err != nil {
			return nil, err
		}
		for _, d := range documents {
			list = append(list, Revision{
				Revision: d.Revision, At: d.At, Actor: actorOf(d), Change: Change(d.Change), Policy: d.Policy,
				Applied: known(d.Applied), Superseded: d.Superseded,
			})
			before = d.Revision
		}
		if len(documents) < maxHistoryLimit {
			break
		}
	}
	return list, nil
}
