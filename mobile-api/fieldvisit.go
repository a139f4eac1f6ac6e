package mobileapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

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
	filter := fieldvisit.Filter{From: day(request.Params.From), To: day(request.Params.To)}
	if t := request.Params.Technician; t != nil {
		filter.Technician = (*t)[:min(len(*t), 64)]
	}
	found, err := s.Visits.List(ctx, filter, whoVisits(ctx))
	if err != nil {
		return nil, err
	}
	list := make(ListVisits200JSONResponse, len(found))
	for i, v := range found {
		if list[i], err = s.fieldView(ctx, v, nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func day(text *string) string {
	if text == nil {
		return ""
	}
	return *text
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
	made, code, err := s.Accounts.Invite(ctx, visitOf(ctx).session.Member.Name, accounts.Membership{Home: v.Home, Role: accounts.RoleOwner})
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
	if err == nil && slices.Contains(live, invited.Home) {
		err = accounts.ErrCode
	}
	return err
}

// AddVisitPhoto keeps a picture.
func (s *server) AddVisitPhoto(ctx context.Context, request AddVisitPhotoRequestObject) (AddVisitPhotoResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(request.Body, fieldvisit.MaxPhoto+1))
	if err != nil {
		return nil, fmt.Errorf("%w: reading photo: %w", context.Canceled, err) // the phone has gone
	}
	if len(data) > fieldvisit.MaxPhoto {
		return nil, &http.MaxBytesError{Limit: fieldvisit.MaxPhoto}
	}
	v, err := s.Visits.AddPhoto(ctx, id, fieldvisit.Picture{ID: request.Photo, Kind: request.Params.Kind, At: request.Params.At, Data: data}, whoVisits(ctx))
	view, err := s.fieldView(ctx, v, err)
	return AddVisitPhoto200JSONResponse(view), err
}

// LookAtVisitPhoto answers a picture.
func (s *server) LookAtVisitPhoto(ctx context.Context, request LookAtVisitPhotoRequestObject) (LookAtVisitPhotoResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	data, err := s.Visits.Photo(ctx, id, request.Photo, whoVisits(ctx))
	return LookAtVisitPhoto200ImageJpegResponse{Body: bytes.NewReader(data), ContentLength: int64(len(data))}, err
}

// DropVisitPhoto takes it away.
func (s *server) DropVisitPhoto(ctx context.Context, request DropVisitPhotoRequestObject) (DropVisitPhotoResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	v, err := s.Visits.DropPhoto(ctx, id, request.Photo, whoVisits(ctx))
	view, err := s.fieldView(ctx, v, err)
	return DropVisitPhoto200JSONResponse(view), err
}

// ReadVisitReport answers the signed report.
func (s *server) ReadVisitReport(ctx context.Context, request ReadVisitReportRequestObject) (ReadVisitReportResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	file, err := s.Visits.ReportOf(ctx, id, whoVisits(ctx))
	return reportFile(file), err
}

// ReadVisitPaper answers it as PDF.
func (s *server) ReadVisitPaper(ctx context.Context, request ReadVisitPaperRequestObject) (ReadVisitPaperResponseObject, error) {
	id, err := visitID(request.Visit)
	if err != nil {
		return nil, err
	}
	file, err := s.Visits.Paper(ctx, id, whoVisits(ctx))
	return ReadVisitPaper200ApplicationPdfResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file))}, err
}

// reportFile is a report as it was signed, byte by byte.
type reportFile []byte

// VisitReadVisitReportResponse writes it.
func (f reportFile) VisitReadVisitReportResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(f)
	return err
}

// keptVisits is what technicians have kept of a home, for who takes everything with them.
func (s *server) keptVisits(ctx context.Context, home string) ([]KeptVisit, error) {
	found, err := s.Visits.Of(ctx, home)
	if err != nil {
		return nil, err
	}
	list := make([]KeptVisit, len(found))
	for i, v := range found {
		list[i].Report, list[i].Photos = json.RawMessage(v.Report), []KeptPhoto{}
		if list[i].Visit, err = s.fieldView(ctx, v, nil); err != nil {
			return nil, err
		}
		for _, p := range v.Photos {
			data, err := s.Visits.Photo(ctx, v.ID, p.ID, fieldvisit.Who{All: true})
			if err != nil {
				return nil, err
			}
			list[i].Photos = append(list[i].Photos, KeptPhoto{ID: p.ID, Jpeg: data})
		}
	}
	return list, nil
}
