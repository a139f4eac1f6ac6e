package broker

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/carebox-project/carebox/cloud/enrolment"
)

// met is where each replica says who it has let in, so that all of them know rivals that connect to different ones.
const met = "met"

const maxNews = 1024 // of arrivals and rivals that wait to be told; more are dropped

// porch is where arrivals are met. Nothing there waits for a network: a herd of boxes that comes back is let in at once.
type porch struct {
	rivals   *rivals
	replica  string
	cloned   func(enrolment.Clone)
	log      *slog.Logger
	arrivals chan arrival
	clones   chan enrolment.Clone
	done     chan struct{}
	once     sync.Once
	tellers  sync.WaitGroup
}

func newPorch(c Config) *porch {
	p := &porch{
		rivals: newRivals(), replica: rand.Text(), cloned: c.Cloned, log: c.Log, arrivals: make(chan arrival, maxNews),
		clones: make(chan enrolment.Clone, maxNews), done: make(chan struct{}),
	}
	if p.cloned == nil {
		p.cloned = func(enrolment.Clone) {}
	}
	return p
}

// meet judges an arrival, and has it told to the other replicas if it is let in.
func (p *porch) meet(a arrival) bool {
	admitted, clone := p.rivals.meet(a, time.Now())
	if admitted {
		select {
		case p.arrivals <- a:
		default:
		}
	}
	if clone != nil {
		select {
		case p.clones <- *clone:
		default:
		}
	}
	return admitted
}

// open tells the other replicas of arrivals and hears of theirs, until close.
func (p *porch) open(conn *nats.Conn) error {
	own := met + "." + p.replica
	if _, err := conn.Subscribe(met+".*", func(m *nats.Msg) {
		var a arrival
		if m.Subject != own && json.Unmarshal(m.Data, &a) == nil {
			p.rivals.note(a, time.Now())
		}
	}); err != nil {
		return fmt.Errorf("listening to arrivals: %w", err)
	}
	p.tellers.Go(func() {
		for {
			select {
			case <-p.done:
				return
			case a := <-p.arrivals:
				data, err := json.Marshal(a)
				if err == nil {
					err = conn.Publish(own, data)
				}
				if err != nil {
					p.log.Warn("could not tell of an arrival", "box", a.Box, "error", err)
				}
			}
		}
	})
	p.tellers.Go(func() {
		for {
			select {
			case <-p.done:
				return
			case c := <-p.clones:
				p.cloned(c)
			}
		}
	})
	return nil
}

func (p *porch) close() {
	p.once.Do(func() { close(p.done) })
	p.tellers.Wait()
}
