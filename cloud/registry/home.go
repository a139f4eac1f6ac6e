package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

// Home is a household: one policy, at most one box.
type Home struct {
	ID   string // a UUID
	Name string
}

// State is a home: what is asked, and what its box last said. Asked.Revision == Box.Reported.InForce means in force.
type State struct {
	Home  Home
	Asked Document
	Box   *Box // nil: a home without a box
}

// Box is the box of a home as the cloud knows it.
type Box struct {
	ID         string
	Reachable  bool      // its newest message is younger than 2.5 heartbeats, and no will of it stands
	LastSeen   time.Time // zero: never
	Reported   *wire.Reported
	ReportedAt time.Time     // the cloud's clock; zero without Reported
	Refused    *wire.Refused // why the asked revision is not taken: from Reported, or code "schema" from Hello
}

// Record is a home as it is stored.
type Record struct {
	Home  Home
	Asked Document
	Box   *Life // nil: a home without a box
}

// Life is a box as it is stored. Zero times are never.
type Life struct {
	ID         string
	Seen       time.Time // newest message
	Gone       time.Time // newest will
	Hello      wire.Hello
	Reported   []byte // nil: none
	ReportedAt time.Time
}

// State is a home as it is asked and reported now. ErrNotFound where there is none.
func (r *Registry) State(ctx context.Context, home string) (State, error) {
	record, err := r.Store.Home(ctx, home)
	if err != nil {
		return State{}, fmt.Errorf("reading home %q: %w", home, err)
	}
	return r.state(record), nil
}

func (r *Registry) state(record Record) State {
	s := State{Home: record.Home, Asked: record.Asked}
	life := record.Box
	if life == nil {
		return s
	}
	s.Box = &Box{ID: life.ID, Reachable: life.reachable(time.Now()), LastSeen: life.Seen}
	if life.Reported != nil {
		var said wire.Reported
		if err := json.Unmarshal(life.Reported, &said); err != nil { // it could be read when it came
			r.Log.Error("could not read a stored report", "box", life.ID, "error", err)
		} else {
			s.Box.Reported, s.Box.ReportedAt, s.Box.Refused = &said, life.ReportedAt, said.Refused
		}
	}
	if !life.speaks() {
		s.Box.Refused = &wire.Refused{
			Revision: record.Asked.Revision, Code: "schema", At: life.Seen,
			Detail: fmt.Sprintf("The box speaks version %d of the documents, the cloud version %d.", life.Hello.Schema, wire.Schema),
		}
	}
	return s
}

// speaks reports whether a Desired can be rendered for the box. One that never said Hello gets the only form there is.
func (l *Life) speaks() bool { return l.Hello.Schema == 0 || l.Hello.Schema == wire.Schema }
