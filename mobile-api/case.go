package mobileapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
)

// cases is where requests for a person go, as customers use it. All but asking and the door gives assist.ErrCaseUnknown for
// what is not the customer's.
type cases interface {
	Door(ctx context.Context) (assist.Door, error)
	Ask(ctx context.Context, who assist.Customer, wish assist.Wish) (assist.Case, error)
	Of(ctx context.Context, home, member string) ([]assist.Case, error)
	Own(ctx context.Context, who assist.Customer, id string) (assist.Case, []assist.Message, error)
	In(ctx context.Context, home string) ([]assist.Kept, error)
	Case(ctx context.Context, id string) (assist.Case, error)
	writer
	employer
	typist
}

type writer interface {
	Say(ctx context.Context, who assist.Customer, id, text string) (assist.Message, error)
	Show(ctx context.Context, who assist.Customer, id string, data []byte) (assist.Message, error)
	OwnImage(ctx context.Context, who assist.Customer, id, picture string) (assist.Image, error)
	Call(ctx context.Context, who assist.Customer, id string, call *assist.Callback) (assist.Case, error)
	Judge(ctx context.Context, who assist.Customer, id string, solved bool) (assist.Case, error)
}

func customer(ctx context.Context, home string) assist.Customer {
	m := visitOf(ctx).session.Member
	return assist.Customer{Home: home, Member: m.ID, Name: m.Name, Language: string(m.Locale)}
}

// AskForHelp makes a case of a wish for a person.
func (s *server) AskForHelp(ctx context.Context, request AskForHelpRequestObject) (AskForHelpResponseObject, error) {
	body := request.Body
	k, err := s.Cases.Ask(ctx, customer(ctx, request.Home), assist.Wish{
		Screen: body.Screen, Text: body.Text, Journey: body.Journey, Findings: body.Findings,
	})
	return AskForHelp201JSONResponse(caseOf(k)), err
}

// LookAtHelpDesk answers what the way to a person looks like now.
func (s *server) LookAtHelpDesk(ctx context.Context, _ LookAtHelpDeskRequestObject) (LookAtHelpDeskResponseObject, error) {
	d, err := s.Cases.Door(ctx)
	answer := LookAtHelpDesk200JSONResponse{Open: d.Open, Until: known(d.Until), Opens: known(d.Opens), Wait: seconds(d.Wait), Slots: d.Slots}
	if answer.Slots == nil {
		answer.Slots = []time.Time{}
	}
	return answer, err
}

// ListOwnCases answers the member's own.
func (s *server) ListOwnCases(ctx context.Context, request ListOwnCasesRequestObject) (ListOwnCasesResponseObject, error) {
	found, err := s.Cases.Of(ctx, request.Home, visitOf(ctx).session.Member.ID)
	list := make(ListOwnCases200JSONResponse, len(found))
	for i, k := range found {
		list[i] = caseOf(k)
	}
	return list, err
}

// GetOwnCase answers one of them with what was said.
func (s *server) GetOwnCase(ctx context.Context, request GetOwnCaseRequestObject) (GetOwnCaseResponseObject, error) {
	k, said, err := s.Cases.Own(ctx, customer(ctx, request.Home), request.Case)
	return GetOwnCase200JSONResponse{Case: caseOf(k), Said: messagesOf(said)}, err
}

// WriteToCase keeps a message.
func (s *server) WriteToCase(ctx context.Context, request WriteToCaseRequestObject) (WriteToCaseResponseObject, error) {
	m, err := s.Cases.Say(ctx, customer(ctx, request.Home), request.Case, request.Body.Text)
	return WriteToCase201JSONResponse(messageOf(m)), err
}

// ShowToCase keeps a picture.
func (s *server) ShowToCase(ctx context.Context, request ShowToCaseRequestObject) (ShowToCaseResponseObject, error) {
	data, err := pictureIn(request.Body)
	if err != nil {
		return nil, err
	}
	m, err := s.Cases.Show(ctx, customer(ctx, request.Home), request.Case, data)
	return ShowToCase201JSONResponse(messageOf(m)), err
}

