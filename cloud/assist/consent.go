package assist

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// SessionConfig is what sessions stand on.
type SessionConfig struct {
	Store interface {
		sessionStore
		letterStore
		queryStore
		proposalStore
		auditStore
		recordingStore
		seenStore
	}
	Link post
	Keys interface { // of the operator
		Of(ctx context.Context, box string) ed25519.PrivateKey // signs for a box
	}
	Issuer string // who knows the staff: this cloud's address
	// Asked is told after a customer was asked for a session. Nil: nobody.
	Asked func(ctx context.Context, one Session)
	Log   *slog.Logger
}

// post carries letters to boxes and announcements to replicas. It is quick and may lose them.
type post interface {
	Send(box, what string, message []byte) error
	Announce(about string) error
}

// Sessions answers for all support sessions. Its methods may be called at once from many goroutines.
type Sessions struct {
	SessionConfig
	reading chan struct{} // holds one for each recording that is handed out
}

// NewSessions makes it. Sessions end by themselves while Run runs; whether one may be used is asked of the database
// each time, whether it runs or not.
func NewSessions(c SessionConfig) *Sessions {
	return &Sessions{SessionConfig: c, reading: make(chan struct{}, readAtOnce)}
}

// Ask asks the customer of a case for a session. policies.Problems, ErrUnknown, ErrBusy.
func (s *Sessions) Ask(ctx context.Context, a Asking) (Session, error) {
	a.Reason = strings.TrimSpace(plain(a.Reason))
	found := append(scopeProblems(a.Scopes), minuteProblems(a.Minutes)...)
	if n := utf8.RuneCountInString(a.Reason); n == 0 || n > maxWhy {
		found = append(found, policies.Problem{Code: "length", Field: "reason", Detail: "A reason has 1 to 300 characters."})
	}
	if found != nil {
		return Session{}, found
	}
	asked, err := s.Store.AskSupport(ctx, Session{
		ID: uuid.NewString(), Case: a.Case, Staff: a.Staff, StaffName: plain(a.StaffName), Operator: s.Issuer, Login: a.Login,
		AskedScopes: ordered(a.Scopes), AskedMinutes: a.Minutes, Reason: a.Reason, State: StateAsked,
	}, maxAskedFor, maxOpen)
	if err != nil {
		return Session{}, fmt.Errorf("asking for a session: %w", err)
	}
	s.tell(asked)
	if s.Asked != nil {
		s.Asked(ctx, asked)
	}
	return asked, nil
}

func scopeProblems(list []wire.Scope) policies.Problems {
	if n := len(ordered(list)); n == 0 || n != len(list) {
		return policies.Problems{{Code: policies.CodeWord, Field: "scopes", Detail: "Scopes are see, diagnose and change, each once."}}
	}
	return nil
}

func minuteProblems(minutes int) policies.Problems {
	if minutes < 1 || minutes > MaxMinutes {
		return policies.Problems{{Code: "range", Field: "minutes", Detail: "Minutes are 1 to 120."}}
	}
	return nil
}

// Consent begins a session: with what was asked, or with less. policies.Problems, ErrUnknown, ErrAnswered.
func (s *Sessions) Consent(ctx context.Context, a Answer) (Session, error) {
	asked, err := s.in(ctx, a.Home, a.ID)
	if err != nil {
		return Session{}, err
	}
	if asked.State != StateAsked {
		return Session{}, fmt.Errorf("consenting to session %q: %w", a.ID, ErrAnswered)
	}
	found := append(scopeProblems(a.Scopes), minuteProblems(a.Minutes)...)
	if slices.ContainsFunc(a.Scopes, func(x wire.Scope) bool { return !slices.Contains(asked.AskedScopes, x) }) {
		found = append(found, policies.Problem{Code: "not-asked", Field: "scopes", Detail: "This was not asked for."})
	}
	if a.Minutes > asked.AskedMinutes {
		found = append(found, policies.Problem{Code: "not-asked", Field: "minutes", Detail: "That is longer than was asked for."})
	}
	if found = append(append(found, a.wordProblems()...), a.recordProblems()...); found != nil {
		return Session{}, found
	}
	if a.Record {
		asked.Tape = newTape()
	}
	asked.Scopes, asked.Minutes, asked.Consent = ordered(a.Scopes), a.Minutes, a.given()
	begun, ended, err := s.Store.Consent(ctx, asked)
	if err != nil {
		return Session{}, fmt.Errorf("consenting to session %q: %w", a.ID, err)
	}
	for _, old := range ended {
		s.over(ctx, old)
	}
	s.begun(ctx, begun)
	return begun, nil
}

