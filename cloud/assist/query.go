package assist

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/carebox-project/carebox/policies"
	"github.com/carebox-project/carebox/policies/wire"
)

// QueryState is how far a query has come.
type QueryState string

const (
	QueryRunning   QueryState = "running"
	QueryDone      QueryState = "done"      // with an error or without
	QueryCancelled QueryState = "cancelled" // by who asked, or with the end of what it was asked under
	QueryLost      QueryState = "lost"      // the box did not answer to the end
)

// Query is a question to a box.
type Query struct {
	ID, Letter, Home, Box string
	Kind                  wire.QueryKind
	Args                  json.RawMessage
	Seconds               int
	Asked                 time.Time
	State                 QueryState
	Error                 wire.Refusal
	Detail                string
	Count                 int // of results so far
	Results               []wire.Result
}

const (
	querySeconds = 30               // where nothing is said
	selfMinutes  = 5                // of a letter of an adult of the home
	visitMost    = 4 * time.Hour    // of a technician's letter
	answerGrace  = 10 * time.Second // after a query's deadline, for its last result
	kept         = time.Hour        // results, after the end of what they were asked under
	longArgs     = "Arguments are an object of at most 3 KB."
)

// queryStore keeps queries. Whether one may be asked is answered by the database and its clock alone.
type queryStore interface {
	// AddQuery keeps a query under a letter of somebody, if that lives and lets them. ErrUnknown, ErrOver, ErrScope, ErrBusy,
	// ErrBox.
	AddQuery(ctx context.Context, q Query, actor string) (Query, error)
	// QueryOf is a query of somebody with its results after a number. ErrUnknown.
	QueryOf(ctx context.Context, id, actor string, after int) (Query, error)
	// QueriesOf are those of a letter, newest first, without results.
	QueriesOf(ctx context.Context, letter string) ([]Query, error)
	// CancelQuery stops waiting for one. False: it is over.
	CancelQuery(ctx context.Context, id, actor string) (Query, bool, error)
	// KeepResults keeps what a box answers to queries that run under letters that live; all else is dropped.
	KeepResults(ctx context.Context, box string, list []wire.Result) (of []Letter, err error)
	// SweepQueries gives up queries that nobody answers, and forgets old ones.
	SweepQueries(ctx context.Context, grace, kept time.Duration) (of []Letter, err error)
	// OwnLetter is a letter of a member for their own home, one that lives for that long or a new one. Fresh: it is new.
	OwnLetter(ctx context.Context, l Letter, spare, life time.Duration) (letter Letter, fresh bool, err error)
	// AddVisit keeps a technician's letter. ErrOver where they are not signed in as one, ErrUnknown for a home.
	AddVisit(ctx context.Context, l Letter, life time.Duration) (Letter, error)
	// EndLetter ends a letter of somebody. ErrUnknown.
	EndLetter(ctx context.Context, id, actor string) error
}

// Query asks the box of a home something, under a session or a letter of who asks. policies.Problems, ErrUnknown, ErrOver,
// ErrScope, ErrBusy, ErrBox.
func (s *Sessions) Query(ctx context.Context, letter, actor string, q Query) (Query, error) {
	q.Seconds = cmp.Or(q.Seconds, querySeconds)
	if found := q.problems(); found != nil {
		return Query{}, found
	}
	if uuid.Validate(letter) != nil {
		return Query{}, ErrUnknown
	}
	q.ID, q.Letter, q.State = uuid.NewString(), letter, QueryRunning
	if len(q.Args) == 0 {
		q.Args = json.RawMessage("{}")
	}
	message, err := encoded(wire.Query{ID: q.ID, Grant: letter, Kind: q.Kind, Args: q.Args, Seconds: q.Seconds})
	if err != nil {
		return Query{}, err
	}
	if q, err = s.Store.AddQuery(ctx, q, actor); err != nil {
		return Query{}, fmt.Errorf("asking a box: %w", err)
	}
	if err := s.put(q, message); err != nil {
		return Query{}, err
	}
	return q, nil
}

func (q Query) problems() policies.Problems {
	var found policies.Problems
	if q.Kind == wire.QueryCancel || !slices.Contains(wire.QueryKinds[:], q.Kind) {
		found = append(found, policies.Problem{Code: policies.CodeWord, Field: "kind", Detail: "No box knows such a question."})
	}
	if q.Seconds < 1 || q.Seconds > wire.MaxSeconds {
		found = append(found, policies.Problem{Code: "range", Field: "seconds", Detail: "Seconds are 1 to 120."})
	}
	if len(q.Args) > wire.MaxQuery-512 || len(q.Args) > 0 && q.Args[0] != '{' {
		found = append(found, policies.Problem{Code: policies.CodeType, Field: "args", Detail: longArgs})
	}
	return found
}

// encoded is a query as a box reads it: some characters are longer there than they were said. policies.Problems.
func encoded(q wire.Query) ([]byte, error) {
	message, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("encoding query %q: %w", q.ID, err)
	}
	if len(message) > wire.MaxQuery {
		return nil, policies.Problems{{Code: policies.CodeType, Field: "args", Detail: longArgs}}
	}
	return message, nil
}

// put sends a message about a query. One that is lost is not answered: it is given up after its deadline.
func (s *Sessions) put(q Query, message []byte) error {
	if err := s.Link.Send(q.Box, wire.DownQuery, message); err != nil {
		return fmt.Errorf("sending query %q: %w", q.ID, err)
	}
	return nil
}

