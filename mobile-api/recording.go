package mobileapi

import (
	"context"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

// RecordSupport lets the screen of the member who asks be kept, or not any more.
func (s *server) RecordSupport(ctx context.Context, request RecordSupportRequestObject) (RecordSupportResponseObject, error) {
	me := visitOf(ctx).session.Member
	one, err := s.Care.Record(ctx, assist.Switch{
		Home: request.Home, Session: request.Session, Member: me.ID, Name: me.Name, On: request.Body.On, Text: request.Body.Text,
	})
	return RecordSupport200JSONResponse(supportOf(one)), err
}

// ListRecordings answers the member's own.
func (s *server) ListRecordings(ctx context.Context, request ListRecordingsRequestObject) (ListRecordingsResponseObject, error) {
	found, err := s.Care.Recordings(ctx, request.Home, visitOf(ctx).session.Member.ID)
	return ListRecordings200JSONResponse(recordingsOf(found)), err
}

// ReplayRecording answers one of them whole.
func (s *server) ReplayRecording(ctx context.Context, request ReplayRecordingRequestObject) (ReplayRecordingResponseObject, error) {
	p, err := s.Care.Replay(ctx, request.Home, request.Recording, visitOf(ctx).session.Member.ID)
	if err != nil {
		return nil, err
	}
	return ReplayRecording200ApplicationOctetStreamResponse{Body: p, ContentLength: p.Size()}, nil
}

// DeleteRecording takes one of them away.
func (s *server) DeleteRecording(ctx context.Context, request DeleteRecordingRequestObject) (DeleteRecordingResponseObject, error) {
	err := s.Care.Forget(ctx, request.Home, request.Recording, visitOf(ctx).closing())
	return DeleteRecording204Response{}, err
}

// watcher is who of the staff asks. An agent sees what was kept of the case that they have; who answers for agents, of any.
func watcher(ctx context.Context) assist.Watcher {
	m := visitOf(ctx).session.Member
	return assist.Watcher{ID: m.ID, Name: m.Name, Any: m.Staff == accounts.StaffSupervisor || m.Staff == accounts.StaffAdmin}
}

// ReadRecordings answers what was kept of a case.
func (s *server) ReadRecordings(ctx context.Context, request ReadRecordingsRequestObject) (ReadRecordingsResponseObject, error) {
	found, gone, err := s.Care.RecordingsOf(ctx, request.Case, watcher(ctx))
	answer := ReadRecordings200JSONResponse{List: recordingsOf(found), Gone: make([]RecordingGone, len(gone))}
	for i, g := range gone {
		answer.Gone[i] = RecordingGone{At: g.At, Expired: g.Expired}
	}
	return answer, err
}

// WatchRecording answers one of them whole, to somebody who then stands in the audit.
func (s *server) WatchRecording(ctx context.Context, request WatchRecordingRequestObject) (WatchRecordingResponseObject, error) {
	p, err := s.Care.Watch(ctx, request.Case, request.Recording, watcher(ctx))
	if err != nil {
		return nil, err
	}
	return WatchRecording200ApplicationOctetStreamResponse{Body: p, ContentLength: p.Size()}, nil
}

func recordingsOf(found []assist.Recording) []Recording {
	list := make([]Recording, len(found))
	for i, r := range found {
		list[i] = Recording{
			ID: r.ID, Case: r.Case, Member: SupportPerson{ID: r.Member, Name: r.Name}, Begun: r.Begun, Newest: known(r.Newest), Until: r.Until,
			Bytes: r.Bytes, Full: r.Full, On: r.On,
		}
	}
	return list
}
