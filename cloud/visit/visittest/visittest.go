// Package visittest keeps visits in memory, for tests of whoever stands on them.
package visittest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/carebox-project/carebox/cloud/enrolment"
	"github.com/carebox-project/carebox/cloud/registry"
	"github.com/carebox-project/carebox/cloud/visit"
)

// Store holds real state and prints itself.
type Store struct {
	mu     sync.Mutex
	rows   map[string]string // visits as JSON: nobody changes what is kept
	side   map[string]visit.Visit
	steps  map[string][]visit.Step
	photos map[string][]byte
	homes  map[string]string // of boxes
	until  map[string]time.Time
}

// New is a store without visits.
func New() *Store {
	return &Store{
		rows: map[string]string{}, side: map[string]visit.Visit{}, steps: map[string][]visit.Step{}, photos: map[string][]byte{},
		homes: map[string]string{}, until: map[string]time.Time{},
	}
}

// String is every visit with its steps.
func (s *Store) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.rows, s.steps, len(s.photos))
}

// Settle says which home a box belongs to, and until when its certificate is good.
func (s *Store) Settle(box, home string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.homes[box], s.until[box] = home, until
}

func (s *Store) put(v visit.Visit) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	s.rows[v.ID], s.side[v.ID] = string(data), visit.Visit{Home: v.Home, Report: v.Report, Version: v.Version}
}

func (s *Store) get(id string) (visit.Visit, bool) {
	row, found := s.rows[id]
	if !found {
		return visit.Visit{}, false
	}
	var v visit.Visit
	if err := json.Unmarshal([]byte(row), &v); err != nil {
		panic(err)
	}
	v.Home, v.Report, v.Version = s.side[id].Home, s.side[id].Report, s.side[id].Version
	return v, true
}

func (s *Store) all(keep func(visit.Visit) bool) []visit.Visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []visit.Visit
	for id := range s.rows {
		if v, _ := s.get(id); keep(v) {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b visit.Visit) int {
		return cmp.Or(cmp.Compare(a.Slot.Day, b.Slot.Day), cmp.Compare(a.Slot.From, b.Slot.From), cmp.Compare(a.Order.Ref, b.Order.Ref))
	})
	return list
}

func (s *Store) PlanVisits(_ context.Context, list []visit.Visit) error {
	for _, v := range list {
		for _, old := range s.all(func(o visit.Visit) bool { return o.Order.Ref == v.Order.Ref }) {
			if old.State != visit.StatePlanned {
				return visit.ErrBegun
			}
			delete(s.rows, old.ID)
		}
		s.mu.Lock()
		v.Version = 1
		s.put(v)
		s.mu.Unlock()
	}
	return nil
}

func (s *Store) Visit(_ context.Context, id string) (visit.Visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, found := s.get(id)
	if !found {
		return v, visit.ErrNotFound
	}
	return v, nil
}

func (s *Store) Visits(_ context.Context, f visit.Filter) ([]visit.Visit, error) {
	list := s.all(func(v visit.Visit) bool {
		return (f.Technician == "" || v.Technician == f.Technician) && (f.From == "" || v.Slot.Day >= f.From) && (f.To == "" || v.Slot.Day <= f.To) &&
			(f.State == "" || v.State == f.State)
	})
	return list[:min(len(list), f.Limit)], nil
}

func (s *Store) SweepVisits(_ context.Context, day string) error {
	for _, v := range s.all(func(v visit.Visit) bool { return v.Home == "" && v.Slot.Day < day }) {
		s.mu.Lock()
		delete(s.rows, v.ID)
		s.mu.Unlock()
	}
	return nil
}

func (s *Store) VisitsOf(_ context.Context, home string) ([]visit.Visit, error) {
	return s.all(func(v visit.Visit) bool { return v.Home == home }), nil
}

func (s *Store) VisitFor(_ context.Context, serial string) (visit.Visit, error) {
	list := s.all(func(v visit.Visit) bool { return !v.State.Over() && (v.Serial == serial || v.Order.Serial == serial) })
	if len(list) == 0 {
		return visit.Visit{}, visit.ErrNotFound
	}
	return list[0], nil
}

func (s *Store) keep(v visit.Visit, more func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, found := s.get(v.ID)
	if !found || old.Version != v.Version {
		return false
	}
	v.Version++
	s.put(v)
	more()
	return true
}

func (s *Store) KeepVisit(_ context.Context, v visit.Visit, step *visit.Step, next *visit.Visit) (bool, error) {
	return s.keep(v, func() {
		if step != nil {
			s.steps[v.ID] = append(s.steps[v.ID], *step)
		}
		if next != nil {
			next.Version = 1
			s.put(*next)
		}
	}), nil
}

func (s *Store) Step(_ context.Context, id, step string) (visit.Step, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.steps[id] {
		if x.ID == step {
			return x, true, nil
		}
	}
	return visit.Step{}, false, nil
}

func (s *Store) Steps(_ context.Context, id string) ([]visit.Step, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.steps[id]), nil
}

func (s *Store) KeepPhoto(_ context.Context, v visit.Visit, photo string, data []byte) (bool, error) {
	return s.keep(v, func() { s.photos[v.ID+"/"+photo] = data }), nil
}

func (s *Store) DropPhoto(_ context.Context, v visit.Visit, photo string) (bool, error) {
	return s.keep(v, func() { delete(s.photos, v.ID+"/"+photo) }), nil
}

func (s *Store) Photo(_ context.Context, id, photo string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, found := s.photos[id+"/"+photo]
	if !found {
		return nil, visit.ErrNotFound
	}
	return data, nil
}

func (s *Store) CertificateOf(_ context.Context, box string) (enrolment.Grant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until[box].IsZero() {
		return enrolment.Grant{}, enrolment.ErrUnknown
	}
	return enrolment.Grant{Box: box, Until: s.until[box]}, nil
}

func (s *Store) HomeOfBox(_ context.Context, box string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	home, found := s.homes[box]
	if !found {
		return "", registry.ErrNotFound
	}
	return home, nil
}