// Results is a query of somebody with its results after a number. ErrUnknown.
func (s *Sessions) Results(ctx context.Context, id, actor string, after int) (Query, error) {
	if uuid.Validate(id) != nil {
		return Query{}, ErrUnknown
	}
	q, err := s.Store.QueryOf(ctx, id, actor, after)
	if err != nil {
		return Query{}, fmt.Errorf("reading query %q: %w", id, err)
	}
	return q, nil
}

// Queries are those of a session or letter of somebody, newest first, without results.
func (s *Sessions) Queries(ctx context.Context, letter string) ([]Query, error) {
	list, err := s.Store.QueriesOf(ctx, letter)
	if err != nil {
		return nil, fmt.Errorf("reading queries of %q: %w", letter, err)
	}
	return list, nil
}

// Cancel ends a query of somebody; one that is over stays as it is. ErrUnknown.
func (s *Sessions) Cancel(ctx context.Context, id, actor string) (Query, error) {
	if uuid.Validate(id) != nil {
		return Query{}, ErrUnknown
	}
	q, now, err := s.Store.CancelQuery(ctx, id, actor)
	if err != nil {
		return Query{}, fmt.Errorf("cancelling query %q: %w", id, err)
	}
	if now {
		args, _ := json.Marshal(map[string]string{"query": q.ID}) // a text can always be encoded
		var message []byte
		message, err = encoded(wire.Query{ID: uuid.NewString(), Grant: q.Letter, Kind: wire.QueryCancel, Args: args, Seconds: 5})
		if err == nil {
			err = s.put(q, message)
		}
	}
	return q, err
}

// Self asks the box of one's own home something, as an adult of it whose session is login. Errors as for Query.
func (s *Sessions) Self(ctx context.Context, l Letter, q Query) (Query, error) {
	if !slices.Contains(ownKinds(), q.Kind) {
		return Query{}, policies.Problems{{Code: policies.CodeWord, Field: "kind", Detail: "No box knows such a question."}}
	}
	q.Seconds = cmp.Or(q.Seconds, querySeconds)
	if found := q.problems(); found != nil {
		return Query{}, found
	}
	l.ID, l.Kind, l.Operator, l.Scopes = uuid.NewString(), LetterSelf, s.Issuer, []wire.Scope{wire.ScopeDiagnose}
	spare := time.Duration(q.Seconds)*time.Second + answerGrace
	letter, fresh, err := s.Store.OwnLetter(ctx, l, spare, selfMinutes*time.Minute)
	if err != nil {
		return Query{}, fmt.Errorf("writing a letter: %w", err)
	}
	if fresh {
		s.write(ctx, letter.ID) // before the query: a box gets both in order
	}
	return s.Query(ctx, letter.ID, l.Actor, q)
}

// ownKinds are what a family asks its own box: nothing that has other people's words in it.
func ownKinds() []wire.QueryKind {
	return []wire.QueryKind{
		wire.QueryPing, wire.QueryTraceroute, wire.QueryDNS, wire.QueryHTTP, wire.QuerySpeed, wire.QueryNeighbours, wire.QueryStations,
		wire.QuerySurvey, wire.QueryFirewall, wire.QueryShaper,
	}
}

// Visit lets a technician ask the box of a home for some time (4 hours at most): Home, Actor (member id), Name and Login
// of the letter are the caller's. Query and Results take the letter's id. policies.Problems, ErrUnknown, ErrOver.
func (s *Sessions) Visit(ctx context.Context, l Letter, life time.Duration) (Letter, error) {
	if life < time.Minute || life > visitMost {
		return Letter{}, policies.Problems{{Code: "range", Field: "minutes", Detail: "Minutes are 1 to 240."}}
	}
	l.ID, l.Kind, l.Operator, l.Scopes = uuid.NewString(), LetterVisit, s.Issuer, []wire.Scope{wire.ScopeDiagnose}
	letter, err := s.Store.AddVisit(ctx, l, life)
	if err != nil {
		return Letter{}, fmt.Errorf("writing a letter: %w", err)
	}
	s.write(ctx, letter.ID)
	return letter, nil
}

// EndVisit ends a technician's letter. One that is over stays as it is. ErrUnknown.
func (s *Sessions) EndVisit(ctx context.Context, letter, actor string) error {
	if err := s.Store.EndLetter(ctx, letter, actor); err != nil {
		return fmt.Errorf("ending letter %q: %w", letter, err)
	}
	s.write(ctx, letter)
	return nil
}

// Answered keeps what a box answers, and tells who asked. What nobody asked, or asks any more, is dropped.
func (s *Sessions) Answered(ctx context.Context, box string, list []wire.Result) error {
	of, err := s.Store.KeepResults(ctx, box, list)
	if err != nil {
		return fmt.Errorf("keeping results of box %q: %w", box, err)
	}
	s.tellAsked(of)
	return nil
}

// tellAsked lets those look again who asked.
func (s *Sessions) tellAsked(of []Letter) {
	for _, l := range of {
		about := []string{AboutStaff(l.Actor)}
		switch l.Kind {
		case LetterSelf:
			about = []string{l.Home}
		case LetterSession:
			about = append(about, l.Home, AboutSession(l.ID))
		}
		for _, what := range about {
			if err := s.Link.Announce(what); err != nil {
				s.Log.Warn("could not announce results", "grant", l.ID, "error", err)
			}
		}
	}
}
