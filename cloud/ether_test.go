package main

import (
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/assist/assisttest"
	"github.com/carebox-project/carebox/policies/wire"
)

// ether carries messages between replicas and one box without a broker.
type ether struct {
	assisttest.Air // of support sessions

	mu      sync.Mutex
	heard   []func(home string)
	receive func(box, what string, message []byte)
	desired []byte // newest
	sent    map[string][][]byte
}

func (e *ether) Send(_, what string, message []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if what == wire.DownDesired {
		e.desired = message
	}
	if e.sent == nil {
		e.sent = map[string][][]byte{}
	}
	e.sent[what] = append(e.sent[what], message)
	return nil
}

// all is every message of a kind that was sent.
func (e *ether) all(what string) [][]byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.sent[what])
}

func (e *ether) Announce(home string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, heard := range e.heard {
		heard(home)
	}
	return nil
}

func (e *ether) Hear(heard func(home string)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, heard)
	return nil
}

func (e *ether) Receive(handle func(box, what string, message []byte)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.receive = handle
	return nil
}

// say is a box that speaks, as soon as somebody listens; after a minute nobody will.
func (e *ether) say(box, what string, message []byte) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		e.mu.Lock()
		receive := e.receive
		e.mu.Unlock()
		if receive != nil {
			receive(box, what, message)
			return
		}
	}
	panic("nobody listens to boxes")
}
