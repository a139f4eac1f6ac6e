package mobileapi

import (
	"context"
	"errors"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/policies"
)

// UndoVisit takes back all that was changed in a session.
func (s *server) UndoVisit(ctx context.Context, request UndoVisitRequestObject) (UndoVisitResponseObject, error) {
	v := visitOf(ctx)
	one, _, err := s.Care.Session(ctx, request.Home, request.Session)
	if err != nil {
		return nil, err
	}
	what := registry.Undoing{Home: request.Home, Base: v.base, Session: one.ID, Anyway: wanted(request.Params.Anyway)}
	home, err := s.answer(s.Homes.Undo(ctx, what, v.actor()))
	return UndoVisit200JSONResponse{home}, err
}

// GetReceipt answers all that was done in a session.
func (s *server) GetReceipt(ctx context.Context, request GetReceiptRequestObject) (GetReceiptResponseObject, error) {
	one, lines, err := s.Care.Session(ctx, request.Home, request.Session)
	if err != nil {
		return nil, err
	}
	steps, err := s.Homes.ChangesOf(ctx, request.Home, one.ID)
	if err != nil {
		return nil, err
	}
	state, err := s.Homes.State(ctx, request.Home)
	if err != nil {
		return nil, err
	}
	stands := standing(state.Asked.Policy)
	seen, err := s.Care.Seen(ctx, request.Home, one.ID)
	if err != nil {
		return nil, err
	}
	answer := GetReceipt200JSONResponse{Session: supportOf(one), Screens: screensOf(seen), Changes: make([]SupportChange, len(steps))}
	for i, step := range steps {
		d := step.After
		gone, err := goneOf(d, stands)
		if err != nil {
			return nil, err
		}
		answer.Changes[i] = SupportChange{
			Revision: d.Revision, At: d.At, Actor: actorOf(d), Change: Change(d.Change), Gone: gone, Applied: known(d.Applied),
			Superseded: d.Superseded, Undone: step.Undone,
		}
	}
	if answer.Lines, err = linesOf(lines); err != nil {
		return nil, err
	}
	answer.Summary, err = s.summary(ctx, one)
	return answer, err
}

// summary is what an agent wrote when they closed the case of a session: all that is told of it to those whose case it is not.
func (s *server) summary(ctx context.Context, one assist.Session) (string, error) {
	k, err := s.Cases.Case(ctx, one.Case)
	switch {
	case errors.Is(err, assist.ErrCaseUnknown): // it went with its customer
		return "", nil
	case err != nil:
		return "", err
	case k.Home != one.Home || k.Open():
		return "", nil
	}
	return k.Summary, nil
}

// GetAudit answers what was done in a home.
func (s *server) GetAudit(ctx context.Context, request GetAuditRequestObject) (GetAuditResponseObject, error) {
	before, limit := int64(0), historyLimit
	var problems policies.Problems
	if p := request.Params.Before; p != nil {
		if before = *p; before < 1 {
			problems = append(problems, policies.Problem{Code: "range", Field: "before", Detail: "A number is 1 or more."})
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
	found, err := s.Care.Audit(ctx, request.Home, before, limit)
	if err != nil {
		return nil, err
	}
	lines, err := linesOf(found)
	return GetAudit200JSONResponse(lines), err
}

func linesOf(found []audit.Line) ([]AuditLine, error) {
	lines := make([]AuditLine, len(found))
	for i, l := range found {
		said, err := l.Said()
		if err != nil {
			return nil, err
		}
		lines[i] = AuditLine{
			Seq: l.Seq, At: l.At, Verb: l.Verb, Via: string(l.Via), Kind: string(l.Kind), Session: l.Session, Case: l.Case,
			Approved: said.Approved, Subject: said.Subject, Sum: l.Sum, Prev: l.Prev, Hash: l.Hash,
		}
		if said.Actor.ID != "" {
			lines[i].Actor = &SupportPerson{ID: said.Actor.ID, Name: said.Actor.Name}
		}
		if said.Detail != nil {
			lines[i].Detail = said.Detail
		}
	}
	return lines, nil
}

func screensOf(seen []assist.Seen) []SeenScreen {
	list := make([]SeenScreen, len(seen))
	for i, one := range seen {
		list[i] = SeenScreen{Session: one.Session, Screen: one.Screen, First: one.First, Last: one.Last}
	}
	return list
}

// supported is all support sessions of a home and all that was done there, newest first.
func (s *server) supported(ctx context.Context, home string) ([]SupportSession, []AuditLine, error) {
	sessions, err := s.Care.All(ctx, home)
	if err != nil {
		return nil, nil, err
	}
	all := []AuditLine{}
	for before := int64(0); ; before = all[len(all)-1].Seq {
		found, err := s.Care.Audit(ctx, home, before, maxHistoryLimit)
		if err != nil {
			return nil, nil, err
		}
		lines, err := linesOf(found)
		if err != nil {
			return nil, nil, err
		}
		if all = append(all, lines...); len(lines) < maxHistoryLimit {
			return supportsOf(sessions), all, nil
		}
	}
}
