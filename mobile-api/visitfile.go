package mobileapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	fieldvisit "github.com/carebox-project/carebox/cloud/visit"
)

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
	picture := fieldvisit.Picture{ID: request.Photo, Kind: request.Params.Kind, At: request.Params.At, Data: data}
	v, err := s.Visits.AddPhoto(ctx, id, picture, whoVisits(ctx))
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
