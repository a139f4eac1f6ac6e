package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies/wire"
)

// supportStory is a person of the staff who helps a family: with a letter of theirs for a while, and with nothing once it is over.
func supportStory() []step {
	return []step{
		{"ask", tellAsk},
		{"take", tellTake},
		{"subset", tellSubset},
		{"consent", tellConsent},
		{"ping", tellPing},
		{"outside", tellOutside},
		{"reserve", tellOnBehalf},
		{"undo", tellUndo},
		{"undo-all", tellUndoAll},
		{"end", tellEnd},
		{"cut-off", tellCutOff},
		{"link-back", tellLinkBack},
		{"audit", tellAudit},
	}
}

// desktop is somebody of the staff at work for the home.
type desktop struct {
	token   string
	kase    string
	session seenSession // the newest
	late    query       // on its way to the box when the session ended there
	links   int         // of the box to the cloud, before it was cut off
}

// seenSession is what both sides see of a session.
type seenSession struct {
	ID      string       `json:"id"`
	State   string       `json:"state"`
	EndedBy string       `json:"endedBy"`
	Scopes  []wire.Scope `json:"scopes"`
	Left    int          `json:"left"`
	Staff   struct {
		ID string `json:"id"`
	} `json:"staff"`
	Customer struct {
		ID string `json:"id"`
	} `json:"customer"`
}

func everyScope() []wire.Scope {
	return []wire.Scope{wire.ScopeSee, wire.ScopeDiagnose, wire.ScopeChange}
}

// family asks the API as the customer; what changes nothing in the home's policy.
func (t *telling) family(ctx context.Context, method, path string, body, answer any) error {
	header := http.Header{"Authorization": {"Bearer " + t.Client.token}}
	return unhurried(ctx, func() error {
		return call(ctx, method, t.Client.url+"/api/homes/"+t.Client.home+path, header, body, answer)
	})
}

// console asks the API as the staff.
func (t *telling) console(ctx context.Context, method, path string, body, answer any) error {
	header := http.Header{"Authorization": {"Bearer " + t.desktop.token}}
	return unhurried(ctx, func() error { return call(ctx, method, t.Access.URL+"/api/staff"+path, header, body, answer) })
}

// behalf asks for something in the home, under the session and from what the home is now.
func (t *telling) behalf(ctx context.Context, method, path string, body any) error {
	now, err := t.Client.State(ctx)
	if err != nil {
		return err
	}
	header := http.Header{
		"Authorization": {"Bearer " + t.desktop.token}, "Support-Session": {t.desktop.session.ID},
		"If-Match": {fmt.Sprintf(`"%d"`, now.Asked.Revision)},
	}
	return unhurried(ctx, func() error {
		return call(ctx, method, t.Access.URL+"/api/homes/"+t.Access.Home+path, header, body, nil)
	})
}

// unhurried asks again where somebody asked too often.
func unhurried(ctx context.Context, ask func() error) error {
	return poll(ctx, "the limit to let go", func() error {
		err := ask()
		if err == nil || !strings.Contains(err.Error(), "too-many-requests") {
			return stop(err)
		}
		return errors.Join(err, rest(ctx, 100*time.Millisecond))
	})
}

// stop is an error that ends waiting.
func stop(err error) error {
	if err == nil {
		return nil
	}
	return fatal{err}
}

// refusedWith expects that what was asked is refused with a word.
func refusedWith(err error, word string) error {
	if err == nil {
		return fmt.Errorf("it was done, and not refused with %q", word)
	}
	if !strings.Contains(err.Error(), " 403 ") || !strings.Contains(err.Error(), `"`+word+`"`) {
		return fmt.Errorf("want a refusal with %q: %w", word, err)
	}
	return nil
}