// Extend gives a live session more minutes from now: another row, with the same scopes. policies.Problems, ErrUnknown,
// ErrOver.
func (s *Sessions) Extend(ctx context.Context, a Answer) (Session, error) {
	live, err := s.in(ctx, a.Home, a.ID)
	if err != nil {
		return Session{}, err
	}
	if found := append(minuteProblems(a.Minutes), a.wordProblems()...); found != nil {
		return Session{}, found
	}
	next := Session{ID: uuid.NewString(), Minutes: a.Minutes, Consent: a.given()}
	begun, ended, err := s.Store.ExtendSupport(ctx, live.ID, next)
	if err != nil {
		return Session{}, fmt.Errorf("extending session %q: %w", a.ID, err)
	}
	s.over(ctx, ended)
	s.begun(ctx, begun)
	return begun, nil
}

func (a Answer) wordProblems() policies.Problems {
	if n := utf8.RuneCountInString(a.Text); n == 0 || n > maxWords {
		return policies.Problems{{Code: "length", Field: "text", Detail: "The words that were shown have 1 to 4000 characters."}}
	}
	return nil
}

func (a Answer) given() Consent {
	sum := sha256.Sum256([]byte(a.Text))
	return Consent{By: a.By, Name: plain(a.Name), Text: hex.EncodeToString(sum[:]), Locale: a.Locale, Device: plain(a.Device)}
}

// Refuse is a customer's no. ErrUnknown, ErrAnswered.
func (s *Sessions) Refuse(ctx context.Context, home, id string, by Closing) (Session, error) {
	asked, err := s.in(ctx, home, id)
	if err != nil {
		return Session{}, err
	}
	if asked.State != StateAsked {
		return Session{}, fmt.Errorf("refusing session %q: %w", id, ErrAnswered)
	}
	by.State, by.By = StateRefused, EndCustomer
	return s.close(ctx, id, by)
}

// End ends a session for a customer of its home. One that is over stays as it is: ending is never refused. ErrUnknown.
func (s *Sessions) End(ctx context.Context, home, id string, by Closing) (Session, error) {
	if _, err := s.in(ctx, home, id); err != nil {
		return Session{}, err
	}
	by.State, by.By = StateEnded, EndCustomer
	return s.close(ctx, id, by)
}

// EndOwn ends a session for the staff whose it is, and withdraws a question. ErrUnknown.
func (s *Sessions) EndOwn(ctx context.Context, id string, by Closing) (Session, error) {
	if _, err := s.Own(ctx, id, by.Who); err != nil {
		return Session{}, err
	}
	by.State, by.By = StateEnded, EndStaff
	return s.close(ctx, id, by)
}

// EndCase ends what lives of a case, because it goes to another agent or is closed.
func (s *Sessions) EndCase(ctx context.Context, id string, by Closing) error {
	list, err := s.Store.LiveOfCase(ctx, id)
	if err != nil {
		return fmt.Errorf("reading sessions of case %q: %w", id, err)
	}
	return s.closeAll(ctx, list, by)
}

// EndHome ends what lives in a home, because the home goes.
func (s *Sessions) EndHome(ctx context.Context, home string, by Closing) error {
	list, err := s.Store.LiveOfHome(ctx, home)
	if err != nil {
		return fmt.Errorf("reading sessions of home %q: %w", home, err)
	}
	by.By = EndCustomer
	return s.closeAll(ctx, list, by)
}

