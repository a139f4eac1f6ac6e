package mobileapi

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/policies/wire"
)

// nurse is support sessions in memory.
type nurse struct {
	mu   sync.Mutex
	list []assist.Session
	ends []string // homes whose sessions were ended

	asked     []assist.Query
	proposals []assist.Proposal
	lines     []audit.Entry
	fail      error         // of every check
	stuck     chan struct{} // if not nil, no check is answered before it closes
	archive   archive
	seen      map[string][2]time.Time // by screen
}

func (n *nurse) find(keep func(assist.Session) bool) (*assist.Session, error) {
	i := slices.IndexFunc(n.list, keep)
	if i < 0 {
		return nil, assist.ErrUnknown
	}
	return &n.list[i], nil
}

func (n *nurse) in(home, id string) (*assist.Session, error) {
	return n.find(func(s assist.Session) bool { return s.Home == home && s.ID == id })
}

func (n *nurse) Of(_ context.Context, home string) ([]assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.list), func(s assist.Session) bool { return s.Home != home }), nil
}

func (n *nurse) All(ctx context.Context, home string) ([]assist.Session, error) {
	return n.Of(ctx, home)
}

func (n *nurse) By(_ context.Context, staff string) ([]assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.list), func(s assist.Session) bool { return s.Staff != staff }), nil
}

func (n *nurse) Own(_ context.Context, id, staff string) (assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.find(func(s assist.Session) bool { return s.Staff == staff && s.ID == id })
	if err != nil {
		return assist.Session{}, err
	}
	return *one, nil
}

func (n *nurse) Ask(_ context.Context, a assist.Asking) (assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one := assist.Session{
		ID: a.Case, Case: a.Case, Home: home1, Staff: a.Staff, StaffName: a.StaffName, AskedScopes: a.Scopes, AskedMinutes: a.Minutes,
		Reason: a.Reason, State: assist.StateAsked,
	}
	n.list = append(n.list, one)
	return one, nil
}

func (n *nurse) Consent(_ context.Context, a assist.Answer) (assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.in(a.Home, a.ID)
	if err != nil {
		return assist.Session{}, err
	}
	one.State, one.Scopes, one.Minutes, one.Consent = assist.StateActive, a.Scopes, a.Minutes, assist.Consent{By: a.By, Name: a.Name}
	one.Customer, one.Left = a.By, time.Duration(a.Minutes)*time.Minute
	return *one, nil
}

func (n *nurse) Extend(ctx context.Context, a assist.Answer) (assist.Session, error) {
	return n.Consent(ctx, a)
}

func (n *nurse) Refuse(ctx context.Context, home, id string, by assist.Closing) (assist.Session, error) {
	return n.End(ctx, home, id, by)
}

func (n *nurse) End(_ context.Context, home, id string, _ assist.Closing) (assist.Session, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.in(home, id)
	if err != nil {
		return assist.Session{}, err
	}
	one.State = assist.StateEnded
	return *one, nil
}

func (n *nurse) EndHome(_ context.Context, home string, _ assist.Closing) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ends = append(n.ends, home)
	return nil
}

func (n *nurse) EndOwn(ctx context.Context, id string, by assist.Closing) (assist.Session, error) {
	one, err := n.Own(ctx, id, by.Who)
	if err != nil {
		return one, err
	}
	return n.End(ctx, one.Home, id, by)
}

func (n *nurse) Check(ctx context.Context, id, staff string, scope wire.Scope) (assist.Session, error) {
	one, err := n.Own(ctx, id, staff)
	n.mu.Lock()
	stuck := n.stuck
	n.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.fail != nil:
		err = n.fail
	case err != nil:
	case one.State != assist.StateActive:
		err = assist.ErrOver
	case !one.Has(scope):
		err = assist.ErrScope
	}
	return one, err
}

func (n *nurse) Query(_ context.Context, letter, actor string, q assist.Query) (assist.Query, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	q.ID, q.Letter, q.Home, q.State = "q1", letter, home1, assist.QueryRunning
	n.asked = append(n.asked, q)
	return q, nil
}

func (n *nurse) Self(ctx context.Context, l assist.Letter, q assist.Query) (assist.Query, error) {
	return n.Query(ctx, "own", l.Actor, q)
}

