package visit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	letterLife   = 10 * time.Minute // of the letter under which a box measures
	measureTime  = 5                // seconds in each direction
	measureLimit = time.Minute      // in each direction, waiting for a busy box included
)

// meter asks boxes, in the name of a technician who is signed in.
type meter interface {
	Visit(ctx context.Context, l assist.Letter, life time.Duration) (assist.Letter, error)
	EndVisit(ctx context.Context, letter, member string) error
	Query(ctx context.Context, letter, member string, q assist.Query) (assist.Query, error)
	Results(ctx context.Context, query, member string, after int) (assist.Query, error)
}

// Measuring is a measurement of the line that goes on: first down, then up.
type Measuring struct {
	Letter    string    `json:"letter"`
	Member    string    `json:"member"` // who began it
	Query     string    `json:"query"`
	Direction string    `json:"direction"` // down, up
	At        time.Time `json:"at"`        // when this direction began
	Down      int64     `json:"down"`      // bit/s
}

// measure begins a measurement. One that goes on is left alone.
func (o *Office) measure(ctx context.Context, v *Visit, who Who) error {
	if v.Measuring != nil {
		return nil
	}
	letter, err := o.Meter.Visit(ctx, assist.Letter{Home: v.Home, Actor: who.Member, Name: who.Name, Login: who.Login}, letterLife)
	if err != nil {
		return err
	}
	m := Measuring{Letter: letter.ID, Member: who.Member, Direction: "down", At: o.now()}
	if m.Query, err = o.ask(ctx, m); err != nil {
		return errors.Join(err, o.Meter.EndVisit(ctx, letter.ID, who.Member))
	}
	v.Measuring, v.Line, v.Fault = &m, nil, ""
	return nil
}

func (o *Office) ask(ctx context.Context, m Measuring) (string, error) {
	args, err := json.Marshal(wire.SpeedArgs{Direction: m.Direction, Seconds: measureTime})
	if err != nil {
		return "", fmt.Errorf("asking for a measurement: %w", err)
	}
	q, err := o.Meter.Query(ctx, m.Letter, m.Member, assist.Query{Kind: wire.QuerySpeed, Args: args, Seconds: 4 * measureTime})
	return q.ID, err
}

// follow moves a measurement on. What goes wrong with it is a fact of the checklist, and no reason to show nothing.
func (o *Office) follow(ctx context.Context, v *Visit) {
	m := *v.Measuring
	q, err := o.Meter.Results(ctx, m.Query, m.Member, 0)
	late := o.now().Sub(m.At) > measureLimit
	switch {
	case err == nil && q.State == assist.QueryRunning && !late:
		return
	case err == nil && q.Error == wire.RefusedBusy && !late:
		m.Query, err = o.ask(ctx, m)
	case err == nil && q.State == assist.QueryDone && q.Error == "":
		err = o.measured(ctx, v, &m, q)
	case err == nil && q.Error != "":
		v.Fault = string(q.Error)
	case err == nil:
		v.Fault = string(assist.QueryLost)
	}
	if err != nil {
		o.Log.Warn("could not measure a line", "visit", v.ID, "error", err)
		v.Fault = "cloud"
	}
	if v.Fault == "" && v.Line == nil {
		v.Measuring = &m
		return
	}
	v.Measuring = nil
	if err := o.Meter.EndVisit(ctx, m.Letter, m.Member); err != nil { // it ends by itself soon
		o.Log.Warn("could not end a letter", "visit", v.ID, "error", err)
	}
}

// measured takes the answer for one direction, and asks for the other.
func (o *Office) measured(ctx context.Context, v *Visit, m *Measuring, q assist.Query) (err error) {
	var got wire.Speed
	if len(q.Results) == 0 {
		return errors.New("a measurement without a result")
	}
	if err := json.Unmarshal(q.Results[len(q.Results)-1].Data, &got); err != nil {
		return fmt.Errorf("reading a measurement: %w", err)
	}
	if got.Rate <= 0 || got.Rate > maxRate || got.Direction != m.Direction {
		return fmt.Errorf("a measurement of %d bit/s %.10s", got.Rate, got.Direction)
	}
	if m.Direction == "up" {
		v.Line = &Rate{Down: m.Down, Up: got.Rate, At: o.now()}
		return nil
	}
	m.Down, m.Direction, m.At = got.Rate, "up", o.now()
	m.Query, err = o.ask(ctx, *m)
	return err
}

// tick moves what goes on by itself: a box that has reached the cloud measures its line once without being asked, for the technician
// of the visit. It reports whether something changed.
func (o *Office) tick(ctx context.Context, v *Visit, f Facts, who Who) bool {
	switch {
	case o.Meter == nil || v.Signed != nil:
		return false
	case v.Measuring != nil:
		before := *v.Measuring
		o.follow(ctx, v)
		return v.Measuring == nil || *v.Measuring != before
	case !f.serves() || !f.Reach || v.Line != nil || v.Fault != "" || who.Member != v.Technician || who.Login == "":
		return false
	}
	if err := o.measure(ctx, v, who); err != nil {
		o.Log.Warn("could not measure a line", "visit", v.ID, "error", err)
		v.Fault = "cloud"
	}
	return true
}
