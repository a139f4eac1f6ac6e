package accountstest

import (
	"context"
	"slices"
	"strings"

	"github.com/carebox-project/carebox/cloud/audit"
)

// Rows as the store of the cloud has them.
type (
	FactorRow = struct {
		Member, Secret, Pending string
		Step                    int64
	}
	StaffRow = struct {
		ID, Email, Name, Role string
		Factor                bool
	}
)

// factor is called with the lock held.
func (s *Store) factor(member string) *FactorRow {
	for i := range s.factors {
		if s.factors[i].Member == member {
			return &s.factors[i]
		}
	}
	return nil
}

func (s *Store) passkeysOf(member string) (n int) {
	for _, p := range s.passkeys {
		if p.Member == member {
			n++
		}
	}
	return n
}

func (s *Store) FactorOf(_ context.Context, member string) (FactorRow, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.factor(member); f != nil {
		return *f, s.passkeysOf(member), s.fail
	}
	return FactorRow{Member: member}, s.passkeysOf(member), s.fail
}

func (s *Store) OfferFactor(_ context.Context, member, secret string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.factor(member) == nil {
		s.factors = append(s.factors, FactorRow{Member: member})
	}
	s.factor(member).Pending = secret
	return s.fail
}

func (s *Store) KeepFactor(_ context.Context, row FactorRow, session SessionRow) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.factor(row.Member)
	if f == nil || f.Pending == "" || f.Pending != row.Secret {
		return false, s.fail
	}
	f.Secret, f.Pending, f.Step = row.Secret, "", row.Step
	s.sessions = slices.DeleteFunc(s.sessions, func(x SessionRow) bool { return x.Member == row.Member && x.ID != session.ID })
	for i := range s.sessions {
		if s.sessions[i].ID == session.ID {
			s.sessions[i].Proof = session.Proof
		}
	}
	return true, s.fail
}

func (s *Store) UseFactor(_ context.Context, member string, step int64) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.factor(member)
	if f == nil || f.Step >= step {
		return false, s.fail
	}
	f.Step = step
	return true, s.fail
}

func (s *Store) DropFactor(_ context.Context, member string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.factors)
	s.factors = slices.DeleteFunc(s.factors, func(f FactorRow) bool { return f.Member == member && f.Secret != "" })
	return len(s.factors) < before, s.fail
}

func (s *Store) SetStaff(_ context.Context, email, role string, _ audit.Entry) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.members {
		if s.members[i].Email == email {
			s.members[i].Staff = role
			return s.members[i].ID, s.fail
		}
	}
	return "", s.fail
}

func (s *Store) Staff(context.Context) ([]StaffRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []StaffRow
	for _, m := range s.members {
		if m.Staff == "" {
			continue
		}
		f := s.factor(m.ID)
		rows = append(rows, StaffRow{
			ID: m.ID, Email: m.Email, Name: m.Name, Role: m.Staff, Factor: s.passkeysOf(m.ID) > 0 || f != nil && f.Secret != "" || s.knownOutside(m.ID),
		})
	}
	slices.SortFunc(rows, func(a, b StaffRow) int { return strings.Compare(a.Email, b.Email) })
	return rows, s.fail
}
