package accountstest

import (
	"context"
	"slices"
	"time"
)

// SubjectRow is a row as the store of the cloud has it.
type SubjectRow = struct {
	Issuer, Sub, Member, Role string
	Created, Used             time.Time
}

func (s *Store) SubjectBy(_ context.Context, issuer, sub string) (SubjectRow, MemberRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range s.subjects {
		for _, m := range s.members {
			if row.Issuer == issuer && row.Sub == sub && m.ID == row.Member {
				m.Password, m.Created = "", time.Time{}
				return row, m, s.fail
			}
		}
	}
	return SubjectRow{}, MemberRow{}, s.fail
}

func (s *Store) KeepSubject(_ context.Context, row SubjectRow, who MemberRow) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.subjects {
		if other.Issuer == row.Issuer && (other.Sub == row.Sub) != (other.Member == row.Member) {
			return false, s.fail
		}
	}
	at := slices.IndexFunc(s.members, func(m MemberRow) bool { return m.ID == who.ID })
	if !who.Created.IsZero() {
		if slices.ContainsFunc(s.members, func(m MemberRow) bool { return m.Email == who.Email }) {
			return false, s.fail
		}
		s.members = append(s.members, who)
	} else if at >= 0 {
		s.members[at].Staff = who.Staff
	}
	s.subjects = slices.DeleteFunc(s.subjects, func(x SubjectRow) bool { return x.Issuer == row.Issuer && x.Sub == row.Sub })
	s.subjects = append(s.subjects, row)
	return true, s.fail
}

// knownOutside is called with the lock held.
func (s *Store) knownOutside(member string) bool {
	return slices.ContainsFunc(s.subjects, func(row SubjectRow) bool { return row.Member == member })
}
