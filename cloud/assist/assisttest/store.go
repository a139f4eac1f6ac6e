// Package assisttest keeps cases in memory, for tests.
package assisttest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/cloud/audit"
)

// Store is cases in memory. It holds them as the database does: what is not kept is lost.
type Store struct {
	mu     sync.Mutex
	cases  []assist.Case
	said   map[string][]assist.Message
	told   []audit.Entry
	images map[string]assist.Image
	desks  map[string]assist.Desk
	notes  map[string]assist.Contact
}

// New makes an empty one.
func New() *Store {
	return &Store{
		said: map[string][]assist.Message{}, images: map[string]assist.Image{}, desks: map[string]assist.Desk{}, notes: map[string]assist.Contact{},
	}
}

// String is every case with its state and who has it.
func (s *Store) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := ""
	for _, k := range s.cases {
		text += fmt.Sprintf("%s %s %s %d\n", k.ID, k.State, k.Agent.Name, k.Messages)
	}
	return text
}

// AddCase keeps a new case unless its member has one that waits or is taken.
func (s *Store) AddCase(_ context.Context, k assist.Case, since time.Time, limit int) (assist.Case, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, o := range s.cases {
		if o.Home == k.Home && o.Member == k.Member && (o.State == assist.CaseWaiting || o.State == assist.CaseTaken) {
			return o, false, nil
		}
		if o.Home == k.Home && o.AskedAt.After(since) {
			n++
		}
	}
	if n >= limit {
		return k, false, assist.ErrCaseFull
	}
	k.Version = 1
	s.cases = append(s.cases, k)
	return k, true, nil
}

// Case is a case by its id.
func (s *Store) Case(_ context.Context, id string) (assist.Case, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.index(id)
	if err != nil {
		return assist.Case{}, err
	}
	return copied(s.cases[i]), nil
}

func (s *Store) index(id string) (int, error) {
	if i := slices.IndexFunc(s.cases, func(k assist.Case) bool { return k.ID == id }); i >= 0 {
		return i, nil
	}
	return 0, assist.ErrCaseUnknown
}

// copied shares nothing with what is kept.
func copied(k assist.Case) assist.Case {
	text, err := json.Marshal(k)
	story := k
	story.Offer, story.Promise, story.Callback, story.Journey, story.Findings = nil, nil, nil, nil, nil
	if err == nil {
		err = json.Unmarshal(text, &story)
	}
	if err != nil {
		panic(err)
	}
	return story
}

// ChangeCase lets a case be changed; the clock stays what it was.
func (s *Store) ChangeCase(_ context.Context, id string, change func(*assist.Case) ([]assist.Message, error)) (assist.Case, []assist.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.index(id)
	if err != nil {
		return assist.Case{}, nil, err
	}
	k := copied(s.cases[i])
	said, err := change(&k)
	if err != nil {
		return assist.Case{}, nil, err
	}
	k.AskedAt, k.Version = s.cases[i].AskedAt, k.Version+1
	for _, m := range said {
		if m.Line != nil {
			s.told = append(s.told, *m.Line)
		}
		if m.Image != nil {
			s.images[id+m.Image.ID] = *m.Image
		}
		m.Line, m.Image = nil, nil
		s.said[id] = append(s.said[id], m)
	}
	s.cases[i] = k
	return copied(k), said, nil
}

// Told is the lines of the audit so far.
func (s *Store) Told() []audit.Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.told)
}

func (s *Store) chosen(keep func(assist.Case) bool, limit int) []assist.Case {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []assist.Case
	for _, k := range s.cases {
		if keep(k) {
			list = append(list, copied(k))
		}
	}
	slices.SortStableFunc(list, func(a, b assist.Case) int { return a.AskedAt.Compare(b.AskedAt) })
	return list[:min(len(list), limit)]
}

// CasesIn is those of a home, newest first.
func (s *Store) CasesIn(_ context.Context, home, member string, limit int) ([]assist.Case, error) {
	list := s.chosen(func(k assist.Case) bool { return k.Home == home && (member == "" || k.Member == member) }, limit)
	slices.Reverse(list)
	return list, nil
}

// OpenCases is all that are not closed, oldest first.
func (s *Store) OpenCases(_ context.Context, limit int) ([]assist.Case, error) {
	return s.chosen(func(k assist.Case) bool { return k.Open() }, limit), nil
}

// Waits are the newest waits, oldest first.
func (s *Store) Waits(_ context.Context, limit int) ([]time.Duration, error) {
	var list []time.Duration
	for _, k := range s.chosen(func(k assist.Case) bool { return k.Waited > 0 }, 1<<20) {
		list = append(list, k.Waited)
	}
	return list[max(0, len(list)-limit):], nil
}

// Calls counts the open cases that are to be called then.
func (s *Store) Calls(_ context.Context, from, to time.Time) (map[time.Time]int, error) {
	counted := map[time.Time]int{}
	for _, k := range s.chosen(func(k assist.Case) bool { return k.Open() && k.Callback != nil }, 1<<20) {
		if at := k.Callback.At; !at.Before(from) && !at.After(to) {
			counted[at]++
		}
	}
	return counted, nil
}

// Messages is what was said in a case.
func (s *Store) Messages(_ context.Context, id string, private bool) ([]assist.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.said[id]), func(m assist.Message) bool { return m.Private && !private }), nil
}

// Images is how many pictures are kept.
func (s *Store) Images() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.images)
}

// Image is a picture of a case.
func (s *Store) Image(_ context.Context, id, image string) (assist.Image, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.images[id+image]; ok {
		return found, nil
	}
	return assist.Image{}, assist.ErrCaseUnknown
}

// Sit keeps that somebody sits at the console.
func (s *Store) Sit(_ context.Context, d assist.Desk) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.desks[d.ID] = d
	return nil
}

// Desks is who sits there since then, by name.
func (s *Store) Desks(_ context.Context, since time.Time) ([]assist.Desk, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []assist.Desk{}
	for _, d := range s.desks {
		if d.Seen.After(since) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b assist.Desk) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// Contact is what staff know of a customer.
func (s *Store) Contact(_ context.Context, home, member string) (assist.Contact, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notes[home+member], nil
}

// SetContact keeps it.
func (s *Store) SetContact(_ context.Context, home, member string, contact assist.Contact) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes[home+member] = contact
	return nil
}
