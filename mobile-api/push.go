package mobileapi

import (
	"context"
	"net/url"

	"github.com/carebox-project/carebox/cloud/push"
)

// GetPush answers what a browser needs to be woken, and what the member wants to hear of.
func (s *server) GetPush(ctx context.Context, _ GetPushRequestObject) (GetPushResponseObject, error) {
	answer, err := s.pushOf(ctx)
	return GetPush200JSONResponse(answer), err
}

func (s *server) pushOf(ctx context.Context) (PushSettings, error) {
	session := visitOf(ctx).session
	answer := PushSettings{Key: s.Push.Key(), Kinds: push.Kinds(), Muted: []string{}, Subscriptions: []PushSubscription{}}
	muted, err := s.Push.Muted(ctx, session.Member.ID)
	if err != nil {
		return answer, err
	}
	answer.Muted = append(answer.Muted, muted...)
	quiet, err := s.Push.Quiet(ctx, session.Member.ID)
	if err != nil {
		return answer, err
	}
	answer.Quiet = Quiet{On: quiet.On, From: quiet.From, To: quiet.To}
	list, err := s.Push.Subscriptions(ctx, session.Member.ID)
	for _, x := range list {
		answer.Subscriptions = append(answer.Subscriptions, subscriptionOf(x, session.ID))
	}
	return answer, err
}

// Subscribe keeps where this session's browser is woken.
func (s *server) Subscribe(ctx context.Context, request SubscribeRequestObject) (SubscribeResponseObject, error) {
	session := visitOf(ctx).session
	x, err := s.Push.Subscribe(ctx, push.Subscription{
		Session: session.ID, Member: session.Member.ID, Endpoint: request.Body.Endpoint, P256dh: request.Body.Keys.P256Dh, Auth: request.Body.Keys.Auth,
	})
	return Subscribe201JSONResponse(subscriptionOf(x, session.ID)), err
}

// Unsubscribe forgets one of the member's.
func (s *server) Unsubscribe(ctx context.Context, request UnsubscribeRequestObject) (UnsubscribeResponseObject, error) {
	if err := s.Push.Unsubscribe(ctx, visitOf(ctx).session.Member.ID, request.Subscription); err != nil {
		return nil, err
	}
	return Unsubscribe204Response{}, nil
}

// PutMuted changes what the member does not want to hear of, and when.
func (s *server) PutMuted(ctx context.Context, request PutMutedRequestObject) (PutMutedResponseObject, error) {
	var quiet *push.Quiet
	if q := request.Body.Quiet; q != nil {
		quiet = &push.Quiet{On: q.On, From: q.From, To: q.To}
	}
	if err := s.Push.Choose(ctx, visitOf(ctx).session.Member.ID, request.Body.Muted, quiet); err != nil {
		return nil, err
	}
	answer, err := s.pushOf(ctx)
	return PutMuted200JSONResponse(answer), err
}

// subscriptionOf shows the service and not the endpoint: whoever has that can wake the phone.
func subscriptionOf(x push.Subscription, session string) PushSubscription {
	shown := PushSubscription{ID: x.ID, Created: x.Created, Current: x.Session == session}
	if u, err := url.Parse(x.Endpoint); err == nil {
		shown.Service = u.Host
	}
	return shown
}
