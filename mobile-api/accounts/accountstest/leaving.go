package accountstest

import (
	"context"
	"slices"
	"strings"
	"time"
)

// EntryRow as the store of the cloud has it.
type EntryRow = struct {
	Hash, Member, Home string
	Expires            time.Time
}

func (s *Store) DropMember(_ context.Context, member string) ([]HomeRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var orphans []HomeRow
	for key, place := range s.roles {
		others := 0
		for other, o := range s.roles {
			if other[1] == key[1] && other[0] != member && o.Role == "owner" {
				others++
			}
		}
		if key[0] == member && place.Role == "owner" && others == 0 {
			orphans = append(orphans, HomeRow{ID: key[1], Name: s.homes[key[1]], Role: "owner"})
		}
	}
	if s.fail != nil || len(orphans) > 0 {
		return orphans, s.fail
	}
	s.members = slices.DeleteFunc(s.members, func(m MemberRow) bool { return m.ID == member })
	s.sessions = slices.DeleteFunc(s.sessions, func(x SessionRow) bool { return x.Member == member })
	s.factors = slices.DeleteFunc(s.factors, func(f FactorRow) bool { return f.Member == member })
	s.entries = slices.DeleteFunc(s.entries, func(e EntryRow) bool { return e.Member == member })
	for key := range s.roles {
		if key[0] == member {
			delete(s.roles, key)
		}
	}
	return nil, nil
}

// nameless is called with the lock held.
func (s *Store) nameless(member, home string) (MemberRow, bool) {
	for key, place := range s.roles {
		if key[0] == member && place.Role != "child" {
			return MemberRow{}, false
		}
	}
	_, within := s.roles[[2]string{member, home}]
	for _, m := range s.members {
		if within && m.ID == member && strings.HasPrefix(m.Email, "none:") {
			return m, true
		}
	}
	return MemberRow{}, false
}

func (s *Store) AddEntry(_ context.Context, row EntryRow) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.nameless(row.Member, row.Home); !ok || s.fail != nil {
		return false, s.fail
	}
	s.entries = slices.DeleteFunc(s.entries, func(e EntryRow) bool { return e.Member == row.Member })
	s.entries = append(s.entries, row)
	return true, nil
}

func (s *Store) UseEntry(_ context.Context, hash string, now time.Time) (MemberRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, e := range s.entries {
		if e.Hash == hash && e.Expires.After(now) {
			s.entries = slices.Delete(s.entries, i, i+1)
			m, _ := s.nameless(e.Member, e.Home)
			return m, s.fail
		}
	}
	return MemberRow{}, s.fail
}
