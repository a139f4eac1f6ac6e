package mobileapi

import (
	"cmp"
	"context"
	"strconv"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/registry"
)

const (
	changesShown = 5
	earlierShown = 20
	skillOther   = "other" // also of cases from before skills
)

// employer is cases as those who help use them.
type employer interface {
	Queue(ctx context.Context) ([]assist.Case, []assist.Desk, error)
	Read(ctx context.Context, id string) (assist.Reading, error)
	Sit(ctx context.Context, desk assist.Desk) error
	Note(ctx context.Context, agent assist.Agent, id, text string) (assist.Message, error)
	KnowContact(ctx context.Context, agent assist.Agent, id, text string) error
	StaffImage(ctx context.Context, id, picture string) (assist.Image, error)
	helper
	passer
}

// helper works on a case that it has.
type helper interface {
	Take(ctx context.Context, agent assist.Agent, id string) (assist.Case, error)
	Answer(ctx context.Context, agent assist.Agent, id, text string) (assist.Message, error)
	AnswerImage(ctx context.Context, agent assist.Agent, id string, data []byte) (assist.Message, error)
	Called(ctx context.Context, agent assist.Agent, id string) (assist.Case, error)
	Promise(ctx context.Context, agent assist.Agent, id string, promise assist.Promise) (assist.Case, error)
	WrapUp(ctx context.Context, agent assist.Agent, id, reason, summary string) (assist.Case, error)
}

// passer gives cases from one to the other.
type passer interface {
	HandOver(ctx context.Context, agent assist.Agent, id string, by assist.HandOver) (assist.Case, error)
	Accept(ctx context.Context, agent assist.Agent, id string) (assist.Case, error)
	Decline(ctx context.Context, agent assist.Agent, id string) (assist.Case, error)
}

func agent(ctx context.Context) assist.Agent {
	m := visitOf(ctx).session.Member
	return assist.Agent{ID: m.ID, Name: m.Name}
}

// ListCases answers the queue.
func (s *server) ListCases(ctx context.Context, _ ListCasesRequestObject) (ListCasesResponseObject, error) {
	found, desks, err := s.Cases.Queue(ctx)
	if err != nil {
		return nil, err
	}
	answer := ListCases200JSONResponse{Cases: make([]QueueRow, len(found)), Desks: desksOf(desks)}
	for i, k := range found {
		answer.Cases[i] = rowOf(k)
	}
	return answer, nil
}

// SitDown keeps who is at the console.
func (s *server) SitDown(ctx context.Context, request SitDownRequestObject) (SitDownResponseObject, error) {
	body, me := request.Body, visitOf(ctx).session.Member
	err := s.Cases.Sit(ctx, assist.Desk{
		Agent: agent(ctx), Role: string(me.Staff), Case: body.Case, Typing: body.Typing, Languages: body.Languages, Skills: body.Skills,
	})
	return SitDown204Response{}, err
}

// ReadCase answers a case with its context.
func (s *server) ReadCase(ctx context.Context, request ReadCaseRequestObject) (ReadCaseResponseObject, error) {
	answer, err := s.staffCase(ctx, request.Case)
	return ReadCase200JSONResponse(answer), err
}

// TakeCase gives a case to who asks.
func (s *server) TakeCase(ctx context.Context, request TakeCaseRequestObject) (TakeCaseResponseObject, error) {
	answer, err := s.after(ctx)(s.Cases.Take(ctx, agent(ctx), request.Case))
	return TakeCase200JSONResponse(answer), err
}

// AnswerCase keeps a message to the customer.
func (s *server) AnswerCase(ctx context.Context, request AnswerCaseRequestObject) (AnswerCaseResponseObject, error) {
	m, err := s.Cases.Answer(ctx, agent(ctx), request.Case, request.Body.Text)
	return AnswerCase201JSONResponse(messageOf(m)), err
}

