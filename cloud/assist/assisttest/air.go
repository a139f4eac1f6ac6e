package assisttest

import (
	"maps"
	"slices"
	"sync"
)

// Air carries messages of support sessions between replicas, as a broker does. The zero Air is ready.
type Air struct {
	mu        sync.Mutex
	followers map[string]map[int]func(word string, message []byte) // by session and way
	next      int
}

// Relay hands a message to all who follow the session's way.
func (a *Air) Relay(session, way, word string, message []byte) error {
	a.mu.Lock()
	list := slices.Collect(maps.Values(a.followers[session+way]))
	a.mu.Unlock()
	for _, heard := range list {
		heard(word, message)
	}
	return nil
}

// Follow hears what is relayed until it is stopped.
func (a *Air) Follow(session, way string, heard func(word string, message []byte)) (stop func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.followers == nil {
		a.followers = map[string]map[int]func(string, []byte){}
	}
	if a.followers[session+way] == nil {
		a.followers[session+way] = map[int]func(string, []byte){}
	}
	a.next++
	id := a.next
	a.followers[session+way][id] = heard
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.followers[session+way], id)
	}, nil
}

// Listening is how many follow anything.
func (a *Air) Listening() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, list := range a.followers {
		n += len(list)
	}
	return n
}
