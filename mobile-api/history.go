package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

const (
	historyLimit    = 50
	maxHistoryLimit = 100
)

// GetHistory answers who decided what, newest first.
func (s *server) GetHistory(ctx context.Context, request GetHistoryRequestObject) (GetHistoryResponseObject, error) {
	before, limit := int64(0), historyLimit
	var problems policies.Problems
	if p := request.Params.Before; p != nil {
		if before = *p; before < 1 {
			problems = append(problems, policies.Problem{Code: "range", Field: "before", Detail: "A revision is 1 or more."})
		}
	}
	if p := request.Params.Limit; p != nil {
		if limit = *p; limit < 1 || limit > maxHistoryLimit {
			problems = append(problems, policies.Problem{Code: "range", Field: "limit", Detail: "A limit is 1 to 100."})
		}
	}
	if problems != nil {
		return nil, problems
	}
	state, err := s.Homes.State(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	documents, err := s.Homes.History(ctx, request.Home, before, limit)
	if err != nil {
		return nil, err
	}
	stands := standing(state.Asked.Policy)
	inForce := reportedOf(state).InForce
	answer := make(GetHistory200JSONResponse, len(documents))
	for i, d := range documents {
		gone, err := goneOf(d, stands)
		if err != nil {
			return nil, err
		}
		answer[i] = HistoryEntry{
			Revision: d.Revision, At: d.At, Actor: actorOf(d), Change: Change(d.Change), Gone: gone, InForce: d.Revision == inForce,
			Applied: known(d.Applied), Superseded: d.Superseded,
		}
	}
	return answer, nil
}

// GetDecision answers what one revision changed, part by part.
func (s *server) GetDecision(ctx context.Context, request GetDecisionRequestObject) (GetDecisionResponseObject, error) {
	step, err := s.Homes.Step(ctx, request.Home, request.Revision)
	if err != nil {
		return nil, err
	}
	differences, err := differencesOf(step.Before.Policy, step.After.Policy)
	return GetDecision200JSONResponse{Revision: step.After.Revision, Differences: shownDifferences(differences)}, err
}

// Undo takes back what one revision changed.
func (s *server) Undo(ctx context.Context, request UndoRequestObject) (UndoResponseObject, error) {
	v := visitOf(ctx)
	what := registry.Undoing{Home: request.Home, Base: v.base, Revision: request.Revision, Anyway: wanted(request.Params.Anyway)}
	home, err := s.answer(s.Homes.Undo(ctx, what, v.actor()))
	return Undo200JSONResponse{home}, err
}

func wanted(choice *bool) bool { return choice != nil && *choice }