// tellAsk asks for a person after a guide could not help.
func tellAsk(ctx context.Context, t *telling) (figures, error) {
	finding := func(node, question, said string) map[string]string {
		return map[string]string{"guide": "tv-freezes", "node": node, "question": question, "answer": said}
	}
	var kase struct{ ID, State string }
	err := t.family(ctx, http.MethodPost, "/help-requests", map[string]any{
		"screen": "/help/guide/tv-freezes", "findings": []any{
			finding("which", "Which device is it?", "TV"), finding("others", "Is somebody else online?", "Yes"),
			finding("still", "Does it still freeze?", "Yes"),
		},
	}, &kase)
	if err == nil && kase.State != "waiting" {
		err = fmt.Errorf("the case is %q", kase.State)
	}
	t.desktop = &desktop{kase: kase.ID}
	return figures{"findings": 3}, err
}

// tellTake signs somebody of the staff in, with a code, who takes the case and reads what the guide found.
func tellTake(ctx context.Context, t *telling) (figures, error) {
	code, err := totp.GenerateCode(t.Access.StaffCodes, time.Now())
	if err != nil {
		return nil, err
	}
	var in struct{ Token string }
	body := map[string]string{"email": t.Access.StaffEmail, "password": t.Access.StaffPassword, "code": code, "kind": "app"}
	if err := call(ctx, http.MethodPost, t.Access.URL+"/api/sessions", nil, body, &in); err != nil {
		return nil, fmt.Errorf("signing the staff in: %w", err)
	}
	t.desktop.token = in.Token
	if err := t.sit(ctx); err != nil {
		return nil, err
	}
	var got struct {
		Case struct {
			State    string
			Findings []struct{ Guide, Answer string }
		}
	}
	if err := t.console(ctx, http.MethodPost, "/cases/"+t.desktop.kase+"/take", nil, &got); err != nil {
		return nil, err
	}
	if c := got.Case; c.State != "taken" || len(c.Findings) != 3 || c.Findings[2].Guide != "tv-freezes" {
		return nil, fmt.Errorf("the case is %+v", c)
	}
	return figures{"findings": len(got.Case.Findings)}, nil
}

// sit says that somebody is at the desk: else cases of theirs wait again after a while.
func (t *telling) sit(ctx context.Context) error {
	return t.console(ctx, http.MethodPut, "/desk", map[string]string{"case": t.desktop.kase}, nil)
}

// request asks the customer for everything, 15 minutes.
func (t *telling) request(ctx context.Context) error {
	if err := t.sit(ctx); err != nil {
		return err
	}
	return t.console(ctx, http.MethodPost, "/cases/"+t.desktop.kase+"/sessions",
		map[string]any{"scopes": everyScope(), "minutes": 15, "reason": "To find out why the TV freezes."}, &t.desktop.session)
}

// consent lets the staff in.
func (t *telling) consent(ctx context.Context, scopes []wire.Scope) error {
	one := &t.desktop.session
	err := t.family(ctx, http.MethodPost, "/support/"+one.ID+"/consent", map[string]any{
		"scopes": scopes, "minutes": 15, "text": "May somebody see your screen, measure and change settings for 15 minutes?",
	}, one)
	if err == nil && (one.State != "active" || !slices.Equal(one.Scopes, scopes)) {
		err = fmt.Errorf("the session is %+v", *one)
	}
	return err
}

// tellSubset has nothing work before the customer consents, and then only what they consented to: to be seen.
func tellSubset(ctx context.Context, t *telling) (figures, error) {
	if _, err := t.Client.Await(ctx, "the box to be there", boxThere); err != nil {
		return nil, err
	}
	if err := t.request(ctx); err != nil {
		return nil, err
	}
	_, err := t.question(ctx, wire.QueryPing, pingArgs(1))
	if err := refusedWith(err, "support-over"); err != nil {
		return nil, fmt.Errorf("before the consent: %w", err)
	}
	if err := t.consent(ctx, []wire.Scope{wire.ScopeSee}); err != nil {
		return nil, err
	}
	_, err = t.question(ctx, wire.QueryPing, pingArgs(1))
	if err := refusedWith(err, "support-scope"); err != nil {
		return nil, fmt.Errorf("measuring: %w", err)
	}
	if err := refusedWith(t.behalf(ctx, http.MethodPut, "/reservations/film", film()), "support-scope"); err != nil {
		return nil, fmt.Errorf("changing: %w", err)
	}
	return figures{"before": "support-over", "measure": "support-scope", "change": "support-scope"}, nil
}