// AnswerCaseWithPicture keeps a picture for the customer.
func (s *server) AnswerCaseWithPicture(
	ctx context.Context, request AnswerCaseWithPictureRequestObject,
) (AnswerCaseWithPictureResponseObject, error) {
	data, err := pictureIn(request.Body)
	if err != nil {
		return nil, err
	}
	m, err := s.Cases.AnswerImage(ctx, agent(ctx), request.Case, data)
	return AnswerCaseWithPicture201JSONResponse(messageOf(m)), err
}

// ReadCasePicture answers a picture.
func (s *server) ReadCasePicture(ctx context.Context, request ReadCasePictureRequestObject) (ReadCasePictureResponseObject, error) {
	image, err := s.Cases.StaffImage(ctx, request.Case, request.Picture)
	return ReadCasePicture200ImageResponse(shown(image)), err
}

// NoteCase keeps a note.
func (s *server) NoteCase(ctx context.Context, request NoteCaseRequestObject) (NoteCaseResponseObject, error) {
	m, err := s.Cases.Note(ctx, agent(ctx), request.Case, request.Body.Text)
	return NoteCase201JSONResponse(messageOf(m)), err
}

// NoteContact keeps what is good to know of the customer.
func (s *server) NoteContact(ctx context.Context, request NoteContactRequestObject) (NoteContactResponseObject, error) {
	if err := s.Cases.KnowContact(ctx, agent(ctx), request.Case, request.Body.Text); err != nil {
		return nil, err
	}
	answer, err := s.staffCase(ctx, request.Case)
	return NoteContact200JSONResponse(answer), err
}

// HandOverCase offers a case, or gives it back.
func (s *server) HandOverCase(ctx context.Context, request HandOverCaseRequestObject) (HandOverCaseResponseObject, error) {
	body := request.Body
	by := assist.HandOver{To: body.To, Reason: body.Reason, Tried: body.Tried}
	answer, err := s.after(ctx)(s.Cases.HandOver(ctx, agent(ctx), request.Case, by))
	return HandOverCase200JSONResponse(answer), err
}

// AcceptCase takes an offered case over.
func (s *server) AcceptCase(ctx context.Context, request AcceptCaseRequestObject) (AcceptCaseResponseObject, error) {
	answer, err := s.after(ctx)(s.Cases.Accept(ctx, agent(ctx), request.Case))
	return AcceptCase200JSONResponse(answer), err
}

// DeclineCase ends an offer.
func (s *server) DeclineCase(ctx context.Context, request DeclineCaseRequestObject) (DeclineCaseResponseObject, error) {
	answer, err := s.after(ctx)(s.Cases.Decline(ctx, agent(ctx), request.Case))
	return DeclineCase200JSONResponse(answer), err
}

// CalledCase keeps that the customer was called.
func (s *server) CalledCase(ctx context.Context, request CalledCaseRequestObject) (CalledCaseResponseObject, error) {
	answer, err := s.after(ctx)(s.Cases.Called(ctx, agent(ctx), request.Case))
	return CalledCase200JSONResponse(answer), err
}

// PromiseCase promises to look again.
func (s *server) PromiseCase(ctx context.Context, request PromiseCaseRequestObject) (PromiseCaseResponseObject, error) {
	answer, err := s.after(ctx)(s.Cases.Promise(ctx, agent(ctx), request.Case, *request.Body))
	return PromiseCase200JSONResponse(answer), err
}

// WrapUpCase closes a case.
func (s *server) WrapUpCase(ctx context.Context, request WrapUpCaseRequestObject) (WrapUpCaseResponseObject, error) {
	answer, err := s.after(ctx)(s.Cases.WrapUp(ctx, agent(ctx), request.Case, request.Body.Reason, request.Body.Summary))
	return WrapUpCase200JSONResponse(answer), err
}

// after answers a changed case with its context.
func (s *server) after(ctx context.Context) func(assist.Case, error) (StaffCase, error) {
	return func(k assist.Case, err error) (StaffCase, error) {
		if err != nil {
			return StaffCase{}, err
		}
		return s.staffCase(ctx, k.ID)
	}
}

