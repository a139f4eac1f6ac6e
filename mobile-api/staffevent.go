package mobileapi

import (
	"context"
	"maps"
	"slices"

	"github.com/carebox-project/carebox/cloud/assist"
)

// aboutStaff is announced when something has changed that all staff look at: the queue, a case.
const aboutStaff = "staff"

// WatchStaff opens a live stream that says "look again" to somebody of the staff.
func (s *server) WatchStaff(ctx context.Context, _ WatchStaffRequestObject) (WatchStaffResponseObject, error) {
	v := visitOf(ctx)
	ctx, cancel := context.WithCancel(ctx)
	of := &staffStream{
		server: s, token: v.token, staff: v.session.Member.ID, ctx: ctx, nudge: make(chan struct{}, 1), homes: map[string]context.CancelFunc{},
		helps: slices.Contains(helping(), v.session.Member.Staff), writing: s.newWriting(ctx, assist.FromCustomer),
	}
	if err := of.begin(ctx); err != nil {
		cancel()
		return nil, err
	}
	if !s.streams.begin(v.session.ID) {
		cancel()
		return nil, &refusal{code: codeStreams, after: heartbeat}
	}
	return &stream{
		watched: of, server: s, ctx: ctx, looks: of.nudge, typing: of.writing.heard, end: func() { s.streams.end(v.session.ID); cancel() },
	}, nil
}

// staffStream is about what somebody of the staff works at: the homes of their live sessions come and go.
type staffStream struct {
	server       *server
	token, staff string
	ctx          context.Context // of the stream
	nudge        chan struct{}
	homes        map[string]context.CancelFunc
	helps        bool // customers, and so has cases
	writing      *writing
}

func (t *staffStream) begin(ctx context.Context) error {
	for _, about := range []string{aboutStaff, assist.AboutStaff(t.staff)} {
		if err := t.watch(t.ctx, about); err != nil {
			return err
		}
	}
	return t.follow(ctx)
}

// watch passes looks on until ctx ends.
func (t *staffStream) watch(ctx context.Context, about string) error {
	looks, err := t.server.Homes.Watch(ctx, about)
	if err != nil {
		return err
	}
	go func() { // ends with its channel, which closes with ctx
		for range looks {
			select {
			case t.nudge <- struct{}{}:
			default: // one is waiting there already
			}
		}
	}()
	return nil
}

// attend hears of the cases that are theirs.
func (t *staffStream) attend(ctx context.Context) error {
	if !t.helps {
		return nil
	}
	list, _, err := t.server.Cases.Queue(ctx)
	if err != nil {
		return err
	}
	return t.writing.follow(list, func(k assist.Case) bool { return k.Agent.ID == t.staff })
}

// follow watches the homes of the live sessions, and of the visits that go on, and no others any more.
func (t *staffStream) follow(ctx context.Context) error {
	list, err := t.server.Care.By(ctx, t.staff)
	if err != nil {
		return err
	}
	now := map[string]bool{}
	for _, one := range list {
		now[one.Home] = one.State == assist.StateActive || now[one.Home]
	}
	visited, err := t.server.Visits.Live(ctx, t.staff)
	if err != nil {
		return err
	}
	for _, home := range visited {
		now[home] = true
	}
	for _, home := range slices.Collect(maps.Keys(t.homes)) {
		if !now[home] {
			t.homes[home]()
			delete(t.homes, home)
		}
	}
	for home, live := range now {
		if _, known := t.homes[home]; known || !live {
			continue
		}
		within, cancel := context.WithCancel(t.ctx)
		if err := t.watch(within, home); err != nil {
			cancel()
			return err
		}
		t.homes[home] = cancel
	}
	return t.attend(ctx)
}

func (t *staffStream) data() string { return "{}" }

func (t *staffStream) fresh(ctx context.Context) bool {
	err := t.follow(ctx)
	return err == nil || refusalOf(err).code == codeUnavailable
}

// welcome reports whether the session goes on, and whose role has a stream.
func (t *staffStream) welcome(ctx context.Context) bool {
	session, err := t.server.Accounts.Session(ctx, t.token)
	if err != nil {
		return refusalOf(err).code == codeUnavailable
	}
	return slices.Contains(staffOf("GET "+staffPath), session.Member.Staff)
}