func (n *nurse) Results(_ context.Context, id, _ string, _ int) (assist.Query, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, q := range n.asked {
		if q.ID == id {
			return q, nil
		}
	}
	return assist.Query{}, assist.ErrUnknown
}

func (n *nurse) Queries(context.Context, string) ([]assist.Query, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked), nil
}

func (n *nurse) Cancel(ctx context.Context, id, actor string) (assist.Query, error) {
	return n.Results(ctx, id, actor, 0)
}

func (n *nurse) Propose(ctx context.Context, p assist.Proposal, staff string) (assist.Proposal, error) {
	if _, err := n.Own(ctx, p.Session, staff); err != nil {
		return p, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	p.ID, p.Hash, p.State = "p1", "h", assist.ProposalOpen
	n.proposals = append(n.proposals, p)
	return p, nil
}

func (n *nurse) Proposals(context.Context, string) ([]assist.Proposal, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.proposals), nil
}

func (n *nurse) Proposal(_ context.Context, home, session, id, hash string) (assist.Session, assist.Proposal, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.in(home, session)
	if err != nil {
		return assist.Session{}, assist.Proposal{}, err
	}
	for _, p := range n.proposals {
		if p.ID == id && p.Hash == hash {
			return *one, p, nil
		}
	}
	return assist.Session{}, assist.Proposal{}, assist.ErrUnknown
}

func (n *nurse) Decline(_ context.Context, home, session, _ string, _ assist.Closing) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, err := n.in(home, session)
	return err
}

func (n *nurse) Audit(context.Context, string, int64, int) ([]audit.Line, error) { return nil, nil }

func (n *nurse) Session(_ context.Context, home, id string) (assist.Session, []audit.Line, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, err := n.in(home, id)
	if err != nil {
		return assist.Session{}, nil, err
	}
	return *one, nil, nil
}

func (n *nurse) Look(_ context.Context, session string, list []assist.Glimpse) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if one, err := n.in(home1, session); err != nil || one.State != assist.StateActive {
		return assist.ErrOver
	}
	if n.seen == nil {
		n.seen = map[string][2]time.Time{}
	}
	now := time.Now()
	for _, g := range list {
		span, known := n.seen[g.Screen]
		if first := now.Add(-g.First); !known || first.Before(span[0]) {
			span[0] = first
		}
		span[1] = now.Add(-g.Last)
		n.seen[g.Screen] = span
	}
	return nil
}

func (n *nurse) Seen(_ context.Context, _, session string) ([]assist.Seen, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := []assist.Seen{}
	for screen, span := range n.seen {
		list = append(list, assist.Seen{Session: session, Screen: screen, First: span[0], Last: span[1]})
	}
	return list, nil
}

func (n *nurse) Witness(_ context.Context, e audit.Entry) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, e)
	return nil
}

const proposing = `{"operation":"remove","list":"devices","id":"tv","revision":1}`

const ping = `{"kind":"ping","args":{"host":"carebox.example"}}`

const asking = `{"scopes":["see","diagnose"],"minutes":15,"reason":"The TV freezes"}`

func TestAChildSeesThatSomebodyIsThere(t *testing.T) {
	w := staffed(t)
	w.by(accounts.ProofPasskey, "support").do("POST", "/api/staff/cases/"+nowhere+"/sessions", asking).is(http.StatusCreated)
	w.as("adult").do("POST", home("/support/"+nowhere+"/consent"), `{"scopes":["see"],"minutes":5,"text":"May I?"}`).is(http.StatusOK)
	var adult, child []SupportSession
	w.as("adult").do("GET", home("/support"), "").is(http.StatusOK).decode(&adult)
	w.as("child").do("GET", home("/support"), "").is(http.StatusOK).decode(&child)
	if len(adult) != 1 || adult[0].Reason == "" || adult[0].Consent == nil || adult[0].State != assist.StateActive {
		t.Errorf("an adult sees %+v", adult)
	}
	if len(child) != 1 || child[0].Reason != "" || child[0].Consent != nil || child[0].Staff.Name != "support" {
		t.Errorf("a child sees %+v", child)
	}
}

func TestAskingNeedsAFreshSignIn(t *testing.T) {
	w := staffed(t)
	c := w.by(accounts.ProofPasskey, "support")
	w.pass(freshFor + time.Second)
	c.do("POST", "/api/staff/cases/"+nowhere+"/sessions", asking).refuses(http.StatusForbidden, codeSupportFresh)
}