// GetOwnCasePicture answers a picture.
func (s *server) GetOwnCasePicture(ctx context.Context, request GetOwnCasePictureRequestObject) (GetOwnCasePictureResponseObject, error) {
	image, err := s.Cases.OwnImage(ctx, customer(ctx, request.Home), request.Case, request.Picture)
	return GetOwnCasePicture200ImageResponse(shown(image)), err
}

// BookCall books a call or takes it back.
func (s *server) BookCall(ctx context.Context, request BookCallRequestObject) (BookCallResponseObject, error) {
	var call *assist.Callback
	if at := request.Body.At; at != nil {
		call = &assist.Callback{At: *at, Phone: request.Body.Phone}
	}
	k, err := s.Cases.Call(ctx, customer(ctx, request.Home), request.Case, call)
	return BookCall200JSONResponse(caseOf(k)), err
}

// JudgeCase keeps whether it is solved.
func (s *server) JudgeCase(ctx context.Context, request JudgeCaseRequestObject) (JudgeCaseResponseObject, error) {
	k, err := s.Cases.Judge(ctx, customer(ctx, request.Home), request.Case, request.Body.Solved)
	return JudgeCase200JSONResponse(caseOf(k)), err
}

// pictureIn reads a body of at most a byte more than a picture may have: one that is longer is refused as a picture.
func pictureIn(body io.Reader) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(io.LimitReader(body, assist.MaxImage+1))
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	return data, nil
}

func shown(image assist.Image) GetOwnCasePicture200ImageResponse {
	return GetOwnCasePicture200ImageResponse{Body: bytes.NewReader(image.Data), ContentType: image.Type, ContentLength: int64(len(image.Data))}
}

// seconds is nil for nothing that anybody knows.
func seconds(d time.Duration) *int {
	if d <= 0 {
		return nil
	}
	return new(int(d / time.Second))
}

func caseOf(k assist.Case) Case {
	c := Case{
		ID: k.ID, At: k.AskedAt, State: k.State, Screen: k.Screen, Text: k.Text, Language: k.Language, Journey: orNone(k.Journey),
		Findings: orNone(k.Findings), Estimate: seconds(k.Estimate), Agent: agentOf(k.Agent), Promise: k.Promise, Callback: k.Callback,
		ClosedAt: known(k.ClosedAt), Reason: k.Reason, Summary: k.Summary, Solved: string(k.Solved), Messages: k.Messages,
		LastFrom: string(k.LastFrom), LastAt: k.LastAt,
	}
	if c.LastAt.IsZero() { // one that was asked before cases were kept
		c.LastAt = k.AskedAt
	}
	return c
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func agentOf(a assist.Agent) *CaseAgent {
	if a.ID == "" {
		return nil
	}
	return &a
}

func messageOf(m assist.Message) CaseMessage {
	return CaseMessage{
		Number: m.Number, At: m.At, From: string(m.From), Name: m.Name, Private: m.Private, Code: m.Code, Text: m.Text, Picture: m.Picture,
	}
}

func messagesOf(said []assist.Message) []CaseMessage {
	list := make([]CaseMessage, len(said))
	for i, m := range said {
		list[i] = messageOf(m)
	}
	return list
}

// keptCases is everybody's in a home, also of who has left it.
func (s *server) keptCases(ctx context.Context, home string) ([]KeptCase, error) {
	found, err := s.Cases.In(ctx, home)
	if err != nil {
		return nil, err
	}
	list := make([]KeptCase, len(found))
	for i, k := range found {
		list[i] = KeptCase{
			Case: caseOf(k.Case), Name: k.Case.Name, Picture: k.Case.Picture, Said: messagesOf(k.Messages), Contact: contactOf(k.Contact),
		}
		if list[i].Pictures, err = s.keptPictures(ctx, k); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// keptPictures are those that were shown in a case.
func (s *server) keptPictures(ctx context.Context, k assist.Kept) ([]KeptPicture, error) {
	list := []KeptPicture{}
	for _, m := range k.Messages {
		if m.Picture == "" {
			continue
		}
		image, err := s.Cases.StaffImage(ctx, k.Case.ID, m.Picture)
		if err != nil {
			return nil, err
		}
		list = append(list, KeptPicture{ID: m.Picture, Type: image.Type, Data: image.Data})
	}
	return list, nil
}
