package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// AskOwnBox asks the box of an adult's own home.
func (s *server) AskOwnBox(ctx context.Context, request AskOwnBoxRequestObject) (AskOwnBoxResponseObject, error) {
	if err := s.boxThere(ctx, request.Home); err != nil {
		return nil, err
	}
	login := visitOf(ctx).session
	letter := assist.Letter{Home: request.Home, Actor: login.Member.ID, Name: login.Member.Name, Login: login.ID}
	q, err := s.Care.Self(ctx, letter, questionOf(request.Body))
	return AskOwnBox201JSONResponse(queryOf(q)), err
}

// GetOwnQuery answers what it has said.
func (s *server) GetOwnQuery(ctx context.Context, request GetOwnQueryRequestObject) (GetOwnQueryResponseObject, error) {
	q, err := s.results(ctx, request.Query, request.Params.After)
	if err == nil && q.Home != request.Home {
		err = refuse(codeNotFound)
	}
	return GetOwnQuery200JSONResponse(queryOf(q)), err
}

// AskBox asks the box of a customer.
func (s *server) AskBox(ctx context.Context, request AskBoxRequestObject) (AskBoxResponseObject, error) {
	staff := visitOf(ctx).session.Member.ID
	one, err := s.Care.Check(ctx, request.Session, staff, wire.ScopeDiagnose)
	if err != nil {
		return nil, err
	}
	if err := s.boxThere(ctx, one.Home); err != nil {
		return nil, err
	}
	q, err := s.Care.Query(ctx, one.ID, staff, questionOf(request.Body))
	return AskBox201JSONResponse(queryOf(q)), err
}

// ListQueries answers what was asked in a session.
func (s *server) ListQueries(ctx context.Context, request ListQueriesRequestObject) (ListQueriesResponseObject, error) {
	one, err := s.Care.Own(ctx, request.Session, visitOf(ctx).session.Member.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.Care.Queries(ctx, one.ID)
	list := make(ListQueries200JSONResponse, len(found))
	for i, q := range found {
		list[i] = queryOf(q)
	}
	return list, err
}

// GetQuery answers what the box has said.
func (s *server) GetQuery(ctx context.Context, request GetQueryRequestObject) (GetQueryResponseObject, error) {
	q, err := s.results(ctx, request.Query, request.Params.After)
	if err == nil && q.Letter != request.Session {
		err = refuse(codeNotFound)
	}
	return GetQuery200JSONResponse(queryOf(q)), err
}

// CancelQuery asks no more.
func (s *server) CancelQuery(ctx context.Context, request CancelQueryRequestObject) (CancelQueryResponseObject, error) {
	staff := visitOf(ctx).session.Member.ID
	q, err := s.Care.Results(ctx, request.Query, staff, wire.MaxResults)
	if err != nil {
		return nil, err
	}
	if q.Letter != request.Session {
		return nil, refuse(codeNotFound)
	}
	q, err = s.Care.Cancel(ctx, request.Query, staff)
	return CancelQuery200JSONResponse(queryOf(q)), err
}

func (s *server) results(ctx context.Context, id string, after *int) (assist.Query, error) {
	from := 0
	if after != nil {
		from = *after
	}
	if from < 0 || from > wire.MaxResults {
		return assist.Query{}, policies.Problems{{Code: "range", Field: "after", Detail: "After is 0 to 500."}}
	}
	return s.Care.Results(ctx, id, visitOf(ctx).session.Member.ID, from)
}

// boxThere refuses to ask a box that is not there.
func (s *server) boxThere(ctx context.Context, home string) error {
	state, err := s.Homes.State(ctx, home)
	if err == nil && (state.Box == nil || !state.Box.Reachable) {
		err = refuse(codeBoxAway)
	}
	return err
}

func questionOf(body *BoxQuestion) assist.Query {
	return assist.Query{Kind: body.Kind, Args: body.Args, Seconds: body.Seconds}
}

func queryOf(q assist.Query) BoxQuery {
	answer := BoxQuery{
		ID: q.ID, Kind: q.Kind, Args: q.Args, Seconds: q.Seconds, Asked: q.Asked, State: q.State, Error: q.Error, Detail: q.Detail, Count: q.Count,
		Results: make([]BoxResult, len(q.Results)),
	}
	for i, r := range q.Results {
		answer.Results[i] = BoxResult{Seq: r.Seq, Data: r.Data}
	}
	return answer
}