func boxThere(s State) error {
	if s.Box == nil || !s.Box.Reachable {
		return errors.New("it is away")
	}
	return nil
}

// tellConsent asks for all of it: that is another consent and another session, which ends the first one.
func tellConsent(ctx context.Context, t *telling) (figures, error) {
	first := t.desktop.session.ID
	if err := t.request(ctx); err != nil {
		return nil, err
	}
	if err := t.consent(ctx, everyScope()); err != nil {
		return nil, err
	}
	one, err := t.seen(ctx, first)
	if err == nil && (one.State != "ended" || first == t.desktop.session.ID) {
		err = fmt.Errorf("the first session is %+v", one)
	}
	return figures{"leftSeconds": t.desktop.session.Left, "firstEndedBy": one.EndedBy}, err
}

// seen is a session as the customer sees it.
func (t *telling) seen(ctx context.Context, id string) (seenSession, error) {
	var list []seenSession
	if err := t.family(ctx, http.MethodGet, "/support", nil, &list); err != nil {
		return seenSession{}, err
	}
	for _, one := range list {
		if one.ID == id {
			return one, nil
		}
	}
	return seenSession{}, fmt.Errorf("session %s is not there", id)
}

func pingArgs(count int) map[string]any {
	return map[string]any{"host": testbed.InternetIPv4.String(), "count": count}
}

// question asks the box under the session.
func (t *telling) question(ctx context.Context, kind wire.QueryKind, args any) (q query, err error) {
	err = t.console(ctx, http.MethodPost, "/sessions/"+t.desktop.session.ID+"/queries", map[string]any{
		"kind": kind, "args": args, "seconds": 60,
	}, &q)
	return q, err
}

// answered waits until a question is over.
func (t *telling) answered(ctx context.Context, q query) (query, error) {
	path := "/sessions/" + t.desktop.session.ID + "/queries/" + q.ID
	err := poll(ctx, "the box to have measured", func() error {
		err := t.console(ctx, http.MethodGet, path, nil, &q)
		if err == nil && q.State == "running" {
			err = errors.Join(errRunning, rest(ctx, 100*time.Millisecond))
		}
		return err
	})
	return q, err
}

// tellPing measures on the real box.
func tellPing(ctx context.Context, t *telling) (figures, error) {
	at := time.Now()
	q, err := t.question(ctx, wire.QueryPing, pingArgs(3))
	if err != nil {
		return nil, err
	}
	if q, err = t.answered(ctx, q); err != nil {
		return nil, err
	}
	var sum wire.PingSummary
	if q.State != "done" || q.Error != "" || len(q.Results) == 0 {
		return nil, fmt.Errorf("the box answered %+v", q)
	}
	if err := json.Unmarshal(q.Results[len(q.Results)-1].Data, &sum); err != nil || sum.Received != 3 {
		return nil, fmt.Errorf("the box summed up %+v: %w", sum, err)
	}
	return figures{"sent": sum.Sent, "received": sum.Received, "answeredMs": milliseconds(time.Since(at))}, nil
}

// tellOutside asks for what no session gives: the family's invitations, and what the customer must do or approve of.
func tellOutside(ctx context.Context, t *telling) (figures, error) {
	if err := refusedWith(t.behalf(ctx, http.MethodGet, "/invitations", nil), "support-scope"); err != nil {
		return nil, fmt.Errorf("invitations: %w", err)
	}
	if err := refusedWith(t.behalf(ctx, http.MethodDelete, "/members/"+t.desktop.session.Customer.ID, nil), "support-approval"); err != nil {
		return nil, fmt.Errorf("removing a member: %w", err)
	}
	if err := refusedWith(t.behalf(ctx, http.MethodDelete, "/devices/tv", nil), "support-approval"); err != nil {
		return nil, fmt.Errorf("removing a device: %w", err)
	}
	return figures{"invitations": "support-scope", "removeMember": "support-approval", "removeDevice": "support-approval"}, nil
}
