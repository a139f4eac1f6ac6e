package mobileapi

import (
	"context"
	"fmt"

	"github.com/carebox-project/carebox/cloud/assist"
)

// typist says that somebody writes, and nothing of what.
type typist interface {
	Types(ctx context.Context, who assist.Customer, id string) error
	AgentTypes(ctx context.Context, agent assist.Agent, id string) error
}

// TypeToCase says that the customer writes.
func (s *server) TypeToCase(ctx context.Context, request TypeToCaseRequestObject) (TypeToCaseResponseObject, error) {
	return TypeToCase204Response{}, s.Cases.Types(ctx, customer(ctx, request.Home), request.Case)
}

// TypeInCase says that its agent writes.
func (s *server) TypeInCase(ctx context.Context, request TypeInCaseRequestObject) (TypeInCaseResponseObject, error) {
	return TypeInCase204Response{}, s.Cases.AgentTypes(ctx, agent(ctx), request.Case)
}

// typingHeard is how many cases may wait to be told to a stream: what does not fit is said again soon.
const typingHeard = 8

// writing is the cases of which a stream says when the other side writes.
type writing struct {
	server *server
	ctx    context.Context // of the stream
	from   assist.From     // the other side
	heard  chan string
	cases  map[string]context.CancelFunc
}

func (s *server) newWriting(ctx context.Context, from assist.From) *writing {
	return &writing{server: s, ctx: ctx, from: from, heard: make(chan string, typingHeard), cases: map[string]context.CancelFunc{}}
}

// follow hears of those of the cases that somebody has, if mine says so, and of no others any more.
func (w *writing) follow(list []assist.Case, mine func(assist.Case) bool) error {
	now := map[string]bool{}
	for _, k := range list {
		if k.State == assist.CaseTaken && mine(k) {
			now[k.ID] = true
		}
	}
	for id, stop := range w.cases {
		if !now[id] {
			stop()
			delete(w.cases, id)
		}
	}
	for id := range now {
		if w.cases[id] != nil {
			continue
		}
		stop, err := w.hear(id)
		if err != nil {
			return err
		}
		w.cases[id] = stop
	}
	return nil
}

func (w *writing) hear(id string) (context.CancelFunc, error) {
	ctx, cancel := context.WithCancel(w.ctx)
	looks, err := w.server.Homes.Watch(ctx, assist.AboutTyping(id, w.from))
	if err != nil {
		cancel()
		return nil, err
	}
	go func() { // ends with its channel, which closes with ctx
		for range looks {
			select {
			case w.heard <- id:
			default:
			}
		}
	}()
	return cancel, nil
}

// typingEvent is how a stream says it.
func typingEvent(id string) string { return fmt.Sprintf("event: typing\ndata: {\"case\":%q}\n\n", id) }
