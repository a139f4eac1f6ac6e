package mobileapi

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	fieldvisit "github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies"
)

// visits is where technicians' visits are kept.
type visits interface {
	visitReader
	visitor
}

type visitReader interface {
	List(ctx context.Context, f fieldvisit.Filter, who fieldvisit.Who) ([]fieldvisit.Visit, error)
	Look(ctx context.Context, id string, who fieldvisit.Who) (fieldvisit.Visit, error)
	Live(ctx context.Context, member string) ([]string, error)
	Of(ctx context.Context, home string) ([]fieldvisit.Visit, error)
	Scan(ctx context.Context, id, text string, who fieldvisit.Who) (fieldvisit.Scanned, error)
	Photo(ctx context.Context, id, photo string, who fieldvisit.Who) ([]byte, error)
	ReportOf(ctx context.Context, id string, who fieldvisit.Who) ([]byte, error)
	Paper(ctx context.Context, id string, who fieldvisit.Who) ([]byte, error)
}

type visitor interface {
	Take(ctx context.Context, id string, s fieldvisit.Step, who fieldvisit.Who) (fieldvisit.Visit, fieldvisit.Outcome, error)
	KeepInvited(ctx context.Context, id string, in fieldvisit.Invited, who fieldvisit.Who) (fieldvisit.Visit, error)
	AddPhoto(ctx context.Context, id string, p fieldvisit.Picture, who fieldvisit.Who) (fieldvisit.Visit, error)
	DropPhoto(ctx context.Context, id, photo string, who fieldvisit.Who) (fieldvisit.Visit, error)
}

// whoVisits is the one who asks: a technician has their own visits, those above everybody's.
func whoVisits(ctx context.Context) fieldvisit.Who {
	session := visitOf(ctx).session
	m := session.Member
	return fieldvisit.Who{Member: m.ID, Name: m.Name, Email: m.Email, Login: session.ID, All: m.Staff != accounts.StaffTechnician}
}

// fieldView is a visit, and whether anybody belongs to its home by now; nothing else of the home.
func (s *server) fieldView(ctx context.Context, v fieldvisit.Visit, err error) (StaffVisit, error) {
	if err != nil {
		return StaffVisit{}, err
	}
	view := v.View()
	if view.Joined, err = s.joined(ctx, v); view.Joined {
		view.Devices = []fieldvisit.Seen{}
	}
	return view, err
}

func (s *server) joined(ctx context.Context, v fieldvisit.Visit) (bool, error) {
	if v.Home == "" {
		return false, nil
	}
	family, err := s.Accounts.Family(ctx, v.Home)
	return len(family) > 0, err
}

// visitID keeps what is no id from the store.
func visitID(id string) (string, error) {
	found, err := uuid.Parse(id)
	if err != nil || found.String() != id {
		return "", fieldvisit.ErrNotFound
	}
	return id, nil
}

// ListVisits answers a day's work.
func (s *server) ListVisits(ctx context.Context, request ListVisitsRequestObject) (ListVisitsResponseObject, error) {
	filter, err := visitFilter(request.Params)
	if err != nil {
		return nil, err
	}
	found, err := s.Visits.List(ctx, filter, whoVisits(ctx))
	if err != nil {
		return nil, err
	}
	names, err := s.technicians(ctx)
	if err != nil {
		return nil, err
	}
	list := make(ListVisits200JSONResponse, len(found))
	for i, v := range found {
		if list[i], err = s.fieldView(ctx, v, nil); err != nil {
			return nil, err
		}
		list[i].TechnicianName = names[v.Technician]
	}
	return list, nil
}

// technicians are the names of staff by member, for those who see everybody's visits.
func (s *server) technicians(ctx context.Context) (map[string]string, error) {
	if !whoVisits(ctx).All {
		return map[string]string{}, nil
	}
	names := map[string]string{}
	staff, err := s.Accounts.Staff(ctx)
	for _, m := range staff {
		names[m.ID] = m.Name
	}
	return names, err
}

// visitFilter keeps from the store what is no day and no member.
func visitFilter(asked ListVisitsParams) (fieldvisit.Filter, error) {
	var filter fieldvisit.Filter
	var problems policies.Problems
	day := func(field string, text *string) string {
		if text == nil || *text == "" {
			return ""
		}
		if _, err := time.Parse(time.DateOnly, *text); err != nil {
			problems = append(problems, policies.Problem{Code: policies.CodeDate, Field: field, Detail: "A day is written as 2026-11-23."})
		}
		return *text
	}
	filter.From, filter.To = day("from", asked.From), day("to", asked.To)
	if t := asked.Technician; t != nil && *t != "" {
		if filter.Technician = *t; uuid.Validate(*t) != nil {
			problems = append(problems, policies.Problem{Code: policies.CodeReference, Field: "technician", Detail: "There is no such member."})
		}
	}
	if problems != nil {
		return filter, problems
	}
	return filter, nil
}

// LookAtVisit answers one.
func (s *server) LookAtVisit(ctx context.Context, request LookAtVisitRequestObject) (LookAtVisitResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	v, err := s.Visits.Look(ctx, id, whoVisits(ctx))
	view, err := s.fieldView(ctx, v, err)
	return LookAtVisit200JSONResponse(view), err
}

// ScanForVisit says whose a box is.
func (s *server) ScanForVisit(ctx context.Context, request ScanForVisitRequestObject) (ScanForVisitResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	found, err := s.Visits.Scan(ctx, id, request.Body.Text, whoVisits(ctx))
	return ScanForVisit200JSONResponse(found), err
}

// TakeVisitStep moves a visit on.
func (s *server) TakeVisitStep(ctx context.Context, request TakeVisitStepRequestObject) (TakeVisitStepResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	step, who := *request.Body, whoVisits(ctx)
	if step.ID != "" && step.ID != request.Step {
		return nil, policies.Problems{{Code: "id-path", Field: "id", Detail: "The id is not that of the path."}}
	}
	step.ID = request.Step
	if step.Kind == fieldvisit.KindInvite || step.Kind == fieldvisit.KindTV {
		if err := s.unjoined(ctx, id); err != nil {
			return nil, err
		}
	}
	v, outcome, err := s.Visits.Take(ctx, id, step, who)
	if err != nil {
		return nil, err
	}
	answer := TakeVisitStep200JSONResponse{Outcome: outcome}
	if step.Kind == fieldvisit.KindInvite {
		if answer.Invitation, err = s.inviteFirst(ctx, &v); err != nil {
			return nil, err
		}
	}
	answer.Visit, err = s.fieldView(ctx, v, nil)
	return answer, err
}

// visitRefusal is why a technician's visit does not move on, nil for anything else.
func visitRefusal(err error) *refusal {
	var early *fieldvisit.Early
	var wrong *fieldvisit.Wrong
	switch {
	case errors.As(err, &early):
		return &refusal{code: codeVisitEarly, detail: early.Needs}
	case errors.As(err, &wrong):
		return &refusal{code: codeVisitBox, detail: string(wrong.Verdict)}
	case errors.Is(err, fieldvisit.ErrOver):
		return &refusal{code: codeVisitOver}
	case errors.Is(err, fieldvisit.ErrSigned):
		return &refusal{code: codeVisitSigned}
	case errors.Is(err, fieldvisit.ErrJoined):
		return &refusal{code: codeVisitJoined}
	case errors.Is(err, fieldvisit.ErrDiffers):
		return &refusal{code: codeStepDiffers}
	case errors.Is(err, fieldvisit.ErrNotFound):
		return &refusal{code: codeNotFound}
	}
	return nil
}
