package mobileapi

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// A timeline is at most two months long, whichever.
const (
	maxSpan = 62 * 24 * time.Hour
	maxRows = 100_000 // some 12 MB of JSON
)

// GetHome answers the home as it is now.
func (s *server) GetHome(ctx context.Context, request GetHomeRequestObject) (GetHomeResponseObject, error) {
	state, err := s.Homes.State(ctx, request.Home)
	home, err := s.answer(visitOf(ctx).sees(state), err)
	return GetHome200JSONResponse{home}, err
}

// answer is the one answer with a home in it.
func (s *server) answer(state registry.State, err error) (HomeJSONResponse, error) {
	if err != nil {
		return HomeJSONResponse{}, err
	}
	home, err := s.homeState(state)
	if err != nil {
		return HomeJSONResponse{}, err
	}
	return HomeJSONResponse{Body: home, Headers: HomeResponseHeaders{ETag: etag(home.Asked.Revision)}}, nil
}

// GetTimeline answers when each device is online, by the asked policy.
func (s *server) GetTimeline(ctx context.Context, request GetTimelineRequestObject) (GetTimelineResponseObject, error) {
	rows, revision, err := s.timeline(ctx, request.Home, request.Params.From, request.Params.To, nil)
	if err != nil {
		return nil, err
	}
	return GetTimeline200JSONResponse{Body: rows, Headers: GetTimeline200ResponseHeaders{ETag: etag(revision)}}, nil
}

// TryTimeline answers the same for a policy that nobody has asked.
func (s *server) TryTimeline(ctx context.Context, request TryTimelineRequestObject) (TryTimelineResponseObject, error) {
	rows, revision, err := s.timeline(ctx, request.Home, request.Params.From, request.Params.To, request.Body.Policy)
	if err != nil {
		return nil, err
	}
	return TryTimeline200JSONResponse{Body: rows, Headers: TryTimeline200ResponseHeaders{ETag: etag(revision)}}, nil
}

// timeline judges by the asked policy where try is empty, and says which revision is asked.
func (s *server) timeline(ctx context.Context, home string, from, to time.Time, try []byte) ([]Row, int64, error) {
	problems := rangeProblems(from, to)
	var policy policies.Policy
	if len(try) > 0 {
		parsed, err := policies.Parse(try)
		found, err := problemsOf(err)
		if err != nil {
			return nil, 0, err
		}
		policy, problems = parsed, append(problems, within("policy", found)...)
	}
	if problems != nil {
		return nil, 0, problems
	}
	state, err := s.Homes.State(ctx, home)
	if err != nil {
		return nil, 0, err
	}
	state = visitOf(ctx).sees(state)
	if len(try) == 0 {
		policy = state.Asked.Policy
	}
	if length := to.Sub(from); policies.Weight(policy, length) > policies.MaxWeight || policies.Length(policy, length) > maxRows {
		return nil, 0, policies.Problems{{Code: policies.CodeTooMuch, Field: "to", Detail: "There are too many rules for too many devices in this time."}}
	}
	line, err := policies.Compile(policy, registry.UsageOf(policy, reportedOf(state), s.Now()), from, to)
	if err != nil {
		return nil, 0, err
	}
	return line.Rows(), state.Asked.Revision, nil
}

func rangeProblems(from, to time.Time) policies.Problems {
	var problems policies.Problems
	for _, end := range []struct {
		field string
		at    time.Time
	}{{"from", from}, {"to", to}} {
		if year := end.at.UTC().Year(); year < 2000 || year > 2100 {
			problems = append(problems, policies.Problem{
				Code: policies.CodeInstant, Field: end.field, Detail: "An instant lies in the years 2000 to 2100.",
			})
		}
	}
	if span := to.Sub(from); span <= 0 || span > maxSpan {
		problems = append(problems, policies.Problem{Code: "range", Field: "to", Detail: "The end is after the start, at most 62 days."})
	}
	return problems
}