func (s *server) staffCase(ctx context.Context, id string) (StaffCase, error) {
	r, err := s.Cases.Read(ctx, id)
	if err != nil {
		return StaffCase{}, err
	}
	k := r.Case
	answer := StaffCase{
		Case: caseOf(k), Home: k.Home, HomeName: k.HomeName, Name: k.Name, Email: k.Email, Skill: cmp.Or(k.Skill, skillOther), Due: k.Due, Offer: k.Offer,
		Picture: k.Picture, Said: messagesOf(r.Messages), Changes: []CaseChange{}, Earlier: []EarlierCase{}, Contact: contactOf(r.Contact),
		Desks: desksOf(r.Desks),
	}
	for _, o := range r.Others {
		if o.ID != k.ID && len(answer.Earlier) < earlierShown {
			answer.Earlier = append(answer.Earlier, EarlierCase{
				ID: o.ID, At: o.AskedAt, State: o.State, Screen: o.Screen, Name: o.Name, Reason: o.Reason, Summary: o.Summary, Solved: string(o.Solved),
			})
		}
	}
	if k.Open() {
		answer.Changes, err = s.changes(ctx, k.Home)
	}
	return answer, err
}

// changes are the newest of a home, as far as who helps needs them.
func (s *server) changes(ctx context.Context, home string) ([]CaseChange, error) {
	state, err := s.Homes.State(ctx, home)
	if err != nil {
		return nil, err
	}
	documents, err := s.Homes.History(ctx, home, 0, changesShown)
	if err != nil {
		return nil, err
	}
	return caseChanges(documents, reportedOf(state).InForce), nil
}

// caseChanges are documents, newest first: what undoes one is always among those before it.
func caseChanges(documents []registry.Document, inForce int64) []CaseChange {
	list := make([]CaseChange, len(documents))
	undone := map[registry.Change]bool{}
	for i, d := range documents {
		who := actorOf(d)
		one := CaseChange{Revision: d.Revision, At: d.At, Name: who.Name, Act: who.Act, Change: Change(d.Change)}
		one.Undone = undone[registry.Change{Code: registry.CodeUndo, Subject: strconv.FormatInt(d.Revision, 10)}] ||
			who.Act != nil && undone[registry.Change{Code: registry.CodeVisit, Subject: who.Act.Session}]
		proved := !d.Applied.IsZero() || d.Revision == inForce
		one.InForce = proved && !one.Undone
		if one.InForce {
			undone[d.Change] = true // an undo that was undone itself undoes nothing
		}
		list[i] = one
	}
	return list
}

func contactOf(c assist.Contact) *ContactNote {
	if c.Text == "" {
		return nil
	}
	return &ContactNote{Text: c.Text, By: c.By, At: c.At}
}

func desksOf(found []assist.Desk) []Desk {
	list := make([]Desk, len(found))
	for i, d := range found {
		list[i] = Desk{
			ID: d.ID, Name: d.Name, Role: StaffRole(d.Role), Case: d.Case, Typing: d.Typing, Languages: orNone(d.Languages), Skills: orNone(d.Skills),
		}
	}
	return list
}

func rowOf(k assist.Case) QueueRow {
	c := caseOf(k)
	row := QueueRow{
		ID: c.ID, At: c.At, State: c.State, Screen: c.Screen, Text: c.Text, Language: c.Language, Skill: cmp.Or(k.Skill, skillOther), Home: k.Home, HomeName: k.HomeName,
		Name: k.Name, Due: k.Due, Agent: c.Agent, Offer: k.Offer, Promise: c.Promise, Callback: c.Callback, LastFrom: c.LastFrom, LastAt: c.LastAt,
	}
	if n := len(k.Findings); n > 0 {
		row.Last = &k.Findings[n-1]
	}
	if n := len(k.Journey); n > 0 {
		row.Step = &k.Journey[n-1]
	}
	return row
}
