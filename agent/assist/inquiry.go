package assist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	sayTimeout = 5 * time.Second // for a last word; what nobody takes by then is not said
	perMinute  = time.Minute
	maxDetail  = 500 // bytes
)

// inquiry is a query at work.
type inquiry struct {
	query wire.Query
	end   context.CancelCauseFunc
	seq   int
	bytes int
}

// answer refuses a query, or begins to measure.
func (d *Desk) answer(ctx context.Context, message []byte) {
	q, err := wire.DecodeQuery(message)
	if err != nil {
		d.complain("could not read a query", err)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	boot := d.parts.Since()
	if why := d.book.why(q.Grant, boot); why != "" {
		d.complain("refused a query", fmt.Errorf("grant %q: %w", q.Grant, why))
		d.turnAway(q, why, "")
		return
	}
	if q.Kind == wire.QueryCancel {
		d.cancel(q)
		return
	}
	if d.running[q.ID] != nil {
		return // it came twice
	}
	lately := recent(d.begun[q.Grant], boot)
	switch {
	case len(d.running) >= wire.MaxQueries:
		d.turnAway(q, wire.RefusedBusy, "The box is at as many measurements as it can bear.")
		return
	case len(lately) >= wire.MaxRate:
		d.turnAway(q, wire.RefusedBusy, "There were too many queries in the last minute.")
		return
	}
	d.begun[q.Grant] = append(lately, boot)
	d.begin(ctx, q)
}

// recent are the instants of the last minute.
func recent(list []time.Duration, boot time.Duration) []time.Duration {
	for len(list) > 0 && boot-list[0] >= perMinute {
		list = list[1:]
	}
	return list
}

// cancel ends another query of the same grant. One that has ended already is as good.
func (d *Desk) cancel(q wire.Query) {
	var args wire.CancelArgs
	if err := json.Unmarshal(q.Args, &args); err != nil || args.Query == "" {
		d.turnAway(q, wire.RefusedArgs, "It names no query.")
		return
	}
	if other := d.running[args.Query]; other != nil && other.query.Grant == q.Grant {
		other.end(wire.RefusedCancelled)
	}
	d.turnAway(q, "", "")
}

// turnAway is a last word without a measurement. In a flood not everybody gets one.
func (d *Desk) turnAway(q wire.Query, why wire.Refusal, detail string) {
	select {
	case d.refused <- wire.Result{Query: q.ID, Grant: q.Grant, Seq: 1, Done: true, Error: why, Detail: detail}:
	default:
	}
}

// refuse says what was turned away.
func (d *Desk) refuse(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-d.refused:
			d.last(ctx, r)
		}
	}
}

// last says a last word, if somebody takes it in time.
func (d *Desk) last(ctx context.Context, r wire.Result) {
	ctx, cancel := context.WithTimeout(ctx, sayTimeout)
	defer cancel()
	if err := d.parts.Say(ctx, r); err != nil {
		d.log.Debug("a result was not said", "error", err)
	}
}

// begin measures in a goroutine of its own.
func (d *Desk) begin(parent context.Context, q wire.Query) {
	ctx, end := context.WithCancelCause(parent)
	in := &inquiry{query: q, end: end}
	d.running[q.ID] = in
	d.wait.Go(func() {
		defer end(nil)
		ctx, cancel := context.WithTimeoutCause(ctx, time.Duration(q.Seconds)*time.Second, wire.RefusedDeadline)
		defer cancel()
		last, err := d.parts.Measure(ctx, q, func(data any) error { return d.piece(ctx, in, data) })
		r := in.close(ctx, last, err)
		d.mu.Lock()
		delete(d.running, q.ID)
		d.mu.Unlock()
		d.last(parent, r)
	})
}

// piece says a part of an answer. It fails where nothing more may be said.
func (d *Desk) piece(ctx context.Context, in *inquiry, data any) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	body, err := encode(data)
	if err != nil {
		return err
	}
	if in.seq+1 >= wire.MaxResults || in.bytes+len(body) > wire.MaxAnswer {
		return wire.RefusedTooLarge
	}
	in.seq, in.bytes = in.seq+1, in.bytes+len(body)
	return d.parts.Say(ctx, wire.Result{Query: in.query.ID, Grant: in.query.Grant, Seq: in.seq, Data: body})
}

// close is the last word of an answer.
func (in *inquiry) close(ctx context.Context, last any, err error) wire.Result {
	r := wire.Result{Query: in.query.ID, Grant: in.query.Grant, Seq: in.seq + 1, Done: true}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil && last != nil {
		r.Data, err = encode(last)
	}
	if err == nil && in.bytes+len(r.Data) > wire.MaxAnswer {
		err = wire.RefusedTooLarge
	}
	if err == nil {
		return r
	}
	r.Data, r.Error = nil, wire.RefusedFailed
	var why wire.Refusal
	if errors.As(err, &why) {
		r.Error = why
	}
	if text := strings.TrimPrefix(err.Error(), string(why)+": "); text != string(why) {
		r.Detail = strings.ToValidUTF8(text[:min(len(text), maxDetail)], "")
	}
	return r
}

// cut ends every inquiry whose grant allows it no more.
func (d *Desk) cut() {
	boot := d.parts.Since()
	for _, in := range d.running {
		if why := d.book.why(in.query.Grant, boot); why != "" {
			in.end(why)
		}
	}
}

func (l *letter) helper(boot time.Duration) Helper {
	return Helper{
		Grant: l.Grant.ID, Name: l.Grant.Name, Member: byFamily(l.Grant),
		Measures: l.Grant.Allows(wire.ScopeDiagnose), Left: l.Deadline - boot,
	}
}
