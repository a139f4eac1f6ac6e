package mobileapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/carebox-project/carebox/cloud/assist"
)

const (
	heartbeat     = 15 * time.Second // also how soon a silent stream ends whose session has ended
	writePatience = 10 * time.Second // for a reader that has gone without saying so
)

// WatchHome opens a live stream that says "look again".
func (s *server) WatchHome(ctx context.Context, request WatchHomeRequestObject) (WatchHomeResponseObject, error) {
	v := visitOf(ctx)
	ctx, cancel := context.WithCancel(ctx)
	looks, err := s.Homes.Watch(ctx, request.Home) // before the state is read: nothing falls in between
	if err != nil {
		cancel()
		return nil, err
	}
	of := &homeStream{server: s, token: v.token, home: request.Home, member: v.session.Member.ID, writing: s.newWriting(ctx, assist.FromStaff)}
	if err := of.read(ctx); err != nil {
		cancel()
		return nil, err
	}
	if !s.streams.begin(v.session.ID) {
		cancel()
		return nil, &refusal{code: codeStreams, after: heartbeat}
	}
	return &stream{
		watched: of, server: s, ctx: ctx, looks: looks, typing: of.writing.heard, end: func() { s.streams.end(v.session.ID); cancel() },
	}, nil
}

// watched is what a stream is about.
type watched interface {
	data() string                     // of an event
	fresh(ctx context.Context) bool   // reads it again; false ends the stream
	welcome(ctx context.Context) bool // whether who reads still may
}

// stream is an answer that goes on. The context is the request's: an answer is made once and written once.
type stream struct {
	watched watched
	server  *server
	ctx     context.Context
	looks   <-chan struct{}
	typing  <-chan string // cases in which the other side writes
	end     func()
}

// VisitWatchHomeResponse writes the stream of a home.
func (t *stream) VisitWatchHomeResponse(w http.ResponseWriter) error { return t.run(w) }

// VisitWatchStaffResponse writes the stream of somebody of the staff.
func (t *stream) VisitWatchStaffResponse(w http.ResponseWriter) error { return t.run(w) }

// run writes until the reader, the session, the membership or the server ends. Once it has begun there is nobody to tell
// an error to.
func (t *stream) run(w http.ResponseWriter) error {
	defer t.end()
	t.server.metric.streams.Inc()
	defer t.server.metric.streams.Dec()
	h := w.Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx
	w.WriteHeader(http.StatusOK)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	line := http.NewResponseController(w)
	open := t.look(line, w)
	for open {
		select {
		case <-t.ctx.Done():
			return nil
		case <-t.server.Ending:
			return nil
		case _, more := <-t.looks:
			open = more && t.ask(t.watched.welcome) && t.ask(t.watched.fresh) && t.look(line, w)
		case id := <-t.typing:
			open = t.ask(t.watched.welcome) && t.write(line, w, typingEvent(id))
		case <-beat.C:
			open = t.ask(t.watched.welcome) && t.write(line, w, ": here\n\n")
		}
	}
	return nil
}

func (t *stream) ask(question func(context.Context) bool) bool {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return question(ctx)
}

func (t *stream) look(line *http.ResponseController, w http.ResponseWriter) bool {
	return t.write(line, w, "event: look\ndata: "+t.watched.data()+"\n\n")
}

func (t *stream) write(line *http.ResponseController, w http.ResponseWriter, text string) bool {
	_ = line.SetWriteDeadline(time.Now().Add(writePatience)) // a test's recorder has none
	if _, err := w.Write([]byte(text)); err != nil {
		return false
	}
	return line.Flush() == nil
}

// homeStream is about a home.
type homeStream struct {
	server              *server
	token, home, member string
	revision            int64
	writing             *writing
}

func (h *homeStream) data() string { return fmt.Sprintf("{\"revision\":%d}", h.revision) }

// read finds the asked revision, and the member's own cases that somebody has.
func (h *homeStream) read(ctx context.Context) error {
	state, err := h.server.Homes.State(ctx, h.home)
	if err != nil {
		return err
	}
	h.revision = state.Asked.Revision
	list, err := h.server.Cases.Of(ctx, h.home, h.member)
	if err != nil {
		return err
	}
	return h.writing.follow(list, func(assist.Case) bool { return true })
}

// fresh reads again. A store that is away for a moment does not end the stream: the app will see for itself.
func (h *homeStream) fresh(ctx context.Context) bool {
	err := h.read(ctx)
	return err == nil || refusalOf(err).code == codeUnavailable
}

// welcome reports whether the session goes on and its member still belongs to the home.
func (h *homeStream) welcome(ctx context.Context) bool {
	session, err := h.server.Accounts.Session(ctx, h.token)
	if err != nil {
		return refusalOf(err).code == codeUnavailable
	}
	place, err := h.server.Accounts.Place(ctx, session.Member.ID, h.home)
	if err != nil {
		return refusalOf(err).code == codeUnavailable
	}
	return place.Role != ""
}