func (s *Sessions) closeAll(ctx context.Context, list []string, by Closing) (err error) {
	for _, session := range list {
		by.State = StateEnded
		_, closing := s.close(ctx, session, by)
		err = errors.Join(err, closing)
	}
	return err
}

func (s *Sessions) close(ctx context.Context, id string, by Closing) (Session, error) {
	closed, now, err := s.Store.CloseSupport(ctx, id, by)
	if err != nil {
		return Session{}, fmt.Errorf("ending session %q: %w", id, err)
	}
	if now || time.Now().Before(closed.Deadline) { // who ended it before may have been told that nobody knows whether it has
		s.over(ctx, closed)
	}
	return closed, nil
}

// Of are the newest sessions of a home, and all that wait or live, newest first.
func (s *Sessions) Of(ctx context.Context, home string) ([]Session, error) {
	list, err := s.Store.SupportOf(ctx, home, shownSessions)
	if err != nil {
		return nil, fmt.Errorf("reading sessions of home %q: %w", home, err)
	}
	return list, nil
}

const shownSessions = 20

// By are the live sessions of somebody of the staff, newest first.
func (s *Sessions) By(ctx context.Context, staff string) ([]Session, error) {
	list, err := s.Store.SupportBy(ctx, staff)
	if err != nil {
		return nil, fmt.Errorf("reading sessions of staff %q: %w", staff, err)
	}
	return list, nil
}

// Own is a session of somebody of the staff, whatever its state. ErrUnknown.
func (s *Sessions) Own(ctx context.Context, id, staff string) (Session, error) {
	one, err := s.one(ctx, id)
	if err == nil && one.Staff != staff {
		err = fmt.Errorf("reading session %q: %w", id, ErrUnknown)
	}
	return one, err
}

// in is a session of a home. ErrUnknown.
func (s *Sessions) in(ctx context.Context, home, id string) (Session, error) {
	one, err := s.one(ctx, id)
	if err == nil && one.Home != home {
		err = fmt.Errorf("reading session %q: %w", id, ErrUnknown)
	}
	return one, err
}

func (s *Sessions) one(ctx context.Context, id string) (Session, error) {
	if uuid.Validate(id) != nil {
		return Session{}, ErrUnknown
	}
	one, err := s.Store.Support(ctx, id)
	if err != nil {
		return Session{}, fmt.Errorf("reading session %q: %w", id, err)
	}
	return one, nil
}

// Check is whether staff may do something under a session now, as the database knows it. ErrUnknown also for a session of
// somebody else; ErrOver, ErrScope.
func (s *Sessions) Check(ctx context.Context, id, staff string, scope wire.Scope) (Session, error) {
	if uuid.Validate(id) != nil {
		return Session{}, ErrUnknown
	}
	live, err := s.Store.LiveSupport(ctx, id, staff)
	if err == nil && !live.Has(scope) {
		err = ErrScope
	}
	if err != nil {
		return Session{}, fmt.Errorf("checking session %q: %w", id, err)
	}
	return live, nil
}

// Run ends sessions at their deadline, when their staff or customer goes and when their case does, until ctx ends. Each replica does; one of them is first.
func (s *Sessions) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
				s.Log.Warn("could not end sessions", "error", err)
			}
		}
	}
}

func (s *Sessions) sweep(ctx context.Context) error {
	ended, err := s.Store.Overdue(ctx)
	for _, old := range ended {
		s.over(ctx, old)
	}
	of, late := s.Store.SweepQueries(ctx, answerGrace, kept)
	s.tellAsked(of)
	return errors.Join(err, late, s.sweepRecordings(ctx))
}

// tell lets everybody look again who has to do with a session: its home, its staff, and whoever watches it alone.
func (s *Sessions) tell(one Session) {
	for _, about := range []string{one.Home, AboutStaff(one.Staff), AboutSession(one.ID)} {
		if err := s.Link.Announce(about); err != nil {
			s.Log.Warn("could not announce a session", "session", one.ID, "error", err)
		}
	}
}

// AboutStaff and AboutSession are what is announced beside homes.
func AboutStaff(staff string) string     { return "staff-" + staff }
func AboutSession(session string) string { return "support-" + session }
