package wire

import (
	"encoding/json"
	"fmt"
	"slices"
)

// QueryKind is what a query asks for.
type QueryKind string

// Their arguments and answers are in measure.go.
const (
	QueryPing       QueryKind = "ping"
	QueryTraceroute QueryKind = "traceroute"
	QueryDNS        QueryKind = "dns"
	QueryHTTP       QueryKind = "http"
	QuerySpeed      QueryKind = "speed"
	QueryNeighbours QueryKind = "neighbours"
	QueryStations   QueryKind = "stations"
	QuerySurvey     QueryKind = "survey"
	QueryFirewall   QueryKind = "firewall"
	QueryShaper     QueryKind = "shaper"
	QueryLog        QueryKind = "log"
	QueryBundle     QueryKind = "bundle"
	QueryCancel     QueryKind = "cancel"
)

// QueryKinds are all kinds.
var QueryKinds = [...]QueryKind{
	QueryPing, QueryTraceroute, QueryDNS, QueryHTTP, QuerySpeed, QueryNeighbours, QueryStations, QuerySurvey,
	QueryFirewall, QueryShaper, QueryLog, QueryBundle, QueryCancel,
}

// Limits of queries and their results.
const (
	MaxQuery      = 4 << 10
	MaxResult     = 72 << 10 // a whole message
	MaxResultData = 64 << 10 // its Data
	MaxResults    = 500      // of one query, the last one included
	MaxAnswer     = 1 << 20  // bytes of Data of one query
	MaxQueries    = 4        // at once, on one box
	MaxRate       = 30       // queries a minute under one grant
	MaxSeconds    = 120
	maxDetail     = 512
	maxKind       = 32
)

// Query asks a box to measure something, under a grant that it knows to be live. It changes nothing.
type Query struct {
	ID      string          `json:"id"`
	Grant   string          `json:"grant"`
	Kind    QueryKind       `json:"kind"`
	Args    json.RawMessage `json:"args,omitempty"` // an object
	Seconds int             `json:"seconds"`        // deadline, from when it arrives: 1 to MaxSeconds
}

// Result is a piece of the answer to a query. The last one, and a refusal, is Done.
type Result struct {
	Query  string          `json:"query"`
	Grant  string          `json:"grant"`
	Seq    int             `json:"seq"` // from 1, rising by one
	Data   json.RawMessage `json:"data,omitempty"`
	Done   bool            `json:"done,omitempty"`
	Error  Refusal         `json:"error,omitempty"`  // only where it is done
	Detail string          `json:"detail,omitempty"` // one sentence, for people who help
}

// Refusal is why a query was not answered, or not to its end.
type Refusal string

const (
	RefusedUnknown     Refusal = "grant-unknown"
	RefusedEnded       Refusal = "grant-ended" // or expired
	RefusedScope       Refusal = "grant-scope"
	RefusedBusy        Refusal = "busy" // as many queries as a box or a grant may have, at once or in a minute
	RefusedArgs        Refusal = "args"
	RefusedDeadline    Refusal = "deadline"
	RefusedTooLarge    Refusal = "too-large" // there is more than may be said; what was said stands
	RefusedFailed      Refusal = "failed"
	RefusedUnsupported Refusal = "unsupported" // this box cannot, or does not know how to
	RefusedCancelled   Refusal = "cancelled"
)

// Error lets a refusal stand for what went wrong.
func (r Refusal) Error() string { return string(r) }

// Refusals are all of them.
var Refusals = [...]Refusal{
	RefusedUnknown, RefusedEnded, RefusedScope, RefusedBusy, RefusedArgs, RefusedDeadline, RefusedTooLarge, RefusedFailed,
	RefusedUnsupported, RefusedCancelled,
}

// DecodeQuery reads a query. Errors are as those of [DecodeHello]. A kind that nobody knows is no error: a newer cloud is
// to be answered [RefusedUnsupported].
func DecodeQuery(data []byte) (Query, error) {
	var q Query
	err := decode(data, MaxQuery, &q)
	switch {
	case err != nil:
	case !validID(q.ID) || !validID(q.Grant):
		err = fmt.Errorf("%w: its ids are none", ErrDocument)
	case q.Kind == "" || len(q.Kind) > maxKind:
		err = fmt.Errorf("%w: its kind is none", ErrDocument)
	case len(q.Args) > 0 && !object(q.Args):
		err = fmt.Errorf("%w: its arguments are no object", ErrDocument)
	case q.Seconds < 1 || q.Seconds > MaxSeconds:
		err = fmt.Errorf("%w: a deadline of %d s", ErrDocument, q.Seconds)
	}
	if err != nil {
		return Query{}, fmt.Errorf("reading query: %w", err)
	}
	return q, nil
}

// DecodeResult reads a piece of an answer. Errors are as those of [DecodeHello].
func DecodeResult(data []byte) (Result, error) {
	var r Result
	err := decode(data, MaxResult, &r)
	if err == nil {
		err = r.check()
	}
	if err != nil {
		return Result{}, fmt.Errorf("reading result: %w", err)
	}
	return r, nil
}

func (r Result) check() error {
	switch {
	case !validID(r.Query) || !validID(r.Grant):
		return fmt.Errorf("%w: its ids are none", ErrDocument)
	case r.Seq < 1 || r.Seq > MaxResults:
		return fmt.Errorf("%w: number %d", ErrDocument, r.Seq)
	case len(r.Data) > MaxResultData || len(r.Data) > 0 && !object(r.Data):
		return fmt.Errorf("%w: its data is too long or no object", ErrDocument)
	case r.Error != "" && (!r.Done || !slices.Contains(Refusals[:], r.Error)):
		return fmt.Errorf("%w: its error is none", ErrDocument)
	case len(r.Detail) > maxDetail:
		return fmt.Errorf("%w: its detail is too long", ErrDocument)
	}
	return nil
}
